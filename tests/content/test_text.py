"""Lazy texts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text import (
    PLAIN,
    At,
    Catalogue,
    Channel,
    DateStyle,
    Language,
    MissingWords,
    Text,
    _,
    plural,
    quoted,
    verbatim,
)

CATALOGUE = Catalogue({"Home": "首页", "{count} runs": "{count} 次", "Reference {reference}": "编号 {reference}"})


class Shouting:
    """A spelling that marks what it was given, to see that every part passes through it once."""

    def plain(self, words: str) -> str:
        return f"<{words}>"

    def moment(self, at: At, language: Language) -> str:
        return "MOMENT"

    def channel(self, channel: Channel) -> str:
        return "CHANNEL"


def test_a_text_is_said_in_the_readers_language() -> None:
    assert CATALOGUE.say(_("Home"), Language.EN) == "Home"
    assert CATALOGUE.say(_("Home"), Language.ZH) == "首页"


def test_a_hole_in_the_catalogue_is_never_covered_with_english() -> None:
    with pytest.raises(MissingWords):
        CATALOGUE.say(Text("nobody translated this"), Language.ZH)


def test_the_singular_is_english_grammar_only() -> None:
    one, two = (plural("{count} run", "{count} runs", count) for count in (1, 2))

    assert [CATALOGUE.say(text, Language.EN) for text in (one, two)] == ["1 run", "2 runs"]
    assert [CATALOGUE.say(text, Language.ZH) for text in (one, two)] == ["1 次", "2 次"]


def test_numbers_are_written_as_the_language_does() -> None:
    assert CATALOGUE.say(plural("{count} run", "{count} runs", 210_000), Language.EN) == "210,000 runs"


def test_every_part_is_spelled_exactly_once_values_included() -> None:
    text = Text("a {name} b {inner}", (("name", "n"), ("inner", Text("Reference {reference}", (("reference", "r"),)))))

    assert CATALOGUE.say(text, Language.EN, Shouting()) == "<a ><n>< b ><Reference ><r>"


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    said = CATALOGUE.say(Text("Reference {reference}", (("reference", value),)), Language.EN)

    assert said == f"Reference {value}"


@given(st.text())
def test_words_that_a_person_wrote_are_the_same_in_both_languages_and_no_template(words: str) -> None:
    assert CATALOGUE.say(quoted(words), Language.ZH) == CATALOGUE.say(quoted(words), Language.EN) == words


@given(st.text())
def test_verbatim_words_are_the_same_in_both_languages(words: str) -> None:
    assert CATALOGUE.say(verbatim(words), Language.ZH) == CATALOGUE.say(verbatim(words), Language.EN) == words


def test_a_moment_is_written_in_its_zone() -> None:
    at = At(dt.datetime(2026, 11, 23, 20, 30, tzinfo=dt.UTC), DateStyle.BOTH, "Asia/Shanghai")

    assert PLAIN.moment(at, Language.EN) == "Tuesday, 24 November 2026, 04:30"
    assert PLAIN.moment(at, Language.ZH) == "2026年11月24日星期二 04:30"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", Language.ZH), ("zh_TW", Language.ZH), ("en-US", Language.EN), ("fr", None), ("", None), (None, None)],
)
def test_a_platforms_locale_gives_a_language_only_where_we_speak_it(locale: str, language: Language | None) -> None:
    assert Language.from_locale(locale) is language
