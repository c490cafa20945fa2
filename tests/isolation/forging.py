"""Presses that no card has: every action there is, with the ids of rows, people, channels of any community."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.press import Argument, Press
from storage.own_links import OWN
from tests.isolation.hands import Values
from tests.isolation.places import Place
from tests.isolation.rows import Row, Rows

TABLES = {
    "request": "mentor_request",
    "match": "mentorship",
    "offer": "mentor_offer",
    "invitation": "mentor_invitation",
    "report": "mentor_report",
    "round": "mentor_round",
    "result_id": "result",
    "share_id": "share",
    "run": "run",
    "line": "audit",
    "link": "own_link",
    "note": "moderator_note",
    "post": "outbox",
    "posting": "posting",
    "tip": "tip",
    "schedule": "schedule",
}
ABOUT = {"offer": "mentor_offer", "request": "mentor_request", "match": "mentorship"}
WORDS = {"skill": "sql", "item": "skills-1", "option": "A", "zone": "Europe-Berlin", "slot": "2026-W49", "name": "tips",
         "opener": "own-links.add", "topic": "start"}  # fmt: skip
NOBODYS = 987_654
"""A row's number that no row has."""
KEEPS_OUT = frozenset({"privacy.delete"})
"""Erases whoever presses it, which is theirs to do: it takes no other's id."""


@dataclass(frozen=True, slots=True)
class Forged:
    """A press with ids of another community's, and the same with none that anybody has. `row`: what it names."""

    press: Press
    nobodys: Press
    row: int | None
    values: Values


def every_action(registry: Registry, rows: Rows, of: Place, chance: random.Random) -> Iterator[Forged]:
    """Each action once for every kind of row that it takes, in some order."""
    actions = [each for each in registry.actions.values() if each.name not in KEEPS_OUT]
    for action in chance.sample(actions, len(actions)):
        about = ABOUT if any(parameter.name == "about" for parameter in action.parameters) else [""]
        for kind in about:
            yield forged(action, rows, of, chance, kind)


def overreach(registry: Registry, rows: Rows, place: Place, other: Place, chance: random.Random) -> Forged:
    """Some action with rows of one's own, and a channel or a person of another community."""
    action = chance.choice([each for each in registry.actions.values() if each.name not in KEEPS_OUT])
    found = forged(action, rows, place, chance, chance.choice(list(ABOUT)))
    reaches = tuple(other.channel if each == place.channel else each for each in found.press.arguments)
    return replace(found, press=Press(action.name, reaches), values=_values(other, chance))


def forged(action: Action[...], rows: Rows, of: Place, chance: random.Random, kind: str = "") -> Forged:
    """One press of this action, with ids of `of`."""
    named: list[int] = []
    theirs: list[Argument] = []
    nobodys: list[Argument] = []
    row: Row | None = None
    for parameter in action.parameters:
        table = ABOUT.get(kind) if parameter.name == "row" else TABLES.get(parameter.name)
        found = rows.by_table.get((of.id, table)) if table else None
        if found and parameter.kind in {int, str}:
            row = chance.choice(found)
            named.append(row["id"])
            theirs.append(parameter.kind(row["id"]))
            nobodys.append(parameter.kind(NOBODYS))
            continue
        value = _value(parameter.name, parameter.kind, kind, rows, of, row, chance)
        theirs.append(value)
        nobodys.append(value)
    values = _values(of, chance)
    return Forged(
        Press(action.name, tuple(theirs)), Press(action.name, tuple(nobodys)), named[0] if named else None, values
    )


def _value(
    name: str, kind: type, about: str, rows: Rows, of: Place, row: Row | None, chance: random.Random
) -> Argument:
    if issubclass(kind, Enum):
        return kind(about) if about and name == "about" else chance.choice(list(kind))
    if kind is bool:
        return chance.random() < 0.5
    if kind is int:
        return (
            int(row["rev"]) if row and name in {"rev", "revision"} and "rev" in row else int(name in {"drawn", "check"})
        )
    links = rows.by_table.get((of.id, "own_link"))
    if name == "resource" and links:
        return f"{OWN}{links[0]['id']}"
    return of.channel if name == "channel" else WORDS.get(name, "x")


def _values(of: Place, chance: random.Random) -> Values:
    """Sometimes with what somebody chose who can choose what is not offered."""
    chosen = {"channel": of.channel, "moderators": of.alone, "who": of.alone, "members": of.alone, "member": of.alone}
    name = chance.choice(["", *chosen])
    return {name: chosen[name]} if name else {}
