"""Walking through the assessment, whatever it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from content.outcomes import Outcome
from content.questionnaire import Questionnaire
from tests.drivers.seen import Driver, Seen

NEXT = ("Next", "下一步")
RESULT = ("Show my result", "看我的结果")


async def open_questions(driver: Driver) -> Seen:
    """Past the opening's four cards with one tick or choice each, to the first question with letters."""
    return await answer_opening(driver, {})


async def answer_opening(driver: Driver, ticks: Mapping[str, Sequence[int]]) -> Seen:
    """Past the opening, ticking the options at these places (the first one where nothing is said)."""
    card = await driver.run("/pmpath start")
    while card.selects:
        for name, labels in card.selects.items():
            await driver.choose(name, *(labels[place] for place in ticks.get(name, [0])))
        card = await driver.press(next(label for label in NEXT if label in card.buttons))
    return card


async def answer_all(driver: Driver, ticks: Mapping[str, Sequence[int]], *, letter: str) -> Seen:
    """To the result, with the same letter wherever there is one (the last there is where it is missing)."""
    card = await answer_opening(driver, ticks)
    while "A" in card.buttons:
        letters = [label for label in card.buttons if len(label) == 1]
        card = await driver.press(letter if letter in letters else letters[-1])
    for label in RESULT:
        if label in card.buttons:
            return await driver.press(label)
    return card


async def answer_towards(
    driver: Driver, bank: Questionnaire, ticks: Mapping[str, Sequence[int]], outcome: Outcome
) -> Seen:
    """To the result, with the option that speaks most for `outcome` wherever there are letters."""
    card = await answer_opening(driver, ticks)
    while "A" in card.buttons:
        item = next(item for item in bank.items if item.text.en in card.lines)
        weights = [option.weights[outcome] for option in item.options]
        card = await driver.press("ABCD"[weights.index(max(weights))])
    return card
