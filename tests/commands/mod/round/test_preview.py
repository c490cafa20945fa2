"""A matching day looked at before anybody hears of it: figures, pairs, what is left out, the report, the compass."""

from __future__ import annotations

import csv
import io

from commands.kit.element import File
from commands.kit.view import Card
from storage import moderator_notes, rounds
from storage.round_states import Failure
from tests.commands.mod.round.conftest import Eve
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.storage.matching import LEASE


def text(seen: Seen) -> str:
    return "\n".join((seen.title, *seen.lines))


async def test_it_is_ordered_once_worked_out_and_shown_in_plain_words(moderator: DirectDriver, eve: Eve) -> None:
    seen = await moderator.run("/pmpath-mod round preview")
    assert "0 % worked out" in text(seen)
    assert "0 % worked out" in text(await moderator.run("/pmpath-mod round preview"))
    await eve.work_out()

    shown = text(await moderator.press("Look again"))

    assert "3 of 5 members who wait would be matched." in shown
    assert "3 free places with 3 mentors who take part." in shown
    assert "No other arrangement would match more people." in shown
    assert "more than 0.01 % better" in shown
    assert "The weakest pair has 28.7 of 100 points." in shown
    assert "1: no place left with anybody who fits" in shown
    assert "6 messages go out, within a minute." in shown


async def test_pairs_come_weakest_first_with_reasons_that_add_up_and_can_be_left_out(
    moderator: DirectDriver, eve: Eve
) -> None:
    await moderator.run("/pmpath-mod round preview")
    await eve.work_out()
    await moderator.press("Look again")
    listed = text(await moderator.press("The pairs"))
    assert "track 0 + gaps 11.7 + hours 5 + experience 2 + new to each other 10 = 28.7" in listed
    assert listed.index("Dana") < listed.index("Cem") < listed.index("Bo ←")

    assert "left out" in text(await moderator.press("Leave this pair out"))
    old = moderator.button("Leave this pair out").press
    await moderator.press("Back to the matching day")
    assert "You left 1 pair out." in text(moderator.seen)
    await moderator.press("The pairs")
    await moderator.press("Put back")
    await moderator.choose("below", "Leave out all below 40 points: 2 pairs")
    assert text(moderator.seen).count("left out") == 2
    await moderator.press("Put back")
    await moderator.press("Back to the matching day")
    assert "You left 1 pair out." in text(moderator.seen)
    await moderator.press("The pairs")
    assert "left out" not in text(await moderator.press("Put all back"))

    await moderator.press("Back to the matching day")
    await moderator.press("Drop")
    assert "Dropped: nobody was matched" in text(await moderator.press("Drop it"))
    assert old.action == "round.leave-out"


async def test_the_report_is_a_table_that_a_spreadsheet_reads_and_nothing_more(
    moderator: DirectDriver, eve: Eve
) -> None:
    await moderator.run("/pmpath-mod round preview")
    await eve.work_out()
    await moderator.press("Look again")
    await moderator.press("Report as CSV")

    assert moderator.reply is not None
    assert isinstance(moderator.reply.view, Card)
    (file,) = [each for each in moderator.reply.view.body if isinstance(each, File)]
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["mentee"] for row in rows] == ["<b>Dana", "Cem", "Bo"]
    assert rows[0]["mentor"] == "'=Olga"
    assert [(row["seed"], row["gap"], row["digest"]) for row in rows[:1]] == [("0", "0.000100", "d" * 64)]
    for row in rows:
        parts = sum(float(row[name]) for name in ("track", "gaps", "hours", "experience", "new"))
        assert abs(parts - float(row["points"])) < 1e-9


async def test_who_could_help_is_looked_at_and_then_posted_once(moderator: DirectDriver, eve: Eve) -> None:
    await moderator.run("/pmpath-mod round preview")
    await eve.work_out()
    await moderator.press("Look again")
    shown = text(await moderator.press("Who could help"))
    assert "2 mentors: 6 more are matched" in shown
    assert "Platform" in shown

    post = text(await moderator.press("Look at the post"))
    assert "6 people more would have one" in post
    assert "Offer to mentor" in post
    await moderator.press("Post")
    assert "on its way" in text(moderator.seen)


async def test_a_failure_is_said_and_tried_again_and_no_one_who_could_help_is_no_error(
    moderator: DirectDriver, eve: Eve
) -> None:
    eve.pairs, eve.left = [], []
    await moderator.run("/pmpath-mod round preview")
    found = await eve.store.write(rounds.claim, "keeper", moderator.dispatcher.now(), LEASE)
    assert found is not None
    await eve.store.write(rounds.fail, found.id, "keeper", Failure.TOO_MANY)
    assert "more than 64 skills" in text(await moderator.run("/pmpath-mod round preview"))
    notes = await eve.store.read(moderator_notes.of_community, eve.me.community)
    assert [each.notice for each in notes] == [rounds.FAILED]
    assert "could not be worked out" in text(await moderator.run("/pmpath-mod round run"))

    await moderator.press("Try again")
    await eve.work_out()
    seen = await moderator.press("Look again")
    assert "0 of 0 members who wait would be matched." in text(seen)
    assert "Run" not in seen.buttons
    assert "Who could help" not in seen.buttons
