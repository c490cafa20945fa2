"""One round in a process of its own, ours or OR-tools', or `find`; says how long it took and how much memory.

`seconds` are of the processor: all of it runs in one thread, so on a quiet machine they are the clock's.
"""

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
AT_ONCE = 100  # mentors whose pairs with everybody are looked at together


def ours(instance: Instance, *, compiled: bool) -> dict[str, Any]:
    began = time.process_time()
    solve(community(SEED + 1, FEW, FEW), compiled=compiled)  # compiles, or reads what was compiled before
    loaded, clock = time.process_time(), time.perf_counter()
    solution = solve(instance, compiled=compiled)
    return {
        "seconds": time.process_time() - loaded, "load": loaded - began,
        "clock": time.perf_counter() - clock, "matched": solution.matched,
        "proven": solution.proven, "gap": solution.gap, "pairs": hash_of(solution.pairs),
    }  # fmt: skip


def hash_of(pairs: Ints) -> str:
    return hashlib.sha256(pairs.tobytes()).hexdigest()


def flow(instance: Instance) -> dict[str, Any]:
    """The round by OR-tools from the same columns: who fits whom and for how much; then, its `own` part, the flow."""
    from ortools.graph.python import min_cost_flow  # here: its memory is not ours

    began = time.process_time()
    pairs, ticks = _possible(instance)
    mentees, mentors = len(instance.mentees), len(instance.mentors)
    source, sink, everybody = mentees + mentors, mentees + mentors + 1, np.arange(mentees)
    tails = np.concatenate((np.full(mentees, source), pairs[:, 0], mentees + np.arange(mentors)))
    heads = np.concatenate((everybody, mentees + pairs[:, 1], np.full(mentors, sink)))
    room = np.concatenate((np.ones(mentees + len(pairs), dtype=np.int64), instance.mentors.capacity))
    cost = np.concatenate((np.zeros(mentees, dtype=np.int64), -ticks, np.zeros(mentors, dtype=np.int64)))
    solver = min_cost_flow.SimpleMinCostFlow()
    worked_out = time.process_time()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room, cost)
    solver.set_node_supply(source, mentees)
    solver.set_node_supply(sink, -mentees)
    solver.solve_max_flow_with_min_cost()
    ended = time.process_time()
    return {"seconds": ended - began, "own": ended - worked_out, "matched": int(solver.maximum_flow())}


def _possible(instance: Instance) -> tuple[Ints, Ints]:
    """All pairs that may be, and their scores."""
    found, mentees = [], np.arange(len(instance.mentees))
    for first in range(0, len(instance.mentors), AT_ONCE):
        some = np.arange(first, min(first + AT_ONCE, len(instance.mentors)))
        pairs = np.column_stack((np.tile(mentees, len(some)), np.repeat(some, len(mentees))))
        ticks = scores(instance, pairs)
        found.append((pairs[ticks >= 0], ticks[ticks >= 0]))
    return np.concatenate([pairs for pairs, _ in found]), np.concatenate([ticks for _, ticks in found])


def find(instance: Instance) -> dict[str, Any]:
    took = []
    for mentee in range(len(instance.mentees)):
        asking = row(instance, mentee)
        began = time.process_time()
        best(instance, asking)
        took.append(time.process_time() - began)
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
