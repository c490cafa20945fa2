"""`python -m tests.faults [NAME…] --database sqlite|postgres --seconds N`: each fault, then audited.

Nine faults: killed (the bot), server-killed (PostgreSQL with all its own), drained (SIGTERM), shared (two processes),
full, full-log and limited (disks), read-only, power (a cut), clock (jumps), cut (the network). Each prints what was
acknowledged, what of it is lost, doubled or torn, how long it took to go on, and with which sentences it refused
meanwhile. `--control` breaks the promise that the fault tests, and must be caught.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.faults import clocks, disks, ends, lines, power
from tests.faults.audit import Report
from tests.faults.ground import SEED, Ground, may_mount

BOTH, SQLITE, POSTGRES = ("sqlite", "postgres"), ("sqlite",), ("postgres",)


@dataclass(frozen=True, slots=True)
class Fault:
    """A run, on which databases there is such a thing, and whether it needs a disk of its own."""

    run: Callable[[Ground], Awaitable[Report]]
    databases: tuple[str, ...] = BOTH
    mounts: tuple[str, ...] = ()


FAULTS: Mapping[str, Fault] = {
    "killed": Fault(ends.killed),
    "server-killed": Fault(ends.server_killed, POSTGRES),
    "drained": Fault(ends.drained),
    "shared": Fault(ends.shared),
    "full": Fault(disks.full, BOTH, POSTGRES),
    "full-log": Fault(disks.full_log, POSTGRES, POSTGRES),
    "limited": Fault(disks.limited, SQLITE),
    "read-only": Fault(disks.read_only),
    "power": Fault(power.power),
    "clock": Fault(clocks.clock),
    "cut": Fault(lines.cut, POSTGRES),
}


async def meet(name: str, kind: str, seconds: float, *, control: bool, seed: int) -> Report:
    """One fault on one kind of database, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="fault") as folder:
        os.chmod(folder, 0o755)  # PostgreSQL's own user goes through it
        ground = Ground(kind, Path(folder), seconds, control=control, chance=random.Random(seed))
        return await FAULTS[name].run(ground)


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FAULTS)}; without one all")
    parser.add_argument("--database", choices=BOTH, default="sqlite")
    parser.add_argument("--seconds", type=float, default=20.0, help="for each fault")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--control", action="store_true")
    chosen = parser.parse_args()
    faulty = False
    for name in chosen.names or FAULTS:
        fault = FAULTS[name]
        if chosen.database not in fault.databases:
            continue
        if chosen.database in fault.mounts and not may_mount():
            sys.stdout.write(f"{name}: left out, it needs the right to mount a disk\n")
            continue
        report = asyncio.run(meet(name, chosen.database, chosen.seconds, control=chosen.control, seed=chosen.seed))
        faulty |= report.faulty
        sys.stdout.write(f"{report}\n")
        sys.stdout.writelines(f"    {each}\n" for each in report.found[:5])
        sys.stdout.flush()
    sys.exit(faulty)


if __name__ == "__main__":
    main()
