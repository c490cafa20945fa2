"""Hours on one's own clock, in UTC, and in words on another's clock."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from commands.kit.element import OPTIONS_MAX
from commands.mentor.meeting.hours import (
    EVERY,
    OPTIONS,
    common,
    from_choices,
    say,
    to_choices,
    utc,
    windows,
)
from content.load import Content
from content.mentoring import Hours
from content.text import Language
from tests.commands.mentor.meeting.pairs import clock, has_time, moments, pairs

DAY = dt.date(2026, 11, 26)
HALF_HOUR = dt.timedelta(minutes=30)
EVENING = from_choices(["18", "19", "20"])
MORNING = from_choices(["9", "10", "11"])


def test_a_half_hour_of_utc_counts_where_all_of_it_is_free_on_the_owners_clock() -> None:
    """Checked on the clock of every fifth pair, on a day that clocks run through."""
    checked = set()
    for pair in itertools.islice(pairs(1000), 0, None, 5):
        hours = Hours(pair.mentee.weekday, pair.mentee.weekday, pair.mentee.zone)
        start = dt.datetime.combine(pair.now.date(), dt.time(), dt.UTC)
        if len({clock(hours, start + days * dt.timedelta(days=1)).utcoffset() for days in (-1, 0, 1, 2)}) > 1:
            continue
        halves = [start + HALF_HOUR * place for place in range(48)]
        free = [all(has_time(hours, at) for at in moments(half, half + HALF_HOUR)) for half in halves]
        assert utc(hours, pair.now.date()) == (sum(bit << place for place, bit in enumerate(free)),) * 2
        checked.add(clock(hours, start).utcoffset())
    assert len(checked) > 15


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Asia/Kathmandu", "2026-11-26", [(750, 900)]),  # 12:15 to 15:15, less the quarters at both ends
        ("Pacific/Chatham", "2026-11-26", [(270, 420)]),  # +13:45 in their summer, the evening before
        ("Pacific/Chatham", "2026-06-26", [(330, 480)]),  # +12:45
        ("Pacific/Marquesas", "2026-11-26", [(210, 390)]),
        ("Asia/Shanghai", "2026-11-26", [(600, 780)]),
        ("America/New_York", "2027-03-13", [(0, 120), (1380, 1440)]),
        ("America/New_York", "2027-03-14", [(0, 60), (1320, 1440)]),  # summer time from that morning on
    ],
)
def test_an_evening_is_an_interval_of_utc(zone: str, day: str, expected: list[tuple[int, int]]) -> None:
    weekday, weekend = utc(Hours(EVENING, 0, zone), dt.date.fromisoformat(day))

    assert windows(weekday) == expected
    assert weekend == 0


def test_common_hours_are_those_of_both() -> None:
    berlin, shanghai = Hours(EVERY, MORNING, "Europe/Berlin"), Hours(EVENING, EVENING, "Asia/Shanghai")

    assert [windows(mask) for mask in common(berlin, shanghai, DAY)] == [[(600, 780)], [(600, 660)]]
    assert common(shanghai, berlin, DAY) == common(berlin, shanghai, DAY)
    assert common(Hours(MORNING, 0, "Asia/Shanghai"), Hours(MORNING, 0, "America/New_York"), DAY) == (0, 0)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [(0, []), (EVERY, [(0, 1440)]), (1, [(0, 30)]), (1 << 47 | 1, [(0, 30), (1410, 1440)]), (MORNING, [(540, 720)])],
)
def test_a_mask_is_its_windows(mask: int, expected: list[tuple[int, int]]) -> None:
    assert windows(mask) == expected


def test_hours_are_chosen_one_by_one() -> None:
    assert len(OPTIONS) == 24 <= OPTIONS_MAX
    assert all(to_choices(from_choices([each.value])) == (each.value,) for each in OPTIONS)
    assert from_choices(each.value for each in OPTIONS) == EVERY
    assert from_choices(["18", "18", "24", "-1", "x", ""]) == from_choices(["18"])
    assert to_choices(0b0111 << 36) == ("18",)


@pytest.mark.parametrize(
    ("hours", "zone", "english", "chinese"),
    [
        (Hours(EVENING, MORNING, "Asia/Kathmandu"), None,
         "weekdays 18:00 to 21:00; weekends 09:00 to 12:00", "工作日 18:00 至 21:00；周末 09:00 至 12:00"),
        (Hours(EVENING, 0, "Asia/Kathmandu"), "Asia/Kathmandu", "weekdays 18:00 to 21:00", "工作日 18:00 至 21:00"),
        (Hours(EVENING, 0, "Asia/Kathmandu"), "Europe/Berlin", "weekdays 13:15 to 16:15", "工作日 13:15 至 16:15"),
        (Hours(EVENING, EVENING, "America/Los_Angeles"), "Europe/Berlin",
         "Tuesdays to Saturdays 03:00 to 06:00; Sundays and Mondays 03:00 to 06:00",
         "周二至周六 03:00 至 06:00；周日和周一 03:00 至 06:00"),
        (Hours(MORNING, MORNING, "Pacific/Kiritimati"), "Etc/GMT+12",
         "Sundays to Thursdays 07:00 to 10:00; Fridays and Saturdays 07:00 to 10:00",
         "周日至周四 07:00 至 10:00；周五和周六 07:00 至 10:00"),
        (Hours(from_choices(["0"]), from_choices(["0"]), "Pacific/Kiritimati"), "Etc/GMT+12",
         "Saturdays to Wednesdays 22:00 to 23:00; Thursdays and Fridays 22:00 to 23:00",
         "周六至周三 22:00 至 23:00；周四和周五 22:00 至 23:00"),
        (Hours(MORNING | EVENING, from_choices(["23"]), "Etc/GMT+12"), "Pacific/Kiritimati",
         "Tuesdays to Saturdays 11:00 to 14:00, 20:00 to 23:00; Mondays and Tuesdays 01:00 to 02:00",
         "周二至周六 11:00 至 14:00、20:00 至 23:00；周一和周二 01:00 至 02:00"),
        (Hours(from_choices(["23"]), EVENING, "UTC"), "Asia/Kolkata",
         "Tuesdays to Saturdays 04:30 to 05:30; weekends 23:30 to 02:30 the next day",
         "周二至周六 04:30 至 05:30；周末 23:30 至次日 02:30"),
        (Hours(0, EVERY, "UTC"), None, "weekends 00:00 to 24:00", "周末 00:00 至 24:00"),
        (Hours(0, 0, "UTC"), "Asia/Tokyo", "no hours", "没有可用时间"),
    ],
)  # fmt: skip
def test_hours_in_words_are_right_on_the_readers_clock(
    content: Content, hours: Hours, zone: str | None, english: str, chinese: str
) -> None:
    text = say(hours, DAY, zone)

    assert content.catalogue.say(text, Language.EN) == english
    assert content.catalogue.say(text, Language.ZH) == chinese
