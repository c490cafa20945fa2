"""`/pmpath track`."""

from __future__ import annotations

import pytest

from content.load import Content
from content.outcomes import Outcome
from tests.drivers.direct import DirectDriver

TABS = ["The work", "Skills", "A typical day", "Examples", "Who is hired", "Ways in"]


async def test_bare_it_opens_a_card_with_the_four_side_by_side(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath track")

    assert card.buttons == ["Business", "Platform", "Technical", "Hybrid", "Home"]
    assert len(card.lines) == 4


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_track_has_its_summary_first_and_six_tabs(
    chat: DirectDriver, content: Content, outcome: Outcome
) -> None:
    card = await chat.run(f"/pmpath track {outcome.value}")

    assert card.lines[0] == content.tracks[outcome].summary.en
    assert card.buttons[:6] == TABS


async def test_a_tab_changes_what_is_below_the_summary(chat: DirectDriver, content: Content) -> None:
    await chat.run("/pmpath track platform")

    card = await chat.press("A typical day")

    assert card.lines[-1] == "Our own sketch, as an example; nobody reported it."
    assert card.lines[1] == f"• {content.tracks[Outcome.PLATFORM].tabs['day'][0].en}"


async def test_a_track_is_found_by_its_label_in_either_language_and_when_mistyped(chat: DirectDriver) -> None:
    for words in ("platform", "Platform", "平台型", "平台", "plaform", "tech", "复合型"):
        assert len((await chat.run(f"/pmpath track {words}")).buttons) > 6, words


async def test_a_word_that_is_no_track_gets_the_choices(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath track xyzzy")

    assert card.lines == ["I know no “xyzzy” here. Which one?"]
    assert card.buttons[0] == "Business (one industry)"


async def test_the_outlook_is_one_line_the_same_on_all_and_called_a_forecast(chat: DirectDriver) -> None:
    lines = set()
    for outcome in Outcome:
        await chat.run(f"/pmpath track {outcome.value}")
        lines.add(tuple((await chat.press("Outlook")).lines))

    assert len(lines) == 1
    assert "forecast" in lines.pop()[0]
