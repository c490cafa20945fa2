"""What the Dockerfile says, and its steps done without Docker: `python -m tests.image FOLDER`, or `/` in a bare Debian.

Needs Python alone, and the network that `pip install` needs. Under a FOLDER each absolute path stands below it, both
stages share it, and nobody is added to the system; as root in a throw-away Debian, `/` does every step as written.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("/opt/pmpath", "/build", "/data")  # the absolute paths of the Dockerfile
OF_THE_SYSTEM = ("useradd", "apt-get")
KEY = "a-word-for-the-page"
WAIT_SECONDS = 60.0
PROGRAM = "/opt/pmpath/bin"


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: `RUN`, and what stands behind it on one line."""

    kind: str
    words: str

    @property
    def listed(self) -> list[str]:
        """The words of an instruction in exec form."""
        found = json.loads(self.words[self.words.index("[") :])
        assert isinstance(found, list)
        return found

    @property
    def pairs(self) -> dict[str, str]:
        """What ENV sets."""
        return dict(word.split("=", 1) for word in shlex.split(self.words))


def steps(text: str) -> list[Step]:
    """The instructions in their order; comments are left out, continued lines put together."""
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    whole = "\n".join(lines).replace("\\\n", " ")
    return [
        Step(kind, " ".join(words.split())) for kind, _, words in (line.partition(" ") for line in whole.split("\n"))
    ]


def stages(found: Sequence[Step]) -> list[list[Step]]:
    """The instructions of each stage, without what stands before the first FROM."""
    starts = [place for place, step in enumerate(found) if step.kind == "FROM"]
    return [list(found[start:end]) for start, end in zip(starts, [*starts[1:], len(found)], strict=True)]


def last(found: Sequence[Step], kind: str) -> Step:
    """The instruction of this kind that holds in the end."""
    return [step for step in found if step.kind == kind][-1]


def environment(found: Sequence[Step]) -> dict[str, str]:
    """All that ENV sets."""
    return {name: value for step in found if step.kind == "ENV" for name, value in step.pairs.items()}


@dataclass(slots=True)
class Bare:
    """A machine below `root` on which the steps are done one after another."""

    root: Path
    folder: Path = Path("/")
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.root == Path("/")

    def here(self, words: str) -> str:
        """The Dockerfile's paths as they are on this machine."""
        for path in () if self.is_whole else OURS:
            words = words.replace(path, f"{self.root}{path}")
        return words

    def do(self, step: Step) -> None:
        words = self.here(step.words)
        match step.kind:
            case "WORKDIR":
                self.folder = Path(words)
                self.folder.mkdir(parents=True, exist_ok=True)
            case "ENV":
                self.environ |= {name: value for name, value in Step("ENV", words).pairs.items() if name != "PATH"}
            case "COPY" if words.startswith("--from"):
                say(f"both stages are one place here: {step.kind} {step.words}")
            case "COPY":
                self._copy(words.split())
            case "RUN" if not self.is_whole and any(each in words for each in OF_THE_SYSTEM):
                say(f"not done, changes the system: {step.words}")
                Path(self.here("/data")).mkdir(parents=True, exist_ok=True)
            case "RUN":
                say(f"$ {step.words}")
                subprocess.run(["/bin/sh", "-c", words], cwd=self.folder, env=self._environ(), check=True)

    def _copy(self, words: list[str]) -> None:
        *sources, target = words
        for name in sources:
            into = self.folder / target / (Path(name).name if target.endswith("/") else "")
            into.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(ROOT / name, into)

    def _environ(self) -> dict[str, str]:
        """This machine's, with a `python` first that is the one running here."""
        names = self.root / "tmp" / "names"
        names.mkdir(parents=True, exist_ok=True)
        (names / "python").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8")
        (names / "python").chmod(0o755)
        return {**os.environ, **self.environ, "PATH": f"{names}:{os.environ['PATH']}"}


def start(bare: Bare, found: Sequence[Step]) -> None:
    """ENTRYPOINT as USER until HEALTHCHECK is content, SIGTERM, and HEALTHCHECK is not content any more."""
    program = Path(bare.here(PROGRAM))
    mine = {name: bare.here(value) for name, value in environment(found).items() if name.startswith("PMPATH_")}
    mine |= {"PMPATH_HOST": "127.0.0.1", "PMPATH_ACCESS_KEY": KEY}
    say(f"PMPATH_HOST is 127.0.0.1 here, not {environment(found)['PMPATH_HOST']}")
    environ = {"PATH": f"{program}:{os.environ['PATH']}", **mine}
    entry = [str(program / last(found, "ENTRYPOINT").listed[0]), *last(found, "CMD").listed]
    user = int(last(found, "USER").words.partition(":")[0]) if bare.is_whole else None
    say(f"started as user {user}" if user else "not as another user: run it with / in a bare Debian for that")
    if bare.is_whole:  # with FriBiDi, which below a folder nobody has installed
        subprocess.run([entry[0], "doctor"], cwd=bare.here("/data"), env=environ, user=user, group=user, check=True)
    running = subprocess.Popen(entry, cwd=bare.here("/data"), env=environ, user=user, group=user)
    try:
        until_healthy(found, environ)
        running.send_signal(signal.SIGTERM)
        say(f"healthy; SIGTERM ended it with {running.wait(WAIT_SECONDS)}")
    finally:
        running.kill()
        running.wait()
    assert health(found, environ) != 0


def until_healthy(found: Sequence[Step], environ: Mapping[str, str]) -> None:
    """Returns once the HEALTHCHECK passes."""
    end = time.monotonic() + WAIT_SECONDS
    while health(found, environ) != 0:
        assert time.monotonic() < end, "never healthy"
        time.sleep(0.2)


def health(found: Sequence[Step], environ: Mapping[str, str]) -> int:
    """How the HEALTHCHECK's own command ends."""
    command = last(found, "HEALTHCHECK").listed
    program = shutil.which(command[0], path=environ["PATH"])
    assert program, command[0]
    return subprocess.run([program, *command[1:]], env=environ, stderr=subprocess.DEVNULL, check=False).returncode


def ignored(path: str, patterns: Sequence[str]) -> bool:
    """Whether .dockerignore keeps a path out: the last pattern that fits decides, a folder's for its files too."""
    parts = Path(path).parts
    above = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    held = False
    for pattern in patterns:
        bare = pattern.removeprefix("!")
        fits = any(_fits(each, bare) for each in above)
        held = (not pattern.startswith("!")) if fits else held
    return held


def _fits(path: str, pattern: str) -> bool:
    return Path(path).name == pattern[3:] if pattern.startswith("**/") else pattern in {path, "*"}


def patterns(text: str) -> Iterator[str]:
    yield from (line for line in text.splitlines() if line and not line.startswith("#"))


def say(words: str) -> None:
    sys.stdout.write(f"# {words}\n")
    sys.stdout.flush()


def main() -> None:
    found = steps((ROOT / "Dockerfile").read_text("utf-8"))
    bare = Bare(Path(sys.argv[1]).resolve())
    say(f"not checked: that the base images exist and have what these steps need; here it is Python {sys.version}")
    for step in found:
        bare.do(step)
    start(bare, stages(found)[-1])


if __name__ == "__main__":
    main()
