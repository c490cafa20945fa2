# pmpath as an image: `docker compose up --build --detach`, or `docker build --tag pmpath .`; see docs/install.md.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv /opt/pmpath
COPY requirements/run.txt requirements/run.txt
RUN /opt/pmpath/bin/python -m pip install --require-hashes --only-binary :all: --requirement requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY commands commands
COPY content content
COPY storage storage
# setuptools is in the lock: nothing more is downloaded. What only installs is not taken along.
RUN /opt/pmpath/bin/python -m pip install --no-index --no-deps --no-build-isolation . \
    && /opt/pmpath/bin/python -m pip uninstall --yes setuptools pip

FROM python:${PYTHON}
# Pillow lays out text with FriBiDi, which its wheel leaves to the system; without it there are no pictures.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libfribidi0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin pmpath \
    && install --directory --owner pmpath --group pmpath --mode 0750 /data
COPY --from=build /opt/pmpath /opt/pmpath
# A file that is written anew needs its size once more, which /tmp may have in memory only.
# From outside the container nobody calls from its loopback, so the page always asks for PMPATH_ACCESS_KEY.
ENV PATH=/opt/pmpath/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PMPATH_HOST=0.0.0.0 \
    PMPATH_PORT=8080 \
    PMPATH_DATA_DIR=/data \
    SQLITE_TMPDIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import os; from http.client import HTTPConnection as To; to = To('127.0.0.1', int(os.environ['PMPATH_PORT']), timeout=4); to.request('GET', '/healthz'); raise SystemExit(to.getresponse().status != 200)"]
ENTRYPOINT ["pmpath"]
CMD ["run"]
