"""The reasons of a pair: what is shown adds up to the score that is shown, in both languages."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest

from commands.mentor import fit
from commands.mentor.matching import pair
from commands.mentor.matching.pair import Parts
from content.load import Content
from content.mentoring import Hours
from content.outcomes import Outcome
from content.text import Language

POINTS = re.compile(r"[:：]\s?([\d.]+)")
EVERY_SECOND_HOUR = sum(3 << 4 * place for place in range(12))


@pytest.mark.parametrize("language", Language)
def test_the_parts_shown_add_up_to_the_score_shown(content: Content, language: Language) -> None:
    gaps = [f"g{number}" for number in range(10)]
    for count, common, steps, track in itertools.product(range(11), range(2, 8), range(1, 7), Outcome):
        held = (count * common + steps) % (count + 1)
        bits = 1 << list(Outcome).index(track) if steps % 3 else 0b1010
        parts = Parts(
            pair.track_ticks(bits, list(Outcome).index(track)),
            pair.coverage(held, count),
            pair.hours_ticks(common),
            pair.seniority_ticks(steps),
            pair.NOVELTY * (steps % 2),
        )
        said = content.catalogue.say(fit.reasons(parts, track, gaps[:count], gaps[:held]), language)
        shown, total = said.split(" = ")
        assert sum(round(10 * float(each)) for each in POINTS.findall(shown)) == round(10 * float(total)), said
        assert abs(float(total) - parts.score / pair.TICKS) <= 0.05
        assert not POINTS.search(shown.replace(": 0.", "")) or ": 0 " not in shown


def test_it_is_said_as_one_would_say_it(content: Content) -> None:
    parts = Parts(30 * 72, 2 * (35 * 72 // 5), 15 * 72, 10 * 72, 10 * 72)

    said = fit.reasons(parts, Outcome.PLATFORM, ["a", "b", "c", "d", "e"], ["a", "e", "x"])

    assert content.catalogue.say(said, Language.EN) == (
        "your track: 30 · 2 of your 5 gaps: 14 · 3 hours or more in common: 15 · experience: 10 · "
        "new to each other: 10 = 79"
    )
    assert content.catalogue.say(said, Language.ZH) == (
        "你的方向：30 · 你的 5 项能力差距中的 2 项：14 · 共同空闲 3 小时以上：15 · 经验：10 · 第一次结对：10 = 79"
    )


def test_hours_together_are_by_the_readers_clock_and_short_on_a_list(content: Content) -> None:
    berlin = Hours(EVERY_SECOND_HOUR, 0b11 << 20, "Europe/Berlin")
    kathmandu = Hours((1 << 48) - 1, 0, "Asia/Kathmandu")
    day = dt.date(2026, 11, 26)

    whole = content.catalogue.say(fit.together(berlin, kathmandu, day), Language.EN)
    short = content.catalogue.say(fit.mostly_together(berlin, kathmandu, day), Language.EN)

    assert whole.startswith("weekdays 00:00 to 01:00, 04:00 to 05:00") or whole.startswith(
        "weekdays 00:00 to 01:00, 02"
    )
    assert short == "weekdays 00:00 to 01:00, 02:00 to 03:00 and more" or short.endswith(" and more")
    assert len(short) < 60 < len(whole)
