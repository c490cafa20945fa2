"""A result shown to a channel, and taken back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.discord import render as discord
from commands.kit.request import Place, Pressed
from commands.kit.view import Button, Card, Picture
from content.load import Content
from content.text import Language, Text
from storage import communities, outbox, shares
from storage.due import Due
from tests.commands.test_history import have, singles
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed


async def posted(chat: DirectDriver, due: Due) -> tuple[str, list[str], list[str]]:
    """Title, lines and labels of the post as the channel reads it."""
    composed = await chat.dispatcher.compose(due)
    assert composed is not None
    card, language = composed
    return read(chat, card, language)


def read(chat: DirectDriver, card: Card, language: Language) -> tuple[str, list[str], list[str]]:
    say = chat.dispatcher.content.catalogue.say
    lines = []
    for element in card.body:
        if isinstance(element, Picture):
            continue  # it says the same
        runs = (element,) if isinstance(element, Text) else getattr(element, "runs", ())
        lines.append("".join(say(run if isinstance(run, Text) else run.text, language) for run in runs))
    return say(card.title, language), lines, [say(each.label, language) for each in card.buttons]


async def shared(chat: DirectDriver) -> Seen:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    await chat.press("Share")
    return await chat.press("Post")


async def arrived(chat: DirectDriver, clock: SetClock) -> Due:
    """The post of a result that was shared; it stands in the channel."""
    await shared(chat)
    (due,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.sent, due, "m1")
    return due


async def test_the_preview_is_what_the_channel_will_read_in_its_own_language(
    chat: DirectDriver, clock: SetClock
) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    assert chat.reply is not None
    await chat.dispatcher.store.write(communities.set_language, chat.reply.community, Language.ZH)
    await chat.run("/pmpath language English")
    await chat.run("/pmpath result")

    preview = await chat.press("Share")
    assert await claimed(chat, clock) == []
    card = await chat.press("Post")
    (due,) = await claimed(chat, clock)
    title, lines, buttons = await posted(chat, due)

    assert card.lines == ["It is on its way to this channel. If it does not appear, your result says why."]
    assert title.startswith("Ada：")
    assert preview.lines[0] == "Preview, in the community's language, for this channel:"
    assert preview.lines[1 : 2 + len(lines)] == [title, *lines]
    assert preview.lines[2 + len(lines)] == f"With the buttons: {' · '.join(buttons)}"
    assert "Everybody in this channel will read your name as “Ada”. Your answers are not shown." in preview.lines
    assert "You can unshare it at any time, but people may have seen it by then." in preview.lines


async def test_the_post_has_the_outcome_and_no_answer_and_no_number(
    chat: DirectDriver, clock: SetClock, content: Content
) -> None:
    await shared(chat)
    (due,) = await claimed(chat, clock)
    title, lines, buttons = await posted(chat, due)

    assert (due.notice, due.channel, due.member) == ("result.shared", "general", None)
    assert buttons == [
        "Take the assessment yourself",
        *(label for label in buttons if label.startswith("About ")),
        "What can you do?",
    ]
    words = " ".join((title, *lines))
    assert not any(character.isdigit() for character in words)
    for item in content.questionnaire.items:
        assert item.text.en not in words
        assert not any(option.text.en in words for option in item.options)


async def test_a_name_is_never_markup_nor_a_placeholder(chat: DirectDriver, clock: SetClock) -> None:
    chat = chat.other(uid="u9", name="{outcome} <!channel> **安**")
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    preview = await chat.press("Share")
    await chat.press("Post")
    (due,) = await claimed(chat, clock)

    title, _lines, _buttons = await posted(chat, due)

    assert title.startswith("{outcome} <!channel> **安**: ")
    assert preview.lines[1] == title


async def test_pressed_twice_it_is_posted_once(chat: DirectDriver, clock: SetClock) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    await chat.press("Share")
    post = Pressed(chat.wire(chat.button("Post").press))
    await chat.call(post)

    card = await chat.call(post)

    assert "Sharing: on its way to the channel." in card.lines
    assert len(await claimed(chat, clock)) == 1
    await chat.press("Share")
    await chat.press("Post")
    assert await claimed(chat, clock) == []


async def test_the_result_says_that_it_is_shared_and_unshares(chat: DirectDriver, clock: SetClock) -> None:
    due = await arrived(chat, clock)

    card = await chat.run("/pmpath result")
    assert "Shared in 1 channel: your name and the outcome, not your answers." in card.lines
    press = Pressed(chat.wire(chat.button("Unshare").press))
    assert (await chat.call(press)).lines == ["The post disappears in a moment. People may have seen it."]
    again = await chat.call(press)

    assert "Unshare" not in again.buttons
    assert [each.notice for each in await claimed(chat, clock)] == ["post.take-back"]
    assert await chat.dispatcher.compose(due) is None


async def test_a_post_that_the_channel_refused_is_said_on_the_result_and_not_to_moderators(
    chat: DirectDriver, clock: SetClock
) -> None:
    await shared(chat)
    (due,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.dead, due, "403 50013: Missing Permissions")

    card = await chat.run("/pmpath result")
    assert any(line.startswith("It could not be posted in the channel") for line in card.lines)
    assert "What the platform said: 403 50013: Missing Permissions" in card.lines
    assert "Look at them" not in (await chat.other(uid="mod", moderator=True).run("/pmpath home")).buttons

    await chat.press("Let it be")
    assert not any("could not" in line for line in (await chat.run("/pmpath result")).lines)


async def test_a_post_of_which_nobody_knows_is_for_its_member_to_decide(chat: DirectDriver, clock: SetClock) -> None:
    await shared(chat)
    (due,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.uncertain, due)

    card = await chat.run("/pmpath result")
    assert any(line.startswith("I don't know whether your post arrived") for line in card.lines)
    card = await chat.press("Post it")
    assert "Sharing: on its way to the channel." in card.lines
    assert [each.id for each in await claimed(chat, clock)] == [due.id]


async def test_a_preview_of_days_ago_is_drawn_anew_and_posts_nothing(chat: DirectDriver, clock: SetClock) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    await chat.press("Share")
    post = Pressed(chat.wire(chat.button("Post").press))
    clock.move(hours=25)

    assert (await chat.call(post)).title == "Share this result here?"
    assert await claimed(chat, clock) == []


async def test_many_shares_in_trouble_still_fit_on_the_result(chat: DirectDriver, clock: SetClock) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    for number in range(30):
        chat.channel = f"channel-{number}"
        await chat.run("/pmpath result")
        await chat.press("Share")
        await chat.press("Post")
    while dues := await claimed(chat, clock):
        for due in dues:
            end = outbox.uncertain if due.id % 2 else partial(outbox.dead, error="403 Missing Permissions")
            await chat.dispatcher.store.write(end, due)

    card = await chat.run("/pmpath result")

    assert card.buttons.count("Post it") == 1
    assert chat.reply is not None
    assert isinstance(chat.reply.view, Card)
    assert discord.card(chat.dispatcher.content.catalogue, chat.reply.view, Language.EN, 10**9)


async def test_where_nobody_else_can_see_it_the_way_to_a_channel_is_named(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    share = Pressed(chat.wire(chat.button("Share").press))
    alone = chat.other(channel=None, reply=chat.reply)

    card = await alone.call(share)

    assert "Run /pmpath result in the channel" in card.lines[0]
    assert card.buttons == ["My result", "Home"]


async def test_where_a_member_may_not_write_nothing_is_posted_for_them(chat: DirectDriver, clock: SetClock) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    await chat.press("Share")
    post = Pressed(chat.wire(chat.button("Post").press))
    chat.may_post = False

    card = await chat.call(post)

    assert card.lines[0].startswith("You may not write in this channel")
    assert await claimed(chat, clock) == []


async def test_a_direct_message_and_home_are_no_channels(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    press = Pressed(chat.wire(chat.button("Share").press))

    for place in (Place.DIRECT, Place.HOME):
        card = await chat.other(channel="D1", place=place, reply=chat.reply).call(press)
        assert "Run /pmpath result in the channel" in card.lines[0], place


async def test_nobody_shares_or_unshares_for_another(chat: DirectDriver, clock: SetClock) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    share = Pressed(chat.wire(chat.button("Share").press))
    await chat.press("Share")
    post = Pressed(chat.wire(chat.button("Post").press))
    other = chat.other(uid="u2")

    for press in (share, post):
        assert (await other.call(press)).lines[0].startswith("This card isn't yours.")
    assert await claimed(chat, clock) == []


async def test_a_result_that_says_nothing_is_not_shared(chat: DirectDriver, content: Content) -> None:
    await have(chat, dict.fromkeys(singles(content, 0), None))
    card = await chat.run("/pmpath result")

    assert card.title == "Not enough answers to say"
    assert "Share" not in card.buttons


async def test_an_old_result_is_unshared_and_never_shared_anew(chat: DirectDriver, clock: SetClock) -> None:
    await shared(chat)
    clock.move(days=1)
    await answer_all(chat, {"background": [1]}, letter="A")
    await chat.press("What changed")

    card = await chat.press("The earlier one")

    assert "Unshare" in card.buttons
    assert "Share" not in card.buttons


async def test_deleting_everything_takes_back_what_was_shared(chat: DirectDriver, clock: SetClock) -> None:
    await arrived(chat, clock)
    await chat.run("/pmpath privacy")
    card = await chat.press("Delete all of mine")
    assert "Shared with a channel: 1 post" in card.lines
    assert "What you shared is taken back from its channel; people may have seen it." in card.lines

    await chat.press("Delete for good")

    (deletion,) = await claimed(chat, clock)
    assert (deletion.notice, deletion.channel, deletion.ids["remote"]) == ("post.take-back", "general", "m1")


async def test_a_post_that_could_not_be_taken_back_is_for_moderators_to_delete(
    chat: DirectDriver, clock: SetClock
) -> None:
    await arrived(chat, clock)
    await chat.run("/pmpath result")
    await chat.press("Unshare")
    (deletion,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.dead, deletion, "50001")

    moderator = chat.other(uid="mod", moderator=True)
    await moderator.run("/pmpath home")
    card = await moderator.press("Look at them")
    assert card.lines[0].startswith("A member no longer wants to stand in a post of mine in the channel #general")
    assert "Ada" not in card.text
    await moderator.press("Try again")
    assert [each.id for each in await claimed(chat, clock)] == [deletion.id]
    await chat.dispatcher.store.write(outbox.dead, replace(deletion, attempt=1), "50001")

    await moderator.run("/pmpath home")
    await moderator.press("Look at them")
    assert (await moderator.press("It is gone")).lines == ["None: every post is where it should be."]


async def test_a_post_that_nobody_can_find_is_only_for_people_to_delete(chat: DirectDriver, clock: SetClock) -> None:
    await shared(chat)
    (due,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.uncertain, due)
    await chat.run("/pmpath result")
    await chat.press("Unshare")
    (deletion,) = await claimed(chat, clock)
    await chat.dispatcher.store.write(outbox.dead, deletion, "unknown")

    moderator = chat.other(uid="mod", moderator=True)
    await moderator.run("/pmpath home")
    card = await moderator.press("Look at them")

    assert "It is gone" in card.buttons
    assert "Try again" not in card.buttons


async def test_everybody_may_press_what_stands_on_a_post(chat: DirectDriver, clock: SetClock) -> None:
    await shared(chat)
    (due,) = await claimed(chat, clock)
    composed = await chat.dispatcher.compose(due)
    assert composed is not None
    other = chat.other(uid="u2")

    for button in composed[0].buttons:
        assert isinstance(button, Button)
        assert (await other.call(Pressed(chat.wire(button.press)))).title != "Not this time"


async def test_what_is_told_of_a_share_is_its_own_communitys(chat: DirectDriver, clock: SetClock) -> None:
    await shared(chat)
    (due,) = await claimed(chat, clock)
    assert chat.reply is not None

    store = chat.dispatcher.store
    assert await store.read(shares.shown, chat.reply.community, int(due.ids["share"])) is not None
    assert await store.read(shares.shown, chat.reply.community + 1, int(due.ids["share"])) is None
