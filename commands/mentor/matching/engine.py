"""The round's loops, compiled where `pmpath[fast]` is installed; both ways change the same arrays in the same order."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

from commands.mentor.matching import growing, in_numpy, kernels
from commands.mentor.matching.sides import Bidders, Ints, Objects
from commands.mentor.matching.states import Growth, Near, Sale

LOOPS = (kernels.__name__, growing.__name__)
IN_NUMPY = ("hours_of", "scan", "choose", "reach")
OF_SALE = ("listed", "bound", "held", "filled", "holder", "bid", "queue", "ends", "best_at", "best_value")
OF_GROWTH = ("held", "filled", "holder", "live", "seen", "from_bidder", "from_object", "barred", "queue")
QUICK = (("sell", 2, OF_SALE), ("listed_values", 2, OF_SALE), ("settle", 2, OF_GROWTH), ("grow", 2, OF_GROWTH))


@dataclass(frozen=True, slots=True)
class Engine:
    """What a round is worked out with."""

    look: Callable[[Bidders, int, Objects, Ints, int, Near, Ints], int]
    values: Callable[[Bidders, Objects, Ints, int, Near, Ints], None]
    listed_values: Callable[[Bidders, Objects, Sale, int, Ints], None]
    sell: Callable[[Bidders, Objects, Sale, int, int, int, int], int]
    settle: Callable[[Bidders, Objects, Growth, Ints], None]
    grow: Callable[[Bidders, Objects, Growth], int]


def can_compile() -> bool:
    return importlib.util.find_spec("numba") is not None


@lru_cache(maxsize=2)
def engine(*, compiled: bool) -> Engine:
    """Compiled or not, as said."""
    names = {**vars(growing), **vars(kernels)}
    ours = {name: each for name, each in names.items() if getattr(each, "__module__", "") in LOOPS}
    if not compiled:
        ours |= {name: getattr(in_numpy, name) for name in IN_NUMPY}
    for name, function in ours.items():
        anew = function if name in IN_NUMPY and not compiled else FunctionType(function.__code__, names, name)
        names[name] = _jit(anew) if compiled else anew
    if not compiled:
        names |= {name: _quick(names[name], place, of) for name, place, of in QUICK}
    return Engine(*(names[name] for name in Engine.__slots__))


def _quick(function: Callable[..., Any], place: int, columns: tuple[str, ...]) -> Callable[..., Any]:
    """The loop with its state's single values in lists, put back when it is done."""

    def run(*arguments: Any) -> Any:
        state = in_numpy.quick(arguments[place], columns)
        told = function(*arguments[:place], state, *arguments[place + 1 :])
        in_numpy.put_back(arguments[place], columns, state)
        return told

    return run


def _jit(function: Any) -> Any:
    """Kept on the disk for the next start where there is room for it."""
    from numba import njit  # here: it takes a second, and only rounds need it

    try:
        return njit(cache=True)(function)
    except RuntimeError:
        return njit(function)
