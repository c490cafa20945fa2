"""Texts made of texts."""

from __future__ import annotations

from commands.kit.wording import TYPED_MAX, joined, said_back, short
from content.load import Content
from content.text import Language, Text, quoted, verbatim


def said(content: Content, text: Text, language: Language = Language.EN) -> str:
    return content.catalogue.say(text, language)


def test_of_many_the_first_are_named_and_the_others_counted(content: Content) -> None:
    texts = [verbatim(each) for each in "abcd"]

    assert said(content, joined(texts)) == "a · b · c · d"
    assert said(content, joined(texts, 4)) == "a · b · c · d"
    assert said(content, joined(texts, 2)) == "a · b and 2 more"
    assert said(content, joined(texts, 2), Language.ZH) == "a · b等，另有 2 项"


def test_what_is_too_long_ends_in_an_ellipsis_within_its_length(content: Content) -> None:
    assert said(content, short(quoted("ten letters"), Language.EN, content.catalogue, 11)) == "ten letters"
    assert said(content, short(quoted("ten letters"), Language.EN, content.catalogue, 5)) == "ten…"


def test_what_somebody_typed_is_said_back_whole_unless_it_fills_the_card() -> None:
    assert said_back("tracks zh") == "tracks zh"
    assert len(said_back("x" * 5000)) == TYPED_MAX
    assert said_back("x" * 5000).endswith("x…")
