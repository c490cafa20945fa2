"""Draws pictures in a process of its own, ours and the floor's in turn, and says how long each took."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import time
import warnings
from collections.abc import Callable
from typing import Any

from bot.pictures.studio import Pictures
from commands.kit.drawing import Drawing, DrawnOutcome
from content.outcomes import Outcome
from content.text import Language
from tests.bench.watch import Watch, say

AT_ONCE = 64
NUMBERS = itertools.count(1)
NAMES = ("Ada Okafor", "王小明", "نور حداد", "आरव मेहता", "José Álvarez Núñez")


def drawing(names: tuple[str, ...] = NAMES) -> Drawing:
    """A card that was never drawn before."""
    number = next(NUMBERS)
    name = names[number % len(names)]
    outcome = DrawnOutcome(Outcome.BUSINESS, "Business", "one industry")
    lines = ("Experience points to Technical, choices lean to Business.", "Close behind: Hybrid.")
    return Drawing(Language.EN, f"{name} {number}", "Leans towards", (outcome,), lines, "Not for hiring")


def timed(draw: Callable[[Drawing], bytes], names: tuple[str, ...]) -> float:
    asked = drawing(names)
    began = time.perf_counter()
    draw(asked)
    return time.perf_counter() - began


async def first() -> tuple[float, dict[str, float]]:
    """The first picture of a process, the libraries' import and the fonts included, and how it held the loop."""
    watch = Watch()
    watching = asyncio.create_task(watch.look())
    pictures = Pictures()
    began = time.perf_counter()
    await pictures.draw(drawing())
    took = time.perf_counter() - began
    pictures.close()
    watching.cancel()
    return took, watch.take()


async def at_once(draw: Callable[[Drawing], Any]) -> dict[str, float]:
    """How the loop was held while many pictures were asked for in the same instant."""
    watch = Watch()
    watching = asyncio.create_task(watch.look())
    await asyncio.gather(*(draw(drawing(NAMES)) for _ in range(AT_ONCE)))
    watching.cancel()
    return watch.take()


async def measure(rounds: int, count: int) -> dict[str, Any]:
    cold, cold_held = await first()
    from bot.pictures.painter import Painter  # here: the first picture pays for it
    from tests.bench.floor_picture import Plotter  # here: nor may the floor's libraries be warm by then

    draws = {"ours": Painter().png, "floor": Plotter().png}
    latin = ("Ada Okafor",)  # the floor sets one font
    took: dict[str, list[list[float]]] = {"ours": [], "floor": []}
    for draw in draws.values():
        timed(draw, latin)
    for _round in range(rounds):
        for name in random.sample(list(draws), 2):
            took[name].append([timed(draws[name], latin) for _ in range(count)])
    scripts = [timed(draws["ours"], NAMES) for _ in range(rounds * count)][len(NAMES) :]
    pictures = Pictures()
    await pictures.draw(drawing())
    held = await at_once(pictures.draw)
    pictures.close()
    floor_held = await at_once(lambda asked: asyncio.to_thread(draws["floor"], asked))
    return {"cold": cold, "cold_held": cold_held, **took, "scripts": scripts, "held": held, "floor_held": floor_held}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")  # matplotlib speaks of the signs that its one font lacks
    say(asyncio.run(measure(chosen.rounds, chosen.count)))


if __name__ == "__main__":
    main()
