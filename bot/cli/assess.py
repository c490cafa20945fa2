"""`pmpath assess`: the questionnaire in a terminal, or from a file; and what its maintainers need."""

from __future__ import annotations

import json
import locale
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.cli import calibrating, questioning, simulating
from bot.cli.questioning import Terminal
from bot.cli.stop import WRONG, settings_or_stop, stop
from content.export import export, replay
from content.load import Content, ContentError, read_content
from content.questionnaire import Answers, Choice, Questionnaire
from content.respondents import Noise
from content.scoring import judge
from content.text import Language

app = typer.Typer(help="The assessment in a terminal, and its maintainers' commands.")


@app.callback(invoke_without_command=True)
def assess(
    context: typer.Context,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="A JSON file with the answers; asks nothing.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The verdict as JSON, as it would be stored.")] = False,
    language: Annotated[
        Language | None, typer.Option("--language", help="en or zh; as the terminal's if left out.")
    ] = None,
) -> None:
    """The assessment in a terminal. Nothing is stored."""
    if context.invoked_subcommand is not None:
        return
    content = content_or_stop()
    bank = content.questionnaire
    spoken = language or Language.from_locale(locale.getlocale()[0]) or Language.EN
    terminal = Terminal(content, spoken, Console(highlight=False))
    if answers is not None:
        given = read_answers(bank, answers)
    elif sys.stdin.isatty():
        given = questioning.ask_all(terminal)
    else:
        stop("There is no terminal to ask in. Give the answers in a file: pmpath assess --answers FILE --json")
    verdict = judge(bank, given)
    if as_json:
        typer.echo(verdict.to_json())
    else:
        questioning.show(terminal, given, verdict)


@app.command("export")
def export_bank(
    as_json: Annotated[bool, typer.Option("--json", help="JSON; the only form there is.")] = True,
) -> None:
    """Prints the bank: items, options and their weights."""
    typer.echo(json.dumps(export(content_or_stop().questionnaire), ensure_ascii=False))


@app.command("replay")
def replay_sheets(
    file: Annotated[Path, typer.Argument(help="One complete sheet a line: {id, answers}.")],
) -> None:
    """Prints, for each sheet, what the engine would have asked and concluded; one JSON line each."""
    for line in replayed(content_or_stop().questionnaire, file):
        typer.echo(line)


def replayed(bank: Questionnaire, file: Path) -> Iterator[str]:
    """The lines that are printed."""
    for number, sheet in _lines(file):
        try:
            yield json.dumps(replay(bank, sheet), ensure_ascii=False)
        except (KeyError, TypeError, ValueError) as error:
            stop(
                f"{file}:{number}: expected {{id, answers}} with known items and options ({error})",
                code=WRONG,
            )


@app.command("simulate")
def simulate_people(
    people: Annotated[int, typer.Option("--people", min=100, max=200_000, help="How many invented people.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other people.")] = 1,
    noise: Annotated[Noise, typer.Option("--noise", help="How much chance there is in their answers.")] = Noise.MEDIUM,
    version: Annotated[str | None, typer.Option("--version", help="A version of the bank; the current one.")] = None,
) -> None:
    """Puts the questions to invented people and prints how the form does; ends with 1 where a bar is missed."""
    content, folder = content_or_stop(), settings_or_stop().content_dir
    bank = content.questionnaires.get(version or content.questionnaire.version)
    if bank is None:
        stop(f"There is no version {version}. There are: {', '.join(content.questionnaires)}.")
    trial = simulating.Trial(folder, bank.version, people, seed, noise)
    ran = simulating.simulate(bank, trial, Console(stderr=True))
    Console(highlight=False, width=simulating.WIDTH).print(simulating.table(ran, trial))
    if not ran.met:
        raise typer.Exit(WRONG)


@app.command("calibrate")
def calibrate(
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder for the new version; without it, it is only printed.")
    ] = None,
) -> None:
    """From a hundred members on who said what they are: estimates the weights anew, as a new version of the bank."""
    settings = settings_or_stop()
    calibrating.calibrate(content_or_stop().questionnaire, settings.database_url, settings.content_dir, out)


def content_or_stop() -> Content:
    """The content that the program would use."""
    try:
        return read_content(settings_or_stop().content_dir)
    except ContentError as error:
        stop(*map(str, error.problems), code=WRONG)


def read_answers(bank: Questionnaire, file: Path) -> dict[str, Choice]:
    """The answers of a file: `{item: option | [options] | null}`, or a sheet that holds them as `answers`."""
    try:
        found: Any = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        stop(
            f"{file} cannot be read as JSON ({error}). Write items and their options; pmpath assess export lists them."
        )
    plain = found.get("answers", found) if isinstance(found, dict) else None
    if not isinstance(plain, dict):
        stop(f"{file}: expected an object of items and their options; pmpath assess export lists them.")
    answers = {item: tuple(choice) if isinstance(choice, list) else choice for item, choice in plain.items()}
    if faults := [*_faults(bank, answers)]:
        stop(*(f"{file}: {fault}" for fault in faults), code=WRONG)
    return answers


def _faults(bank: Questionnaire, answers: Answers) -> Iterator[str]:
    items = {item.id: item for item in bank.items}
    for item_id, choice in answers.items():
        item = items.get(item_id)
        if item is None:
            yield f"there is no item {item_id!r}; expected one of {', '.join(items)}"
        elif not _is_choice(choice) or not item.takes(choice):
            known = ", ".join(option.id for option in item.options)
            several = f"a list of at most {item.most or len(item.options)}" if item.kind == "many" else "one"
            yield f"{item_id}: {choice!r} is no answer; expected {several} of {known}, or null"


def _is_choice(choice: object) -> bool:
    each = choice if isinstance(choice, tuple) else (choice,)
    return choice is None or all(isinstance(one, str) for one in each)


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{file} cannot be read ({error}).")
    for number, words in enumerate(lines, 1):
        if words.strip():
            try:
                sheet = json.loads(words)
            except (ValueError, RecursionError) as error:
                stop(f"{file}:{number}: expected one JSON object a line ({error})", code=WRONG)
            if not isinstance(sheet, dict):
                stop(f"{file}:{number}: expected {{id, answers}}, one JSON object a line", code=WRONG)
            yield number, sheet
