"""What a process did to its database's files, in the order in which it did it: by LD_PRELOAD, or by a VFS of apsw."""

from __future__ import annotations

import errno
import os
import random
import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HEAD = struct.Struct("<cbqI")
SECTOR = 512
ENDINGS = {1: "", 2: "-wal", 3: "-journal"}


@dataclass(frozen=True, slots=True)
class Step:
    """W writes, T truncates, S flushes, U removes a file; A is what the process said, which its member saw."""

    what: str
    kind: int
    offset: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Shim:
    """The library, and where it records or reads what to refuse."""

    folder: Path

    @property
    def record(self) -> Path:
        return self.folder / "record"

    def environment(self) -> dict[str, str]:
        """For a process whose file is `p.sqlite3` in the folder."""
        given = {
            "LD_PRELOAD": str(self.folder / "shim.so"),
            "FAULT_FILE": str(self.folder / "p.sqlite3"),
            "FAULT_RECORD": str(self.record),
            "FAULT_REFUSAL": str(self.folder / "refusal"),
        }
        return {**os.environ, **given}

    def refuse(self, name: str | None) -> None:
        """Writes fail with this error from now on; with None they do not."""
        made = self.folder / "refusal.new"
        made.write_text(str(getattr(errno, name)) if name else "0")
        made.rename(self.folder / "refusal")

    def steps(self) -> Iterator[Step]:
        """All that was recorded."""
        content, at = self.record.read_bytes(), 0
        while at + HEAD.size <= len(content):
            what, kind, offset, length = HEAD.unpack_from(content, at)
            at += HEAD.size
            yield Step(what.decode(), kind, offset, content[at : at + length])
            at += length


def built(folder: Path) -> Shim:
    """Needs gcc."""
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", folder / "shim.so", source, "-ldl"], check=True)
    return Shim(folder)


@dataclass(slots=True)
class File:
    """One file on the disk that loses its power: what was flushed, and what was not yet, in order."""

    safe: bytearray = field(default_factory=bytearray)
    loose: list[Step] = field(default_factory=list)
    there: bool = False

    def take(self, step: Step) -> None:
        match step.what:
            case "S":
                for each in self.loose:
                    _do(self.safe, each)
                self.loose.clear()
                self.there = True
            case "U":
                self.safe, self.loose, self.there = bytearray(), [], False
            case _:
                self.loose.append(step)

    def after_the_cut(self, survive: random.Random | None) -> bytes | None:
        """None where it is not there. With `survive` half of the sectors that were not flushed are."""
        if not self.there and survive is None:
            return None
        content = bytearray(self.safe)
        for each in self.loose if survive is not None else ():
            for part in _sectors(each):
                if survive is not None and survive.random() < 0.5:
                    _do(content, part)
        return bytes(content)


def _sectors(step: Step) -> Iterator[Step]:
    if step.what != "W":
        yield step
        return
    for at in range(0, len(step.data), SECTOR):
        yield Step("W", step.kind, step.offset + at, step.data[at : at + SECTOR])


def _do(content: bytearray, step: Step) -> None:
    if step.what == "T":
        del content[step.offset :]
        content.extend(bytes(step.offset - len(content)))
        return
    content.extend(bytes(max(0, step.offset - len(content))))
    content[step.offset : step.offset + len(step.data)] = step.data


def cut(
    steps: Sequence[Step], at: Sequence[int], survive: random.Random | None, base: bytes = b""
) -> Iterator[tuple[int, dict[str, bytes], bytes]]:
    """For each of these moments, in order: the moment, the files by their endings, and all that was said before."""
    files = {kind: File() for kind in ENDINGS}
    files[1] = File(bytearray(base), [], bool(base))
    said, done = b"", 0
    for moment in at:
        for step in steps[done:moment]:
            if step.what == "A":
                said += step.data
            else:
                files[step.kind].take(step)
        done = moment
        left = {ENDINGS[kind]: file.after_the_cut(survive) for kind, file in files.items()}
        yield moment, {ending: content for ending, content in left.items() if content is not None}, said
