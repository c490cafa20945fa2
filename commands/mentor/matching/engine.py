"""The round's loops, compiled where `pmpath[fast]` is installed; both ways change the same arrays in the same order."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

from commands.mentor.matching import in_numpy, kernels
from commands.mentor.matching.sides import Bidders, Ints, Objects
from commands.mentor.matching.states import Growth, Sale

IN_NUMPY = ("hours_of", "scan", "choose", "reach")


@dataclass(frozen=True, slots=True)
class Engine:
    """What a round is worked out with."""

    look: Callable[[Bidders, int, Objects, Ints, int, Ints, Ints], int]
    values: Callable[[Bidders, Objects, Ints, int, Ints], None]
    sell: Callable[[Bidders, Objects, Sale, int, int, int, int], int]
    settle: Callable[[Bidders, Objects, Growth, Ints], None]
    grow: Callable[[Bidders, Objects, Growth], int]


def can_compile() -> bool:
    return importlib.util.find_spec("numba") is not None


@lru_cache(maxsize=2)
def engine(*, compiled: bool) -> Engine:
    """Compiled or not, as said."""
    names = dict(vars(kernels))
    ours = {name: each for name, each in names.items() if getattr(each, "__module__", "") == kernels.__name__}
    if not compiled:
        ours |= {name: getattr(in_numpy, name) for name in IN_NUMPY}
    for name, function in ours.items():
        anew = function if name in IN_NUMPY and not compiled else FunctionType(function.__code__, names, name)
        names[name] = _jit(anew) if compiled else anew
    return Engine(*(names[name] for name in Engine.__slots__))


def _jit(function: Any) -> Any:
    """Kept on the disk for the next start where there is room for it."""
    from numba import njit  # here: it takes a second, and only rounds need it

    try:
        return njit(cache=True)(function)
    except RuntimeError:
        return njit(function)
