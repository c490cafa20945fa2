"""Why two people suit each other, in words and points: the parts that are shown add up to the score that is shown."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterator

from commands.mentor.matching.pair import HALF_HOUR, HALF_HOURS_MOST, TICKS, WANTED, Parts
from commands.mentor.meeting import hours
from content.mentoring import Hours
from content.outcomes import Outcome
from content.text import Text, _, plural

TENTHS = 10
WINDOWS = 2  # that a list shows of a day: five mentors must fit on a card


def score(parts: Parts) -> int | float:
    """The points of a pair, of 100: whole, or with one decimal."""
    return _points(sum(_tenths(each) for each in _each(parts)))


def reasons(parts: Parts, track: Outcome, gaps: Collection[str], skills: Collection[str]) -> Text:
    """What the score is made of, to the mentee: "Your track: 30 · experience: 10 = 40"."""
    said = list(_said(parts, track, gaps, skills)) or [_("nothing but the rules is kept: 0")]
    together = functools.reduce(lambda first, second: _("{first} · {second}", first=first, second=second), said)
    return _("{parts} = {points}", parts=together, points=score(parts))


def together(one: Hours, other: Hours, day: dt.date) -> Text:
    """The hours that both have, by the clock of the first."""
    both = _both(one, other, day)
    return hours.say(both, day, one.zone)


def mostly_together(one: Hours, other: Hours, day: dt.date) -> Text:
    """The same in short, for a list: of many windows the longest."""
    both = _both(one, other, day)
    longest = Hours(_longest(both.weekday), _longest(both.weekend), both.zone)
    said = hours.say(longest, day, one.zone)
    return said if longest == both else _("{hours} and more", hours=said)


def _both(one: Hours, other: Hours, day: dt.date) -> Hours:
    """The common hours on the first one's own days; in UTC where their clock stands between two of its half-hours."""
    weekday, weekend = hours.common(one, other, day)
    own = Hours(_own(one.weekday, weekday, one.zone, day), _own(one.weekend, weekend, one.zone, day), one.zone)
    return own if own.weekday | own.weekend else Hours(weekday, weekend, "UTC")


def _own(mask: int, shared: int, zone: str, day: dt.date) -> int:
    """The half-hours of a mask that are shared, which are told in UTC."""
    each = (1 << place for place in range(hours.HALF_HOURS) if mask >> place & 1)
    return sum(one for one in each if hours.utc(Hours(one, 0, zone), day)[0] & shared)


def _longest(mask: int) -> int:
    found = sorted(hours.windows(mask), key=lambda each: each[0] - each[1])[:WINDOWS]
    return sum((1 << end // hours.MINUTES) - (1 << start // hours.MINUTES) for start, end in found)


def _said(parts: Parts, track: Outcome, gaps: Collection[str], skills: Collection[str]) -> Iterator[Text]:
    if parts.track:
        yield _("{why}: {points}", why=_track(parts.track, track), points=_points(_tenths(parts.track)))
    if parts.gaps:
        held, every, points = len({*gaps} & {*skills}), len({*gaps}), _points(_tenths(parts.gaps))
        yield plural(
            "{held} of your {count} gap: {points}", "{held} of your {count} gaps: {points}", every, held=held,
            points=points,
        )  # fmt: skip
    yield _("{why}: {points}", why=_hours(parts.hours), points=_points(_tenths(parts.hours)))
    if parts.seniority:
        yield _("experience: {points}", points=_points(_tenths(parts.seniority)))
    if parts.novelty:
        yield _("new to each other: {points}", points=_points(_tenths(parts.novelty)))


def _track(ticks: int, track: Outcome) -> Text:
    if ticks == WANTED:
        return _("your track")
    return _("several tracks") if track is Outcome.HYBRID else _("hybrid, beside your track")


def _hours(ticks: int) -> Text:
    half_hours = ticks // HALF_HOUR
    if half_hours == HALF_HOURS_MOST:
        return _("3 hours or more in common")
    if half_hours == 2:  # the least
        return _("an hour in common")
    return _("{hours} hours in common", hours=half_hours / 2 if half_hours % 2 else half_hours // 2)


def _each(parts: Parts) -> tuple[int, ...]:
    return parts.track, parts.gaps, parts.hours, parts.seniority, parts.novelty


def _tenths(ticks: int) -> int:
    """To the nearest tenth of a point; of the parts only a gap's share is no multiple of one."""
    return (ticks * TENTHS * 2 + TICKS) // (2 * TICKS)


def _points(tenths: int) -> int | float:
    return tenths // TENTHS if tenths % TENTHS == 0 else tenths / TENTHS
