"""Mentoring as it must go, reckoned plainly in memory: what each act comes to, and who is told of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from tests.storage.mentoring_faults import LIVE
from tests.storage.mentoring_parts import Ask, Match, Offer, Wish

DAY, WEEK, ANSWER = dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(hours=72)


@dataclass(slots=True)
class Model:
    """Everybody by name; `rows` are their rows' ids, `told` what the last act told whom, `earned` all deeds."""

    now: dt.datetime
    offers: dict[str, Offer] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    apart: set[tuple[str, str]] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    earned: set[tuple[str, str, int]] = field(default_factory=set)

    # What is so

    def on(self, mentor: str) -> int:
        return sum(each.mentor == mentor and each.state == "on" for each in self.matches)

    def open(self, mentor: str) -> list[Wish]:
        return [each for each in self.wishes if each.mentor == mentor and each.state == "open"]

    def live(self, mentee: str) -> list[Wish]:
        return [each for each in self.wishes if each.mentee == mentee and each.state in LIVE]

    def taken(self, mentee: str) -> bool:
        return any(each.mentee == mentee and each.state == "on" for each in self.matches)

    def free(self, mentor: str) -> int:
        return self.offers[mentor].capacity - self.on(mentor) - len(self.open(mentor))

    def is_apart(self, one: str, other: str) -> bool:
        return (one, other) in self.apart or (other, one) in self.apart

    def can_ask(self, mentee: str, mentor: str) -> bool:
        offer = self.offers.get(mentor)
        if offer is None or not offer.listed or self.free(mentor) < 1 or len(self.open(mentor)) > 1:
            return False
        no = any((each.mentee, each.mentor, each.state) == (mentee, mentor, "declined") for each in self.wishes)
        return not no and not self.is_apart(mentee, mentor)

    def can_accept(self, mentor: str) -> bool:
        offer = self.offers.get(mentor)
        return offer is not None and offer.approval != "removed" and self.on(mentor) < offer.capacity

    def tell(self, name: str, notice: str) -> None:
        self.told[name, notice] += 1

    # Offers

    def save(self, mentor: str, capacity: int) -> None:
        offer = self.offers.setdefault(mentor, Offer(capacity, reach="none"))
        offer.capacity = capacity
        if offer.reach in {"none", "closed"}:
            self.tell(mentor, "mentor.proof")
            offer.reach = "asked"
        self.settle(mentor)

    def pause(self, mentor: str, by: str, until: dt.datetime | None) -> None:
        offer = self.offers.get(mentor)
        if offer and (by == "moderators" or offer.paused != "moderators"):
            offer.paused, offer.until = by, until

    def resume(self, mentor: str, by: str) -> None:
        offer = self.offers.get(mentor)
        if offer and (by == "moderators" or offer.paused != "moderators"):
            offer.paused = offer.until = offer.silent = None

    def approve(self, mentor: str, approval: str) -> None:
        if mentor in self.offers:
            self.offers[mentor].approval = approval
        if approval == "removed":
            self.pass_all(mentor)

    def drop(self, mentor: str) -> None:
        if mentor in self.offers and self.offers[mentor].approval != "removed":
            del self.offers[mentor]
        self.pass_all(mentor)

    def settle(self, mentor: str) -> None:
        if not self.can_accept(mentor):
            self.pass_on(mentor)

    def pass_all(self, mentor: str) -> None:
        self.pass_on(mentor)
        for each in self.wishes:
            if each.mentor == mentor and each.state == "wished":
                each.state = "passed"

    def pass_on(self, mentor: str) -> None:
        for each in sorted(self.open(mentor), key=lambda wish: wish.id):
            each.state = "passed"
            self.tell(each.mentee, "mentor.declined")
            self.open_next(each.mentee)

    # Requests

    def ask(self, mentee: str, mentor: str) -> str:
        if mentee not in self.asks:
            return "NoAsk"
        live = self.live(mentee)
        if any(each.mentor == mentor for each in live):
            return "Asked"
        if self.taken(mentee):
            return "Taken"
        if len(live) == 3:
            return "Enough"
        if mentor == mentee or not self.can_ask(mentee, mentor):
            return "Busy"
        made = Wish(0, mentee, mentor)
        self.wishes.append(made)
        if not live:
            self.put_before(made)
        return "Asked"

    def put_before(self, wish: Wish) -> None:
        wish.state, wish.due = "open", self.now + ANSWER
        self.tell(wish.mentor, "mentor.asked")

    def open_next(self, mentee: str) -> Wish | None:
        for each in self.live(mentee):
            if self.can_ask(mentee, each.mentor):
                self.put_before(each)
                return each
            each.state = "passed"
        return None

    def accept(self, wish: Wish) -> str:
        mentor, mentee = wish.mentor, wish.mentee
        if wish.state != "open" or not self.can_accept(mentor) or self.is_apart(mentee, mentor) or self.taken(mentee):
            return "Over"
        wish.state = "accepted"
        self.offers[mentor].silent = None
        self.make(mentor, mentee, by_round=False)
        self.settle(mentor)
        return "int"

    def decline(self, wish: Wish, *, never: bool) -> str:
        if never and wish.state not in {"wished", "accepted"}:
            self.apart.add((wish.mentor, wish.mentee))
            for since in self.live(wish.mentee):
                if since is not wish and (since.mentor, since.state) == (wish.mentor, "open"):
                    self.decline(since, never=False)
        if wish.state != "open":
            return "Over"
        wish.state = "declined"
        if wish.mentor in self.offers:
            self.offers[wish.mentor].silent = None
        self.tell(wish.mentee, "mentor.declined")
        self.open_next(wish.mentee)
        return "Request"

    def withdraw(self, wish: Wish) -> str:
        if wish.state not in LIVE:
            return "Over"
        was_open, wish.state = wish.state == "open", "withdrawn"
        if was_open or not any(each.state == "open" for each in self.live(wish.mentee)):
            self.open_next(wish.mentee)
        return "Request"

    # Matches

    def make(self, mentor: str, mentee: str, *, by_round: bool) -> None:
        rounds = self.asks[mentee].rounds
        for each in self.live(mentee):
            if each.state == "open" and each.mentor != mentor:
                self.tell(each.mentor, "mentor.found-another")
            each.state = "cancelled"
        self.asks[mentee] = Ask()
        made = Match(0, mentor, mentee, self.now, self.now + WEEK, rounds if by_round else None)
        self.matches.append(made)
        for name in (mentor, mentee):
            self.tell(name, "mentor.kit")

    def pair(self, mentor: str, mentee: str) -> str:
        """A matching day's."""
        offer, ask = self.offers.get(mentor), self.asks.get(mentee)
        if offer is None or not offer.listed or ask is None or mentor == mentee:
            return "NoneType"
        if ask.waiting is None or ask.waiting <= self.now - 60 * DAY:
            return "NoneType"
        if self.free(mentor) < 1 or self.is_apart(mentor, mentee):
            return "Full"
        if self.taken(mentee):
            return "Taken"
        self.make(mentor, mentee, by_round=True)
        return "int"

    def wait(self, mentee: str) -> str:
        ask = self.asks.get(mentee)
        if ask is not None:
            lapsed = ask.waiting is None or ask.waiting <= self.now - 60 * DAY
            self.asks[mentee] = Ask(self.now, 0 if lapsed else ask.rounds)
        return "bool"

    def left_over(self, mentee: str) -> None:
        ask = self.asks.get(mentee)
        if ask is not None and ask.waiting is not None:
            ask.rounds += 1

    def finish(self, match: Match, by: str) -> str:
        if match.state != "on":
            return "NoneType"
        released = match.release_rounds is not None and self.now < match.at + 3 * DAY
        match.state = "released" if released else "ended"
        if released and match.mentee in self.asks:
            self.asks[match.mentee] = Ask(self.now, match.release_rounds or 0)
        self.tell(match.mentor if by == match.mentee else match.mentee, "mentor.ended")
        return "Match"

    def met(self, match: Match, by: str) -> int | None:
        """The points that it gives."""
        if match.state != "on":
            return None
        week = self.now.strftime("%G-W%V")
        if match.week == week:
            return 0
        match.said.add(by)
        if len(match.said) < 2:
            return 0
        match.said, match.week, match.check = set(), week, None
        match.sessions += 1
        pair = [each.id for each in self.matches if (each.mentor, each.mentee) == (match.mentor, match.mentee)]
        new = {(name, week, min(pair)) for name in (match.mentor, match.mentee)} - self.earned
        self.earned |= new
        return 30 * any(name == by for name, _week, _pair in new)

    def not_yet(self, match: Match) -> str:
        if match.state != "on":
            return "NoneType"
        match.check = match.check and self.now + WEEK
        return "Match"

    # What comes by itself

    def forget(self, name: str) -> None:
        asked = {each.mentee for each in self.open(name)}
        matched = {each.mentor for each in self.matches if each.mentee == name and each.state == "on"}
        matched |= {each.mentee for each in self.matches if each.mentor == name and each.state == "on"}
        for other in asked | matched:
            self.tell(other, "mentor.gone")
        self.offers.pop(name, None)
        self.asks.pop(name, None)
        self.rows.pop(name, None)
        self.wishes = [each for each in self.wishes if name not in {each.mentee, each.mentor}]
        self.matches = [each for each in self.matches if name not in {each.mentee, each.mentor}]
        self.apart = {each for each in self.apart if name not in each}
        self.earned = {each for each in self.earned if each[0] != name}

    def work_off(self) -> None:
        due = [each for each in self.wishes if each.state == "open" and each.due and each.due <= self.now]
        for each in sorted(due, key=lambda wish: (wish.due or self.now, wish.id)):
            self.expire(each)
        for name in sorted({wish.mentee for wish in self.wishes}, key=lambda name: self.rows[name]):
            live = self.live(name)
            if live and live[0].state == "wished":
                self.open_next(name)
        for offer in self.offers.values():
            if offer.until is not None and offer.until <= self.now:
                offer.paused = offer.until = offer.silent = None
        for match in self.matches:
            if match.state == "on" and match.check is not None and match.check <= self.now:
                match.checks += 1
                match.check = self.now + WEEK if match.checks < 3 else None
                self.tell(match.mentor, "mentor.check")
                self.tell(match.mentee, "mentor.check")

    def expire(self, wish: Wish) -> None:
        wish.state, offer = "expired", self.offers.get(wish.mentor)
        if offer is not None and offer.paused is None:
            if offer.silent is None:
                offer.silent = self.now
            elif self.now - offer.silent >= WEEK:
                offer.paused, offer.until = "silence", None
                self.tell(wish.mentor, "mentor.paused")
        following = self.open_next(wish.mentee)
        self.tell(wish.mentee, "mentor.next-asked" if following else "mentor.none-left")
