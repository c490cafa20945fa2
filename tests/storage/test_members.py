"""Members: seen, asked, erased."""

from __future__ import annotations

import asyncio
import datetime as dt
import re

from sqlalchemy import Table, Text

from content.outcomes import Outcome
from content.text import Language
from storage import communities, drafts, erasures, export, learning, members, opinions, outbox, restoring, runs, shares
from storage.communities import Community
from storage.members import Kept, Me, Member
from storage.opinions import Fits
from storage.runs import Finished, Judged
from storage.store import Changed, Store, Unit
from storage.tables import metadata
from tests.storage import whole_member
from tests.storage.conftest import Clock

# What was said of a result goes with the result's count; a week's allowance and standings are sums of awards;
# a pair of a matching day that its two know of is a match.
COUNTED_ELSEWHERE = frozenset({"opinion", "share", "allowance", "standing", "round_pair"})


def has_words(table: Table) -> bool:
    return any(isinstance(column.type, Text) for column in table.c if not column.foreign_keys)


def notify(unit: Unit, me: Me) -> None:
    unit.tell(members.ensure(unit, me), "test.notice", of=1)


async def fill(store: Store, me: Me) -> None:
    """Everything that can be kept about a member."""
    run = await store.write(runs.start, me, "bank-1")
    judged = Judged(Outcome.HYBRID, "{}", "h")
    finished = await store.write(runs.answer, me, run.id, 0, {"q1": "a", "q2": None}, lambda *_: judged)
    assert isinstance(finished, Finished)
    await store.write(opinions.record, me, finished.result_id, Fits.PARTLY)
    await store.write(shares.post, me, finished.result_id, "C1", 1)
    await store.write(runs.start, me, "bank-1")
    await store.write(drafts.keep, me, "card", {"field": (f"draft of {me.name}",)})
    await store.write(notify, me)
    await store.write(learning.set_had, me, ["sql", "lora"], ["sql", "lora"], ["cn", "eu", "us"])
    await store.write(learning.set_resource, me, "peft", done=True)
    await store.write(communities.set_moderators, me.community, [me.uid], ["role"])


async def test_a_member_is_stored_once_with_the_newest_name(store: Store, me: Me) -> None:
    renamed = Me(me.community, me.uid, "<!channel> @everyone **安**")

    ids = await asyncio.gather(*(store.write(members.ensure, me) for _ in range(16)))
    again = await store.write(members.ensure, renamed)

    assert {*ids, again} == {again}
    assert await store.read(members.find, me) == Member(again, me.uid, renamed.name, None, None, None, False, 0)


async def test_somebody_we_never_met_is_not_found(store: Store, me: Me) -> None:
    assert await store.read(members.find, me) is None
    assert await store.read(members.kept, me) == Kept()


async def test_language_and_telling_are_kept_and_told_to_memory(store: Store, me: Me) -> None:
    await store.write(members.ensure, me)
    heard: list[Changed] = []
    store.listen(heard.append)

    await store.write(members.set_language, me, Language.ZH)
    await store.write(members.set_tell_here, me, on=True)
    found = await store.read(members.find, me)
    assert found is not None
    assert (found.language, found.tell_here) == (Language.ZH, True)

    await store.write(members.set_language, me, None)
    await store.write(members.set_tell_here, me, on=False)
    found = await store.read(members.find, me)
    assert found is not None
    assert (found.language, found.tell_here) == (None, False)
    assert set(heard) == {Changed(me.community, me.uid)}
    assert len(heard) >= 4


async def test_what_is_kept_is_counted_for_me_alone(store: Store, me: Me, somebody: Me) -> None:
    await fill(store, somebody)
    await fill(store, me)

    assert await store.read(members.kept, me) == Kept(
        True, 2, 2, 1, 1, 1, 2, 1, 3, opinions=1, shares=1, awards=2, moderator=True
    )
    mine = await store.read(members.kept, somebody)
    assert mine == Kept(True, 2, 2, 1, 1, 1, 2, 1, 3, opinions=1, shares=1, awards=2, moderator=False)


async def test_forgetting_erases_all_of_mine_and_nothing_of_anybody_else(store: Store, me: Me, somebody: Me) -> None:
    await fill(store, somebody)
    await fill(store, me)
    heard: list[Changed] = []
    store.listen(heard.append)

    assert await store.write(members.forget, me) == Kept(
        True, 2, 2, 1, 1, 1, 2, 1, 3, opinions=1, shares=1, awards=2, moderator=True
    )

    assert await store.read(members.kept, me) == Kept()
    assert await store.read(members.find, me) is None
    assert await store.read(members.kept, somebody) == Kept(
        True, 2, 2, 1, 1, 1, 2, 1, 3, opinions=1, shares=1, awards=2, moderator=False
    )
    assert set(heard) == {Changed(me.community, me.uid), Changed(me.community, None)}
    assert await store.write(members.forget, me) == Kept()


