"""Invented members and their year in the rehearsal room: who they are, what came out for them, what they did."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.cli import invented_names
from bot.web.sandbox import DemoPerson
from commands.start import conclude
from content.asking import Ask, next_step
from content.boards import Season
from content.load import Content
from content.outcomes import Outcome
from content.points import WITHOUT_LINE, Deed
from content.questionnaire import Choice
from content.respondents import Loadings, loadings, respondent
from content.text import Language
from storage import seasons
from storage.invented import Deeds, Invented, Sitting, WentOut
from storage.runs import Judged

Done = tuple[str, str, dt.datetime]
"""A skill or a resource, what came of it, and when."""

PREFIX = "demo-"
SHEETS = 2000  # so many different runs; with more members they are used again
YEAR = dt.timedelta(days=365)
DONE_MOST = 60
UNFINISHED = 0.12  # of all stopped before their result
WITH_LINE = {Deed.STEP: 0.5, Deed.RESOURCE: 0.4}
KINDS = (Deed.STEP, Deed.RESOURCE, Deed.TIP)
CARDS_UNFINISHED = 5
EARLIEST = dt.timedelta(hours=1)
SECONDS_A_CARD = 11
LINES: Mapping[Language, tuple[str, ...]] = {
    Language.EN: (
        "One page for the team, and two of them use it",
        "Tried it on last month's tickets; the third rule was wrong",
        "https://example.org/notes/first-try",
        "Asked five users. Four meant something else than I did",
        "A table of what it got wrong, by kind",
    ),
    Language.ZH: (
        "写了一页给团队，已经有两个人在用",
        "拿上个月的工单试了一遍，第三条规则是错的",
        "https://example.org/notes/first-try",
        "问了五位用户，四位的意思和我想的不一样",
        "按类型列了一张出错表",
    ),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came of one invented run: the answers with their cards, and the result."""

    answers: tuple[tuple[str, Choice, int], ...]
    judged: Judged


@dataclass(frozen=True, slots=True)
class Room:
    """Where they live: the content, the tips that went out, the zone of its week, and the moment it is."""

    content: Content
    tips: Sequence[WentOut]
    zone: str
    now: dt.datetime
    seed: int


@dataclass(slots=True)
class Ledger:
    """A member's points while their year is told: each deed once, and no more a week than counts."""

    room: Room
    awards: list[tuple[Deed, str, Outcome | None, int, dt.date, dt.datetime]] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)

    def give(self, at: dt.datetime, outcome: Outcome | None, *deeds: tuple[Deed, str]) -> None:
        """As `storage/awards.py` does at that moment."""
        day = seasons.local_day(self.room.zone, at)
        week, rules = seasons.window(Season.WEEK, day), self.room.content.points
        for deed, key in deeds:
            points = rules.adds(deed)
            if deed in rules.limited:
                points = min(points, rules.week_most - self.used[week])
                self.used[week] += points
            if points > 0:
                self.awards.append((deed, key, outcome, points, day, at))


