"""The queue of a community's own tips: its order, its states, and two moderators at once."""

from __future__ import annotations

import asyncio

import pytest

from content.outcomes import Outcome
from content.text import Language
from storage import audit, firing, members, moderating, tips
from storage.audit import Deed
from storage.members import Me
from storage.store import Store
from storage.tip_states import DROPPED, PAUSED, POSTED, READY, SUGGESTED
from storage.tips import QUEUE_MAX, SUGGESTED_MAX, Change, Refused, Tip, Written
from tests.storage import weekly
from tests.storage.conftest import Clock
from tests.storage.weekly import LIBRARY, add, written


async def queue(store: Store, me: Me) -> list[str]:
    """The titles, the next first."""
    found = await store.read(tips.queue, me.community, 0, 20)
    return [tip.said[Language.EN][0] for tip in found]


async def find(store: Store, me: Me, tip_id: int) -> Tip:
    found = await store.read(tips.find, me.community, tip_id)
    assert found is not None
    return found


async def three(store: Store, me: Me) -> tuple[int, int, int]:
    return await add(store, me, "One"), await add(store, me, "Two"), await add(store, me, "Three")


async def deeds(store: Store, me: Me) -> list[str]:
    page = await store.read(audit.of_community, me.community, 0, 20)
    return [line.deed for line in reversed(page.lines)]


async def test_a_tip_is_kept_as_it_was_written(store: Store, me: Me, clock: Clock) -> None:
    said = {Language.EN: ("Ask", "Ask three users."), Language.ZH: ("去问", "问三个用户。")}
    made = await store.write(tips.add, me, Written(Outcome.HYBRID, said, "https://example.org/ask"))
    assert isinstance(made, int)

    tip = await find(store, me, made)

    assert (tip.outcome, tip.said, tip.link) == (Outcome.HYBRID, said, "https://example.org/ask")
    assert (tip.state, tip.rev, tip.at, tip.by, tip.word) == (READY, 0, clock.moment, None, str(made))


async def test_tips_wait_in_the_order_in_which_they_came_and_in_pages(store: Store, me: Me) -> None:
    await three(store, me)

    assert await queue(store, me) == ["One", "Two", "Three"]
    (second,) = await store.read(tips.queue, me.community, 1, 1)
    assert second.said[Language.EN][0] == "Two"
    assert await store.read(tips.count, me.community, READY, PAUSED) == 3


async def test_a_full_queue_takes_no_more(store: Store, me: Me, monkeypatch: pytest.MonkeyPatch) -> None:
    # two hundred would take seconds on each database
    monkeypatch.setattr(tips, "QUEUE_MAX", 2)
    said = [await store.write(tips.add, me, written(title)) for title in ("One", "Two", "Three")]

    assert QUEUE_MAX == 200
    assert said[2] is Refused.FULL
    assert await queue(store, me) == ["One", "Two"]


