"""Members with such lines in the ledger, at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import insert, select

from storage import appearances
from storage.members import Me
from storage.tables import appearance, award, member
from storage.unit import Unit

Line = tuple[str | None, int, dt.date]
"""A deed's outcome, its points and its day."""


def come(unit: Unit, community_id: int, ledgers: Sequence[Sequence[Line]], prefix: str = "u") -> list[Me]:
    """One member for each ledger, who wants to stand on boards."""
    people = [Me(community_id, f"{prefix}-{number}", f"{prefix} {number}") for number in range(len(ledgers))]
    common = {"community_id": community_id, "tell_here": 0, "created_at": unit.now_us, "seen_at": unit.now_us}
    unit.execute(insert(member), [{**common, "uid": me.uid, "name": me.name} for me in people])
    names = select(member.c.uid, member.c.id).where(member.c.community_id == community_id)
    ids = {row.uid: row.id for row in unit.execute(names)}
    lines = [
        {"member_id": ids[me.uid], "deed": "adjusted", "key": str(number), "outcome": outcome, "points": points}
        | {"day": day.toordinal(), "at": unit.now_us}
        for me, ledger in zip(people, ledgers, strict=True)
        for number, (outcome, points, day) in enumerate(ledger)
    ]
    if lines:
        unit.execute(insert(award), lines)
    shown = [{"member_id": ids[me.uid], "shown": 1, "left_out": 0, "at": unit.now_us} for me in people]
    unit.execute(insert(appearance), shown)
    appearances.settle(unit, [ids[me.uid] for me in people])
    return people
