"""Forged presses: the ids of others' rows answer as ids that nobody has, and change nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from commands.kit.dispatch import Dispatcher
from commands.kit.press import Press
from commands.kit.request import Pressed
from content.mentoring import Concern
from storage import invitations, members, mentor_reports, offers
from storage.invitations import Named
from storage.mentor_states import Approval
from tests.drivers.direct import DirectDriver
from tests.kept_apart import MAX, NED, Worlds, worlds
from tests.looking import Drawn, drawn
from tests.storage.mentoring import TERMS, mentee, mentor

__all__ = ["worlds"]

NOBODYS = 987
ABOUT = ("offer", "request", "match")
REASONS = (None, "time")
VALUES = {"concern": ("rude",), "words": ("forged",), "gaps": ("kubernetes",)}


def presses(dispatcher: Dispatcher, kind: str, row: int) -> Iterator[tuple[Press, Press]]:
    """Of all that mentoring can do with a row of this kind: with this one, and with one that there is not."""
    for action in dispatcher.registry.actions.values():
        if not action.name.startswith(("mentor.", "mentors.")):
            continue
        names = [parameter.name for parameter in action.parameters]
        if kind in names:
            for rest in ((why,) for why in REASONS) if "why" in names else ((),):
                yield Press(action.name, (row, *rest)), Press(action.name, (NOBODYS, *rest))
        elif "about" in names and kind in ABOUT:
            yield Press(action.name, (kind, row)), Press(action.name, (kind, NOBODYS))


async def said(driver: DirectDriver, press: Press) -> Drawn:
    """What it answers, ids apart."""
    wire = press.wire((await driver.me()).community)
    await driver.call(Pressed(wire), VALUES)
    row = next(each for each in press.arguments if isinstance(each, int))
    return tuple(re.sub(rf"(\|mentors?\.[a-z|-]+)\|{row}(?!\d)", r"\1|#", line) for line in drawn(driver, driver.reply))


async def is_nothing(worlds: Worlds, driver: DirectDriver, kind: str, row: int) -> None:
    """To this person the row is as one that there is not, whatever is done with it, and stays as it is."""
    before = list(worlds.live.iterdump())
    for press, nobodys in presses(driver.dispatcher, kind, row):
        assert await said(driver, press) == await said(driver, nobodys), (driver.name, press)
    assert list(worlds.live.iterdump()) == before, (driver.name, kind, row)


async def test_what_is_not_ones_own_is_as_if_it_were_not_there(worlds: Worlds) -> None:
    world = await worlds.after(
        ("Bea", "mentor.ask", MAX), ("Ada", "mentor.ask", MAX), ("Ada", "mentor.ask", NED), ("Max", "mentor.accept", 3),
    )  # fmt: skip
    store, here = world.chat.dispatcher.store, (await world.chat.me()).community
    hidden = {}
    for name, approval in (("Wes", Approval.WAITING), ("Rex", Approval.REMOVED), ("Asa", Approval.APPROVED)):
        me = await world.who(name).me()
        await store.write(offers.save, me, TERMS, approved=True)
        found = await store.read(offers.mine, me)
        assert found is not None
        if approval is not Approval.APPROVED:
            await store.write(offers.reached, here, found.member, arrived=True)
        await store.write(offers.set_approval, here, found.member, approval)
        hidden[name] = found.id
    await store.write(invitations.invite, here, [Named("u-sol", {})])
    bea = await store.read(members.find, await world.who("Bea").me())
    assert bea is not None
    await store.write(mentor_reports.add, await world.who("Ada").me(), bea.id, Concern.RUDE, "words")

    strangers = [world.who(name) for name in ("Cy", "Sol", "Ned")]
    elsewhere = [replace(driver, community=replace(world.chat.community, ext_id="2")) for driver in strangers]  # type: ignore[type-var]  # it has one
    for driver in elsewhere:
        await mentor(store, await driver.me(), TERMS)
        await mentee(store, await driver.me())
    for driver in (*strangers, *elsewhere):
        for kind, row in (("request", 3), ("request", 4), ("request", 5), ("match", 1), ("match", 2), ("report", 1),
                          *(("offer", each) for each in hidden.values())):  # fmt: skip
            await is_nothing(worlds, driver, kind, row)
    for driver in elsewhere:
        driver.moderator = True
        for kind, row in (("offer", MAX), ("offer", hidden["Wes"]), ("report", 1)):
            await is_nothing(worlds, driver, kind, row)
    for name in ("Cy", "Bea"):
        await is_nothing(worlds, world.who(name), "invitation", 1)


@pytest.mark.parametrize("leaver", ["Ada", "Max"])
async def test_old_cards_of_who_has_erased_everything_are_as_if_nothing_had_been(worlds: Worlds, leaver: str) -> None:
    world = await worlds.after(("Ada", "mentor.ask", MAX), ("Max", "mentor.accept", 3), (leaver, "privacy.delete"))
    for name in ("Ada", "Max"):
        for kind, row in (("request", 1), ("request", 3), ("match", 1), ("match", 2)):
            await is_nothing(worlds, world.who(name), kind, row)
