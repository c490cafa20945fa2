"""Posts that Slack posts by itself: handed over ahead, found again while they wait, called off."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot import fence
from bot.fence import Lease
from bot.slack.handover import is_that, read
from bot.surface import HandsOver, Message, Refused, TryLater, Uncertain
from commands.kit.view import Card
from content.text import Language, verbatim
from tests.bot.slack.conftest import Workspace
from tests.fakes.slack_schedule import Scheduled

# what Slack is asked for does not hang on the database, nor on how it calls us
once = pytest.mark.parametrize(("database_url", "workspace"), [("sqlite", "http")], indirect=True)


WORDS = "Tip of 30 November: ask <three> users & *listen* :tada: https://example.org/a_b 🎉"


def tip(workspace: Workspace, words: str = WORDS, *, ahead: float = 600, channel: str = "general") -> Message:
    """A tip for a channel (a name, or an id that no channel has) so many seconds from now."""
    at = dt.datetime.fromtimestamp(int(workspace.fake.now() + ahead), dt.UTC)
    place = next((c.id for c in workspace.team.channels.values() if c.name == channel), channel)
    card = Card(verbatim(words), (verbatim("The words of the tip."),))
    return Message(place, card, Language.EN, 1, workspace.team.id, "slot:1", again=False, post_at=at)


def waiting(workspace: Workspace) -> list[Scheduled]:
    return workspace.fake.api.scheduling.waiting(workspace.team)


@once
async def test_a_post_waits_in_slack_until_its_minute_and_then_stands_in_the_channel_once(workspace: Workspace) -> None:
    fake, message = workspace.fake, tip(workspace)
    remote = await workspace.surface.hand_over(message)

    assert isinstance(workspace.surface, HandsOver)
    assert await workspace.surface.handed(message) == remote
    fake.skip(590)
    assert fake.deliver_due() == []
    fake.skip(10)
    (posted,) = fake.deliver_due()
    assert posted.lines == [WORDS, "The words of the tip."]
    assert list(fake.appeared().values()) == [1]
    assert fake.deliver_due() == []
    assert await workspace.surface.handed(message) is None


@once
async def test_what_a_stalled_process_sends_after_its_lease_does_not_reach_slack(workspace: Workspace) -> None:
    lease = Lease.of(dt.timedelta(seconds=60))
    with fence.held(replace(lease, begun=lease.begun - 60)), pytest.raises(TryLater):
        await workspace.surface.hand_over(tip(workspace))
    assert workspace.fake.called("chat.scheduleMessage") == []


@once
async def test_another_channel_time_or_text_is_another_post(workspace: Workspace) -> None:
    message = tip(workspace)
    await workspace.surface.hand_over(message)
    workspace.fake.channel(workspace.team, "lounge").bot_in = True

    for other in (tip(workspace, "Tip of 7 December"), tip(workspace, ahead=660), tip(workspace, channel="lounge")):
        assert await workspace.surface.handed(other) is None
    assert await workspace.surface.handed(message) is not None


@once
async def test_a_post_is_found_on_a_later_page_too(workspace: Workspace) -> None:
    workspace.fake.scheduled_page = 2
    messages = [tip(workspace, f"Tip {number}", ahead=600 + number) for number in range(5)]
    remotes = [await workspace.surface.hand_over(message) for message in messages]

    assert [await workspace.surface.handed(message) for message in messages] == remotes


@once
async def test_a_handover_whose_answer_was_lost_is_uncertain_and_found_again(workspace: Workspace) -> None:
    message = tip(workspace)
    workspace.fake.fail_next("chat.scheduleMessage", applied=True, broken=True)
    with pytest.raises(Uncertain):
        await workspace.surface.hand_over(message)
    assert await workspace.surface.handed(message) == waiting(workspace)[0].id

    other = tip(workspace, "Tip of 7 December")
    workspace.fake.fail_next("chat.scheduleMessage", status=500)
    with pytest.raises(Uncertain):
        await workspace.surface.hand_over(other)
    assert await workspace.surface.handed(other) is None
    assert len(workspace.fake.called("chat.scheduleMessage")) == 2


@once
@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("not_in_channel", "no-right"),
        ("restricted_action", "no-right"),
        ("restricted_action_read_only_channel", "no-right"),
        ("missing_scope", "no-right"),
        ("no_permission", "no-right"),
        ("channel_not_found", "no-channel"),
        ("is_archived", "archived"),
        ("time_in_past", "too-late"),
        ("time_too_far", "other"),
        ("msg_too_long", "other"),
    ],
)
async def test_a_refusal_says_of_what_kind_it_is(workspace: Workspace, word: str, why: str) -> None:
    message = tip(workspace)
    for method, ask in (
        ("chat.scheduleMessage", workspace.surface.hand_over),
        ("chat.postMessage", workspace.surface.post),
    ):
        workspace.fake.fail_next(method, error=word)
        with pytest.raises(Refused, match=word) as refused:
            await ask(message)
        assert refused.value.why == why


@once
async def test_slacks_own_rules_come_through(workspace: Workspace) -> None:
    surface, general = workspace.surface, workspace.fake.channel(workspace.team, "general")
    for message, why in (
        (tip(workspace, ahead=-5), "too-late"),
        (tip(workspace, ahead=121 * 24 * 3600), "other"),
        (tip(workspace, channel="lounge"), "no-right"),
        (tip(workspace, channel="secret"), "no-channel"),
        (tip(workspace, channel="C0GONE"), "no-channel"),
    ):
        with pytest.raises(Refused) as refused:
            await surface.hand_over(message)
        assert refused.value.why == why
    general.archived = True
    with pytest.raises(Refused) as refused:
        await surface.hand_over(tip(workspace))
    assert refused.value.why == "archived"
    with pytest.raises(Refused, match="invalid_channel"):
        await surface.handed(tip(workspace, channel="C0GONE"))
    assert waiting(workspace) == []


@once
async def test_the_thirty_first_of_five_minutes_is_tried_later(workspace: Workspace) -> None:
    for number in range(30):
        await workspace.surface.hand_over(tip(workspace, f"Tip {number}"))

    with pytest.raises(TryLater, match="restricted_too_many"):
        await workspace.surface.hand_over(tip(workspace))
    await workspace.surface.hand_over(tip(workspace, ahead=901))


@once
@pytest.mark.parametrize(
    "method", ["chat.scheduleMessage", "chat.scheduledMessages.list", "chat.deleteScheduledMessage"]
)
async def test_a_limit_and_a_withdrawn_token_are_tried_later_and_never_waited_for(
    workspace: Workspace, method: str
) -> None:
    message = tip(workspace, "Tip of 23 November")
    remote = await workspace.surface.hand_over(message)

    async def ask() -> None:
        match method:
            case "chat.scheduleMessage":
                await workspace.surface.hand_over(message)
            case "chat.scheduledMessages.list":
                await workspace.surface.handed(message)
            case _:
                await workspace.surface.call_off(workspace.team.id, message.place, remote)

    workspace.fake.fail_next(method, status=429, retry_after=37)
    with pytest.raises(TryLater) as limited:
        await ask()
    assert limited.value.after == 37
    workspace.fake.fail_next(method, error="token_revoked")
    with pytest.raises(TryLater, match="token_revoked"):
        await ask()
    assert len(waiting(workspace)) == 1


@once
async def test_whether_it_waits_may_be_asked_again_without_harm(workspace: Workspace) -> None:
    message = tip(workspace)
    for fault in ({"status": 500}, {"error": "internal_error"}, {"broken": True}):
        workspace.fake.fail_next("chat.scheduledMessages.list", **fault)
        with pytest.raises(TryLater):
            await workspace.surface.handed(message)


@once
async def test_what_is_called_off_is_never_posted_and_a_second_time_is_refused(workspace: Workspace) -> None:
    message = tip(workspace)
    remote = await workspace.surface.hand_over(message)
    await workspace.surface.call_off(workspace.team.id, message.place, remote)

    with pytest.raises(Refused, match="invalid_scheduled_message_id") as refused:
        await workspace.surface.call_off(workspace.team.id, message.place, remote)
    assert refused.value.why == "too-late"
    workspace.fake.skip(700)
    assert workspace.fake.deliver_due() == []
    with pytest.raises(Refused) as refused:
        await workspace.surface.call_off(workspace.team.id, "C0GONE", remote)
    assert refused.value.why == "no-channel"


@once
async def test_in_its_last_minute_a_post_is_not_called_off_any_more(workspace: Workspace) -> None:
    message = tip(workspace)
    remote = await workspace.surface.hand_over(message)
    workspace.fake.skip(541)

    with pytest.raises(Refused) as refused:
        await workspace.surface.call_off(workspace.team.id, message.place, remote)
    assert refused.value.why == "too-late"
    assert await workspace.surface.handed(message) == remote
    workspace.fake.skip(60)
    assert len(workspace.fake.deliver_due()) == 1


@once
async def test_a_deletion_without_an_answer_is_looked_after_and_not_sent_again(workspace: Workspace) -> None:
    fake, message = workspace.fake, tip(workspace)
    for fault in ({"broken": True}, {"status": 500}, {"error": "internal_error"}):
        remote = await workspace.surface.hand_over(message)
        fake.fail_next("chat.deleteScheduledMessage", applied=True, **fault)
        await workspace.surface.call_off(workspace.team.id, message.place, remote)
        assert waiting(workspace) == []

        remote = await workspace.surface.hand_over(message)
        fake.fail_next("chat.deleteScheduledMessage", **fault)
        with pytest.raises(TryLater):
            await workspace.surface.call_off(workspace.team.id, message.place, remote)
        await workspace.surface.call_off(workspace.team.id, message.place, remote)
        assert waiting(workspace) == []
    assert len(fake.called("chat.deleteScheduledMessage")) == 9


@once
async def test_a_post_of_another_workspace_is_not_handed_over(workspace: Workspace) -> None:
    message = tip(workspace)
    other = Message(message.place, message.card, Language.EN, 1, "T0OTHER", "k", again=False, post_at=message.post_at)

    with pytest.raises(Refused):
        await workspace.surface.hand_over(other)
    with pytest.raises(Refused):
        await workspace.surface.handed(other)


@once
async def test_a_post_that_slack_took_and_cannot_post_is_told_to_nobody(workspace: Workspace) -> None:
    await workspace.surface.hand_over(tip(workspace))
    workspace.fake.channel(workspace.team, "general").archived = True
    workspace.fake.skip(601)

    assert workspace.fake.deliver_due() == []
    assert len(workspace.fake.unposted) == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Ask them &amp; listen", "Ask them & listen"),
        ("See https://example.org/a", "See <https://example.org/a>"),
        ("See https://example.org/a", "See <https://example.org/a|https://example.org/a>"),
        ("Well done 🎉 all", "Well done :tada: all"),
        ("Write \u2060:\u2060tada: when done", "Write :tada: when done"),
        ("\u2060*\u2060bold\u2060*\u2060 \n two", "*bold*\ntwo"),
        ("问三位用户，记下原话。", "问三位用户，记下原话。"),
    ],
)
def test_a_text_is_known_again_in_slacks_own_spelling(ours: str, theirs: str) -> None:
    pending = {"id": "Q1", "channel_id": "C1", "post_at": 60, "text": theirs}

    assert is_that(pending, "C1", 60, ours)
    assert not is_that(pending, "C1", 60, f"{ours} 8")


def test_dates_and_times_remain_in_what_is_compared() -> None:
    assert read("Tip of 30 November, 10:30:45") != read("Tip of 30 November, 10:31:45")
    assert read("11 月 30 日") != read("12 月 7 日")
