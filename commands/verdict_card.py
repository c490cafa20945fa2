"""How a result is worded: what it says, what decided it, what is kept beside it, and the ways on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import reduce

from commands import compare, history, home, missing, opinion, picture, plan, reasons, sharing, start, track
from commands.kit.view import Bold, Button, Card, Divider, Element, Style, line, quiet
from content.load import Content
from content.outcomes import Outcome
from content.retold import retold
from content.scoring import quick
from content.text import At, Text, _
from content.verdict import Rule, Verdict
from storage.opinions import Opinion
from storage.results import Stored
from storage.shares import Share

TITLES = {
    "clear": _("Your track: {outcome}"),
    "leaning": _("You lean towards {outcome}"),
    "between": _("Between {outcome} and {other}"),
    "not-enough": _("Not enough answers to say"),
}
_NO_BANK = quiet(_("The questions of that time are no longer here, so the answers behind it cannot be shown."))
RULES: dict[Rule, Text] = {
    "business": _("More than five years in one industry and no engineering behind you: that makes it business."),
    "platform": _("Your cloud-native or SaaS engineering makes it platform."),
    "technical": _("Your work with data or models makes it technical."),
    "hybrid": _("Your design work across many products makes it hybrid."),
    "none": _("Your background alone does not decide this yet; what you have done and what you chose count together."),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What is kept beside a result: what was said of it, where it is shared, and whether there are others.

    `latest` is the one that is asked about and can be shared; before an `earlier` one it may have changed.
    """

    opinion: Opinion | None = None
    shares: tuple[Share, ...] = ()
    latest: bool = True
    earlier: bool = False
    several: bool = False
    kept: bool = True


ALONE = Beside(kept=False)  # in the terminal, where nothing is asked or shared


def card(content: Content, stored: Stored, zone: str, beside: Beside = ALONE) -> Card:
    """A stored result, readable with the bank it was answered to, however old."""
    verdict = Verdict.from_json(stored.summary)
    if verdict.words == "not-enough":
        return _not_enough(stored, zone, beside)
    bank = content.questionnaires.get(stored.bank_version)
    outcomes = shown(verdict)
    body: list[Element] = [*_two_lines(content, verdict), *_summaries(content, verdict, outcomes)]
    body += _today(content, stored, verdict)
    body.append(Divider())
    body += reasons.lines(bank, stored.answers, verdict) if bank else [_NO_BANK]
    body += [Divider(), *opinion.asked_or_thanked(stored.id, beside.opinion, asks=beside.latest and beside.kept)]
    body += [*sharing.state(beside.shares), *_small_print(stored, zone, beside)]
    return Card(label(stored), tuple(body), tuple(_ways_on(stored, outcomes, beside)))


def label(stored: Stored) -> Text:
    """A result in half a line: the card's title, and what Home and the history say."""
    verdict = Verdict.from_json(stored.summary)
    return title(verdict)


def title(verdict: Verdict) -> Text:
    """The words for a verdict, with the outcomes that they name."""
    if verdict.words == "not-enough":
        return TITLES["not-enough"]
    other = verdict.runner_up or verdict.outcome
    values = (("outcome", verdict.outcome.label), ("other", other.label))
    return Text(TITLES[verdict.words].en, values)


def shown(verdict: Verdict) -> tuple[Outcome, ...]:
    """The outcomes that a member reads as theirs: one, or with the one named beside it two."""
    return (verdict.outcome, verdict.runner_up) if verdict.runner_up else (verdict.outcome,)


def _not_enough(stored: Stored, zone: str, beside: Beside) -> Card:
    body: list[Element] = [
        _("Too few of your answers point anywhere, so I would only be guessing. Look at the tracks, or take it again."),
        *_small_print(stored, zone, beside),
    ]
    again = Button(_("Take it again"), start.start(), Style.PRIMARY)
    ways = (again, *_track_buttons(tuple(Outcome)), *_others(stored, beside), Button(_("Home"), home.home()))
    return Card(TITLES["not-enough"], tuple(body), ways)


def _two_lines(content: Content, verdict: Verdict) -> list[Element]:
    """What experience says and what the choices say; where they differ, that and the way over come first."""
    experience, choices = verdict.experience, verdict.choices
    if experience is not None and experience is choices:
        return [_("Your experience and your choices both point to {outcome}.", outcome=experience.label)]
    lines: list[Element] = []
    if experience is not None:
        lines.append(_("Your experience points to {outcome}.", outcome=experience.label))
    if choices is not None:
        lines.append(_("Your choices lean to {outcome}.", outcome=choices.label))
    if verdict.differs and choices is not None:
        differ = Bold(_("The two differ: what you have done is not what you chose."))
        lines.append(line(differ, _(" A way over: {project}", project=content.tracks[choices].starter)))
    return lines


