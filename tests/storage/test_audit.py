"""The audit: a line for each change, and undo that gives back the very same rows or says why not."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select, update

from content.text import Language
from storage import audit, communities, members, moderating, own_links, upkeep
from storage.audit import Already, ChangedSince, Deed, Line, TooLate, Undone
from storage.communities import Community
from storage.members import Me
from storage.own_links import Added
from storage.store import Store
from storage.tables import audit as audit_table
from storage.tables import community, hidden_resource, member, moderator, own_link, schedule, tip
from storage.unit import Changed, Unit
from tests.storage.conftest import Clock

GUIDE = ("Guide", "https://example.org/guide", "sql", Language.EN)
WATCHED = (community, moderator, own_link, hidden_resource, tip, schedule)


async def lines(store: Store, here: Community) -> tuple[Line, ...]:
    return (await store.read(audit.of_community, here.id, 0, 100)).lines


async def undo_last(store: Store, me: Me, here: Community) -> Undone | ChangedSince | TooLate | Already:
    return await store.write(audit.undo, me, (await lines(store, here))[0].id)


def everything(unit: Unit) -> dict[str, list[dict[str, Any]]]:
    """The rows of what moderators change. A revision only counts, and settings are what their text says."""
    found = {}
    for table in WATCHED:
        rows = [dict(row) for row in unit.execute(select(table).order_by(*table.primary_key.columns)).mappings()]
        for row in rows:
            row.pop("rev", None)
            row |= {"settings": json.loads(row["settings"])} if "settings" in row else {}
        found[table.name] = rows
    return found


async def test_a_change_is_a_line_and_its_undo_gives_back_what_was(store: Store, here: Community, me: Me) -> None:
    await store.write(moderating.set_language, me, Language.ZH)
    (line,) = await lines(store, here)
    assert (line.deed, line.name, dict(line.ids)) == (Deed.LANGUAGE, "Ann", {"language": "zh"})

    assert isinstance(await undo_last(store, me, here), Undone)

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert found.language is Language.EN
    assert [line.deed for line in await lines(store, here)] == [Deed.UNDONE, Deed.LANGUAGE]


async def test_what_changes_nothing_is_no_line(store: Store, here: Community, me: Me) -> None:
    for _ in range(2):
        await store.write(moderating.set_zone, me, "Asia/Shanghai")
    await store.write(moderating.set_moderators, me, (), ())
    await store.write(moderating.show, me, "nothing-hidden")

    assert [line.deed for line in await lines(store, here)] == [Deed.ZONE]


async def test_undo_pressed_twice_or_by_two_at_once_is_done_once(store: Store, here: Community, me: Me) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    (line,) = await lines(store, here)

    answers = await asyncio.gather(*(store.write(audit.undo, me, line.id) for _ in range(4)))

    assert sorted(type(answer).__name__ for answer in answers) == ["Already", "Already", "Already", "Undone"]
    assert len(await lines(store, here)) == 2


async def test_an_undo_can_be_taken_back_as_well(store: Store, here: Community, me: Me) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    await undo_last(store, me, here)
    await undo_last(store, me, here)

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert found.zone == "Asia/Shanghai"
    assert [line.deed for line in await lines(store, here)] == [Deed.REDONE, Deed.UNDONE, Deed.ZONE]
    assert (await lines(store, here))[0].ids["was"] == Deed.ZONE


async def test_what_somebody_changed_since_is_left_as_they_made_it(
    store: Store, here: Community, me: Me, somebody: Me
) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    (line,) = await lines(store, here)
    await store.write(moderating.set_zone, somebody, "Europe/Berlin")

    assert isinstance(await store.write(audit.undo, me, line.id), ChangedSince)

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert found.zone == "Europe/Berlin"
    assert not (await lines(store, here))[1].undone


async def test_another_column_of_the_same_row_does_not_stand_in_the_way(store: Store, here: Community, me: Me) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    (line,) = await lines(store, here)
    await store.write(moderating.set_language, me, Language.ZH)

    assert isinstance(await store.write(audit.undo, me, line.id), Undone)

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert (found.zone, found.language) == ("UTC", Language.ZH)


async def test_one_setting_is_taken_back_without_the_others(store: Store, here: Community, me: Me) -> None:
    def switch(unit: Unit, name: str, value: bool) -> None:
        def work() -> None:
            communities.set_setting(unit, me.community, name, value)

        audit.recorded(unit, me, Deed.LANGUAGE, community, {"id": me.community}, work)

    await store.write(switch, "one", value=True)
    (line,) = await lines(store, here)
    await store.write(switch, "two", value=True)

    assert isinstance(await store.write(audit.undo, me, line.id), Undone)

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert found.settings == {"two": True}


@pytest.mark.parametrize(("days", "answer"), [(29.9, Undone), (30, TooLate)])
async def test_there_are_thirty_days_to_undo(
    store: Store, here: Community, me: Me, clock: Clock, days: float, answer: type
) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    clock.move(dt.timedelta(days=days))

    assert isinstance(await undo_last(store, me, here), answer)


async def test_after_thirty_days_only_the_deed_is_kept(store: Store, here: Community, me: Me, clock: Clock) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    clock.move(dt.timedelta(days=15))
    await store.write(moderating.set_zone, me, "Europe/Berlin")
    clock.move(dt.timedelta(days=15))
    await store.write(upkeep.prune)

    later, earlier = await lines(store, here)
    assert (earlier.changes, earlier.ids) == ([], {"zone": "Asia/Shanghai"})
    assert later.changes
    assert isinstance(await store.write(audit.undo, me, earlier.id), TooLate)


async def test_what_cannot_be_taken_back_is_noted(store: Store, here: Community, me: Me) -> None:
    await store.write(audit.noted, me, Deed.TEST, channel="C1")

    (line,) = await lines(store, here)
    assert not line.can_be_undone(line.at)
    assert isinstance(await undo_last(store, me, here), TooLate)


async def test_another_communitys_line_is_neither_seen_nor_undone(store: Store, here: Community, me: Me) -> None:
    await store.write(moderating.set_zone, me, "Asia/Shanghai")
    (line,) = await lines(store, here)
    other = await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)

    stranger = Me(other.id, "u-eve", "Eve")
    assert isinstance(await store.write(audit.undo, stranger, line.id), TooLate)
    assert await lines(store, other) == ()
    assert not (await lines(store, here))[0].undone


async def test_memory_hears_of_an_undo(store: Store, here: Community, me: Me) -> None:
    await store.write(moderating.set_moderators, me, {"u-bob"}, {"77"})
    heard: list[Changed] = []
    store.listen(heard.append)
    await undo_last(store, me, here)

    assert Changed(here.id, None) in heard


async def test_a_removed_link_comes_back_under_its_own_id_and_as_hidden_as_it_was(
    store: Store, here: Community, me: Me
) -> None:
    added = await store.write(moderating.add_link, me, *GUIDE)
    assert isinstance(added, Added)
    await store.write(moderating.hide, me, added.link.resource)
    before = await store.read(everything)
    await store.write(moderating.remove_link, me, added.link.id)
    assert await store.read(own_links.hidden, here.id) == []

    assert isinstance(await undo_last(store, me, here), Undone)
    assert await store.read(everything) == before


async def test_a_removed_link_stays_away_where_the_same_one_was_added_anew(
    store: Store, here: Community, me: Me
) -> None:
    added = await store.write(moderating.add_link, me, *GUIDE)
    assert isinstance(added, Added)
    await store.write(moderating.remove_link, me, added.link.id)
    (removal, *_) = await lines(store, here)
    await store.write(moderating.add_link, me, *GUIDE)
    before = await store.read(everything)

    assert isinstance(await store.write(audit.undo, me, removal.id), ChangedSince)
    assert await store.read(everything) == before


async def test_who_is_erased_is_named_in_no_line_and_comes_back_by_no_undo(
    store: Store, here: Community, me: Me, somebody: Me
) -> None:
    await store.write(members.ensure, somebody)
    await store.write(moderating.set_moderators, me, {somebody.uid}, ())
    await store.write(moderating.set_zone, somebody, "Asia/Shanghai")
    await store.write(members.forget, somebody)

    by_somebody, about_somebody = await lines(store, here)
    assert (by_somebody.name, about_somebody.name) == (None, "Ann")
    assert about_somebody.changes == []
    stored = await store.read(lambda unit: [tuple(row) for row in unit.execute(select(audit_table))])
    assert somebody.uid not in repr(stored)
    assert isinstance(await undo_last(store, me, here), Undone)


def a_tip(unit: Unit, me: Me, place: int, /, **more: object) -> int:
    row = {"community_id": me.community, "outcome": "hybrid", "title_en": "T", "text_en": "x", "state": "ready"}
    made = unit.execute(insert(tip).values(**row, place=place, rev=1, at=unit.now_us, **more).returning(tip.c.id))
    return int(made.scalar_one())


async def test_a_suggested_tip_comes_back_without_the_member_who_has_left(
    store: Store, here: Community, me: Me, somebody: Me
) -> None:
    def suggested(unit: Unit) -> int:
        return a_tip(unit, me, 1, suggested_by=members.ensure(unit, somebody))

    def drop(unit: Unit, number: int) -> None:
        def work() -> None:
            unit.execute(delete(tip).where(tip.c.id == number))

        audit.recorded(unit, me, Deed.LINK_REMOVED, tip, {"id": number}, work)

    def leave(unit: Unit) -> None:
        unit.execute(delete(member).where(members.MINE), members.mine(somebody))

    await store.write(drop, await store.write(suggested))
    await store.write(leave)

    assert isinstance(await undo_last(store, me, here), Undone)
    (row,) = (await store.read(everything))["tip"]
    assert row["suggested_by"] is None


async def test_a_card_drawn_before_an_undo_stays_out_of_date(store: Store, here: Community, me: Me) -> None:
    number = await store.write(a_tip, me, 1)

    def edit(unit: Unit, words: str, rev: int) -> None:
        def work() -> None:
            unit.execute(update(tip).where(tip.c.id == number).values(text_en=words, rev=rev))

        audit.recorded(unit, me, Deed.LANGUAGE, tip, {"id": number}, work)

    await store.write(edit, "y", 2)
    await undo_last(store, me, here)

    rows = await store.read(lambda unit: unit.execute(select(tip.c.text_en, tip.c.rev)).all())
    assert [tuple(row) for row in rows] == [("x", 3)]


async def test_a_schedule_that_has_fired_since_can_still_be_undone(store: Store, here: Community, me: Me) -> None:
    row = {"community_id": here.id, "outcome": "turns", "channel": "C1", "weekday": 0, "minute": 540, "zone": "UTC"}
    numbers = {"weeks": 1, "asks": 0, "next_at": 10, "fire_at": 10, "rev": 1, "at": 1, "state": "on"}

    def change(unit: Unit, /, **values: object) -> None:
        unit.execute(update(schedule).values(**values))

    def edit(unit: Unit) -> None:
        audit.recorded(
            unit, me, Deed.LANGUAGE, schedule, {"community_id": here.id}, lambda: change(unit, minute=600, next_at=20)
        )

    await store.write(lambda unit: unit.execute(insert(schedule).values(**row, **numbers)).rowcount)
    await store.write(edit)
    await store.write(change, next_at=30, last_outcome="hybrid")

    assert isinstance(await undo_last(store, me, here), Undone)
    (found,) = (await store.read(everything))["schedule"]
    assert (found["minute"], found["last_outcome"]) == (540, "hybrid")


CHANCES: tuple[tuple[Table, Callable[[random.Random], dict[str, Any]]], ...] = (
    (community, lambda chance: {"language": chance.choice(["en", "zh"]), "zone": chance.choice(["UTC", "Asia/Amman"])}),
    (own_link, lambda chance: {"title": f"t{chance.random()}", "skill": chance.choice(["sql", "python", "mlops"])}),
    (tip, lambda chance: {"place": chance.randrange(9), "title_zh": chance.choice([None, "标题"]), "rev": 7}),
)


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_is_changed_made_and_deleted_undo_gives_back_the_same_rows(
    store: Store, here: Community, me: Me, seed: int
) -> None:
    chance = random.Random(seed)

    def begin(unit: Unit) -> None:
        members.ensure(unit, me)
        for number in range(4):
            a_tip(unit, me, number)
            own_links.add(unit, here.id, f"L{number}", f"https://example.org/{number}", "sql", Language.EN)

    def scramble(unit: Unit, table: Table, values: Callable[[random.Random], dict[str, Any]]) -> None:
        owner = table.c.id if table is community else table.c.community_id

        def work() -> None:
            for number in unit.execute(select(table.c.id).where(owner == here.id)).scalars().all():
                unit.execute(update(table).where(table.c.id == number).values(**values(chance)))
                if table is not community and chance.random() < 0.4:
                    unit.execute(delete(table).where(table.c.id == number))
            if table is tip:
                a_tip(unit, me, 20)

        audit.recorded(unit, me, Deed.LANGUAGE, table, {owner.name: here.id}, work)

    await store.write(begin)
    states = [await store.read(everything)]
    for _ in range(6):
        await store.write(scramble, *chance.choice(CHANCES))
        states.append(await store.read(everything))
    states = [state for place, state in enumerate(states) if place == 0 or state != states[place - 1]]
    done = await lines(store, here)
    assert len(done) == len(states) - 1

    for line, state in zip(done, reversed(states[:-1]), strict=True):
        assert isinstance(await store.write(audit.undo, me, line.id), Undone)
        assert await store.read(everything) == state
