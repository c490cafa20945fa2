"""*Sounds like me?* and *My job today is …*."""

from __future__ import annotations

import pytest

from commands.kit.request import Pressed
from storage import opinions
from storage.opinions import Fits, Job, Opinion
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import latest_result

ASKED = ["Sounds like me", "Partly", "Not me"]


async def said(chat: DirectDriver) -> Opinion | None:
    """What is kept of what was said of the latest result."""
    result = await latest_result(chat)
    return await chat.dispatcher.store.read(opinions.find, await chat.me(), result.id)


@pytest.mark.parametrize(("label", "fits"), [*zip(ASKED, Fits, strict=True)])
async def test_a_result_asks_once_and_says_thanks(chat: DirectDriver, label: str, fits: Fits) -> None:
    card = await answer_all(chat, {}, letter="A")
    assert card.buttons[:3] == ASKED

    card = await chat.press(label)
    assert card.title == "My job today is …"
    card = await chat.press("Technical")

    assert not set(ASKED) & set(card.buttons)
    assert sum(line.startswith("You said that this") and "hank you" in line for line in card.lines) == 1
    assert await said(chat) == Opinion(fits, Job.TECHNICAL)
    assert (await chat.run("/pmpath result")) == card


async def test_the_job_is_asked_with_what_it_is_for_and_may_be_left_unsaid(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    card = await chat.press("Partly")
    assert "only counted" in card.lines[-1]
    assert "deleted" in card.lines[-1]
    assert card.buttons == [
        *("Business", "Platform", "Technical", "Hybrid"),
        *("Something else", "Rather not say", "My result"),
    ]

    await chat.press("Rather not say")
    assert await said(chat) == Opinion(Fits.PARTLY, Job.UNSAID)


async def test_who_goes_back_has_said_what_they_said_and_no_job(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    await chat.press("Not me")

    assert not set(ASKED) & set((await chat.press("My result")).buttons)
    assert await said(chat) == Opinion(Fits.NO, None)


async def test_a_press_that_comes_again_changes_nothing(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    other = Pressed(chat.wire(chat.button("Not me").press))
    await chat.press("Sounds like me")
    job = Pressed(chat.wire(chat.button("Hybrid").press))
    await chat.press("Business")

    await chat.call(job)
    card = await chat.call(other)

    assert "You said that this sounds like you. Thank you." in card.lines
    assert await said(chat) == Opinion(Fits.YES, Job.BUSINESS)


async def test_nobody_answers_for_another(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    press = Pressed(chat.wire(chat.button("Not me").press))

    assert (await chat.other(uid="u2").call(press)).lines[0].startswith("This card isn't yours.")
    assert await said(chat) is None


async def test_a_new_result_asks_again_and_an_old_one_does_not(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    first = (await latest_result(chat)).id
    card = await answer_all(chat, {}, letter="B")
    assert card.buttons[:3] == ASKED

    await chat.press("What changed")
    card = await chat.press("The earlier one")
    assert first != (await latest_result(chat)).id
    assert not set(ASKED) & set(card.buttons)
