# What there is to do here. Needs Python 3.11 or newer, make and git; all else goes into .venv.

.PHONY: help run install test check lint bench bench-rounds audit lock
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PYTHON3 ?=
WORKERS ?= 3
# Many tests wait for sockets, timers and a browser: three workers keep two cores busy.
# Who is idle takes over what waits at another: a few tests are long.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python

# Without compiled files each start takes seconds longer, whatever the machine has set.
unexport PYTHONDONTWRITEBYTECODE
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url $(if $(UPGRADE),--upgrade)

help:
	@echo "make run     the program: the page on 127.0.0.1:8080, or the platforms that .env names"
	@echo "make install the program as .venv/bin/pmpath, for a server"
	@echo "make test    everything that must hold before a change is handed over"
	@echo "make check   the same without the slow tests"
	@echo "make bench   speed, as ratios against floors measured in the same run"
	@echo "make bench-rounds  the same for rounds of 210,000 members alone"
	@echo "make audit   whether weaknesses are known in the locked packages; asks osv.dev"
	@echo "make lock    new locks from pyproject.toml and requirements/*.in; UPGRADE=1 for newer versions"

run: $(VENV)/.run
	@$(BIN)/pmpath run

# Compiled here, since who runs it on a server may not write beside the sources.
install: $(VENV)/.run
	@$(BIN)/python -m compileall -q bot commands content storage

test: lint
	$(PYTEST)

check: lint
	$(PYTEST) -m "not slow and not browser"

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

bench-rounds: $(VENV)/.dev
	$(BIN)/python -m tests.bench rounds

audit: $(VENV)/.dev
	@$(BIN)/python -m tests.audit

lock: $(VENV)/.uv
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) pyproject.toml requirements/build.in --group dev \
		-c requirements/run.txt -o requirements/dev.txt

$(VENV)/.uv: requirements/uv.txt
	@echo "Installing into $(VENV); this happens once."
	@found=; for candidate in $(PYTHON3) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python 3.11 or newer was found. Install one, or name it: make run PYTHON3=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	$$found -m venv $(VENV) || { \
		echo "Python's venv module did not work; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

# The project itself is built in place: setuptools comes from the lock, so nothing more is downloaded.
$(VENV)/.run: $(VENV)/.uv requirements/run.txt pyproject.toml
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@