class Inventor:
    """Tells lives: the same seed and number, the same member. Each run is worked out once."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._drawn: Loadings = loadings(room.content.questionnaire, room.seed, moved=False)
        self._sheets: dict[int, Sheet] = {}
        self._tracks = {skill: each.track for skill, each in room.content.skills.items()}
        self._resources = {
            each.id: self._tracks[each.skills[0]] if each.skills else None for each in room.content.resources.values()
        }

    def member(self, number: int) -> Invented:
        """One of many, by their number."""
        rng = self._rng(number)
        named = invented_names.draw(rng)
        return self._life(rng, number, f"{PREFIX}{number:07}", named.name, named.language, shown=True)

    def like(self, person: DemoPerson, number: int, *, shown: bool | None) -> Invented:
        """One of the page's people, with the very deeds of that member."""
        rng = self._rng(number)
        invented_names.draw(rng)
        return self._life(rng, number, person.uid, person.name, _language(person), shown=shown)

    def tireless(self, person: DemoPerson) -> Invented:
        """One of the page's people who has done all there is in half a year: in each week more than counts."""
        joined = self._room.now - YEAR / 2
        sheet, ledger = self._sheet(0), Ledger(self._room)
        sitting = self._sitting(sheet, joined, done=True)
        ledger.give(sitting.ended, None, (Deed.ASSESSMENT, "first"))
        done = [(Deed.STEP, each) for each in self._tracks] + [(Deed.RESOURCE, each) for each in self._resources]
        every = (self._room.now - sitting.ended) / (len(done) + 1)
        deeds = [(sitting.ended + every * number, *each) for number, each in enumerate(done, 1)]
        deeds += [(max(each.at, sitting.ended) + EARLIEST, Deed.TIP, each.tip) for each in self._room.tips[:-1]]
        told = self._told(self._rng(0), sorted(deeds), ledger, _language(person), 1.0)
        language = _language(person)
        return Invented(person.uid, person.name, language, joined, self._room.now, sitting, told, shown=True)

    def newcomer(self, person: DemoPerson, *, points: bool) -> Invented:
        """One of the page's people who has done the smallest thing there is, or nothing at all."""
        at, ledger = self._room.now, Ledger(self._room)
        deeds = [(at, Deed.RESOURCE, next(iter(self._resources)))] if points else []
        told = self._told(self._rng(0), deeds, ledger, _language(person), 0.0)
        return Invented(person.uid, person.name, _language(person), at, at, None, told, shown=True)

    def _life(
        self, rng: random.Random, number: int, uid: str, name: str, language: Language | None, *, shown: bool | None
    ) -> Invented:
        now = self._room.now
        joined = now - max(EARLIEST, YEAR * (1 - math.sqrt(rng.random())))
        sheet, finished = self._sheet(number % SHEETS), rng.random() >= UNFINISHED
        sitting, ledger = self._sitting(sheet, joined, done=finished), Ledger(self._room)
        if finished:
            ledger.give(sitting.ended, None, (Deed.ASSESSMENT, "first"))
        told = self._told(rng, self._deeds(rng, sheet, sitting), ledger, language, None if finished else 1.0)
        return Invented(uid, name, language, joined, max(each[-1] for each in told.awards), sitting, told, shown)

    def _deeds(self, rng: random.Random, sheet: Sheet, sitting: Sitting) -> list[tuple[dt.datetime, Deed, str]]:
        """When what was done: the skills of their own track before others."""
        core = self._room.content.tracks[sheet.judged.outcome].skills
        skills = [*rng.sample(core, len(core)), *rng.sample(list(self._tracks), 10)]
        resources, tips = rng.sample(list(self._resources), DONE_MOST), self._tips(sitting.ended)
        left = {
            Deed.STEP: list(reversed(list(dict.fromkeys(skills)))),
            Deed.RESOURCE: resources,
            Deed.TIP: rng.sample(tips, len(tips)),
        }
        many = min(DONE_MOST, int(2 * rng.paretovariate(1.1)) - 1)
        span = self._room.now - sitting.ended
        deeds = []
        for number in range(many):
            kind = rng.choice(KINDS) if number or sitting.judged else Deed.RESOURCE
            if left[kind]:
                deeds.append((sitting.ended + span * rng.random(), kind, left[kind].pop()))
        went = {each.tip: each.at for each in self._room.tips}
        return sorted(each for each in deeds if each[1] is not Deed.TIP or each[0] >= went[each[2]])

    def _tips(self, since: dt.datetime) -> list[str]:
        return [each.tip for each in self._room.tips if each.at >= since - dt.timedelta(weeks=2)]

    def _told(
        self,
        rng: random.Random,
        deeds: Sequence[tuple[dt.datetime, Deed, str]],
        ledger: Ledger,
        language: Language | None,
        with_line: float | None,
    ) -> Deeds:
        """What was done as it is stored, and its points; some of it with a line of what came of it."""
        outcomes = {each.tip: each.outcome for each in self._room.tips}
        skills: list[Done] = []
        resources: list[Done] = []
        tips: list[tuple[str, dt.datetime]] = []
        for at, kind, key in deeds:
            if kind is Deed.TIP:
                tips.append((key, at))
                ledger.give(at, outcomes[key], (Deed.TIP, key))
                continue
            chance = WITH_LINE[kind] if with_line is None else with_line
            said = rng.choice(LINES[language or Language.EN]) if rng.random() < chance else ""
            (skills if kind is Deed.STEP else resources).append((key, said, at))
            track = self._tracks[key] if kind is Deed.STEP else self._resources[key]
            ledger.give(at, track, (kind, key), *((_with_line(kind), key),) * bool(said))
        return Deeds(tuple(skills), tuple(resources), tuple(tips), tuple(ledger.awards), ledger.used)

    def _sitting(self, sheet: Sheet, began: dt.datetime, *, done: bool) -> Sitting:
        answers = sheet.answers if done else tuple(each for each in sheet.answers if each[2] <= CARDS_UNFINISHED)
        ended = began + dt.timedelta(seconds=SECONDS_A_CARD * answers[-1][2])
        version = self._room.content.questionnaire.version
        return Sitting(version, answers, began, ended, sheet.judged if done else None)

    def _sheet(self, number: int) -> Sheet:
        """A run through the questionnaire by one of the respondents that the form is tried on."""
        if number not in self._sheets:
            bank = self._room.content.questionnaire
            person = respondent(bank, self._drawn, self._room.seed, number)
            given: dict[str, Choice] = {}
            rows: list[tuple[str, Choice, int]] = []
            while isinstance(step := next_step(bank, given), Ask):
                card = rows[-1][2] + 1 if rows else 1
                rows += [(item.id, person.sheet.get(item.id), card) for item in step.items]
                given |= {item.id: person.sheet.get(item.id) for item in step.items}
            judged = conclude({bank.version: bank}, bank.version, given, final=False)
            assert judged is not None
            self._sheets[number] = Sheet(tuple(rows), judged)
        return self._sheets[number]

    def _rng(self, number: int) -> random.Random:
        return random.Random(f"{self._room.seed} member {number}")


def weekly(content: Content, now: dt.datetime) -> list[WentOut]:
    """A year of weekly tips, the oldest first: the outcomes take turns, on Mondays at nine."""
    monday = (now - dt.timedelta(days=now.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    latest = monday if monday <= now else monday - seasons.WEEK
    weeks = YEAR // seasons.WEEK
    turns = [Outcome(each) for each in Outcome]
    out = []
    for week in range(weeks):
        outcome = turns[week % len(turns)]
        ids = content.tips_by_outcome[outcome]
        out.append(WentOut(ids[week // len(turns) % len(ids)], outcome, latest - seasons.WEEK * (weeks - 1 - week)))
    return out


def _with_line(kind: Deed) -> Deed:
    return next(deed for deed, without in WITHOUT_LINE.items() if without is kind)


def _language(person: DemoPerson) -> Language | None:
    return Language.from_locale(person.locale) if person.locale else None
