"""What mentors are told of their offer."""

from __future__ import annotations

from commands.kit.view import Card
from storage import offers, outbox
from storage.mentor_states import Reach
from storage.offers import PROOF
from tests.commands.mentor.test_offer import mine, offered
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed


async def test_the_proof_that_arrives_lists_the_offer_and_says_what_comes_and_how_it_stops(
    chat: DirectDriver, clock: SetClock
) -> None:
    await offered(chat)
    (due,) = await claimed(chat, clock)
    composed = await chat.dispatcher.compose(due)
    assert composed is not None
    card, _language = composed
    assert said(chat, card)[-1] == "To stop it, pause your offer or end it."
    await chat.dispatcher.store.write(outbox.sent, due, "1")

    assert (await mine(chat)).reach is Reach.OPEN
    lines = (await chat.run("/pmpath mentor offer")).lines
    assert [line for line in lines if line.startswith("Not listed yet")] == [
        "Not listed yet: the moderators look at it first. You need not do anything."
    ]


async def test_a_closed_message_is_told_once_with_the_next_private_answer_and_is_never_called_arrived(
    chat: DirectDriver, clock: SetClock
) -> None:
    await offered(chat)
    (due,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.refused, due)

    await chat.run("/pmpath home")
    assert chat.reply is not None
    (card,) = chat.reply.also
    assert said(chat, card)[0] == "Not listed yet: a direct message did not reach you, so no request would either."
    await chat.run("/pmpath home")
    assert chat.reply.also == ()


async def test_nothing_is_told_of_an_offer_that_has_ended(chat: DirectDriver, clock: SetClock) -> None:
    await offered(chat)
    (due,) = await claimed(chat, clock)
    found = await mine(chat)
    await chat.dispatcher.store.write(offers.drop, (await chat.me()).community, found.member)
    assert due.notice == PROOF
    assert await chat.dispatcher.compose(due) is None


def said(chat: DirectDriver, card: Card) -> list[str]:
    assert chat.reply is not None
    chat.reply = type(chat.reply)(card, chat.reply.language, chat.reply.community, also=chat.reply.also)
    return chat.seen.lines