async def test_two_moderators_who_add_at_once_do_not_fill_it_over(
    store: Store, me: Me, somebody: Me, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as above
    monkeypatch.setattr(tips, "QUEUE_MAX", 3)

    said = await asyncio.gather(
        *(store.write(tips.add, who, written(f"Tip {number}")) for number in range(4) for who in (me, somebody))
    )

    assert said.count(Refused.FULL) == 5
    places = [tip.place for tip in await store.read(tips.queue, me.community, 0, 9)]
    assert places == [1, 2, 3]


async def test_a_suggestion_waits_for_the_moderators_and_joins_the_end_of_the_queue(
    store: Store, me: Me, somebody: Me
) -> None:
    suggested = await store.write(tips.suggest, somebody, written("From Bob"))
    assert isinstance(suggested, int)
    await three(store, me)
    (waiting,) = await store.read(tips.suggestions, me.community)
    assert (waiting.id, waiting.state, waiting.by) == (suggested, SUGGESTED, "Bob")
    assert await queue(store, me) == ["One", "Two", "Three"]

    for _press in range(2):
        assert await store.write(tips.approve, me, suggested, waiting.rev) is Change.DONE

    assert await queue(store, me) == ["One", "Two", "Three", "From Bob"]
    assert await store.read(tips.suggestions, me.community) == []
    assert (await deeds(store, me)).count(Deed.TIP_APPROVED) == 1


async def test_a_member_has_five_suggestions_waiting_at_most(store: Store, me: Me, somebody: Me) -> None:
    said = await asyncio.gather(
        *(store.write(tips.suggest, somebody, written(f"Tip {number}")) for number in range(SUGGESTED_MAX + 2))
    )
    assert said.count(Refused.FULL) == 2

    taken = await store.read(tips.suggestions, me.community)
    await store.write(tips.drop, me, taken[0].id, 0)
    assert await store.write(tips.suggest, somebody, written("One more")) is not Refused.FULL
    assert await store.write(tips.suggest, me, written("Mine")) is not Refused.FULL


async def test_a_member_who_is_forgotten_takes_along_what_nobody_decided_on_and_leaves_the_rest_without_a_name(
    store: Store, me: Me, somebody: Me
) -> None:
    taken = await store.write(tips.suggest, somebody, written("Taken"))
    await store.write(tips.suggest, somebody, written("Undecided"))
    assert isinstance(taken, int)
    await store.write(tips.approve, me, taken, 0)

    await store.write(members.forget, somebody)

    assert (await find(store, me, taken)).by is None
    assert await store.read(tips.suggestions, me.community) == []


async def test_every_change_moves_the_revision_and_an_old_button_changes_nothing(store: Store, me: Me) -> None:
    first, second, _third = await three(store, me)
    assert await store.write(tips.edit, me, first, 0, written("Edited", Outcome.HYBRID)) is Change.DONE
    before = await find(store, me, first)
    assert (before.rev, before.outcome) == (1, Outcome.HYBRID)

    late = [
        await store.write(tips.edit, me, first, 0, written("Lost")),
        await store.write(tips.skip, me, first, 0),
        await store.write(tips.pause, me, first, 0, on=True),
        await store.write(tips.drop, me, first, 0),
        await store.write(tips.move, me, first, 0, up=False),
    ]

    assert late == [Change.STALE] * 5
    assert await find(store, me, first) == before
    assert await queue(store, me) == ["Edited", "Two", "Three"]
    assert (await find(store, me, second)).rev == 0


async def test_a_skipped_tip_goes_to_the_end(store: Store, me: Me) -> None:
    first, *_others = await three(store, me)
    assert await store.write(tips.skip, me, first, 0) is Change.DONE

    assert await queue(store, me) == ["Two", "Three", "One"]
    assert await store.write(tips.skip, me, first, 0) is Change.STALE


async def test_a_paused_tip_keeps_its_place_and_is_passed_by(store: Store, me: Me) -> None:
    first, *_others = await three(store, me)
    for _press in range(2):
        assert await store.write(tips.pause, me, first, 0, on=True) is Change.DONE

    assert (await queue(store, me))[0] == "One"
    found = await store.read(tips.next_ready, me.community, None)
    assert found is not None
    assert found.said[Language.EN][0] == "Two"
    await store.write(tips.pause, me, first, 1, on=False)
    again = await store.read(tips.next_ready, me.community, None)
    assert again is not None
    assert again.id == first
    assert (await deeds(store, me))[3:] == [Deed.TIP_PAUSED, Deed.TIP_RESUMED]


async def test_the_next_of_one_outcome_is_found_behind_others(store: Store, me: Me) -> None:
    await three(store, me)
    wanted = await add(store, me, "Platform one", Outcome.PLATFORM)
    await add(store, me, "Platform two", Outcome.PLATFORM)

    found = await store.read(tips.next_ready, me.community, Outcome.PLATFORM)

    assert found is not None
    assert found.id == wanted
    assert await store.read(tips.next_ready, me.community, Outcome.HYBRID) is None


async def test_tips_are_moved_by_one_place_and_at_the_ends_not_at_all(store: Store, me: Me) -> None:
    first, second, third = await three(store, me)
    assert await store.write(tips.move, me, third, 0, up=True) is Change.DONE
    assert await queue(store, me) == ["One", "Three", "Two"]
    assert await store.write(tips.move, me, first, 0, up=False) is Change.DONE
    assert await queue(store, me) == ["Three", "One", "Two"]

    assert await store.write(tips.move, me, third, (await find(store, me, third)).rev, up=True) is Change.SAME
    assert await store.write(tips.move, me, second, (await find(store, me, second)).rev, up=False) is Change.SAME
    assert await queue(store, me) == ["Three", "One", "Two"]
    assert (await deeds(store, me)).count(Deed.TIP_MOVED) == 2


@pytest.mark.parametrize("same", [True, False], ids=["the same press", "the neighbour's press"])
async def test_two_moderators_who_reorder_at_once_have_one_effect_and_a_clear_state(
    store: Store, me: Me, somebody: Me, same: bool
) -> None:
    first, second, _third = await three(store, me)
    other = (second, True) if same else (first, False)

    said = await asyncio.gather(
        store.write(tips.move, me, second, 0, up=True),
        store.write(tips.move, somebody, other[0], 0, up=other[1]),
    )

    assert sorted(each.value for each in said) == ["done", "stale"]
    assert await queue(store, me) == ["Two", "One", "Three"]
    assert len({tip.place for tip in await store.read(tips.queue, me.community)}) == 3


async def test_what_is_deleted_or_out_can_be_changed_no_more(store: Store, me: Me) -> None:
    first, second, _third = await three(store, me)
    assert await store.write(tips.drop, me, first, 0) is Change.DONE
    await store.write(tips.goes_out, me.community, second)
    for tip_id, state in ((first, DROPPED), (second, POSTED)):
        found = await find(store, me, tip_id)
        assert found.state == state
        for said in (
            await store.write(tips.edit, me, tip_id, found.rev, written("Lost")),
            await store.write(tips.skip, me, tip_id, found.rev),
            await store.write(tips.pause, me, tip_id, found.rev, on=True),
            await store.write(tips.approve, me, tip_id, found.rev),
            await store.write(tips.drop, me, tip_id, found.rev),
            await store.write(tips.move, me, tip_id, found.rev, up=False),
        ):
            assert said is Change.GONE
        assert await find(store, me, tip_id) == found
    assert await queue(store, me) == ["Three"]


async def test_a_deleted_tip_that_is_undone_waits_again(store: Store, me: Me) -> None:
    first, *_others = await three(store, me)
    await store.write(tips.drop, me, first, 0)
    (line,) = (await store.read(audit.of_community, me.community, 0, 1)).lines

    assert isinstance(await store.write(audit.undo, me, line.id), audit.Undone)

    assert await queue(store, me) == ["One", "Two", "Three"]
    assert await store.write(tips.skip, me, first, 0) is Change.STALE


@pytest.mark.parametrize("change", ["edit", "skip"])
async def test_what_was_changed_of_a_tip_is_not_undone_once_it_goes_out(store: Store, me: Me, change: str) -> None:
    """A post that waits with Slack is known again by its words, and members read what went out."""
    first, *_others = await three(store, me)
    if change == "edit":
        await store.write(tips.edit, me, first, 0, written("Edited"))
    else:
        await store.write(tips.skip, me, first, 0)
    (line,) = (await store.read(audit.of_community, me.community, 0, 1)).lines
    await store.write(tips.goes_out, me.community, first)
    gone_out = await find(store, me, first)

    assert isinstance(await store.write(moderating.undo, me, line.id), audit.TooLate)

    assert await find(store, me, first) == gone_out
    await store.write(tips.comes_back, me.community, first, paused=False)
    assert isinstance(await store.write(moderating.undo, me, line.id), audit.Undone)


async def test_a_tip_that_comes_back_has_its_old_place(store: Store, me: Me) -> None:
    first, *_others = await three(store, me)
    await store.write(tips.goes_out, me.community, first)
    assert await queue(store, me) == ["Two", "Three"]
    await store.write(tips.comes_back, me.community, first, paused=True)

    assert await queue(store, me) == ["One", "Two", "Three"]
    assert (await find(store, me, first)).state == PAUSED


async def test_nobody_sees_or_changes_anothers_tips(store: Store, me: Me) -> None:
    first, *_others = await three(store, me)
    una = await weekly.elsewhere(store)

    assert await store.read(tips.queue, una.community) == []
    assert await store.read(tips.find, una.community, first) is None
    assert await store.write(tips.drop, una, first, 0) is Change.GONE
    assert await store.write(tips.move, una, first, 0, up=False) is Change.GONE
    assert await queue(store, me) == ["One", "Two", "Three"]


@pytest.mark.parametrize("change", ["drop", "pause", "edit", "skip"])
async def test_a_change_made_while_a_tip_is_going_out_has_either_happened_before_or_says_so(
    store: Store, me: Me, clock: Clock, change: str
) -> None:
    schedule = await weekly.switch_on(store, me)
    clock.moment = schedule.next_at
    tip_id = await add(store, me, "One")

    async def done() -> Change:
        match change:
            case "drop":
                return await store.write(tips.drop, me, tip_id, 0)
            case "pause":
                return await store.write(tips.pause, me, tip_id, 0, on=True)
            case "edit":
                return await store.write(tips.edit, me, tip_id, 0, written("Edited"))
        return await store.write(tips.skip, me, tip_id, 0)

    said, *_fired = await asyncio.gather(done(), *(store.write(firing.fire, LIBRARY) for _process in range(2)))
    await weekly.fire(store)

    ((out, _state),) = await weekly.slots(store)
    found = await find(store, me, tip_id)
    assert found.state == (POSTED if out == found.word else {"drop": DROPPED, "pause": PAUSED}.get(change))
    if said is Change.GONE:
        assert (found.state, found.said[Language.EN][0]) == (POSTED, "One")
    elif change in {"drop", "pause"}:
        assert out == "b0"
    elif change == "edit":
        assert found.said[Language.EN][0] == "Edited"
