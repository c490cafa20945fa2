"""What a fault's run gets: a database of its own, how long it may take, and whether it is the control."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.audit import Answer, Report, audit
from tests.faults.server import server
from tests.faults.writers import Writers

SEED = 20261126
BALLAST = "ballast"
DISK_MIB = 96


@dataclass(slots=True)
class Ground:
    """`kind` is sqlite or postgres. `seconds` are for the faults; each run meets at least `least`."""

    kind: str
    folder: Path
    seconds: float = 10.0
    least: int = 2
    control: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def writers(self, url: str, environment: Mapping[str, str] | None = None) -> Writers:
        return Writers(url, ("--control",) if self.control else (), environment)

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        if self.kind == "sqlite":
            yield self.file(self.folder)
        else:
            with server() as own:
                yield own.url

    def file(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'p.sqlite3'}"

    def times(self) -> Iterator[int]:
        """Once for each fault, until the time is over."""
        ends, number = time.monotonic() + self.seconds, 0
        while number < self.least or time.monotonic() < ends:
            yield number
            number += 1

    def moment(self, most: float) -> float:
        return self.chance.uniform(0.01, most)


async def ended(url: str, report: Report, *writers: Writers) -> Report:
    """The audit of all that these were told."""
    await audit(url, set[Answer]().union(*(each.acknowledged for each in writers)), report)
    for each in writers:
        report.refused.update(each.refused)
    return report


# Disks


def may_mount() -> bool:
    """Whether small disks of memory can be made here."""
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


@contextlib.contextmanager
def disk(*options: str) -> Iterator[Path]:
    """A small disk of its own, gone afterwards."""
    place = Path(tempfile.mkdtemp(prefix="disk"))
    settings = ",".join((f"size={DISK_MIB}m", "mode=755", *options))
    subprocess.run(["mount", "-t", "tmpfs", "-o", settings, "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


def fill(place: Path) -> None:
    """Until not a byte is free."""
    with (place / BALLAST).open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while ballast.write(b"\0" * size):
                    pass


def make_room(place: Path) -> None:
    (place / BALLAST).unlink()
