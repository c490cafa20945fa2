"""`pmpath members export` and `erase`: for a member who asks whoever runs pmpath, instead of pressing it themselves."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.stop import WRONG, settings_or_stop, stop
from bot.clock import real_now
from bot.settings import Settings
from bot.web.sandbox import SandboxClock
from commands import export_files, privacy
from commands.kit.request import Platform
from content.load import Content, ContentError, read_content
from content.text import Language
from storage import by_operator, communities, members
from storage import export as exports
from storage.errors import StoreError
from storage.export import Export
from storage.look import read
from storage.members import Kept, Me
from storage.store import Store, Traces
from storage.unit import Unit

Who = Annotated[str, typer.Argument(help="discord:SERVER:USER, slack:WORKSPACE:USER or web:sandbox:PERSON.")]
YES = "Without a terminal to ask at it takes --yes."


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom it is about, and where that one's data is."""

    settings: Settings
    platform: Platform
    community: str
    uid: str

    @property
    def url(self) -> str:
        return self.settings.sandbox_url if self.platform is Platform.WEB else self.settings.database_url


@dataclass(frozen=True, slots=True)
class Found:
    """What there is about them; `export` is None where there is nothing."""

    me: Me
    language: Language
    kept: Kept
    export: Export | None


def export(
    who: Who,
    to: Annotated[Path, typer.Option("--to", help="The folder that the two files are written into.")] = Path(),
) -> None:
    """Writes everything that is stored about one member, as /pmpath privacy does; also beside a running bot."""
    asked = _asked(who)
    found, content = _found_or_stop(asked, who), _content_or_stop(asked.settings)
    assert found.export is not None
    try:
        to.mkdir(parents=True, exist_ok=True)
        for file in export_files.files(content, found.language, real_now(), found.export):
            _write(to / file.name, file.content)
            typer.echo(f"{to / file.name}")
    except OSError as error:
        stop(f"{error.filename} cannot be written ({error.strerror}). Name another folder with --to.")
    typer.echo("Everything that is stored about this member, and nothing of anybody else. Send it to nobody but them.")


def erase(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Does not ask for the id again.")] = False,
) -> None:
    """Erases everything that is stored about one member, for good. With SQLite stop the bot first."""
    asked = _asked(who)
    found, content = _found_or_stop(asked, who), _content_or_stop(asked.settings)
    typer.echo(f"This is stored about {who}:")
    for line in _counted(content, found.kept):
        typer.echo(f"  {line}")
    _confirm(asked.uid, yes=yes)
    try:
        erased, traces = asyncio.run(_erase(asked, found.me))
    except StoreError as error:
        stop(error.sentence, "With the bot running a member erases it themselves: /pmpath privacy.")
    for line in _said(erased, traces):
        typer.echo(line)


def _asked(who: str) -> Asked:
    platform, _colon, rest = who.partition(":")
    community, _colon, uid = rest.partition(":")
    if platform not in set(Platform) or not (community and uid):
        stop(f"{who}: expected discord:SERVER:USER, slack:WORKSPACE:USER or web:sandbox:PERSON.")
    return Asked(settings_or_stop(), Platform(platform), community, uid)


def _found_or_stop(asked: Asked, who: str) -> Found:
    try:
        found = asyncio.run(read(asked.url, partial(_look, asked=asked)))
    except StoreError as error:
        stop(error.sentence)
    if found is None or found.export is None:
        stop(f"Nothing is stored about {who}. People are known by the platform's ids, not by names.", code=WRONG)
    return found


def _look(unit: Unit, asked: Asked) -> Found | None:
    here = communities.find(unit, asked.platform.value, asked.community)
    if here is None:
        return None
    me = Me(here.id, asked.uid, "")
    member = members.find(unit, me)
    language = (member.language or member.app_language) if member else None
    return Found(me, language or here.language, members.kept(unit, me), exports.of_me(unit, me))


def _content_or_stop(settings: Settings) -> Content:
    try:
        return read_content(settings.content_dir)
    except ContentError as error:
        stop(*map(str, error.problems))


def _write(file: Path, content: bytes) -> None:
    """A new file, for nobody else to read."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(content)


def _counted(content: Content, kept: Kept) -> Iterator[str]:
    """What there is of it, in the words of /pmpath privacy."""
    nothing = dict(privacy.counts(Kept()))
    for name, count in privacy.counts(kept):
        if count != nothing[name]:
            yield ": ".join(content.catalogue.say(text, Language.EN) for text in (name, count))


def _confirm(uid: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        stop("Nothing was erased.", YES)
    while typer.prompt("It can't be undone. Type the person's id to erase it") != uid:
        typer.echo("That is another id. Ctrl-C ends this, and nothing is erased.")


async def _erase(asked: Asked, me: Me) -> tuple[Kept, Traces]:
    clock = SandboxClock(real_now)
    room = asked.platform is Platform.WEB
    store = await Store.open(asked.url, now=clock.now if room else real_now)
    try:
        if room:
            await clock.resume(store)
        return await store.write(by_operator.erase, me), await store.scrubbed()
    finally:
        await store.close()


def _said(erased: Kept, traces: Traces) -> Iterator[str]:
    yield SAID[traces]
    if erased.shares or erased.digests:
        yield "Posts that show it are taken back as soon as the bot runs; people may have seen them."
    if erased.matches or erased.requests:
        yield "Who was matched with them, or waits for their answer, is told that they left; not who they were."
    if traces is not Traces.SERVER:
        yield "Copies from before an upgrade still have it, 30 days at most."
    yield "Backups of your own still have it: drop those from before today when their time comes."


SAID = {
    Traces.NONE: "Erased: not a byte of it is left in the database's files.",
    Traces.SOME: "Deleted. Traces are left in the database's files, since somebody reads them or the disk is full;"
    " they are erased when the bot runs.",
    Traces.SERVER: "Deleted. PostgreSQL keeps traces in its files until it writes over them: docs/operate.md, Erasing.",
}
