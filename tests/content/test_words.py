"""What the pack says, in both languages: rules of content that hold for every text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from content.load import Content
from content.outcomes import Outcome
from content.resources import SEEN_IN_SINCE
from content.text import Language, Text
from content.tracks import TABS

HAN = "\u4e00-\u9fff"
TOUCHING = re.compile(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9%][{HAN}]")
HALF_WIDTH = re.compile(rf"[{HAN}][,;:?!()]|[,;:?!()][{HAN}]")
NEWER = (
    "pipl",
    "genai-rules-cn",
    "llm-evaluation",
    "context-design",
    "retrieval-agents",
    "guardrails",
    "inference-cost",
)
REFUSED = ("您", "混合型", "轨道", "赛道", "考试", "误差分析师", "极端用例", "置信区间")


def texts(content: Content) -> Iterator[tuple[str, Text]]:
    """Every text of the pack that has both languages, and where it stands."""
    yield "outlook", content.outlook
    for bank in content.questionnaires.values():
        for item in bank.items:
            yield item.id, item.text
            yield from ((f"{item.id}/{option.id}", option.text) for option in item.options)
    for card in content.tracks.values():
        yield f"{card.outcome}/summary", card.summary
        yield f"{card.outcome}/starter", card.starter
        yield from ((f"{card.outcome}/{tab}", line) for tab in TABS for line in card.tabs[tab])
    for skill in content.skills.values():
        yield from ((skill.id, text) for text in (skill.name, skill.meaning, skill.task))


def test_every_text_has_words_in_both_languages(content: Content) -> None:
    same = {"Python", "SQL", "HIPAA", "GDPR", "MLOps", "Kubernetes", "PIPL"}
    for where, text in texts(content):
        assert text.en, where
        assert text.zh, where
        assert text.zh in same or re.search(rf"[{HAN}]", text.zh), (where, text.zh)
        assert not re.search(rf"[{HAN}]", text.en.replace("万兴科技", "")), (where, text.en)


def test_chinese_keeps_a_space_beside_latin_and_full_width_punctuation(content: Content) -> None:
    for where, text in texts(content):
        assert text.zh is not None
        assert not TOUCHING.search(text.zh), (where, text.zh)
        assert not HALF_WIDTH.search(text.zh), (where, text.zh)


def test_chinese_uses_the_agreed_terms(content: Content) -> None:
    for where, text in texts(content):
        assert not any(word in (text.zh or "") for word in REFUSED), (where, text.zh)


def test_no_text_stands_in_two_places_of_the_tracks(content: Content) -> None:
    seen: dict[str, str] = {}
    for where, text in texts(content):
        if "/" in where and where.partition("/")[0] in tuple(Outcome):
            assert text.en not in seen, (where, seen[text.en])
            seen[text.en] = where


def test_the_forecast_is_quoted_as_one_and_nowhere_else(content: Content) -> None:
    assert "forecast reported in the article" in content.outlook.en
    assert content.outlook.zh is not None
    assert content.outlook.zh.startswith("据行业预测")
    for where, text in texts(content):
        if where != "outlook":
            assert "240" not in text.en + (text.zh or ""), where


@pytest.mark.parametrize("word", ["salary", "guarantee", "best career", "薪", "包就业", "月入"])
def test_no_text_promises_a_job_or_a_salary(content: Content, word: str) -> None:
    found = [where for where, text in texts(content) if word in text.en.lower() or word in (text.zh or "")]

    assert found == []


def test_our_own_sketches_are_marked(content: Content) -> None:
    assert content.tracks[Outcome.BUSINESS].ours == frozenset()
    assert content.tracks[Outcome.PLATFORM].ours == {"day"}
    assert content.tracks[Outcome.TECHNICAL].ours == {"day"}
    assert content.tracks[Outcome.HYBRID].ours >= {"day", "examples", "skills"}


def test_the_skills_that_the_article_does_not_name_have_a_resource_in_each_language(content: Content) -> None:
    for skill_id in NEWER:
        skill = content.skills[skill_id]
        assert skill.ours
        assert {content.resources[each].language for each in skill.resources} == set(Language), skill_id


def test_regulation_is_kept_to_its_industry_and_region(content: Content) -> None:
    limits = {
        skill.id: (skill.industries, skill.regions)
        for skill in content.skills.values()
        if skill.industries or skill.regions
    }

    assert limits == {
        "dicom": (("healthcare",), ()),
        "hipaa": (("healthcare",), ("us",)),
        "nmpa-registration": (("healthcare",), ("cn",)),
        "gdpr": ((), ("eu",)),
        "pipl": ((), ("cn",)),
        "genai-rules-cn": ((), ("cn",)),
        "fraud-realtime": (("finance",), ()),
    }


def test_a_track_asks_for_core_skills_of_its_own(content: Content) -> None:
    for card in content.tracks.values():
        for skill_id in card.skills:
            skill = content.skills[skill_id]
            assert skill.track in {None, card.outcome} or card.outcome in skill.also, (card.outcome, skill_id)


def test_a_resource_says_how_and_when_it_was_looked_up(content: Content) -> None:
    resources = content.resources.values()

    assert {resource.reachable_cn for resource in resources} == {"unknown"}
    assert min(resource.checked_on.year for resource in resources) >= 2026
    assert [each.id for each in resources if each.checked_on >= SEEN_IN_SINCE and not each.seen_in] == []
    assert "nmpa-registration" not in content.resources["fda-samd"].skills
