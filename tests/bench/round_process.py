"""One round in a process of its own, ours or OR-tools', or `find`; says how long it took and how much memory."""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from typing import Any

import numpy as np

from commands.mentor.matching.instance import Instance
from commands.mentor.matching.pair import best
from commands.mentor.matching.scores import scores
from commands.mentor.matching.sides import Ints
from commands.mentor.matching.solve import solve
from tests.bench.figures import percentile
from tests.bench.round_members import community, row
from tests.bench.watch import say

SEED, FEW = 1, 100
MEBIBYTE = 1024  # of ru_maxrss
AT_ONCE = 100  # mentors whose pairs with everybody are made arcs together


def ours(instance: Instance, *, compiled: bool) -> dict[str, Any]:
    began = time.perf_counter()
    solve(community(SEED + 1, FEW, FEW), compiled=compiled)  # compiles, or reads what was compiled before
    loaded = time.perf_counter()
    solution = solve(instance, compiled=compiled)
    return {
        "seconds": time.perf_counter() - loaded, "load": loaded - began, "matched": solution.matched,
        "proven": solution.proven, "gap": solution.gap, "pairs": hash_of(solution.pairs),
    }  # fmt: skip


def hash_of(pairs: Ints) -> str:
    return hashlib.sha256(pairs.tobytes()).hexdigest()


def flow(instance: Instance) -> dict[str, Any]:
    """OR-tools' part alone: the arcs are made before the clock starts."""
    from ortools.graph.python import min_cost_flow  # here: its memory is not ours

    solver = min_cost_flow.SimpleMinCostFlow()
    mentees, mentors = len(instance.mentees), len(instance.mentors)
    source, sink, everybody = mentees + mentors, mentees + mentors + 1, np.arange(mentees)
    one = np.ones(mentees, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(np.full(mentees, source), everybody, one, one - 1)
    for first in range(0, mentors, AT_ONCE):
        some = np.arange(first, min(first + AT_ONCE, mentors))
        pairs = np.column_stack((np.tile(everybody, len(some)), np.repeat(some, mentees)))
        ticks = scores(instance, pairs)
        pairs, ticks = pairs[ticks >= 0], ticks[ticks >= 0]
        each = np.ones(len(pairs), dtype=np.int64)
        solver.add_arcs_with_capacity_and_unit_cost(pairs[:, 0], mentees + pairs[:, 1], each, -ticks)
    places, free = mentees + np.arange(mentors), np.zeros(mentors, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(places, np.full(mentors, sink), instance.mentors.capacity, free)
    solver.set_node_supply(source, mentees)
    solver.set_node_supply(sink, -mentees)
    began = time.perf_counter()
    solver.solve_max_flow_with_min_cost()
    return {"seconds": time.perf_counter() - began, "matched": int(solver.maximum_flow())}


def find(instance: Instance) -> dict[str, Any]:
    took = []
    for mentee in range(len(instance.mentees)):
        asking = row(instance, mentee)
        began = time.perf_counter()
        best(instance, asking)
        took.append(time.perf_counter() - began)
    return {"p50": percentile(took, 0.5), "p99": percentile(took, 0.99)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("compiled", "numpy", "flow", "find"))
    parser.add_argument("--mentors", type=int, required=True)
    parser.add_argument("--mentees", type=int, required=True)
    chosen = parser.parse_args()
    instance = community(SEED, chosen.mentors, chosen.mentees)
    if chosen.what == "find":
        told = find(instance)
    elif chosen.what == "flow":
        told = flow(instance)
    else:
        told = ours(instance, compiled=chosen.what == "compiled")
    places = int(instance.mentors.capacity.sum())
    say({**told, "places": places, "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE})


if __name__ == "__main__":
    main()
