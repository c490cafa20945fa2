"""One target by coverage, a process of its own: `python -m tests.fuzz --atheris FOLDER` starts it for each."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import atheris
import structlog
from hypothesis import settings

OURS = ("bot", "commands", "content", "storage")

with atheris.instrument_imports(include=list(OURS), enable_loader_override=False):
    import commands
    from bot.pictures.studio import Pictures
    from commands.kit.discover import discover
    from content.load import read_content
    from tests.conftest import Faults
    from tests.fuzz.ground import Ours
    from tests.fuzz.targets import TARGETS, Check, Setting, found_by, opened

    REGISTRY = discover(commands)  # which loads them
LEAST = 30  # examples: the first inputs are too short to be any


def main() -> None:
    """Ends 0 when the time is up; with libFuzzer's code at the first fault, its input kept beside the finds."""
    name, url, files, finds, seconds = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    faults = Faults()
    structlog.configure(processors=[structlog.processors.format_exc_info, faults], cache_logger_on_first_use=False)
    setting = Setting(url, Path(files), Ours(read_content(), REGISTRY, Pictures()), faults)
    with opened(setting, name) as check:
        run = found_by(TARGETS[name], setting, check, settings())
        one_input = run.hypothesis.fuzz_one_input  # type: ignore[attr-defined]  # hypothesis hangs it onto the function
        options = (f"-artifact_prefix={finds}-", "-verbosity=0", "-print_final_stats=0")
        atheris.Setup([sys.argv[0], finds, *options], _until(time.monotonic() + float(seconds), name, check, one_input))
        atheris.Fuzz()


def _until(end: float, name: str, check: Check, one_input: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """One input after another; then all is told, and the process ends as libFuzzer would end it: at once."""
    began = time.monotonic()

    def one(data: bytes) -> None:
        one_input(data)
        if check.done >= LEAST and time.monotonic() >= end:
            lasted = time.monotonic() - began
            told = f"{name} by coverage: {check.done} executions, {check.refused} refused, {lasted:.0f} s, 0 faults"
            print(told, flush=True)  # noqa: T201 - the script's result
            os._exit(0)

    return one


if __name__ == "__main__":
    main()
