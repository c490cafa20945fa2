"""Who keeps apart from whom can't be told: all that the others see is what a plain end, a pause or no place gives."""

from __future__ import annotations

from dataclasses import dataclass

from tests.kept_apart import EXPIRED, MATCHED, MAX, NED, Step, Worlds, worlds
from tests.looking import Drawn, different

__all__ = ["worlds"]

OTHERS = ("Ned", "Bea", "Mo")
ASKED, PAIRED = 3, 2
"""The request that Ada makes now, and the match that comes of it."""
PAUSED: Step = ("Max", "mentor.pause-for", None)
FULL: tuple[Step, ...] = (("Cy", "mentor.ask", MAX), ("Di", "mentor.ask", MAX))
Steps = tuple[Step, ...]
Seen = dict[tuple[str, str], Drawn]


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stand, the ways in which one of the two keeps apart, and what must look the same.

    To the other of the two: each of `likewise`; to everybody else: `plainly`.
    """

    before: Steps
    doer: str
    ways: tuple[Step, ...]
    likewise: tuple[Steps, ...]
    plainly: Steps
    then: Steps = ()


SITUATIONS = (
    Situation(
        (),
        "Max",
        (
            ("Max", "mentor.apart-now", "match", MATCHED),
            ("Max", "mentor.apart-now", "request", EXPIRED),
            ("Max", "mentor.decline-never", EXPIRED),
        ),
        ((PAUSED,), FULL),
        (),
    ),
    Situation(
        (),
        "Ada",
        (("Ada", "mentor.apart-now", "offer", MAX), ("Ada", "mentor.apart-now", "match", MATCHED)),
        ((),),
        (),
    ),
    Situation(
        (("Ada", "mentor.ask", MAX), ("Ada", "mentor.ask", NED)),
        "Max",
        (
            ("Max", "mentor.apart-now", "request", ASKED),
            ("Max", "mentor.decline-never", ASKED),
            ("Max", "mentor.decline-never", EXPIRED),
        ),
        ((("Max", "mentor.decline", ASKED, None),), (("Max", "mentor.decline", ASKED, None), PAUSED)),
        (("Max", "mentor.decline", ASKED, None),),
    ),
    Situation(
        (("Ada", "mentor.ask", MAX), ("Ada", "mentor.ask", NED)),
        "Ada",
        (("Ada", "mentor.apart-now", "request", ASKED), ("Ada", "mentor.apart-now", "offer", MAX)),
        ((("Ada", "mentor.withdraw", ASKED),),),
        (("Ada", "mentor.withdraw", ASKED),),
    ),
    Situation(
        (("Ada", "mentor.ask", MAX), ("Max", "mentor.accept", ASKED)),
        "Max",
        (("Max", "mentor.apart-now", "match", PAIRED), ("Max", "mentor.apart-now", "request", EXPIRED)),
        ((("Max", "mentor.match-end-now", PAIRED), PAUSED), (("Max", "mentor.match-end-now", PAIRED), *FULL)),
        (("Max", "mentor.match-end-now", PAIRED),),
    ),
    Situation(
        (("Ada", "mentor.ask", MAX), ("Max", "mentor.accept", ASKED)),
        "Ada",
        (("Ada", "mentor.apart-now", "match", PAIRED), ("Ada", "mentor.apart-now", "offer", MAX)),
        ((("Ada", "mentor.match-end-now", PAIRED),),),
        (("Ada", "mentor.match-end-now", PAIRED),),
    ),
    Situation(
        (("Ada", "mentor.ask", NED), ("Ada", "mentor.ask", MAX)),
        "Max",
        (("Max", "mentor.apart-now", "match", MATCHED),),
        ((PAUSED,), FULL),
        (),
    ),
    Situation(
        (("Ada", "mentor.ask", NED), ("Ada", "mentor.ask", MAX)),
        "Max",
        (("Max", "mentor.apart-now", "match", MATCHED),),
        ((PAUSED,), FULL),
        (PAUSED,),
        (("Ned", "mentor.decline", ASKED, None),),
    ),
)


async def test_who_keeps_apart_is_told_to_nobody_by_anything(worlds: Worlds) -> None:
    for each in SITUATIONS:
        other = "Ada" if each.doer == "Max" else "Max"
        first, *rest = [(*each.before, way, *each.then) for way in each.ways]
        found = await seen(worlds, *first, by=(other, *OTHERS))
        for steps in (*rest, *((*each.before, *likewise, *each.then) for likewise in each.likewise)):
            assert different(of(found, other), await seen(worlds, *steps, by=(other,))) == {}, steps
        plainly = (*each.before, *each.plainly, *each.then)
        by = OTHERS if PAUSED not in each.plainly else ("Ned",)
        assert different(of(found, *by), await seen(worlds, *plainly, by=by)) == {}, plainly


def of(found: Seen, *names: str) -> Seen:
    return {key: view for key, view in found.items() if key[0] in names}


async def seen(worlds: Worlds, *steps: Step, by: tuple[str, ...]) -> Seen:
    """By each of them, after these steps; Ada then asks again, by what is left of old cards."""
    found: Seen = {}
    world = await worlds.after(*steps)
    for name in by:
        found |= {(name, key): view for key, view in (await world.seen(name)).items()}
    if "Ada" in by:
        for offer in (MAX, NED):
            found["Ada", f"asks {offer}"] = await world.press("Ada", "mentor.ask", offer)
        found["Ada", "finds"] = await world.press("Ada", "mentor.find")
    return found
