"""A mentor and a mentee who talk to pmpath, and what it tells either of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from commands.kit.dispatch import Reply
from storage import asks, members, mentor_times, mentorships, requests
from storage.due import DUE, read_due
from storage.requests import Asked
from storage.tables import member, outbox
from storage.unit import Unit
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.storage.mentoring import TERMS, WANTED, mentee, mentor


@dataclass(frozen=True, slots=True)
class Two:
    """The mentee has asked the mentor; `request` is its row."""

    mentee: DirectDriver
    mentor: DirectDriver
    request: int


async def asked(chat: DirectDriver, *mentors: str, capacity: int = 1, gaps: Sequence[str] = ("kubernetes",)) -> Two:
    """Ada asks these mentors, in this order; by default Bo."""
    rows = []
    for name in mentors or ("Bo",):
        driver = named(chat, name)
        await driver.run("/pmpath language en")
        offer = await mentor(chat.dispatcher.store, await driver.me(), replace(TERMS, capacity=capacity))
        rows.append(await wish(chat, offer.id, gaps))
    return Two(chat, named(chat, (mentors or ("Bo",))[0]), rows[0])


async def wish(chat: DirectDriver, offer: int, gaps: Sequence[str] = ()) -> int:
    """This member asks by that offer."""
    await mentee(chat.dispatcher.store, await chat.me(), WANTED)
    made = await chat.dispatcher.store.write(requests.ask, await chat.me(), offer, gaps)
    assert isinstance(made, Asked)
    return made.request


async def matched(chat: DirectDriver, *mentors: str) -> Two:
    """The first of the mentors has said yes, by the message that asked."""
    two = await asked(chat, *mentors)
    await told(two.mentor, "mentor.asked")
    await two.mentor.press("Accept")
    return two


async def by_a_matching_day(chat: DirectDriver, *, rounds: int) -> Two:
    """Bo and Ada are a matching day's pair; so many of them had passed Ada by before."""
    bo = named(chat, "Bo")
    await bo.run("/pmpath language en")
    offer = await mentor(chat.dispatcher.store, await bo.me())
    row = await mentee(chat.dispatcher.store, await chat.me())

    def pair(unit: Unit) -> None:
        asks.give_back(unit, row, rounds)
        ask = asks.of_member(unit, row)
        assert ask is not None
        assert isinstance(mentorships.make(unit, ask_community, offer, ask, by_round=1), int)

    ask_community = (await chat.me()).community
    await chat.dispatcher.store.write(pair)
    return Two(chat, bo, 0)


def named(chat: DirectDriver, name: str) -> DirectDriver:
    return chat.other(uid=f"u-{name.lower()}", name=name)


async def mine(driver: DirectDriver) -> Seen:
    """Their card of mentoring."""
    return await driver.run("/pmpath mentor mine")


async def row_of(driver: DirectDriver) -> int:
    """The row of this member."""
    found = await driver.dispatcher.store.read(members.find, await driver.me())
    assert found is not None
    return found.id


async def told(driver: DirectDriver, notice: str) -> Seen:
    """The last message of that name to this member, which they can press from now on."""
    assert await is_told(driver, notice), f"{notice} says nothing now"
    return driver.seen


async def is_told(driver: DirectDriver, notice: str) -> bool:
    """Whether the last message of that name to this member still says something."""

    me = await driver.me()

    def last(unit: Unit) -> object:
        found = DUE.where(
            member.c.uid == driver.uid, member.c.community_id == me.community, outbox.c.notice == notice
        ).order_by(outbox.c.id.desc())
        return unit.execute(found).first()

    row = await driver.dispatcher.store.read(last)
    assert row is not None, f"{notice} was never told to {driver.name}"
    due = read_due(row)  # type: ignore[arg-type]  # it is a row of DUE
    composed = await driver.dispatcher.compose(due)
    if composed is not None:
        card, language = composed
        driver.reply = Reply(card, language, due.place.community)
    return composed is not None


async def names_told(driver: DirectDriver) -> list[str]:
    """The names of all messages to this member, in order."""

    row = await row_of(driver)

    def names(unit: Unit) -> list[str]:
        return list(
            unit.execute(select(outbox.c.notice).where(outbox.c.member_id == row).order_by(outbox.c.id)).scalars()
        )

    return await driver.dispatcher.store.read(names)


async def time_passes(chat: DirectDriver) -> None:
    """What has come due by now is done, as the timekeeper does it."""
    while await chat.dispatcher.store.write(mentor_times.work_off):
        pass
