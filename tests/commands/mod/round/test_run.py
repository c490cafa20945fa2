"""*Run*: the exact count before it, the matches, and what those who were left over read afterwards."""

from __future__ import annotations

from storage import mentorships, rounds
from storage.round_states import RoundState
from tests.commands.mod.round.conftest import Eve
from tests.commands.mod.round.test_preview import text
from tests.drivers.direct import DirectDriver
from tests.storage.mentoring import person


async def test_the_exact_effect_is_said_and_done_once(moderator: DirectDriver, eve: Eve) -> None:
    assert "worked out" in text(await moderator.run("/pmpath-mod round run"))
    made = await eve.work_out()
    confirm = await moderator.run("/pmpath-mod round run")
    assert "3 matches are made." in text(confirm)
    stale = moderator.button("Make 3 matches").press

    await moderator.press("The pairs")
    await moderator.press("Leave this pair out")
    await moderator.run("/pmpath-mod round run")
    assert "2 matches are made." in text(moderator.seen)
    other = moderator.other()
    await other.run("/pmpath-mod round preview")
    assert stale.arguments == (made, 3)
    await moderator.press("Make 2 matches")
    assert "The matches are being made." in text(moderator.seen)
    assert "being made" in text(await moderator.run("/pmpath-mod round preview"))
    await eve.run_out(made)

    done = text(await moderator.press("Look again"))

    assert "2 matches were made." in done
    assert "1 pair was left out." in done
    assert "1: no common hours" in done
    assert len(await eve.store.read(mentorships.mine, person(eve.me, "Bo"))) == 1
    assert await eve.waiting() == {"<b>Dana": 1, "Eli": 1, "Fay": 1}
    assert "2 of 5 matched" in text(await moderator.press("Earlier matching days"))
    assert "Held a mentor matching day with 2 pairs." in text(await moderator.run("/pmpath-mod audit"))


async def test_who_was_passed_by_reads_when_and_why_at_home(moderator: DirectDriver, eve: Eve) -> None:
    await moderator.run("/pmpath-mod round run")
    made = await eve.work_out()
    await moderator.run("/pmpath-mod round run")
    await moderator.press("Make 3 matches")
    await eve.run_out(made)

    seen = [
        text(await moderator.other(uid=f"u-{name}", moderator=False).run("/pmpath")) for name in ("eli", "fay", "bo")
    ]

    assert "passed you by. There were mentors who suit you, but not enough places." in seen[0]
    assert "No mentor with a free place has an hour in common with yours." in seen[1]
    assert "passed you by" not in seen[2]


async def test_a_day_that_is_held_by_itself_is_told_to_moderators(moderator: DirectDriver, eve: Eve) -> None:
    await moderator.run("/pmpath-mod settings")
    await moderator.press("How often and when")
    await moderator.choose("weeks", "Every 4 weeks")
    await moderator.choose("day", "Friday")
    seen = text(await moderator.choose("hour", "19:00"))
    assert "Every 4 weeks, on Friday at 19:00" in seen
    assert "Mentor matching days" in text(await moderator.run("/pmpath-mod settings"))
    await eve.store.write(rounds.order, eve.me.community, scheduled=True)
    made = await eve.work_out()
    found = await eve.store.read(rounds.find, eve.me.community, made)
    assert found is not None
    assert found.state is RoundState.RUNNING
    await eve.run_out(made)

    await moderator.run("/pmpath")
    notes = text(await moderator.press("Read the notes"))
    assert "A matching day was held by itself: 3 of 5 members who waited were matched." in notes
    assert "Held by itself on" in text(await moderator.press("What came of it"))

    await moderator.press("When it is held")
    await moderator.choose("weeks", "Not by themselves")
    audit = text(await moderator.run("/pmpath-mod audit"))
    assert "Switched the mentor matching days off." in audit
    assert "Mentor matching days are held again: Every 4 weeks" in text(await moderator.press("Undo"))


async def test_many_messages_are_said_with_the_moment_of_the_last(moderator: DirectDriver, eve: Eve) -> None:
    eve.pace = 300
    await moderator.run("/pmpath-mod round run")
    await eve.work_out()

    confirm = text(await moderator.run("/pmpath-mod round run"))

    assert "6 messages go out one by one, the last by Monday, 23 November 2026, 09:30" in confirm
