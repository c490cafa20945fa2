"""What a run of load came to: the figures against their bars, the floor's beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.bench.figures import Bar, Row, milliseconds, percentile
from tests.bench.processes import Hold
from tests.load.records import Figure, Records, card_from_due, from_due, from_sent
from tests.load.stage import SHARES

ACKNOWLEDGED_BAR, P99_BAR, GROWTH_BAR = Bar(1000.0), Bar(300.0), Bar(64.0)
GROWTH_SECONDS = 1800.0  # in less a process still grows into its work, which takes some twenty minutes
QUARTERS = 4
TOO_NEAR = "Can't keep up, shard ID"
"""discord.py says so where the answer to a heartbeat is there before its thread has noted that it sent one."""
AFTER_SECONDS = 60.0  # of what came due


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for."""

    seconds: float = 3600.0
    rate: float = 200.0
    members: int = 0
    tips: int = 1000
    mentors: int = 700
    mentees: int = 2000
    floor_seconds: float = 60.0
    patience: float = 3.0
    """Seconds that platforms wait for an acknowledgement: Discord's and Slack's own are three."""
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    """Of the surfaces, of all that is done."""
    seed: int = 7

    @property
    def in_the_middle(self) -> tuple[int, int, int]:
        """Tips, mentors and mentees."""
        return self.tips, self.mentors, self.mentees


@dataclass(slots=True)
class Report:
    """What became of it."""

    plan: Plan
    ours: Records = field(default_factory=Records)
    floor: Records = field(default_factory=Records)
    cores: dict[str, float] = field(default_factory=dict)
    floor_cores: dict[str, float] = field(default_factory=dict)
    memory: list[int] = field(default_factory=list)
    slope: float = 0.0
    due_at: float = 0.0
    tips: int = 0
    doubled: int = 0
    matched: int = 0
    round_done: bool = False
    hold: Hold | None = None
    logged: list[str] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)

    def told(self) -> None:
        """How far it is, for whoever waits."""
        wrong = self.ours.wrong
        line = f"  {len(self.ours):,} interactions, {wrong.total()} wrong: {wrong.most_common(3)}"
        print(line, flush=True)  # noqa: T201 - progress

    @property
    def faults(self) -> list[str]:
        """What must not be, however slow the machine is."""
        found = [f"{times} × {what}" for what, times in self.ours.wrong.items()]
        found += [f"breach: {each}" for each in self.breaches]
        found += [f"logged: {each}" for each in self.logged if TOO_NEAR not in each]
        if self.tips != self.plan.tips or self.doubled:
            found.append(f"{self.tips} of {self.plan.tips} tips are there, {self.doubled} twice")
        if not self.round_done:
            found.append("the matching day was not held")
        return found

    def rows(self) -> Iterator[Row]:
        """The figures with their bars, the floor's beside."""
        ours, floor = self.ours, self.floor
        sent, due = ours.waits(from_sent), ours.waits(from_due)
        beside = f"p50 {milliseconds(percentile(due, 0.5))}, floor p50 {_at(floor, from_due, 0.5)}"
        yield Row("Acknowledged, from the due moment: p99", [percentile(due, 0.99) * 1000], " ms", P99_BAR,
                  f"{beside}, p99 {_at(floor, from_due, 0.99)}")  # fmt: skip
        yield Row("Acknowledged, from the due moment: at most", [max(due) * 1000], " ms", ACKNOWLEDGED_BAR,
                  f"floor {_at(floor, from_due, 1.0)}")  # fmt: skip
        yield Row("Acknowledged, from the platform's send: p99", [percentile(sent, 0.99) * 1000], " ms", P99_BAR,
                  f"p50 {milliseconds(percentile(sent, 0.5))}, at most {milliseconds(max(sent))}")  # fmt: skip
        worst = max(ours.by_minute(from_due))
        yield Row("Acknowledged: p99 of the worst minute", [worst * 1000], " ms", P99_BAR, self._by_quarter())
        middle = ours.waits(from_due, since=self.due_at, until=self.due_at + AFTER_SECONDS)
        if middle:
            yield Row("Acknowledged, the minute when all came due: p99", [percentile(middle, 0.99) * 1000], " ms",
                      P99_BAR, f"at most {milliseconds(max(middle))}")  # fmt: skip
        cards = ours.waits(card_from_due)
        yield Row("Card before the member: p99", [percentile(cards, 0.99) * 1000], " ms",
                  beside=f"at most {milliseconds(max(cards))}, floor {_at(floor, card_from_due, 0.99)}")  # fmt: skip
        for surface in SHARES:
            waits = ours.waits(from_due, kind=surface)
            if waits:
                yield Row(f"  {surface}: p99", [percentile(waits, 0.99) * 1000], " ms",
                          beside=f"{len(waits):,}, floor {_at(floor, from_due, 0.99, surface)}")  # fmt: skip
        parts = (self.memory[(len(self.memory) - 1) * part // QUARTERS] for part in range(QUARTERS + 1))
        grown = f"at first and after each quarter: {', '.join(f'{part / 2**20:.0f}' for part in parts)} MiB"
        bar = GROWTH_BAR if self.plan.seconds >= GROWTH_SECONDS else None
        yield Row("Memory: growth an hour, once settled", [self.slope], " MiB", bar, grown)
        if self.hold is not None:
            own, wall = milliseconds(self.hold.worked), milliseconds(self.hold.wall)
            beside = f"{own} its own work; {wall} with other processes' turns"
            yield Row("Longest hold of the loop", [self.hold.held * 1000], " ms", beside=beside)

    def _by_quarter(self) -> str:
        """Whether it gets slower as it goes on."""
        first, length = self.ours.due[0], (self.ours.due[-1] - self.ours.due[0]) / QUARTERS
        ends = [(first + part * length, first + (part + 1) * length) for part in range(QUARTERS)]
        parts = [waits for since, until in ends if (waits := self.ours.waits(from_due, since=since, until=until))]
        told = ", ".join(
            f"{percentile(part, 0.5) * 1000:.1f} and {percentile(part, 0.99) * 1000:.0f}" for part in parts
        )
        return f"p50 and p99 of each quarter: {told} ms"

    def __str__(self) -> str:
        ours, lasted = self.ours, max(self.ours.due[-1] - self.ours.due[0], 0.001)
        lines = [
            f"{len(ours):,} interactions in {lasted:,.0f} s ({len(ours) / lasted:.0f} a second), "
            f"{ours.nobody_free} times nobody was free; {self.tips:,} tips, {self.matched:,} matches.",
            *map(str, self.rows()),
            f"  Cores: {_cores(self.cores)}; beside the floor: {_cores(self.floor_cores)}",
            f"  Said no to: {', '.join(f'{what} {times}' for what, times in ours.refused.most_common(8))}",
            *(f"  WRONG: {fault}" for fault in self.faults[:20]),
        ]
        return "\n".join(lines)

    @property
    def missed(self) -> bool:
        return bool(self.faults) or any(row.verdict == "missed" for row in self.rows())


def _at(records: Records, of: Figure, share: float, kind: str = "") -> str:
    waits = records.waits(of, kind=kind)
    return milliseconds(percentile(waits, share)) if waits else "none"


def _cores(cores: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.2f}" for name, share in cores.items())
