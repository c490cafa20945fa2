"""`pmpath demo`: invented members whom the product can show, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeVar

from bot.cli.demo import SEED
from bot.cli.invented import Inventor, Room, weekly
from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.boards import Board, Season
from content.load import Content
from content.outcomes import Outcome
from content.verdict import Verdict
from storage import appearances, awards, boards, community_figures, look, postings, results
from storage.community_figures import Counted, rounded
from storage.members import Me
from storage.store import Store, Unit
from tests.bot.cli.conftest import Shell
from tests.conftest import Faults
from tests.drivers.direct import DirectDriver

T = TypeVar("T")
ZONE = "UTC"
MEMBERS = 60


async def read(shell: Shell, work: Callable[[Unit], T]) -> T:
    return await look.read(f"sqlite:///{shell.folder}/data/sandbox.sqlite3", work)


def person(uid: str) -> Me:
    return Me(1, uid, uid)


def everybody(unit: Unit) -> list[tuple[str, int, list[str]]]:
    """The members on the board of all points ever, with what came out for them."""
    rows, total = boards.rows(unit, person("nur"), ZONE, Board.ALL, Season.EVER, 0, 100)
    assert len(rows) == total
    return [
        (row.name, row.points, [each.summary for each in results.history(unit, person(row.uid), 9)]) for row in rows
    ]


async def test_members_have_a_past_that_the_product_shows_and_boards_agree_with_it(
    shell: Shell, content: Content
) -> None:
    said = await shell.run("demo", "--members", str(MEMBERS))
    checked = await shell.run("db", "check")

    assert (said.code, checked.code) == (0, 0)
    assert said.out.startswith(f"0 invented members were there, {MEMBERS} came, in ")
    assert re.search(r"sandbox\.sqlite3: \d+ standings and \d+ lines of the histogram compared, all as", checked.out)
    people = await read(shell, everybody)
    assert len(people) == MEMBERS + 4  # of the page's seven one is hidden, one has no points, one was not asked
    assert all(points > 0 for _name, points, _results in people)
    scripts = ("a-z", "\u4e00-\u9fff", "\u0400-\u04ff", "\u0600-\u06ff", "\u0900-\u097f", "\uac00-\ud7af")
    assert all(any(re.search(f"[{each}]", name) for name, _points, _results in people) for each in scripts)
    told = [Verdict.from_json(each) for _name, _points, found in people for each in found]
    assert len(told) > MEMBERS / 2
    assert {each.outcome for each in told} == set(Outcome)
    tips, total = await read(shell, lambda unit: postings.out(unit, 1, None, 0, 5))
    assert total == 52
    assert all(each.tip in content.tips for each in tips)


async def test_whatever_they_type_is_answered(
    shell: Shell, content: Content, registry: Registry, pictures: Pictures, faults: Faults
) -> None:
    await shell.run("demo", "--members", "8")
    now = dt.datetime.now(dt.UTC)
    store = await Store.open(f"sqlite:///{shell.folder}/data/sandbox.sqlite3", now=lambda: now, points=content.points)
    chat = DirectDriver(Dispatcher(store, content, registry, now=lambda: now, draw=pictures.draw))

    results = 0
    for uid in ("kim", "arav", "jose", "nur", *(f"demo-{number:07}" for number in range(8))):
        member = chat.other(uid=uid, name=uid)
        seen = [await member.run(f"/pmpath {each}") for each in ("home", "result", "plan", "tips week", "resources")]
        results += seen[1].title != "Not this time"
        assert "No tip has gone out" not in str(seen[3])
    await store.close()

    assert results >= 6


async def test_the_pages_people_are_first_tied_last_hidden_unasked_and_without_points(shell: Shell) -> None:
    await shell.run("demo", "--members", str(MEMBERS))

    def standing(unit: Unit, uid: str) -> tuple[list[int], bool | None, int]:
        page = boards.page(unit, person(uid), ZONE, Board.ALL, Season.EVER)
        mine = next((row.rank for row in page.around if row.me), None)
        near = [row.rank for row in page.around if row.rank == mine]
        earned = boards.earned(unit, person(uid), ZONE, Board.ALL, Season.EVER)
        return near, appearances.mine(unit, person(uid)).shown, earned

    found = await read(
        shell, lambda unit: {uid: standing(unit, uid) for uid in ("kim", "xiaoyu", "jose", "zoya", "nur", "arav")}
    )
    assert found["kim"][:2] == ([1], True)
    assert len(found["xiaoyu"][0]) > 1
    assert found["jose"] == ([MEMBERS + 4], True, 1)
    assert (found["zoya"][:2], found["zoya"][2] > 0) == (([], False), True)
    assert found["nur"] == ([], True, 0)
    assert (found["arav"][:2], found["arav"][2] > 0) == (([], None), True)


def test_who_moderates_and_who_was_not_asked_have_points_this_month_too(content: Content) -> None:
    now = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    inventor = Inventor(Room(content, weekly(content, now), ZONE, now, SEED))

    for number in inventor.lately(range(2, 30))[:2]:
        assert any(day >= dt.date(2026, 11, 1) for *_deed, day, _at in inventor.member(number).deeds.awards)
    assert set(inventor.lately(range(2, 30))) == set(range(2, 30))


async def test_no_week_of_theirs_has_more_of_limited_points_than_counts(shell: Shell, content: Content) -> None:
    await shell.run("demo", "--members", "20")
    uids = ["kim", *(f"demo-{number:07}" for number in range(20))]

    lines = await read(shell, lambda unit: {uid: awards.mine(unit, person(uid), 0, 5000) for uid in uids})

    for of_one in lines.values():
        weeks: dict[tuple[int, int], int] = {}
        for each in of_one:
            if each.deed in content.points.limited:
                week = each.day.isocalendar()[:2]
                weeks[week] = weeks.get(week, 0) + each.points
        assert max(weeks.values(), default=0) <= content.points.week_most
        assert all(each.day == each.at.date() for each in of_one)
        assert len({(each.deed, each.key) for each in of_one}) == len(of_one)
    assert sum(each.points for each in lines["kim"]) > 500


async def look_at_the_community(shell: Shell) -> None:
    """Its card stands as of now."""
    now = dt.datetime.now(dt.UTC)
    store = await Store.open(f"sqlite:///{shell.folder}/data/sandbox.sqlite3", now=lambda: now)
    await store.write(community_figures.publish, 1, (rounded(Counted({}, (), (), (), now)), now))
    await store.close()


async def test_the_same_seed_invents_the_same_members_and_more_are_added_to_those_that_are_there(
    shell: Shell,
) -> None:
    await shell.run("demo", "--members", "12")
    few = await read(shell, everybody)
    await look_at_the_community(shell)
    said = await shell.run("demo", "--members", "30")
    more = await read(shell, everybody)
    again = await shell.run("demo", "--members", "30")
    await shell.run("demo", "--members", "30", PMPATH_DATA_DIR="other")
    at_once = await look.read(f"sqlite:///{shell.folder}/other/sandbox.sqlite3", everybody)
    await shell.run("demo", "--members", "12", "--seed", "6", PMPATH_DATA_DIR="third")
    others = await look.read(f"sqlite:///{shell.folder}/third/sandbox.sqlite3", everybody)

    assert said.out.startswith("12 invented members were there, 18 came")
    assert await read(shell, lambda unit: community_figures.published(unit, 1)) is None, "its card counts them as well"
    assert again.out.startswith("30 invented members were there, 0 came")
    assert len(more) == len(few) + 18
    assert {name for name, _points, _results in few} <= {name for name, _points, _results in more}
    assert sorted((name, found) for name, _points, found in at_once) == sorted(
        (name, found) for name, _points, found in more
    )
    assert sorted(name for name, _points, _results in others) != sorted(name for name, _points, _results in few)


async def test_beside_a_running_bot_it_asks_to_stop_that_one_first(shell: Shell) -> None:
    file = shell.folder / "sandbox.sqlite3"
    running = await Store.open(f"sqlite:///{file}", now=lambda: dt.datetime.now(dt.UTC))

    said = await shell.run("demo", "--members", "5", PMPATH_DATA_DIR=".")
    await running.close()

    assert (said.code, said.out) == (2, "")
    assert f"is already using {file}. Stop that one first" in said.err


async def test_a_number_out_of_bounds_is_refused(shell: Shell) -> None:
    for number in ("0", "1000001"):
        assert (await shell.run("demo", "--members", number)).code == 2
