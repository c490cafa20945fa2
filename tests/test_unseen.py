"""Who is gone from boards can't be told: before and after, all that anybody sees differs by closed ranks alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import pytest

from commands.kit.dispatch import Reply
from commands.kit.press import Press
from commands.kit.request import Call, Pressed
from content.boards import Board, Season
from content.outcomes import Outcome
from storage import adjusting, appearances, awards, learning, members
from storage.learning import SkillState
from storage.unit import Unit
from tests import town
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.looking import Drawn, different, drawn, every_command, seen_by
from tests.town import LAST, OTHERS, SEASONS, STAND, TARGET, Standing

EVERYBODY = ("fay", "eve", "ann", "lea", "hid", "lot", "nev", "new", "mo")
"""Beside whoever goes, tied with them, the first, the last, and those on no board; `new` has never been here."""
INITIATED = ("mo", "everybody")
POST, SHARED = "boards.digest", "result.shared"
EVERYWHERE = ("fay", "mo")
TOP = 10
APART = {"leaderboard", "leaderboard.page", "leaderboard.board", "digest.look", "audit.page"}
RANKS = re.compile(
    r"\d+\. .+, [\d,]+ points?|(Nobody|\d+ member).* on this board( yet)?\.|With them you would stand at place \d+\."
    r"|\d+-\d+ of \d+|You and your neighbours|Top ten|\[(More|Back)\] 1\|\d+\|leaderboard\.page\|.*|names .*"
)
"""What a board says of places and of who is there."""

Seen = dict[tuple[str, str], Drawn]
"""Views by who sees them and by how they got there."""
Goes = Callable[[DirectDriver], Awaitable[None]]
Place = tuple[Board, str]
"""A board and a window."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Boards as the ledger gives them; `own` are the points of those who stand on none."""

    boards: Mapping[Place, Sequence[Standing]]
    own: Mapping[Place, Sequence[Standing]]

    def first_card(self, place: Place, uid: str) -> list[str]:
        """Me with my neighbours and the top ten, as one list where they touch."""
        rows = self.boards[place]
        mine = next((number for number, row in enumerate(rows) if row.uid == uid), None)
        top, around = rows[:TOP], [] if mine is None else rows[max(mine - 2, 0) : mine + 3]
        if around and not {row.uid for row in top} & {row.uid for row in around}:
            lines = ["You and your neighbours", *said(rows, around, uid), "Top ten", *said(rows, top, uid)]
        elif around:
            lines = said(rows, [*top, *(row for row in around if row not in top)], uid)
        else:
            lines = [*self.would_be(place, uid), *(["Top ten"] if top else []), *said(rows, top, uid)]
        return [*lines, how_many(rows, uid), *pager(rows, place, 0), *names([*around, *top], uid)]

    def would_be(self, place: Place, uid: str) -> list[str]:
        """Said to those who chose not to stand there, or did not choose."""
        points = [row.points for row in self.own[place] if row.uid == uid != "lot"]
        return [f"With them you would stand at place {rank(self.boards[place], each)}." for each in points]

    def later_page(self, place: Place, first: int, uid: str) -> list[str]:
        rows = self.boards[place]
        shown = rows[first : first + TOP]
        return [*said(rows, shown, uid), *pager(rows, place, first), *names(shown, uid)]

    def digest(self, place: Place) -> list[str]:
        """The first ten, in a preview and in a post that is about to go out."""
        top = self.boards[place][:TOP]
        return [*said(top, top, ""), *names(top, "")]


def rank(rows: Sequence[Standing], points: int) -> int:
    return 1 + sum(each.points > points for each in rows)


def said(rows: Sequence[Standing], shown: Sequence[Standing], uid: str) -> list[str]:
    """Their lines, as this member reads them."""
    points = [f"{row.points} point{'s' * (row.points != 1)}" for row in shown]
    who = ["You" if row.uid == uid else row.name for row in shown]
    return [f"{rank(rows, row.points)}. {each[0]}, {each[1]}" for row, *each in zip(shown, who, points, strict=True)]


