"""A power cut under PostgreSQL: it starts anew from what its disk held at one moment.

The disk is an ext4 in a file. What the server flushed is in the file; what only the system's memory had is not. The
system writes back by itself what has waited for some seconds, as for any disk. A drive that lies is not simulated.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.audit import Report
from tests.faults.disks import set_to
from tests.faults.ends import LIFE
from tests.faults.ground import Ground, ended, may_mount
from tests.faults.server import server

MIB = 256
OPTIONS = "loop,commit=300"  # no commit of the file system's own but every five minutes, beside what is asked for
LOOPS = Path("/dev/loop-control")


async def power_under_server(ground: Ground) -> Report:
    """The bot lives on, as on another machine, and finds the server again. The control's server flushes nothing."""
    report = Report("power cut under the server")
    if not _may():
        report.refused["(not tried: it needs the right to mount a file as an ext4)"] += 1
        return report
    with _disk(ground.folder) as disk, server(disk.place) as own:
        os.sync()
        async with ground.writers(own.url) as writers:
            writers.options = ()
            if ground.control:
                await set_to(own, "fsync", "off")
            for _cut in ground.times():
                await writers.more()
                await asyncio.sleep(ground.moment(LIFE))
                own.stand_still()
                after = disk.as_it_is()
                own.kill()
                report.faults += 1
                disk.becomes(after)
                await asyncio.to_thread(own.start)
                report.seconds.append(await writers.more())
            await writers.stop()
        return await ended(own.url, report, writers)


def _may() -> bool:
    return may_mount() and LOOPS.exists() and shutil.which("mkfs.ext4") is not None


@dataclass(slots=True)
class Disk:
    """An ext4 in the file `image`, mounted at `place`."""

    image: Path
    place: Path

    def mount(self) -> None:
        subprocess.run(["mount", "-o", OPTIONS, self.image, self.place], check=True)

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", self.place], check=True)

    def as_it_is(self) -> Path:
        """A copy of what reached it."""
        copy = self.image.with_name("after")
        subprocess.run(["cp", "--sparse=always", self.image, copy], check=True)
        return copy

    def becomes(self, other: Path) -> None:
        """What is mounted from now on."""
        self.unmount()
        other.replace(self.image)
        self.mount()


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[Disk]:
    """A new one, unmounted afterwards."""
    disk = Disk(folder / "image", folder / "disk")
    with disk.image.open("wb") as image:
        image.truncate(MIB << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", disk.image], check=True)
    disk.place.mkdir()
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()