def _summaries(content: Content, verdict: Verdict, outcomes: tuple[Outcome, ...]) -> list[Element]:
    """The rule that decided, if one did, and what each shown outcome is."""
    about = (
        line(Bold(outcome.label), _(": {summary}", summary=content.tracks[outcome].summary)) for outcome in outcomes
    )
    lines: list[Element] = [*_rule(verdict), *about]
    if verdict.rule == "none":
        lines.append(_("A small first project: {project}", project=content.tracks[verdict.outcome].starter))
    return lines


def _rule(verdict: Verdict) -> list[Element]:
    """What the experience rule says; nothing of a rule that the choices outweighed."""
    if verdict.rule == "two":
        *others, last = (outcome.name_only for outcome in verdict.fits)
        before = reduce(lambda one, more: _("{one}, {more}", one=one, more=more), others)
        both = _("{first} and {second}", first=before, second=last)
        return [_("Your background fits {tracks}; what you would rather do decides between them.", tracks=both)]
    return [RULES[verdict.rule]] if verdict.rule == "none" or verdict.outcome in verdict.fits else []


def _seconds(stored: Stored) -> list[float]:
    """The seconds between one card's answer and the next."""
    moments = sorted(set(stored.times.values()))
    return [(after - before).total_seconds() for before, after in itertools.pairwise(moments)]


def _today(content: Content, stored: Stored, verdict: Verdict) -> list[Element]:
    """What today's questions say of the same answers, where the result is of an earlier version; what is new there."""
    if stored.bank_version == content.questionnaire.version:
        return []
    now, what = retold(content.questionnaire, stored.answers), _news(content, stored.bank_version)
    if now is None:
        return what
    if shown(now) == shown(verdict):
        return [quiet(_("The questions have changed since; today they would say the same of these answers.")), *what]
    said = _("The questions have changed since. Of these answers, today's would say: {result}.", result=title(now))
    return [quiet(said), *what]


def _news(content: Content, version: str) -> list[Element]:
    """What the last version that may decide otherwise has changed since that one."""
    versions = list(content.questionnaires)
    later = versions[versions.index(version) + 1 :] if version in versions else versions
    changes = (content.questionnaires[each].changes for each in later)
    affecting = [each.text for each in changes if each is not None and each.affects]
    return [quiet(_("What is new in them: {changes}", changes=affecting[-1]))] if affecting else []


def _small_print(stored: Stored, zone: str, beside: Beside) -> list[Element]:
    notes: list[Element] = [quiet(_("Answered quickly. Take it again any time."))] if quick(_seconds(stored)) else []
    notes.append(quiet(_("Taken on {day}. Only you see this card.", day=At(stored.at, zone=zone))))
    if not beside.latest:
        notes.append(quiet(_("You have a newer result than this one.")))
    notes.append(quiet(_("This is one article's way to divide AI product roles. It is not for hiring.")))
    return notes


def _track_buttons(outcomes: tuple[Outcome, ...]) -> tuple[Button, ...]:
    return tuple(Button(outcome.name_only, track.track(outcome)) for outcome in outcomes)


def _ways_on(stored: Stored, outcomes: tuple[Outcome, ...], beside: Beside) -> list[Button]:
    """The most useful first. What to learn from is in the plan, with the skills that it is for."""
    ways = [
        Button(_("About {outcome}", outcome=outcome.name_only), track.track(outcome), Style.PRIMARY)
        for outcome in outcomes
    ]
    if len(outcomes) == 2:
        ways.append(Button(_("Compare the two"), compare.compare(*outcomes)))
    return [
        *ways,
        Button(_("What is missing for me?"), missing.missing(outcomes[0])),
        Button(_("My plan"), plan.plan(None)),
        *sharing.buttons(stored, beside.shares, offers=beside.latest and beside.kept),
        *([Button(_("As a picture"), picture.picture(stored.id))] if beside.kept else []),
        *_others(stored, beside),
        Button(_("Take it again"), start.start()),
        Button(_("Home"), home.home()),
    ]


def _others(stored: Stored, beside: Beside) -> list[Button]:
    """The ways to the other results, where there are any."""
    ways = [Button(_("What changed"), history.changed(stored.id))] if beside.earlier else []
    return [*ways, *([Button(_("History"), history.history(0))] if beside.several else [])]
