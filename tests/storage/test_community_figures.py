"""No group that is left out can be told from what is shown, in one view or in two."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product

import pytest

from content.outcomes import Outcome
from storage import community_figures, members
from storage.community_figures import Counted, Figures, Group, rounded
from storage.members import Me
from storage.store import Store
from tests.storage.conftest import Clock
from tests.storage.test_common_gaps import community

Told = tuple[object, ...]
World = Mapping[str, int]
Show = Callable[[Counted], Told]
Seen = tuple[Told, World, Collection[str]]
"""What is told, what is so, and which of it is left out."""
Worlds = Callable[[Show], Iterator[Seen]]
AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
UNDER_FIVE = set(range(5))


def shown(counted: Counted) -> Told:
    """All that a view tells, the order of its lines included."""
    figures = rounded(counted)
    tables = (tuple(figures.outcomes.items()), tuple(figures.missing.items()))
    return (*tables, figures.finished, figures.with_plan, figures.begun, figures.tips)


def with_the_number_of_all(counted: Counted) -> Told:
    return (*shown(counted), sum(group.members for group in counted.groups.values()))


def with_each_month_by_itself(counted: Counted) -> Told:
    """As the months' own numbers, rounded and left out under five like all others."""
    since = zip((0, *counted.begun), counted.begun, strict=False)
    return (*shown(counted)[:-2], tuple((after - before) // 5 for before, after in since))


def with_the_number_of_plans(counted: Counted) -> Told:
    """Of all outcomes, rounded by itself."""
    return (*shown(counted), sum(group.with_plan for group in counted.groups.values()) // 5)


def with_the_exact_order(counted: Counted) -> Told:
    return (*shown(counted), tuple(sorted(counted.groups, key=lambda each: -counted.groups[each].members)))


def counted(members: Collection[int], begun: tuple[int, ...], plans: Collection[int] = ()) -> Counted:
    """A community with so many members of each outcome; so many of them have a plan, and as many miss a skill."""
    split = zip(Outcome, members, plans or (0,) * len(members), strict=False)
    groups = {outcome: Group(count, plan, {"sql": plan}) for outcome, count, plan in split}
    return Counted(groups, tuple(map(str, begun)), begun, begun, AT)


def splits(show: Show) -> Iterator[Seen]:
    """Every split of up to nine over four outcomes, with up to nine who only started."""
    for numbers in product(range(10), repeat=4):
        world = dict(zip("abcd", numbers, strict=True))
        least = sum(number - number % 5 for number in numbers)
        for only_started in range(10):
            began = sum(numbers) + only_started
            if began < least + 10:  # beyond, the numbers that would explain it are not tried
                yield show(counted(numbers, (began,))), world, [name for name in world if world[name] < 5]


def plans(show: Show) -> Iterator[Seen]:
    """Every split over two outcomes, with every number who have a plan or miss a skill; many more only started."""
    for a, b in product(range(15), repeat=2):
        for with_plan in product(range(a + 1), range(b + 1)):
            seen = counted((a, b), (100,), with_plan)
            world = {
                "a": a,
                "b": b,
                "a's plans": with_plan[0],
                "b's plans": with_plan[1],
                "a's others": a - with_plan[0],
            }
            hidden = [name for name in ("a", "b") if world[name] < 5]
            hidden += ["a's plans", "b's plans"] if rounded(seen).with_plan == 0 else []
            yield show(seen), world, hidden


def two_views(show: Show) -> Iterator[Seen]:
    """A young community seen twice: two months, then a third; who finished has begun, and nobody leaves."""
    for first, second, third in product(range(10), repeat=3):
        before, after = first + second, first + second + third
        months = {"first": first, "second": second, "third": third}
        for a in range(min(before, 14) + 1):
            earlier = show(counted((a,), (first, before)))
            for later in range(a, min(after, 14) + 1):
                begun = (first, before, after)
                world = {**months, "a": a, "later": later, "gave up": after - later}
                hidden = [name for name in ("a", "later") if world[name] < 5]
                steps = [now // 5 - past // 5 for past, now in zip((0, *begun), begun, strict=False)]
                hidden += [name for name, step in zip(months, steps, strict=True) if step == 0]
                if max(steps) < 2:  # beyond, the numbers that would explain it are not tried
                    yield (earlier, show(counted((later,), begun))), world, hidden


def found_out(seen: Iterable[Seen]) -> list[tuple[Told, str, set[int]]]:
    """What a view tells too well: numbers left out that cannot be each of 0 to 4 any more, any that are one of few."""
    possible: dict[Told, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    hidden: dict[Told, Collection[str]] = {}
    for told, world, left_out in seen:
        hidden[told] = left_out
        for name, number in world.items():
            possible[told][name].add(number)
    return [
        (told, name, numbers)
        for told, names in possible.items()
        for name, numbers in names.items()
        if len(numbers) < 5 or (name in hidden[told] and not numbers >= UNDER_FIVE)
    ]


@pytest.mark.parametrize("worlds", [splits, plans, two_views])
def test_whatever_is_left_out_can_still_be_any_number_under_five(worlds: Worlds) -> None:
    assert found_out(worlds(shown))[:3] == []


@pytest.mark.parametrize(
    ("worlds", "show"),
    [
        (splits, with_the_number_of_all),
        (splits, with_the_exact_order),
        (plans, with_the_number_of_plans),
        (two_views, with_each_month_by_itself),
    ],
)
def test_what_is_not_shown_for_this_reason_would_tell_it(worlds: Worlds, show: Show) -> None:
    assert found_out(worlds(show)) != []


def figures(**outcomes: int) -> tuple[Figures, dt.datetime]:
    split = {Outcome(name): count for name, count in outcomes.items()}
    return Figures(split, 5, {"sql": 10, "python": 5}, ("2026-10", "2026-11"), (15, 20), (0, 5)), AT


async def test_figures_stand_a_day_and_who_counted_at_the_same_time_changes_nothing(store: Store, clock: Clock) -> None:
    here, there = await community(store), await community(store, "there")
    assert await store.read(community_figures.published, here) is None
    first = await store.write(community_figures.publish, here, figures(platform=15, business=5))
    assert first is not None
    assert (first.figures, first.at, first.looked_at) == (*figures(platform=15, business=5), clock.moment)
    assert list(first.figures.outcomes) == [Outcome.PLATFORM, Outcome.BUSINESS]
    assert await store.read(community_figures.published, there) is None

    clock.move(dt.timedelta(hours=23))
    assert not community_figures.due(first, clock.moment)
    assert await store.write(community_figures.publish, here, figures(hybrid=5)) == first
    clock.move(dt.timedelta(hours=1))
    assert community_figures.due(first, clock.moment)
    looked = await store.write(community_figures.publish, here, None)
    assert looked == replace(first, looked_at=clock.moment)
    assert await store.write(community_figures.publish, here, figures(hybrid=5)) == looked

    clock.move(dt.timedelta(days=1))
    second = await store.write(community_figures.publish, here, figures(hybrid=5))
    assert second is not None
    assert (second.figures, second.at, second.looked_at) == (*figures(hybrid=5), clock.moment)


async def test_no_figure_falls_until_five_members_have_erased_themselves(store: Store, clock: Clock) -> None:
    """Else five new tips of others would tell, by a group that vanishes, what the one who went had been."""
    here = await community(store)
    people = [Me(here, f"p{number}", f"P{number}") for number in range(6)]
    for one in people:
        await store.write(members.ensure, one)
    await store.write(community_figures.publish, here, figures(platform=15, business=5))

    async def next_day(**outcomes: int) -> dict[Outcome, int]:
        clock.move(dt.timedelta(days=1))
        seen = await store.write(community_figures.publish, here, figures(**outcomes))
        assert seen is not None
        return dict(seen.figures.outcomes)

    fewer = {Outcome.PLATFORM: 20}
    for one in people[:4]:
        await store.write(members.forget, one)
        assert await next_day(platform=20) == {**fewer, Outcome.BUSINESS: 5}
    await store.write(members.forget, people[4])
    assert await next_day(platform=20) == fewer
    await store.write(members.forget, people[5])
    assert await next_day(platform=15) == fewer, "it is counted from five on again"


def test_figures_that_may_not_fall_keep_what_stood_by_name_and_month() -> None:
    stood = Figures({Outcome.HYBRID: 5}, 5, {"sql": 5}, ("2026-10", "2026-11"), (15, 20), (5, 10))
    new = Figures({Outcome.PLATFORM: 10}, 0, {"python": 10, "sql": 0}, ("2026-11", "2026-12"), (15, 25), (15, 15))

    assert community_figures.no_less(new, stood) == Figures(
        {Outcome.PLATFORM: 10, Outcome.HYBRID: 5}, 5, {"python": 10, "sql": 5}, new.months, (20, 25), (15, 15)
    )


def test_what_is_counted_within_a_group_never_exceeds_what_is_shown_of_it() -> None:
    """Statements of one view may see different moments."""
    seen = rounded(Counted({Outcome.HYBRID: Group(7, 12, {"sql": 30}), Outcome.PLATFORM: Group(4, 9)}, (), (), (), AT))

    assert (seen.finished, seen.with_plan, seen.missing) == (5, 5, {"sql": 5})
