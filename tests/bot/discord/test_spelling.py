"""Words that members wrote, in Discord's markup."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.discord.spelling import DISCORD
from content.text import At, Channel, DateStyle, Language
from tests.bot.discord.rehearsal import NASTY
from tests.fakes.discord_reading import read

TYPED = st.text(st.sampled_from("<>!@#&;*_~`: \naZ0中|^/-+()[].\\t1heverydiscordhttps"), max_size=60)


@given(TYPED)
@example(NASTY)
@example("<t:0:R> </home:1> <id:guide> <a:x:1> <@&3> @here")
@example("# a\n-# b\n> c\n>>> d\n- e\n* f\n1. g\n   - h")
@example("```\ncode\n``` `c` ||s|| ~~x~~ __u__ _i_ *i*")
@example("https://a.example discord://x <https://b.example> [c](<https://d.example>)")
@example("\\*a\\* \\\\")
def test_words_read_as_typed_with_nothing_alive_in_them(words: str) -> None:
    reading = read(DISCORD.plain(words))

    assert reading.text == words
    assert reading.marks == []


@given(TYPED)
def test_words_in_bold_stay_in_bold_and_as_typed(words: str) -> None:
    said = " ".join(words.split())
    if said:
        reading = read(f"**{DISCORD.plain(said)}**")

        assert reading.text == said
        assert [mark.kind for mark in reading.marks] == ["bold"]


def test_a_colon_before_a_blank_stays_as_it_is() -> None:
    assert DISCORD.plain("Name: a:b") == "Name: a\\:b"


@pytest.mark.parametrize(
    ("style", "shown"),
    [(DateStyle.DATE, "2026-11-23"), (DateStyle.TIME, "09:00"), (DateStyle.BOTH, "2026-11-23 09:00")],
)
def test_moments_are_discords_own_timestamps(style: DateStyle, shown: str) -> None:
    at = At(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), style)
    reading = read(DISCORD.moment(at, Language.EN))

    assert reading.text == shown
    assert [mark.kind for mark in reading.marks] == ["time"]


def test_a_channel_is_discords_own_and_nothing_else_passes_for_one() -> None:
    assert DISCORD.channel(Channel("123456789012345678")) == "<#123456789012345678>"

    reading = read(DISCORD.channel(Channel("1> @everyone")))
    assert reading.text == "#1> @everyone"
    assert reading.marks == []
