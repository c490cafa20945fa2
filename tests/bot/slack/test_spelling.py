"""Words that members wrote, in Slack's markup."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.spelling import CLOSES, OPENS, PARTS, RICH, mrkdwn, rich_runs, unescaped, without_moments
from content.text import At, Channel, DateStyle, Language
from tests.fakes import slack_reading
from tests.fakes.slack_blocks import PING

TYPED = st.text(st.sampled_from("<>!@#&;*_~`: \naZ0中|^/channelhereU-+()[]."), max_size=60)


@given(TYPED)
@example("<!channel> @everyone **x** [a](b)")
@example("*b* _i_ ~s~ `c` :tada: &lt;!here&gt;")
@example("> quoted")
def test_the_top_level_text_reads_as_typed_and_pings_nobody(words: str) -> None:
    spelled = mrkdwn(RICH.plain(words))

    assert slack_reading.mrkdwn(spelled) == words
    assert not PING.search(spelled)


@given(TYPED)
def test_rich_text_holds_the_words_as_they_are(words: str) -> None:
    runs = rich_runs(RICH.plain(words))

    assert "".join(run["text"] for run in runs) == words
    assert {run["type"] for run in runs} <= {"text"}


def test_a_moment_cannot_be_forged_in_words() -> None:
    forged = f"{OPENS}0{PARTS}{{date}}{PARTS}never{CLOSES}"

    assert [run["type"] for run in rich_runs(RICH.plain(forged))] == ["text"]


@pytest.mark.parametrize(("style", "shown"), [(DateStyle.DATE, "23 November 2026"), (DateStyle.TIME, "09:00")])
def test_moments_are_slacks_own_timestamps(style: DateStyle, shown: str) -> None:
    at = At(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), style)
    (run,) = rich_runs(RICH.moment(at, Language.EN))

    assert slack_reading.date(run["timestamp"], run["format"]) == shown
    assert slack_reading.mrkdwn(mrkdwn(RICH.moment(at, Language.EN))) == shown


def test_command_text_is_unescaped_once() -> None:
    assert unescaped("&lt;b&gt; &amp;lt; <@U1|bob>") == "<b> &lt; <@U1|bob>"


def test_a_channel_is_slacks_own_and_words_cannot_forge_one() -> None:
    spelled = RICH.channel(Channel("C0ABC123"))
    assert rich_runs(f"in {spelled}.") == [
        {"type": "text", "text": "in "},
        {"type": "channel", "channel_id": "C0ABC123"},
        {"type": "text", "text": "."},
    ]
    assert mrkdwn(f"in {spelled}.") == "in <#C0ABC123>."
    assert without_moments(f"in {spelled}.") == "in #C0ABC123."

    forged = f"{OPENS}#C0ABC123{CLOSES}"
    assert [run["type"] for run in rich_runs(RICH.plain(forged))] == ["text"]
    assert [run["type"] for run in rich_runs(RICH.channel(Channel(f"x{forged}")))] == ["text"]
