"""Time zones by what people write: a city, or a zone's own name."""

from __future__ import annotations

import zoneinfo

import rapidfuzz.process
import rapidfuzz.utils

NEAR = 70  # rapidfuzz's score, of 100, from which a city is suggested for a mistyped one


def find_zone(written: str) -> tuple[str | None, str | None]:
    """The IANA zone of a city or a zone's name, or None and the nearest one."""
    zones = sorted(zoneinfo.available_timezones())
    wanted = written.strip().casefold().replace(" ", "_")
    for zone_name in zones:
        if wanted in {zone_name.casefold(), zone_name.casefold().rsplit("/", 1)[-1]}:
            return zone_name, None
    cities = {zone_name.rsplit("/", 1)[-1].casefold(): zone_name for zone_name in zones}
    best = rapidfuzz.process.extractOne(
        wanted, list(cities), processor=rapidfuzz.utils.default_process, score_cutoff=NEAR
    )
    return None, cities[best[0]] if best else None
