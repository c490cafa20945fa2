"""The reasons of a pair: what is shown adds up to the score that is shown, in both languages."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from functools import partial

import pytest

from commands.mentor import fit
from commands.mentor.matching import pair
from commands.mentor.matching.pair import Parts
from commands.mentor.meeting import hours
from content.load import Content
from content.mentoring import Hours
from content.outcomes import Outcome
from content.text import Language

POINTS = re.compile(r"[:：]\s?([\d.]+)")
DAY = dt.date(2026, 11, 26)
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
        assert ": 0 " not in f"{shown} "


def test_it_is_said_as_one_would_say_it(content: Content) -> None:
    parts = Parts(30 * 72, 2 * (35 * 72 // 5), 15 * 72, 10 * 72, 10 * 72)

    said = fit.reasons(parts, Outcome.PLATFORM, ["a", "b", "c", "d", "e"], ["a", "e", "x"])

    assert content.catalogue.say(said, Language.EN) == (
        "your track: 30 · 2 of your 5 gaps: 14 · 3 hours or more in common: 15 · experience: 10 · "
        "new to each other: 10 = 79"
    )
    assert content.catalogue.say(said, Language.ZH) == (
        "你的方向：30 · 你的 5 项能力差距中的 2 项：14 · 共同空闲 3 小时以上：15 · 经验：10 · 第一次配对：10 = 79"
    )


def test_hours_together_are_by_the_readers_clock_and_short_on_a_list(content: Content) -> None:
    often = Hours(EVERY_SECOND_HOUR, 0b1111 << 20, "Europe/Berlin")
    always, evening = Hours(hours.EVERY, hours.EVERY, "UTC"), Hours(0b11 << 36, 0, "Asia/Kathmandu")
    say = partial(content.catalogue.say, language=Language.EN)

    assert say(fit.together(often, always, DAY)).startswith("weekdays 00:00 to 01:00, 02:00 to 03:00, 04:00 to 05:00,")
    assert say(fit.together(always, often, DAY)).startswith("weekdays 01:00 to 02:00, 03:00 to 04:00, 05:00 to 06:00,")
    assert say(fit.together(evening, always, DAY)) == "weekdays 18:15 to 18:45"
    assert say(fit.mostly_together(often, always, DAY)) == (
        "weekdays 00:00 to 01:00, 02:00 to 03:00; weekends 10:00 to 12:00 and more"
    )
    assert say(fit.mostly_together(evening, always, DAY)) == "weekdays 18:15 to 18:45"
