"""The scores of many pairs at once, by their places in the columns."""

from __future__ import annotations

import numpy as np

from commands.mentor.matching.instance import TRACKS, Instance
from commands.mentor.matching.pair import (
    COVERAGE,
    HALF_HOUR,
    HALF_HOURS_LEAST,
    HALF_HOURS_MOST,
    NOVELTY,
    STEPS,
    track_ticks,
)
from commands.mentor.matching.sides import Ints

WORTH = np.array([[track_ticks(offered, wanted) for wanted in range(len(TRACKS))] for offered in range(16)])


def scores(instance: Instance, pairs: Ints) -> Ints:
    """In ticks for each pair (mentee, mentor); −1 for one that must not be."""
    mentee, mentor = pairs[:, 0], pairs[:, 1]
    offering, asking = instance.mentors, instance.mentees
    common = np.maximum(
        np.bitwise_count(offering.weekday[mentor] & asking.weekday[mentee]),
        np.bitwise_count(offering.weekend[mentor] & asking.weekend[mentee]),
    ).astype(np.int64)
    steps = offering.seniority[mentor].astype(np.int64) - asking.seniority[mentee]
    gaps = np.bitwise_count(asking.gaps[mentee]).astype(np.int64)
    held = np.bitwise_count(asking.gaps[mentee] & offering.skills[mentor]).astype(np.int64)
    total = WORTH[offering.tracks[mentor], asking.track[mentee]] + held * (COVERAGE // np.maximum(gaps, 1))
    total += HALF_HOUR * np.minimum(common, HALF_HOURS_MOST) + np.array(STEPS)[np.clip(steps, 0, len(STEPS) - 1)]
    total += np.where(_among(instance, pairs, instance.previous), 0, NOVELTY)
    fits = (common >= HALF_HOURS_LEAST) & (steps > 0) & (offering.languages[mentor] & asking.languages[mentee] != 0)
    return np.where(fits & ~_among(instance, pairs, instance.excluded), total, -1)


def _among(instance: Instance, pairs: Ints, special: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    width = len(instance.mentors) + 1
    return np.isin(pairs[:, 0] * width + pairs[:, 1], special[:, 0] * width + special[:, 1])
