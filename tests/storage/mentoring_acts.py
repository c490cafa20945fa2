"""Everything that can happen in mentoring, as a unit of the store and as the model has it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from storage import asks, members, mentorships, not_with, offers, requests, sessions, wishes
from storage.members import Me
from storage.mentor_states import Approval, Paused, Reach
from storage.store import Unit
from tests.storage.mentoring import TERMS, WANTED, person
from tests.storage.mentoring_faults import LIVE, Snapshot
from tests.storage.mentoring_model import Model
from tests.storage.mentoring_parts import Ask, Match, Wish

OFTEN = {
    "ask": 300, "accept": 120, "wait": 80, "pair": 90, "save": 60, "say": 60, "decline": 70, "finish": 80, "met": 100,
    "withdraw": 50, "not_yet": 30, "left_over": 20, "pause": 20, "resume": 30, "approve": 20, "drop": 8, "reach": 60,
    "apart": 4, "never": 8, "forget": 5, "prove": 20,
}  # fmt: skip
"""How often each is chosen."""


MENTORS = 6
"""So many of the people offer to be mentors; they ask as well."""


@dataclass(frozen=True, slots=True)
class Act:
    """`most` is a capacity that it sets."""

    name: str
    work: Callable[[Unit], object]
    reckon: Callable[[Model], object]
    mentor: str = ""
    most: int = 0


def wish_of(model: Model, request: int) -> Wish:
    return next(each for each in model.wishes if each.id == request)


def match_of(model: Model, match: int) -> Match:
    return next(each for each in model.matches if each.id == match)


def is_listed(offer: Any) -> bool:
    return (offer.approval, offer.reach, offer.paused) == (Approval.APPROVED, Reach.OPEN, None)


class Chooser:
    """Chooses what happens next, mostly something that can."""

    def __init__(
        self,
        here: Me,
        names: tuple[str, ...],
        chance: random.Random,
        now: Callable[[], dt.datetime],
        often: Mapping[str, int] = OFTEN,
    ) -> None:
        self.here, self.names, self.chance, self.now, self.often = here, names, chance, now, often

    def choose(self, seen: Snapshot) -> Act:
        while True:
            [name] = self.chance.choices([*self.often], [*self.often.values()])
            act = getattr(self, f"_{name}")(seen)
            if isinstance(act, Act):
                return act

    def _me(self, name: str) -> Me:
        return person(self.here, name)

    def _request(self, seen: Snapshot) -> tuple[int, str, str] | None:
        """One that is live, rarely one that is over: its id, mentee and mentor."""
        of = [each for each in seen.requests.values() if each.state in LIVE or self.chance.random() < 0.03]
        if not of:
            return None
        one = self.chance.choice(of)
        return one.id, seen.names[one.mentee_id], seen.names[one.mentor_id]

    def _match(self, seen: Snapshot) -> tuple[int, str] | None:
        """One, rarely one that is over, and one of its two."""
        of = [each for each in seen.matches.values() if each.state == "on" or self.chance.random() < 0.05]
        if not of:
            return None
        one = self.chance.choice(of)
        return one.id, seen.names[self.chance.choice([one.mentor_id, one.mentee_id])]

    # Offers

    def _save(self, _seen: Snapshot) -> Act:
        name, capacity = self.chance.choice(self.names[:MENTORS]), self.chance.randint(1, 4)

        def work(unit: Unit) -> None:
            offers.save(unit, self._me(name), replace(TERMS, capacity=capacity), approved=True)

        return Act("save", work, lambda model: model.save(name, capacity), name, capacity)

    def _about(self, seen: Snapshot, *, first: Callable[[Any], bool] = lambda _offer: True) -> tuple[int, str] | None:
        """A mentor, mostly one of the first."""
        of = [(row, seen.names[row]) for row, each in seen.offers.items() if first(each) or self.chance.random() < 0.1]
        return self.chance.choice(of) if of else None

    def _mentee(self, seen: Snapshot, first: Callable[[Any], bool]) -> str:
        """A member, mostly one whose ask is one of the first."""
        of = [seen.names[row] for row, each in seen.asks.items() if first(each)]
        return self.chance.choice(of if of and self.chance.random() < 0.95 else self.names)

    def _reach(self, seen: Snapshot) -> Act | None:
        """What became of a proof that is under way."""
        of = [each for each, offer in seen.offers.items() if offer.reach == "asked"]
        if not of:
            return None
        row, arrived = self.chance.choice(of), self.chance.random() < 0.85
        name, reach = seen.names[row], "open" if arrived else "closed"

        def reckon(model: Model) -> None:
            model.offers[name].reach = reach

        return Act("reach", lambda unit: offers.reached(unit, self.here.community, row, arrived=arrived), reckon)

    def _prove(self, seen: Snapshot) -> Act | None:
        if not (found := self._about(seen)):
            return None
        name = found[1]

        def reckon(model: Model) -> str:
            if model.offers[name].reach == "closed":
                model.offers[name].reach = "asked"
                model.tell(name, "mentor.proof")
            return "bool"

        return Act("prove", lambda unit: offers.prove(unit, self._me(name)), reckon)

    def _pause(self, seen: Snapshot) -> Act | None:
        if not (found := self._about(seen)):
            return None
        by = self.chance.choice([Paused.SELF, Paused.SELF, Paused.MODERATORS])
        until = self.chance.choice([None, self.now() + dt.timedelta(days=self.chance.randint(1, 9))])
        return Act(
            "pause",
            lambda unit: offers.pause(unit, self.here.community, found[0], by, until),
            lambda model: model.pause(found[1], by, until),
        )

    def _resume(self, seen: Snapshot) -> Act | None:
        if not (found := self._about(seen, first=lambda offer: offer.paused is not None)):
            return None
        by = self.chance.choice([Paused.SELF, Paused.SELF, Paused.MODERATORS])
        return Act(
            "resume",
            lambda unit: offers.resume(unit, self.here.community, found[0], by=by),
            lambda model: model.resume(found[1], by),
        )

    def _approve(self, seen: Snapshot) -> Act | None:
        if not (found := self._about(seen, first=lambda offer: offer.approval != Approval.APPROVED)):
            return None
        is_well = seen.offers[found[0]].approval == Approval.APPROVED
        what = self.chance.choice([Approval.REMOVED, Approval.WAITING]) if is_well else Approval.APPROVED
        return Act(
            "approve",
            lambda unit: offers.set_approval(unit, self.here.community, found[0], what),
            lambda model: model.approve(found[1], what),
        )

    def _drop(self, seen: Snapshot) -> Act | None:
        if not (found := self._about(seen)):
            return None
        return Act(
            "drop",
            lambda unit: offers.drop(unit, self.here.community, found[0]),
            lambda model: model.drop(found[1]),
        )

    # Asks and requests

    def _say(self, seen: Snapshot) -> Act:
        silent = set(self.names) - {seen.names[row] for row in seen.asks}
        name = self.chance.choice(sorted(silent) or self.names)

        def reckon(model: Model) -> None:
            model.asks.setdefault(name, Ask())

        return Act("say", lambda unit: asks.save(unit, self._me(name), WANTED), reckon)

    def _ask(self, seen: Snapshot) -> Act | None:
        if not (found := self._about(seen, first=is_listed)):
            return None
        name, offer = self._mentee(seen, lambda _ask: True), seen.offers[found[0]].id
        return Act(
            "ask",
            lambda unit: requests.ask(unit, self._me(name), offer, []),
            lambda model: model.ask(name, found[1]),
        )

    def _wait(self, _seen: Snapshot) -> Act:
        name = self.chance.choice(self.names)
        return Act("wait", lambda unit: asks.wait(unit, self._me(name)), lambda model: model.wait(name))

    def _left_over(self, seen: Snapshot) -> Act | None:
        if not seen.names:
            return None
        row, name = self.chance.choice([*seen.names.items()])
        return Act("left_over", lambda unit: asks.left_over(unit, row), lambda model: model.left_over(name))

    def _accept(self, seen: Snapshot) -> Act | None:
        if not (found := self._request(seen)):
            return None
        number, _mentee, mentor = found
        return Act(
            "accept",
            lambda unit: requests.accept(unit, self._me(mentor), number),
            lambda model: model.accept(wish_of(model, number)),
        )

    def _decline(self, seen: Snapshot, *, never: bool = False) -> Act | None:
        if not (found := self._request(seen)):
            return None
        number, _mentee, mentor = found
        return Act(
            "decline",
            lambda unit: requests.decline(unit, self._me(mentor), number, never=never),
            lambda model: model.decline(wish_of(model, number), never=never),
        )

    def _never(self, seen: Snapshot) -> Act | None:
        return self._decline(seen, never=True)

    def _withdraw(self, seen: Snapshot) -> Act | None:
        if not (found := self._request(seen)):
            return None
        number, mentee, _mentor = found
        return Act(
            "withdraw",
            lambda unit: requests.withdraw(unit, self._me(mentee), number),
            lambda model: model.withdraw(wish_of(model, number)),
        )

    # Matches and what parts people

    def _pair(self, seen: Snapshot) -> Act | None:
        found = self._about(seen, first=is_listed)
        mentee = self._mentee(seen, lambda ask: ask.waiting_since is not None)
        if found is None or mentee not in seen.names.values():
            return None
        row, mentor = found
        [mentee_row] = [each for each, name in seen.names.items() if name == mentee]

        def work(unit: Unit) -> object:
            """As a matching day makes one: rules are looked at again, under the locks."""
            wishes.hold(unit, [row, mentee_row])
            offer, asked = offers.of_member(unit, row), asks.of_member(unit, mentee_row)
            if offer is None or not offer.listed or asked is None or asked.waiting_since is None or row == mentee_row:
                return None
            return mentorships.make(unit, self.here.community, offer, asked, by_round=1)

        return Act("pair", work, lambda model: model.pair(mentor, mentee))

    def _finish(self, seen: Snapshot) -> Act | None:
        if not (found := self._match(seen)):
            return None
        return Act(
            "finish",
            lambda unit: mentorships.end(unit, self._me(found[1]), found[0]),
            lambda model: model.finish(match_of(model, found[0]), found[1]),
        )

    def _met(self, seen: Snapshot) -> Act | None:
        if not (found := self._match(seen)):
            return None

        def work(unit: Unit) -> int | None:
            told = sessions.met(unit, self._me(found[1]), "UTC", found[0])
            return None if told is None else told.points

        return Act("met", work, lambda model: model.met(match_of(model, found[0]), found[1]))

    def _not_yet(self, seen: Snapshot) -> Act | None:
        if not (found := self._match(seen)):
            return None
        return Act(
            "not_yet",
            lambda unit: sessions.not_yet(unit, self._me(found[1]), found[0]),
            lambda model: model.not_yet(match_of(model, found[0])),
        )

    def _apart(self, seen: Snapshot) -> Act | None:
        if len(seen.names) < 2:
            return None
        (one, name), (other, other_name) = self.chance.sample([*seen.names.items()], 2)

        def reckon(model: Model) -> None:
            model.apart.add((name, other_name))

        return Act("apart", lambda unit: not_with.keep_apart(unit, one, other), reckon)

    def _forget(self, seen: Snapshot) -> Act | None:
        if not seen.names:
            return None
        name = self.chance.choice([*seen.names.values()])
        return Act("forget", lambda unit: members.forget(unit, self._me(name)), lambda model: model.forget(name))
