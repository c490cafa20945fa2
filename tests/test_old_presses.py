"""Buttons of every released version still answer, on every surface: nothing unknown, no error, always a way on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.discord import custom_id
from bot.slack import receive as slack
from bot.web import receive as web
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.drawing import Sketch
from commands.kit.errors import out_of_date
from commands.kit.press import read_wire
from commands.kit.request import Pressed
from commands.kit.view import Card
from content.load import Content
from content.text import Language
from storage.audit import Deed
from storage.store import Store
from tests.conftest import Faults
from tests.drivers.direct import DirectDriver
from tests.storage.released import HEAD, RELEASES, at, filled
from tests.test_every_view import DRAWS, PNG

HERE = "1"
LISTED = Path(__file__).parent / "payloads" / "old_names.txt"
"""What each release was the first to leave behind: each shape of a press as Discord has it, a select's with its first
choice; the names of notices in the outbox, and of deeds in the audit."""
NOW = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
LAST = "privacy.delete"
PEOPLE = ("u1", "new")
"""One who has been there since then and moderates, and one of whom nothing is stored."""


@dataclass(slots=True)
class Old:
    """A button or a form of an old card, with the choices of the selects beside it."""

    wire: str
    form: bool
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return read_wire(self.wire).action


def sent_by(release: str) -> list[Old]:
    """What it was the first to send; what erases the member comes last."""
    found: dict[tuple[str, bool], Old] = {}
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        first, kind, sent, *choice = line.split(" ")
        if first == release and kind in {"press", "form"}:
            read = custom_id.read(sent.replace("{here}", HERE))
            old = found.setdefault((read.wire, kind == "form"), Old(read.wire, kind == "form"))
            if read.name is not None:
                old.chosen[read.name] = tuple(choice)
    return sorted(found.values(), key=lambda old: old.action == LAST)


def as_received(old: Old) -> Iterator[str | None]:
    """Its press as Slack and the page hand it over."""
    if old.form:
        yield slack.carried({"private_metadata": json.dumps({"press": old.wire})})["press"]
    yield slack.wire_of({"type": "button", "action_id": "press3", "value": old.wire})
    yield slack.wire_of({"type": "static_select", "action_id": f"3|{old.wire}"})
    sent = {"kind": "form" if old.form else "press", "id": "i", "person": "ada", "words": old.wire}
    yield web.read(json.dumps(sent)).words


def test_each_is_read_alike_on_every_surface_and_means_an_action_of_today(registry: Registry) -> None:
    for old in (each for release in RELEASES for each in sent_by(release)):
        assert set(as_received(old)) == {old.wire}
        assert registry.actions[old.action].arguments(read_wire(old.wire)) is not None


def test_what_waits_in_an_outbox_or_stands_in_an_audit_is_known_by_its_name(registry: Registry) -> None:
    lines = [line.split(" ") for line in LISTED.read_text(encoding="utf-8").splitlines()]
    assert {name for _release, kind, name, *_choice in lines if kind == "notice"} <= set(registry.notices)
    assert {name for _release, kind, name, *_choice in lines if kind == "deed"} <= set(Deed)


@pytest.mark.parametrize("release", RELEASES)
async def test_what_a_release_sent_still_answers(
    release: str, tmp_path: Path, content: Content, registry: Registry, faults: Faults
) -> None:
    url = f"sqlite:///{tmp_path}/pmpath.sqlite3"
    await filled(url, release, tmp_path)
    store = await at(url, HEAD, tmp_path)
    wrong = []
    for languages in (tuple(Language), tuple(reversed(Language))):
        for uid, language in zip(PEOPLE, languages, strict=True):
            chat = member(store, content, registry, uid)
            wrong += [each async for each in unanswered(chat, sent_by(release), language, faults)]
    await store.close()
    assert wrong == []


def member(store: Store, content: Content, registry: Registry, uid: str) -> DirectDriver:
    dispatcher = Dispatcher(store, content, registry, now=lambda: NOW, draw=no_picture)
    return DirectDriver(dispatcher, uid=uid, moderator=uid == PEOPLE[0])


async def unanswered(
    chat: DirectDriver, olds: list[Old], language: Language, faults: Faults
) -> AsyncIterator[tuple[str, object]]:
    for old in olds:
        await chat.run(f"/pmpath language {language.value}")
        await chat.call(Pressed(old.wire, form=old.form), old.chosen)
        reply = chat.reply
        assert reply is not None
        assert reply.view is not None
        if faults.entries:
            yield old.wire, faults.entries.pop()
        if isinstance(reply.view, Card) and (not chat.seen.buttons or out_of_date().text in reply.view.elements):
            yield old.wire, chat.seen
        for draw in DRAWS.values():
            assert draw(chat.dispatcher.content.catalogue, reply.view, reply.language)


async def no_picture(_sketch: Sketch) -> bytes:
    return PNG
