"""`pmpath assess calibrate`: weights estimated anew from what members said of their results, as a new version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import typer

from bot.cli.stop import stop
from content.calibration import LEAST, Known, Moved, estimate, next_version
from content.outcomes import Outcome
from content.questionnaire import Questionnaire
from storage import opinions
from storage.errors import StoreError
from storage.look import read
from storage.opinions import Fits, Labelled


def calibrate(bank: Questionnaire, database_url: str, folder: Path | None, out: Path | None) -> None:
    """Prints which weights would move, and writes the next version into `out`; below a hundred answers, nothing."""
    try:
        said = asyncio.run(read(database_url, opinions.labelled))
    except StoreError as error:
        stop(error.sentence)
    of_version = [each for each in said if each.bank_version == bank.version]
    known = [each for each in map(_known, of_version) if each is not None and _of(bank, each)]
    if len(known) < LEAST:
        typer.echo(
            f"{len(known)} members have said what they are under version {bank.version}; from {LEAST} on weights "
            "are estimated anew. Nothing was done."
        )
        return
    moved = estimate(bank, known)
    typer.echo(f"{len(known)} members, version {bank.version}: {len(moved)} options would weigh otherwise.")
    for each in moved:
        typer.echo(f"  {each.item} / {each.option}: {_said(each)} (of {each.answers} answers)")
    if moved and out is not None:
        _write(bank, folder, out, moved, len(known))


def _known(said: Labelled) -> Known | None:
    """Which outcome is theirs: their job today where it is one of the four, else a result that sounds like them."""
    if said.job is not None and said.job.value in tuple(Outcome):
        return Known(Outcome(said.job.value), said.answers)
    fits = said.fits is Fits.YES and said.job is None
    return Known(said.outcome, said.answers) if fits else None


def _of(bank: Questionnaire, known: Known) -> bool:
    """Whether the answers are to this version's questions."""
    items = {item.id: item for item in bank.items}
    return all(item in items and items[item].takes(choice) for item, choice in known.answers.items())


def _said(moved: Moved) -> str:
    changes = [
        f"{outcome} {moved.before[outcome]} → {moved.after[outcome]}"
        for outcome in Outcome
        if moved.before[outcome] != moved.after[outcome]
    ]
    return ", ".join(changes)


def _write(bank: Questionnaire, folder: Path | None, out: Path, moved: Sequence[Moved], members: int) -> None:
    version = str(int(bank.version) + 1) if bank.version.isdecimal() else f"{bank.version}-2"
    english, chinese = (_file(folder, f"{bank.version}{ending}") for ending in (".yaml", ".zh.yaml"))
    target = out / "questionnaires"
    files = (target / f"{version}.yaml", target / f"{version}.zh.yaml")
    if any(file.exists() for file in files):
        stop(f"{files[0]} is there already; a version is never written over. Name another folder.")
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file, text in zip(files, next_version(english, chinese, version, moved, members), strict=True):
            file.write_text(text, "utf-8")
    except OSError as error:
        stop(f"{target} cannot be written ({error.strerror}).")
    typer.echo(
        f"Version {version} is in {target}. Read it, mend the reasons beside the weights, check it with "
        f"pmpath content check {out}, look at it with pmpath assess simulate, then put it into your pack."
    )


def _file(folder: Path | None, name: str) -> str:
    """A version's file: the operator's own, else ours."""
    own = folder / "questionnaires" / name if folder else None
    if own is not None and own.is_file():
        return own.read_text("utf-8")
    return (resources.files("content") / "data" / "questionnaires" / name).read_text("utf-8")
