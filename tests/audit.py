"""`make audit`: whether weaknesses are known in what is locked to run, as osv.dev has them. It needs a network.

Ends with 0 where none is known, 1 where some are, 3 where that could not be learnt.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.program import ROOT

LOCK = ROOT / "requirements" / "run.txt"
NONE, SOME, NOT_LEARNT = 0, 1, 3
MARKER = re.compile(r" ; .*?(?= \\$|$)", re.MULTILINE)  # what is for another Python only is looked at too
PIN = re.compile(r"^[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ends, and what is said."""

    code: int
    lines: tuple[str, ...]


def audit(lock: str, *, service: str | None = None) -> Outcome:
    """What is known of the packages of a lock with hashes; `service` is another address than osv.dev's."""
    found: list[dict[str, Any]] = []
    for part in _each_once(lock):
        done = _pip_audit(part, service)
        try:
            found += json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            return _not_learnt(done.stderr.strip().splitlines()[-1:] or ["pip-audit said nothing"])
    return _outcome(found, pinned=len(PIN.findall(lock)))


def _pip_audit(lock: str, service: str | None) -> subprocess.CompletedProcess[str]:
    command = ["-m", "pip_audit", "--vulnerability-service", "osv", *(("--osv-url", service) if service else ()),
               "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lock.txt"
        file.write_text(lock, "utf-8")
        return subprocess.run(
            [sys.executable, *command, "--requirement", str(file)], capture_output=True, text=True, check=False
        )


def _each_once(lock: str) -> list[str]:
    """The lock in parts with each package at most once: pip-audit takes no two versions for two Pythons."""
    parts: list[dict[str, str]] = []
    for entry in re.split(rf"(?={PIN.pattern})", MARKER.sub("", lock), flags=re.MULTILINE)[1:]:
        name = entry.partition("==")[0]
        part = next((part for part in parts if name not in part), None)
        if part is None:
            parts.append(part := {})
        part[name] = entry
    return ["".join(part.values()) for part in parts]


def _outcome(found: list[dict[str, Any]], pinned: int) -> Outcome:
    unknown = [f"{each['name']}: {each['skip_reason']}" for each in found if "skip_reason" in each]
    if unknown or len(found) != pinned:
        return _not_learnt(unknown or [f"{len(found)} of {pinned} packages were looked at"])
    lines = tuple(
        f"{each['name']} {each['version']}: {weak['id']}, mended in {' or '.join(weak['fix_versions']) or 'none yet'}"
        for each in found
        for weak in each["vulns"]
    )
    if lines:
        return Outcome(SOME, (*lines, "make lock UPGRADE=1 takes newer versions."))
    return Outcome(NONE, (f"No weakness is known in any of the {pinned} locked packages.",))


def _not_learnt(why: list[str]) -> Outcome:
    sentence = "Nothing was audited: osv.dev could not be asked. Run make audit where there is a network."
    return Outcome(NOT_LEARNT, (*why, sentence))


def main() -> None:
    outcome = audit(LOCK.read_text("utf-8"))
    sys.stdout.write("\n".join((*outcome.lines, "")))
    raise SystemExit(outcome.code)


if __name__ == "__main__":
    main()
