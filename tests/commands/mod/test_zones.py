"""Time zones by what people write, and whose zone is suggested."""

from __future__ import annotations

import zoneinfo

import pytest

from commands.kit.element import OPTIONS_MAX
from commands.mod import zones
from commands.mod.zones import find_zone, suggested
from content.text import Catalogue, Language

SAY = Catalogue({}).say


def test_zones_are_found_by_city_and_by_name_and_nothing_else() -> None:
    assert find_zone("Berlin") == ("Europe/Berlin", None)
    assert find_zone("asia/shanghai") == ("Asia/Shanghai", None)
    assert find_zone("  New York ") == ("America/New_York", None)
    assert find_zone("Bejing")[0] is None
    assert find_zone("") == (None, None)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("上海", "Asia/Shanghai"),
        ("上海市", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("重庆", "Asia/Shanghai"),
        ("柏林", "Europe/Berlin"),
        ("斯德哥尔摩", "Europe/Stockholm"),
        ("旧金山", "America/Los_Angeles"),
        ("加尔各答", "Asia/Kolkata"),
        ("calcutta", "Asia/Kolkata"),
        ("beijing", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("布宜诺斯艾利斯", "America/Argentina/Buenos_Aires"),
    ],
)
def test_cities_are_known_by_their_chinese_names_and_by_those_after_which_no_zone_is_called(
    written: str, zone: str
) -> None:
    assert find_zone(written) == (zone, None)


def test_every_city_we_name_is_found_again_in_both_languages() -> None:
    named = {*zones.OFFERED, *zones.ALSO, *zones.CHINESE, *zones.LOCALES.values()}

    assert named <= zoneinfo.available_timezones()
    for zone in named:
        for language in Language:
            assert find_zone(SAY(zones.city(zone), language))[0] == zone


def test_those_offered_fit_into_a_select_and_no_chinese_name_is_left_in_english() -> None:
    assert len(zones.OFFERED) <= OPTIONS_MAX
    assert [zone for zone in zones.OFFERED if SAY(zones.city(zone), Language.ZH).isascii()] == ["UTC"]


def test_ones_own_zone_is_suggested_before_that_of_ones_language() -> None:
    assert suggested("Africa/Lagos", "zh-CN") == "Africa/Lagos"
    assert suggested(None, "zh-CN") == "Asia/Shanghai"
    assert suggested("Nowhere/At_All", "de") == "Europe/Berlin"
    assert suggested(None, "sv-SE") == "Europe/Stockholm"
    assert suggested(None, "en-US") is None
    assert suggested(None, None) is None


def test_a_zone_passes_through_a_press_and_nothing_else_does() -> None:
    assert [zones.of_id(zones.as_id(zone)) for zone in zones.OFFERED] == list(zones.OFFERED)
    assert zones.of_id("Nowhere.At_All") is None