async def test_a_draft_in_which_they_were_chosen_goes_with_them(store: Store, me: Me, somebody: Me) -> None:
    elsewhere = Me((await store.write(communities.seen, "slack", "T9", "There", Language.EN)).id, "mod", "Mo")
    for whose, name in ((me, "moderators"), (elsewhere, "moderators")):
        await store.write(drafts.keep, whose, name, {"people": ("role:1", somebody.uid)})
    await store.write(drafts.keep, me, "words", {"text": (f"so said {somebody.uid}",)})

    await store.write(members.forget, somebody)

    assert await store.read(drafts.find, me, "moderators") == {}
    assert await store.read(drafts.find, me, "words") == {"text": (f"so said {somebody.uid}",)}
    assert await store.read(drafts.find, elsewhere, "moderators") != {}, "there they are somebody else"


async def test_no_row_of_any_table_outlives_its_member(store: Store, me: Me) -> None:
    await fill(store, me)
    await store.write(members.forget, me)

    def rows(unit: Unit) -> dict[str, int]:
        counted = {name: len(unit.execute(table.select()).all()) for name, table in metadata.tables.items()}
        return {name: count for name, count in counted.items() if count}

    assert await store.read(rows) == {"community": 1, "moderator": 1, "mentor_pool": 1, "tombstone": 1}


async def test_every_table_that_hangs_on_a_member_goes_with_them_and_is_counted(
    store: Store, me: Me, somebody: Me
) -> None:
    """A table of tomorrow too: a row is put into each that there is."""
    await store.write(whole_member.fill, somebody)
    await store.write(whole_member.fill, me)
    theirs = await store.read(whole_member.rows, somebody)

    counted = set(re.findall(r"(?:FROM|JOIN) (\w+)", str(members.KEPT)))
    assert {table.name for table in export.hanging()} - counted <= COUNTED_ELSEWHERE
    await store.write(members.forget, me)

    assert await store.read(whole_member.rows, me) == 0
    assert await store.read(whole_member.rows, somebody) == theirs >= sum(map(has_words, export.hanging()))
    assert await store.read(members.kept, me) == Kept()


async def test_the_same_person_elsewhere_is_not_forgotten(store: Store, me: Me) -> None:
    elsewhere = await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)
    there = Me(elsewhere.id, me.uid, me.name)
    await fill(store, me)
    await fill(store, there)

    await store.write(members.forget, me)

    assert await store.read(members.kept, there) == Kept(
        True, 2, 2, 1, 1, 1, 2, 1, 3, opinions=1, shares=1, awards=2, moderator=True
    )


async def test_somebody_who_comes_back_is_new(store: Store, me: Me) -> None:
    before = await store.write(members.ensure, me)
    await store.write(members.set_language, me, Language.ZH)
    await store.write(members.forget, me)

    after = await store.write(members.ensure, me)

    assert after > before
    found = await store.read(members.find, me)
    assert found is not None
    assert found.language is None


async def test_refused_messages_wait_for_the_member(store: Store, me: Me, clock: Clock) -> None:
    await store.write(notify, me)
    await store.write(notify, me)
    lease = dt.timedelta(seconds=60)
    for due in await store.write(outbox.claim, "loop", 10, lease, real_now=clock()):
        await store.write(outbox.refused, due)

    found = await store.read(members.find, me)
    assert found is not None
    assert found.waiting == 2


async def test_a_community_is_not_shared(store: Store, here: Community, me: Me) -> None:
    elsewhere = await store.write(communities.seen, "slack", "T1", "Others", Language.EN)
    await store.write(members.set_language, me, Language.ZH)

    assert await store.read(members.find, Me(elsewhere.id, me.uid, me.name)) is None


async def test_who_joined_while_the_clock_was_ahead_is_erased_again_too(store: Store, me: Me, clock: Clock) -> None:
    row = await store.write(members.ensure, me)
    clock.move(dt.timedelta(hours=-1))

    def bury_and_try_again(unit: Unit) -> list[bool]:
        erasures.bury(unit, erasures.COMMUNITY, me.community)
        erasures.bury(unit, erasures.MEMBER, row)
        return [restoring.again(unit, each) for each in sorted(erasures.every(unit))]

    assert await store.write(bury_and_try_again) == [True, True]
