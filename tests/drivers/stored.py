"""What the storage holds of a member and of what is to be sent, where a test has to look behind the cards."""

from __future__ import annotations

import datetime as dt

from content.outcomes import Outcome
from content.text import Language
from storage import outbox, postings, results, tips
from storage.due import Due
from storage.moments import micros
from storage.results import Stored
from storage.tip_states import DUE
from storage.tips import Written
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver

LEASE = dt.timedelta(seconds=60)


async def latest_result(chat: DirectDriver) -> Stored:
    """This member's newest result, which they have."""
    found = await chat.dispatcher.store.read(results.latest, await chat.me())
    assert found is not None
    return found


async def claimed(chat: DirectDriver, clock: SetClock) -> list[Due]:
    """What is due now, as the delivery takes it."""
    return await chat.dispatcher.store.write(outbox.claim, "o", 9, LEASE, real_now=clock.now())


async def tip_due(chat: DirectDriver, tip: str, outcome: Outcome = Outcome.PLATFORM, *, days_ago: int = 0) -> int:
    """A tip that has its slot and waits in the outbox for the channel; its posting's number."""
    me = await chat.me()

    def put_out(unit: Unit) -> int:
        at = micros(unit.now - dt.timedelta(days=days_ago))
        slot = f"test:{tip}:{days_ago}"
        made = postings.insert(
            unit,
            me.community,
            slot,
            schedule_id=None,
            outcome=outcome,
            tip=tip,
            channel="general",
            post_at=at,
            state=DUE,
        )
        assert made is not None
        if tip.isdecimal():
            tips.goes_out(unit, me.community, int(tip))
        postings.put_out(unit, me.community, made, slot, "general", at)
        return made

    return await chat.dispatcher.store.write(put_out)


async def tip_out(chat: DirectDriver, tip: str, outcome: Outcome = Outcome.PLATFORM, *, days_ago: int = 0) -> int:
    """A tip that everybody can read in the channel; its posting's number."""
    made = await tip_due(chat, tip, outcome, days_ago=days_ago)
    for due in await chat.dispatcher.store.write(outbox.claim, "o", 50, LEASE, real_now=dt.datetime.now(dt.UTC)):
        await chat.dispatcher.store.write(outbox.sent, due, "m1")
    return made


async def own_tip(chat: DirectDriver, link: str | None = "https://example.org/a_b", **said: tuple[str, str]) -> str:
    """A tip of the community's own, in its queue; by language its title and text."""
    words = {Language(language): title_and_text for language, title_and_text in said.items()}
    written = Written(Outcome.PLATFORM, words, link)
    made = await chat.dispatcher.store.write(tips.add, await chat.me(), written)
    assert isinstance(made, int)
    return str(made)
