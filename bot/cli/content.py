"""`pmpath content check` and `links`: whether a content pack can be used, and whether its addresses still lead on."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.links import Fate, Look, Verdict, look
from bot.cli.stop import WRONG, stop
from bot.settings import Settings
from content.load import Content, ContentError, read_content
from content.resources import Resource

app = typer.Typer(help="The questionnaire, tracks, skills, resources and tips.")
Folder = Annotated[
    Path | None,
    typer.Argument(help="Your pack, laid over ours; PMPATH_CONTENT_DIR if left out.", show_default=False),
]
EVERY = 20  # a plain line of progress after so many addresses
NO_NETWORK = "None of {count} addresses could be reached, so there is no network from here. Nothing is judged."
TO_DO = {
    Fate.MOVED: " Write the new address.",
    Fate.DEAD: " Find its new address, or take it out.",
    Fate.UNKNOWN: " Look again later.",
}


@app.callback()
def content() -> None:
    """The questionnaire, tracks, skills, resources and tips."""


@app.command()
def check(folder: Folder = None) -> None:
    """Reads the content as the program would and prints each fault as `file:line: expected …`."""
    pack = _pack(folder)
    bank = pack.questionnaire
    tips = ", ".join(f"{len(ids)} {outcome}" for outcome, ids in pack.tips_by_outcome.items())
    typer.echo(f"ok: questionnaire {bank.version} with {len(bank.items)} items; {len(pack.tips)} tips ({tips})")


@app.command()
def links(
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
) -> None:
    """Looks whether the addresses of the resources still lead somewhere; changes no file.

    Ends with 1 when one is dead. A site that refuses programs is none; without a network nothing is judged.
    """
    resources = tuple(_pack(folder).resources.values())
    found = asyncio.run(_look(sorted({resource.address for resource in resources})))
    checked = [Checked(resource, found.verdicts[resource.address]) for resource in resources]
    if as_json:
        typer.echo(json.dumps(_for_programs(found, checked), ensure_ascii=False, indent=2))
    elif not found.network:
        typer.echo(NO_NETWORK.format(count=len(found.verdicts)))
    else:
        for line in _report(checked):
            typer.echo(line)
    if found.network and any(each.verdict.fate is Fate.DEAD for each in checked):
        raise typer.Exit(WRONG)


@dataclass(frozen=True, slots=True)
class Checked:
    """A resource and what became of its address."""

    resource: Resource
    verdict: Verdict

    @property
    def line(self) -> str:
        """Where it is written, so that an editor finds it, and what to do."""
        where, fate = f"{self.resource.file}:{self.resource.line}", self.verdict.fate
        said = f"{where}: {fate}: {self.resource.id}, {self.resource.address}: {self.verdict.why}."
        return said + TO_DO.get(fate, "")


async def _look(addresses: list[str]) -> Look:
    """With a bar at a terminal, and plain lines elsewhere; both on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        done = Counter[Fate]()

        def tell(verdict: Verdict) -> None:
            done[verdict.fate] += 1
            if done.total() % EVERY == 0 or done.total() == len(addresses):
                typer.echo(f"{done.total()} of {len(addresses)} addresses looked at", err=True)

        return await look(addresses, each=tell)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Addresses", total=len(addresses))
        return await look(addresses, each=lambda _verdict: progress.advance(task))


def _report(checked: list[Checked]) -> Iterator[str]:
    """A line for each that asks for something, in the order of the files; then the counts."""
    for each in checked:
        if each.verdict.fate is not Fate.OK:
            yield each.line
    counts = Counter(each.verdict.fate for each in checked)
    yield f"{len(checked)} resources: " + ", ".join(f"{counts[fate]} {fate}" for fate in Fate) + "."
    unsure = [each.resource.id for each in checked if each.verdict.fate is Fate.OK and each.resource.seen != "exact"]
    if unsure:
        yield (
            f"They answer, but nobody has verified them yet: {', '.join(unsure)}. Open them; if they are what they "
            "say, write “seen: exact”, the day as “checked_on”, and “seen_in: opened by hand”."
        )


def _for_programs(found: Look, checked: list[Checked]) -> dict[str, Any]:
    counts = Counter(each.verdict.fate for each in checked)
    return {
        "network": found.network,
        "counts": {fate: counts[fate] for fate in Fate} if found.network else {},
        "resources": [_as_json(each) for each in checked] if found.network else [],
    }


def _as_json(each: Checked) -> dict[str, Any]:
    return {
        "id": each.resource.id,
        "file": each.resource.file,
        "line": each.resource.line,
        "address": each.resource.address,
        "fate": each.verdict.fate,
        "why": each.verdict.why,
        "new_address": each.verdict.new_address,
    }


def _pack(folder: Path | None) -> Content:
    """The pack in use, or its faults and the end."""
    if folder is not None and not folder.is_dir():
        stop(f"{folder} is not a folder. Name the folder that holds your YAML files.")
    try:
        return read_content(folder or _of_the_settings())
    except ContentError as error:
        stop(*(f"{one.file}:{one.line}: expected {one.expected}" for one in error.problems), code=WRONG)


def _of_the_settings() -> Path | None:
    """The operator's own pack; other settings may be wrong here."""
    settings, refused = Settings.read_what_is_right(os.environ)
    wrong = [one.sentence for one in refused if one.variable == "PMPATH_CONTENT_DIR"]
    if wrong:
        stop(*wrong)
    return settings.content_dir
