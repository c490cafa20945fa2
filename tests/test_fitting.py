"""Words that are 40 % longer than the English ones still fit, on every card and every surface."""

from __future__ import annotations

import pytest

from bot.discord import declare
from bot.discord.limits import DESCRIPTION_MAX
from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.press import Press
from commands.kit.request import Pressed
from commands.kit.view import Card
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage.store import Store
from tests.bot.discord.test_declare import everything
from tests.conftest import Faults, SetClock
from tests.crawl import every_view
from tests.drivers.direct import DirectDriver
from tests.stretched import longer, stretched
from tests.test_every_bank import keep, of_every_kind
from tests.test_every_view import DRAWS

LONGEST_NAME = "Wolfeschlegelsteinhausenbergerdorff " * 2 + "the Second of That Name, Ada"


@pytest.fixture(scope="session")
def long_words(content: Content) -> Content:
    return stretched(content)


@pytest.fixture
async def talkative(
    store: Store, clock: SetClock, long_words: Content, registry: Registry, pictures: Pictures, faults: Faults
) -> DirectDriver:
    """A member with the longest of names, to whom everything is said at greater length."""
    dispatcher = Dispatcher(store, long_words, registry, now=clock.now, draw=pictures.draw)
    return DirectDriver(dispatcher, name=LONGEST_NAME)


@pytest.mark.timeout(300)  # about a thousand cards
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_card_takes_longer_words(talkative: DirectDriver, long_words: Content) -> None:
    """A moderator's cards are a member's and more."""
    wrong, titles = set(), set()
    async for reply in every_view(talkative.other(moderator=True), Language.ZH):
        assert reply.view is not None
        titles.add(reply.view.title)
        for name, draw in DRAWS.items():
            try:
                draw(long_words.catalogue, reply.view, Language.ZH)
            except ValueError as error:
                wrong.add(f"{reply.view.title.en}, {name}: {error}")

    assert sorted(wrong) == []
    assert len(titles) > 50


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_forty_results_take_longer_words(
    talkative: DirectDriver, long_words: Content, clock: SetClock, content: Content
) -> None:
    await talkative.run("/pmpath language zh")
    sheet = of_every_kind(content.questionnaire)[0]
    for _time in range(40):
        await keep(talkative, clock, content.questionnaire.version, sheet)

    for first in range(0, 40, 5):
        await talkative.call(Pressed(talkative.wire(Press("result.history", (first,)))))
        assert talkative.reply is not None
        assert isinstance(talkative.reply.view, Card)
        for draw in DRAWS.values():
            draw(long_words.catalogue, talkative.reply.view, Language.ZH)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_plan_in_which_everything_is_missing_takes_longer_words(
    talkative: DirectDriver, long_words: Content, outcome: Outcome
) -> None:
    await talkative.run("/pmpath language zh")
    for typed in (f"plan {outcome}", f"resources {outcome}", f"track {outcome}", f"compare {outcome} hybrid"):
        await talkative.run(f"/pmpath {typed}")
        assert talkative.reply is not None
        assert talkative.reply.view is not None
        for draw in DRAWS.values():
            draw(long_words.catalogue, talkative.reply.view, Language.ZH)


def test_what_discord_is_told_of_the_commands_takes_longer_words(registry: Registry, long_words: Content) -> None:
    told = list(everything(declare.payload(registry, long_words.catalogue)))

    assert max(len(each["description_localizations"][declare.LOCALE]) for each in told) <= DESCRIPTION_MAX


def test_longer_words_are_40_percent_longer_and_keep_their_values() -> None:
    words = "About {count} more after this."

    assert len(longer(words)) >= len("About more after this.") * 1.4 + len("{count}")
    assert "{count}" in longer(words)
    assert longer(" → ") == " → "
