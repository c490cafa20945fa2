"""Somebody erases everything: whoever asked or was matched with them is told so, without a name."""

from __future__ import annotations

from content.text import Language
from storage import members, requests
from storage.mentor_leaving import GONE
from storage.requests import Asked
from tests import spoken
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed
from tests.storage import mentoring


async def test_the_other_side_is_told_without_a_name_and_shown_the_way_on(chat: DirectDriver, clock: SetClock) -> None:
    store, me = chat.dispatcher.store, await chat.me()
    mentor = await chat.other(uid="u-mentor", name="Mentor Somebody").me()
    offer = await mentoring.mentor(store, mentor)
    await mentoring.mentee(store, me)
    assert isinstance(await store.write(requests.ask, me, offer.id, []), Asked)
    await store.write(members.forget, mentor)

    (due,) = [each for each in await claimed(chat, clock) if each.notice == GONE]
    composed = await chat.dispatcher.compose(due)
    assert composed is not None
    words = [chat.dispatcher.content.catalogue.say(each, Language.ZH) for each in spoken.texts(composed[0])]
    assert words[0] == "有人离开了"
    assert words[-3:] == ["我的导师与学员", "找导师", "首页"]
    assert not any("Mentor Somebody" in each for each in words)