def how_many(rows: Sequence[Standing], uid: str) -> str:
    if len(rows) == 1 and rows[0].uid == uid:
        return "Nobody but you stands on this board yet."
    if not rows:
        return "Nobody stands on this board yet."
    return "1 member stands on this board." if len(rows) == 1 else f"{len(rows)} members stand on this board."


def pager(rows: Sequence[Standing], place: Place, first: int) -> list[str]:
    if len(rows) <= TOP:
        return []
    season = next(season.value for season, window in SEASONS.items() if window == place[1])
    moves = {"Back": first - TOP, "More": first + TOP}
    ways = [f"[{label}] 1|1|leaderboard.page|{place[0].value}|{season}|{to}" for label, to in moves.items()]
    there = [way for way, to in zip(ways, moves.values(), strict=True) if 0 <= to < len(rows)]
    return [f"{first + 1}-{min(first + TOP, len(rows))} of {len(rows)}", *there]


def names(shown: Sequence[Standing], uid: str) -> list[str]:
    return [f"names {each}" for each in dict.fromkeys(row.uid for row in shown) if each != uid]


async def ledger(chat: DirectDriver, *, without: str = "") -> Ledger:
    def read(unit: Unit) -> Ledger:
        places = [(board, window) for board in Board for window in {*SEASONS.values(), *LAST.values()}]
        people = [uid for uid in STAND if uid != without]
        found = [{place: town.standings(unit, *place, uids) for place in places} for uids in (people, OTHERS)]
        return Ledger(*found)

    return await chat.dispatcher.store.read(read)


async def all_that_is_seen(chat: DirectDriver) -> Seen:
    """By everybody on every board; by a moderator and a member also all else that they can reach."""
    found: Seen = {}
    here = (await chat.me()).community
    presses = [Press("leaderboard", (board, season)) for board in Board for season in Season]
    for uid in EVERYBODY:
        me = chat.other(uid=uid, name=uid.title(), moderator=uid == "mo")
        calls: list[Call] = [Pressed(press.wire(here)) for press in presses]
        calls += every_command(me) if uid in EVERYWHERE else []
        follows = None if uid in EVERYWHERE else {"leaderboard.page"}
        for key, view in (await seen_by(me, calls, APART, follows)).items():
            found[uid, key] = view
    for due in await town.waiting(chat):
        composed = await chat.dispatcher.compose(due)
        found["everybody", due.notice] = () if composed is None else drawn(chat, Reply(*composed, due.place.community))
    return found


def place_of(view: Drawn) -> Place | None:
    """The board that a view shows, by its title."""
    for board in Board:
        for season, window in SEASONS.items():
            if view[:1] == (f"{board.label.en} · {season.label.en}",):
                return board, window
    return None


def ranks(view: Drawn) -> list[str]:
    return [line for line in view if RANKS.fullmatch(line)]


def rest(view: Drawn) -> list[str]:
    return [line for line in view if not RANKS.fullmatch(line)]


def must_say(now: Ledger, uid: str, key: str, view: Drawn) -> list[str] | None:
    """What a view has to say of places; None where it is about none."""
    if key == POST or "|digest.look|" in key:
        return now.digest((Board.ALL, LAST[Season("month" if "|month|" in key else "week")]))
    place = place_of(view)
    if place is None:
        return None
    page = re.search(r"leaderboard\.page\|.*\|(\d+)$", key)
    first = int(page[1]) if page else 0
    return now.later_page(place, first, uid) if 0 < first < len(now.boards[place]) else now.first_card(place, uid)


