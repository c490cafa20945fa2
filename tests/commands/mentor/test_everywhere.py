"""Every card that two people of mentoring can reach: within the surfaces' limits, and in one language alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import pytest

from commands.kit.dispatch import Reply
from commands.kit.press import Press
from commands.kit.request import CommunityKey, Platform, Pressed
from content.load import Content
from content.mentoring import WhyNot
from content.text import Language
from storage import asks, wishes
from tests import spoken
from tests.commands.mentor.talking import asked, is_told, mine, named, row_of, time_passes, wish
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.crawl import name_of, presses
from tests.drivers.direct import DirectDriver
from tests.storage.mentoring import mentor
from tests.test_every_view import on_discord, on_slack
from tests.test_languages import left_in

HOSTILE = "*_~`<@Ada>`~_* {Ada} \u202e|||| " + "Ada" * 40
OTHERS = ("Ada", "AdaAda", "AdaAdaAda")
OURS = (
    "mentor.request", "mentor.declin", "mentor.accept", "mentor.match", "mentor.kit", "mentor.calendar", "mentor.met",
    "mentor.not-yet", "mentor.helped", "mentor.wish", "mentor.withdraw", "mentor.stop", "mentor.mine", "mentor.report",
    "mentor.apart",
)  # fmt: skip
CHANGES = ("mentor.accept", "mentor.decline",
    "mentor.decline-never", "mentor.withdraw", "mentor.stop-now", "mentor.match-end-now",
           "mentor.apart-now")  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("language", "platform"),
    [(Language.EN, Platform.DISCORD), (Language.ZH, Platform.WEB)],
)
async def test_whatever_is_told_or_pressed_fits_everywhere_and_is_in_one_language(
    chat: DirectDriver, content: Content, clock: SetClock, language: Language, platform: Platform
) -> None:
    place = CommunityKey(platform, "1", "Sandbox")
    ada = chat.other(name=HOSTILE, uid="7", community=place, platform=platform)
    two = await asked(ada, HOSTILE, "Ada")
    others = [named(ada, name) for name in OTHERS]
    for driver in (ada, two.mentor, *others):
        await driver.run(f"/pmpath language {language.value}")
    walk = Walk(content, language)
    await walk.through(two.mentor, "mentor.asked")
    await walk.through(ada)
    await press(two.mentor, "mentor.accept", two.request)
    await walk.through(two.mentor, "mentor.kit")
    clock.move(days=8)
    await time_passes(ada)
    await walk.through(ada, "mentor.kit", "mentor.check")
    await walk.through(ada, ends=True)
    await walk.through(two.mentor, "mentor.ended")

    offered = [await mentor(ada.dispatcher.store, await each.me()) for each in others]
    first_to_last = [await wish(ada, each.id) for each in offered]
    await press(others[0], "mentor.decline", first_to_last[0], WhyNot.TIME)
    clock.move(hours=72)
    await time_passes(ada)
    await ada.dispatcher.store.write(wishes.cancel_others, await row_of(ada))
    await walk.through(others[2], "mentor.found-another")
    await ada.dispatcher.store.write(asks.give_back, await row_of(ada), 2)
    await walk.through(ada, "mentor.declined", "mentor.next-asked", ends=True)

    registry = chat.dispatcher.registry
    ours = {name for name in (*registry.actions, *registry.notices) if name.startswith(OURS)}
    assert walk.left == {}
    assert ours - walk.known <= {"mentor.report-offer", "mentor.mine-page", *CHANGES}


class Walk:
    """What was seen, by the names of presses and messages, and what of the other language stood there."""

    def __init__(self, content: Content, language: Language) -> None:
        self._content = content
        self._language = language
        self._done: set[tuple[str, ...]] = set()
        self._put_off: list[Press] = []
        self.known: set[str] = set()
        self.left: dict[str, str] = {}

    async def through(self, driver: DirectDriver, *notices: str, ends: bool = False) -> None:
        """From these messages and the card of mentoring as far as pressing leads; `ends`: to what ends, too."""
        waits: deque[Press] = deque()
        for notice in notices:
            if await is_told(driver, notice):
                self.known.add(notice)
                waits.extend(self._look(driver))
        await mine(driver)
        waits.extend((*self._look(driver), *(self._put_off if ends else ())))
        while waits:
            press = waits.popleft()
            name = (driver.uid, *name_of(press, self._content.skills))
            if name in self._done or not press.action.startswith(OURS):
                continue
            if press.action in CHANGES and not ends:
                self._put_off.append(press)
                continue
            self._done.add(name)
            await driver.call(Pressed(driver.wire(press)))
            self.known.add(press.action)
            waits.extend(self._look(driver))

    def _look(self, driver: DirectDriver) -> Iterator[Press]:
        reply: Reply | None = driver.reply
        assert reply is not None
        assert reply.view is not None
        for draw in (on_discord, on_slack):
            assert draw(self._content.catalogue, reply.view, self._language)
        for text in spoken.texts(reply.view):
            self.left |= left_in(self._content, text, self._language)
        yield from presses(reply)
