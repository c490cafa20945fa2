"""Gaps: never a held skill, regulation only of one's own industry and region, the most useful first."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.gaps import FIRST, gaps, held_by, industry_of, wanted_skills
from content.load import Content, read_content
from content.outcomes import Outcome
from content.questionnaire import Choice

PACK = read_content()
SKILLS = sorted(PACK.skills)
INDUSTRIES = [None, "healthcare", "finance", "software", "retail"]


@given(
    st.sampled_from(list(Outcome)),
    st.sets(st.sampled_from(SKILLS)),
    st.sets(st.sampled_from(SKILLS)),
    st.sampled_from(INDUSTRIES),
    st.sets(st.sampled_from(["cn", "eu", "us", "elsewhere"])),
)
def test_whatever_is_held_is_never_a_gap_and_nothing_is_lost(
    outcome: Outcome, held: set[str], put_off: set[str], industry: str | None, regions: set[str]
) -> None:
    found = gaps(PACK, outcome, held, put_off=put_off, industry=industry, regions=regions)
    parts = [found.held, found.first, found.later, found.put_off]

    assert not held & set(chain(*parts[1:]))
    assert sorted(chain(*parts)) == sorted(wanted_skills(PACK, outcome, industry, regions))
    assert len(found.first) <= FIRST
    assert len(found.first) == FIRST or not found.later


@pytest.mark.parametrize(
    ("industry", "regions", "rules"),
    [
        ("healthcare", {"us"}, {"hipaa", "dicom"}),
        ("healthcare", {"cn"}, {"nmpa-registration", "pipl", "genai-rules-cn", "dicom"}),
        ("healthcare", {"eu"}, {"gdpr", "dicom"}),
        ("finance", {"cn"}, {"fraud-realtime", "pipl", "genai-rules-cn"}),
        ("retail", {"eu", "us"}, {"gdpr"}),
        ("retail", {"us"}, {"privacy-rules"}),
        ("healthcare", set(), {"privacy-rules", "dicom"}),
        (None, set(), {"privacy-rules"}),
    ],
)
def test_regulation_is_of_the_members_own_industry_and_region(
    content: Content, industry: str | None, regions: set[str], rules: set[str]
) -> None:
    every = {"hipaa", "dicom", "nmpa-registration", "pipl", "genai-rules-cn", "gdpr", "fraud-realtime", "privacy-rules"}

    assert set(wanted_skills(content, Outcome.BUSINESS, industry, regions)) & every == rules


def test_the_core_comes_first_in_its_own_order(content: Content) -> None:
    found = gaps(content, Outcome.PLATFORM, {"kubernetes", "mlops"})

    assert found.first[:3] == ("cloud-native", "api-reliability", "docs-coverage")
    assert found.held[:2] == ("kubernetes", "mlops")


def test_what_was_ticked_counts_as_held(content: Content) -> None:
    bank = content.questionnaire
    answers: dict[str, Choice] = {"skills": ("ran-kubernetes", "asked-database"), "industry": "healthcare"}

    assert held_by(bank, answers) == {"kubernetes", "sql"}
    assert industry_of(bank, answers) == "healthcare"
    assert industry_of(bank, {"industry": None}) is None
    assert industry_of(bank, {"industry": "none"}) is None