def only_ranks_closed(before: Seen, after: Seen, was: Ledger, now: Ledger, told: Collection[str]) -> set[str]:
    """Nothing else differs, but for what moderators are told; the views that differ. Pages may be no more."""
    changed = set()
    for uid, key in before.keys() | after.keys():
        if uid in INITIATED and any(word in key for word in told):
            continue
        one, other = before.get((uid, key)), after.get((uid, key))
        if one is None or other is None:
            assert "|leaderboard.page|" in key, (uid, key)
            continue
        wanted = [must_say(was, uid, key, one), must_say(now, uid, key, other)]
        if wanted == [None, None]:
            assert one == other, (uid, key)
        else:
            assert [ranks(one), ranks(other)] == wanted, (uid, key)
            assert rest(one) == rest(other), (uid, key)
            changed |= {key} if one != other else set()
    return changed


async def hides(chat: DirectDriver) -> None:
    gus = chat.other(uid=TARGET, name="Gus")
    await gus.call(Pressed(Press("leaderboard.hide-me").wire((await gus.me()).community)))


async def is_left_out(chat: DirectDriver) -> None:
    me = await chat.other(uid="mo", name="Mo").me()
    await chat.dispatcher.store.write(adjusting.leave_out, me, ["lot", TARGET])


async def leaves(chat: DirectDriver) -> None:
    await chat.dispatcher.store.write(appearances.looked_for, (await chat.me()).community, ["ann"], [TARGET])


async def erases_all(chat: DirectDriver) -> None:
    gus = chat.other(uid=TARGET, name="Gus")
    await gus.call(Pressed(Press("privacy.delete").wire((await gus.me()).community)))


TOLD: dict[Goes, set[str]] = {
    is_left_out: {"audit", "boards.manage", "privacy", "settings"},
    erases_all: {"audit", SHARED},
}
"""What moderators did themselves, what had the member's name, and the member's own post: all taken back."""


async def lives_on(chat: DirectDriver) -> None:
    """Whoever is gone does deeds of all kinds, and is given points."""
    gus = chat.other(uid=TARGET, name="Gus")
    me, write = await gus.me(), chat.dispatcher.store.write
    await answer_all(gus, {"background": [0]}, letter="B")
    await write(learning.set_skill, me, "python", SkillState.DONE, "a line", of=Outcome.TECHNICAL)
    await write(learning.set_resource, me, "peft", done=True, said="notes", of=Outcome.HYBRID)
    await write(awards.adjust, await write(members.ensure, me), 77, "more help")


async def before_and_after(chat: DirectDriver, clock: SetClock, goes: Goes) -> Seen:
    """What is seen once the target is gone, which nothing but closed ranks tells."""
    await town.settle(chat, clock, suggests=goes is not erases_all)
    await chat.run("/pmpath community")
    was, before = await ledger(chat), await all_that_is_seen(chat)

    await goes(chat)

    now, after = await ledger(chat, without=TARGET), await all_that_is_seen(chat)
    changed = only_ranks_closed(before, after, was, now, TOLD.get(goes, ()))
    for place, rows in was.boards.items():
        assert now.boards[place] == [row for row in rows if row.uid != TARGET]
    assert len(was.boards[Board.TECHNICAL, SEASONS[Season.MONTH]]) == TOP + 1
    assert {POST, "1|1|digest.look|week|general", "1|1|leaderboard|technical|month"} < changed
    assert len(changed) > 20
    return after


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # of each database tests/storage has the rows
async def test_who_hides_can_not_be_told_by_anybody_neither_can_what_they_do_then(
    chat: DirectDriver, clock: SetClock
) -> None:
    after = await before_and_after(chat, clock, hides)

    await lives_on(chat)

    assert different(after, await all_that_is_seen(chat)) == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # of each database tests/storage has the rows
@pytest.mark.parametrize("goes", [is_left_out, leaves, erases_all])
async def test_whoever_is_gone_from_boards_can_not_be_told(chat: DirectDriver, clock: SetClock, goes: Goes) -> None:
    after = await before_and_after(chat, clock, goes)

    if goes is is_left_out:
        await lives_on(chat)
        assert different(after, await all_that_is_seen(chat)) == {}
