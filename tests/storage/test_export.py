"""The export: everything that hangs on a member, and nothing of anybody else."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Table, select, update

from content.text import Language
from storage import communities, export, members
from storage.communities import Community
from storage.export import LEFT_OUT, Value
from storage.members import Me
from storage.store import Store
from storage.tables import audit, member, metadata, tip
from storage.tip_states import SUGGESTED
from storage.unit import Unit
from tests.storage import whole_member

HOW_SENT = {f"outbox.{name}" for name in ("key", "channel", "ids", "owner", "remote_id", "error")}
OF_TWO = {"mentor_request.gaps", "round_pair.state"}  # shown as of the side that is the mentor: these are the other's


def words_in(value: Value) -> set[str]:
    match value:
        case str():
            return {value.strip('"')}
        case list():
            return {word for each in value for word in words_in(each)}
        case dict():
            return {word for each in value.values() for word in words_in(each)}
    return set()


def hangs(table: Table) -> bool:
    """By walking the keys, without what the export thinks of it."""
    above = {key.column.table for key in table.foreign_keys}
    return member in above or any(hangs(each) for each in above)


async def test_every_table_that_hangs_on_a_member_is_in_it(store: Store, me: Me) -> None:
    await store.write(whole_member.fill, me)
    await store.write(whole_member.fill_naming, me)
    found = await store.read(export.of_me, me)

    assert found is not None
    assert set(found.rows) == {table.name for table in metadata.sorted_tables if hangs(table)} | {"mentor_invitation"}
    assert [name for name, rows in found.rows.items() if len(rows) != 1] == []


async def test_what_names_a_member_stays_without_the_name_once_they_are_erased(store: Store, me: Me) -> None:
    await store.write(whole_member.fill_naming, me)
    found = await store.read(export.of_me, me)
    assert found is not None
    assert {table.name for table in export.naming()} == {"audit", "tip", "mentor_report"}
    assert all(len(found.rows[name]) == 1 for name in ("audit", "tip"))

    await store.write(members.forget, me)

    def left(unit: Unit) -> list[int | None]:
        return [*unit.execute(select(audit.c.member_id)).scalars(), *unit.execute(select(tip.c.suggested_by)).scalars()]

    assert await store.read(left) == [None, None]


async def test_a_suggestion_that_nobody_took_over_goes_with_its_member(store: Store, me: Me) -> None:
    await store.write(whole_member.fill_naming, me)

    def only_suggested(unit: Unit) -> None:
        unit.execute(update(tip).values(state=SUGGESTED))

    await store.write(only_suggested)
    await store.write(members.forget, me)

    assert await store.read(lambda unit: unit.execute(select(tip)).all()) == []


async def test_every_word_is_in_it_but_for_how_messages_are_sent(store: Store, me: Me) -> None:
    written = await store.write(whole_member.fill, me)
    found = await store.read(export.of_me, me)
    assert found is not None

    said = {word for rows in found.rows.values() for row in rows for value in row.values() for word in words_in(value)}
    assert {word.removeprefix(f"{whole_member.mark(me)} ") for word in written - said} == HOW_SENT | OF_TWO


async def test_nothing_of_anybody_else_is_in_it(store: Store, me: Me, somebody: Me) -> None:
    elsewhere = await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)
    await store.write(whole_member.fill, somebody)
    there = Me(elsewhere.id, me.uid, "Ann elsewhere")
    await store.write(whole_member.fill, there)
    await store.write(members.ensure, me)

    found = await store.read(export.of_me, me)
    assert found is not None
    assert {name: rows for name, rows in found.rows.items() if rows} == {}
    await store.write(whole_member.fill, me)
    whole = repr(await store.read(export.of_me, me))
    assert somebody.uid not in whole
    assert "elsewhere" not in whole
    assert whole_member.mark(there) not in whole


async def test_moments_are_in_utc(store: Store, me: Me) -> None:
    await store.write(members.ensure, me)
    found = await store.read(export.of_me, me)

    assert found is not None
    assert found.member["created_at"] == dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    assert not {"id", "community_id"} & set(found.member)


async def test_of_somebody_unknown_there_is_nothing(store: Store, me: Me, somebody: Me) -> None:
    await store.write(whole_member.fill, somebody)

    assert await store.read(export.of_me, me) is None


async def test_a_named_moderator_who_never_spoke_is_told_that(store: Store, here: Community, me: Me) -> None:
    await store.write(communities.set_moderators, here.id, [me.uid], [])
    found = await store.read(export.of_me, me)

    assert found is not None
    assert (found.moderator, found.member) == (True, {})


def test_what_is_left_out_is_there() -> None:
    assert [name for table, names in LEFT_OUT.items() for name in names if name not in table.c] == []
