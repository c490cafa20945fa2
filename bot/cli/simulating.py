"""`pmpath assess simulate`: the form put to invented people, on all cores, with the figures in a table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from content.load import read_content
from content.questionnaire import Questionnaire
from content.respondents import Loadings, Noise, loadings, respondent
from content.trial import Figure, Sitting, figures, sit

WIDTH = 100
BATCH = 250  # people that one process takes at a time


@dataclass(frozen=True, slots=True)
class Trial:
    """Which bank is put to how many people of which seed. `moved`: their weights are wrong by one here and there."""

    folder: Path | None
    version: str
    people: int
    seed: int
    noise: Noise
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Ran:
    """The figures with the author's weights, which the bars are for, and with moved ones."""

    as_written: list[Figure]
    moved: list[Figure]

    @property
    def met(self) -> bool:
        return all(figure.met for figure in self.as_written)


def simulate(bank: Questionnaire, trial: Trial, console: Console) -> Ran:
    """Runs the trial, without and with moved weights; a progress bar on a terminal."""
    moved = Trial(trial.folder, trial.version, trial.people, trial.seed, trial.noise, moved=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("people", total=2 * trial.people)
        run = [figures(bank, list(_sittings(each, progress, task))) for each in (trial, moved)]
    return Ran(*run)


def table(ran: Ran, trial: Trial) -> Table:
    """The figures beside their bars."""
    title = f"version {trial.version}, {trial.people} invented people, seed {trial.seed}, {trial.noise} noise"
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False)
    drawn.add_column("measure", no_wrap=True)
    for heading in ("bar", "as written", "", "±1 moved"):
        drawn.add_column(heading, justify="right", no_wrap=True)
    for figure, moved in zip(ran.as_written, ran.moved, strict=True):
        judged = "" if _bar(figure) == "" else "ok" if figure.met else "MISSED"
        drawn.add_row(figure.name, _bar(figure), _value(figure), judged, _value(moved))
    return drawn


def _sittings(trial: Trial, progress: Progress, task: TaskID) -> Iterator[Sitting]:
    """All sittings of a trial, whatever the order in which they are done: each person comes from their own number."""
    ranges = [range(first, min(first + BATCH, trial.people)) for first in range(0, trial.people, BATCH)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_batch, trial, numbers) for numbers in ranges]
        for done in as_completed(waiting):
            progress.advance(task, len(done.result()))
            yield from done.result()


def _batch(trial: Trial, numbers: range) -> list[Sitting]:
    """In a process of its own: what came of these people."""
    bank, drawn = _bank(trial), _loadings(trial)
    return [sit(bank, respondent(bank, drawn, trial.seed, number, trial.noise)) for number in numbers]


@lru_cache(maxsize=1)
def _bank(trial: Trial) -> Questionnaire:
    return read_content(trial.folder).questionnaires[trial.version]


@lru_cache(maxsize=1)
def _loadings(trial: Trial) -> Loadings:
    return loadings(_bank(trial), trial.seed, moved=trial.moved)


def _bar(figure: Figure) -> str:
    least = "" if figure.least is None else f"≥ {figure.least:g}"
    return least if figure.most is None else f"≤ {figure.most:g}"


def _value(figure: Figure) -> str:
    if figure.value != 0 and abs(figure.value) < 1e-4:
        return f"{figure.value:.1e}"
    return f"{figure.value:.4f}".rstrip("0").rstrip(".")
