"""Whether the rows of mentoring are what its model says."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from storage.moments import micros
from tests.storage.mentoring_faults import Snapshot
from tests.storage.mentoring_model import Model


def number(model: Model, now: Snapshot) -> None:
    """What has become of the last act gets the ids of its rows."""
    model.rows = {name: row for row, name in now.names.items()}
    for wish in (each for each in model.wishes if not each.id):
        two = (model.rows[wish.mentee], model.rows[wish.mentor])
        of = [each.id for each in now.requests.values() if (each.mentee_id, each.mentor_id) == two]
        wish.id = max(of, default=0)
    for match in (each for each in model.matches if not each.id):
        two = (model.rows[match.mentor], model.rows[match.mentee])
        made = [each.id for each in now.matches.values() if (each.mentor_id, each.mentee_id) == two]
        match.id = max(made, default=0)


def compare(model: Model, now: Snapshot, before: Snapshot) -> Iterator[str]:
    told = Counter(said for message, said in now.messages.items() if message not in before.messages)
    if told != +model.told:
        yield f"told {told - model.told} more and {model.told - told} less"
    for name, (ours, theirs) in _pairs(model, now).items():
        if ours != theirs:
            odd = [each for each in {**ours, **theirs} if ours.get(each) != theirs.get(each)]
            yield f"{name}: " + "; ".join(f"{each} {ours.get(each)} and not {theirs.get(each)}" for each in odd)


def _pairs(model: Model, now: Snapshot) -> dict[str, tuple[dict[Any, Any], dict[Any, Any]]]:
    """Of each table what is stored, and what the model has."""
    names = now.names
    return {
        "offers": (
            {
                names[row]: (each.capacity, each.approval, each.reach, each.paused, each.paused_until, each.silent_at)
                for row, each in now.offers.items()
            },
            {
                name: (of.capacity, of.approval, of.reach, of.paused, _us(of.until), _us(of.silent))
                for name, of in model.offers.items()
            },
        ),
        "asks": (
            {names[row]: (each.waiting_since, each.rounds) for row, each in now.asks.items()},
            {name: (_us(ask.waiting), ask.rounds) for name, ask in model.asks.items()},
        ),
        "requests": (
            {each.id: (names[each.mentee_id], names[each.mentor_id], each.state) for each in now.requests.values()},
            {each.id: (each.mentee, each.mentor, each.state) for each in model.wishes},
        ),
        "open until": (
            {each.id: each.due_at for each in now.requests.values() if each.state == "open"},
            {each.id: _us(each.due) for each in model.wishes if each.state == "open"},
        ),
        "matches": (
            {
                each.id: (names[each.mentor_id], names[each.mentee_id], each.state, each.check_at, each.sessions)
                for each in now.matches.values()
            },
            {each.id: (each.mentor, each.mentee, each.state, _us(each.check), each.sessions) for each in model.matches},
        ),
        "awards": (
            {(names[row], key): 1 for row, key in now.awards},
            {(name, f"{week}:{pair}"): 1 for name, week, pair in model.earned},
        ),
    }


def _us(moment: dt.datetime | None) -> int | None:
    return None if moment is None else micros(moment)
