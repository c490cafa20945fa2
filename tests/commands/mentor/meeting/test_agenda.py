"""Three lines to talk about, whoever the two are."""

from __future__ import annotations

import random

import pytest

from commands.mentor.meeting.agenda import agenda
from content.load import Content
from content.outcomes import Outcome
from content.text import Language


def test_no_agenda_of_a_thousand_pairs_is_empty_or_says_a_thing_twice(content: Content) -> None:
    chance = random.Random("agendas")
    known = [*content.skills, "gone-from-the-list"]
    for _pair in range(1000):
        gaps = chance.sample(known, chance.randrange(11))
        held = chance.sample(known, chance.randrange(len(known)))
        track = chance.choice((None, *Outcome))
        lines = agenda(content.skills, gaps, held, track, chance.randrange(9))
        shared = [skill for skill in gaps if skill in held and skill in content.skills][:3]
        for language in Language:
            said = [content.catalogue.say(line, language) for line in lines]
            names = [content.catalogue.say(content.skills[skill].name, language) for skill in shared]
            assert len({*said}) == 3
            assert all(len(line) >= 10 for line in said)
            assert all(line.startswith(name) for line, name in zip(said, names, strict=False))


@pytest.mark.parametrize(
    ("gaps", "track", "seniority", "expected"),
    [
        (["mlops", "kubernetes", "mlops"], Outcome.PLATFORM, 0,
         ["MLOps: how it went in a real project", "Kubernetes: what the mentee has tried", "One tool that developers"]),
        (["mlops"], Outcome.HYBRID, 2,
         ["MLOps: how it went", "One AI feature, seen by its user", "What the mentee has shipped"]),
        ([], Outcome.BUSINESS, 1,
         ["One piece of work in the mentee's industry", "The project that is under way", "What the mentee wants"]),
        ([], None, 0, ["The first project of one's own", "What the mentee wants", "How to go on"]),
        ([], Outcome.TECHNICAL, 4, ["One model and its data", "From doing it oneself", "What the mentee wants"]),
    ],
)  # fmt: skip
def test_gaps_come_first_then_the_track_then_what_was_done_so_far(
    content: Content, gaps: list[str], track: Outcome | None, seniority: int, expected: list[str]
) -> None:
    lines = agenda(content.skills, gaps, {"mlops", "kubernetes"}, track, seniority)
    said = [content.catalogue.say(line, Language.EN) for line in lines]

    assert [line.startswith(words) for line, words in zip(said, expected, strict=True)] == [True] * 3
