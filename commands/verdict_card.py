"""How a result is worded: what it says, why, what spoke against it, what would change it, and the ways on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from commands import compare, history, home, missing, opinion, picture, plan, resources, sharing, start, track
from commands.kit.view import Bold, Button, Card, Divider, Element, Style, heading, line, quiet
from content.flip import changed
from content.likelihood import ticks
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire
from content.receipts import decided_logs, leader
from content.retold import retold
from content.scoring import quick
from content.text import At, Text, _, verbatim
from content.verdict import Answer, Rule, Verdict
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
    "business": _("More than five years in one industry and no engineering behind you: that decides for business."),
    "platform": _("Your cloud-native or SaaS engineering decides for platform."),
    "technical": _("Your work with data or models decides for technical."),
    "hybrid": _("Your design work across many products decides for hybrid."),
    "two": _("Your background fits two tracks; what you would rather do decides between them."),
    "none": _("Your background does not decide this yet; your choices alone do."),
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
    body += _reasons(bank, stored.answers, verdict) if bank else [_NO_BANK]
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
        _("Most questions were skipped, so I would only be guessing. Look at the tracks, or take it again."),
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
    decides = verdict.rule in {"two", "none"} or verdict.outcome in verdict.fits
    lines: list[Element] = [*((RULES[verdict.rule],) if decides else ()), *about]
    if verdict.rule == "none":
        lines.append(_("A small first project: {project}", project=content.tracks[verdict.outcome].starter))
    return lines


def _reasons(bank: Questionnaire, answers: Answers, verdict: Verdict) -> list[Element]:
    """The answers for it, the strongest against, and the smallest change that gives another outcome."""
    body: list[Element] = []
    if verdict.receipts:
        body.append(heading(_("What decided it")))
        body += [_answered(bank, answer) for answer in verdict.receipts]
    if verdict.against is not None:
        body += [heading(_("What spoke against it")), _answered(bank, verdict.against)]
    if verdict.flip:
        then = leader(decided_logs(bank, changed(bank, answers, verdict.flip)))
        body.append(heading(_("What would make it {outcome}", outcome=then.name_only)))
        body += [_changed(bank, answers, answer) for answer in verdict.flip]
        body += [quiet(_("Only all of them together."))] if len(verdict.flip) > 1 else []
    return body


def _answered(bank: Questionnaire, answer: Answer) -> Element:
    return line(bank.item(answer[0]).text, verbatim(" → "), Bold(_option(bank, answer)))


def _changed(bank: Questionnaire, answers: Answers, answer: Answer) -> Element:
    """One answer changed: another choice, or a tick set or taken away."""
    item = bank.item(answer[0])
    if item.kind == "one":
        how = _("instead: ")
    else:
        how = _("without: ") if answer[1] in ticks(answers.get(item.id)) else _("also: ")
    return line(item.text, verbatim(" → "), how, Bold(_option(bank, answer)))


def _option(bank: Questionnaire, answer: Answer) -> Text:
    item = bank.item(answer[0])
    return next(option.text for option in item.options if option.id == answer[1])


def _seconds(stored: Stored) -> list[float]:
    """The seconds between one card's answer and the next."""
    moments = sorted(set(stored.times.values()))
    return [(after - before).total_seconds() for before, after in itertools.pairwise(moments)]


def _today(content: Content, stored: Stored, verdict: Verdict) -> list[Element]:
    """What today's questions say of the same answers, where the result is of an earlier version."""
    if stored.bank_version == content.questionnaire.version:
        return []
    now = retold(content.questionnaire, stored.answers)
    if now is None:
        return []
    if shown(now) == shown(verdict):
        return [quiet(_("The questions have changed since; today they would say the same of these answers."))]
    return [
        quiet(_("The questions have changed since. Of these answers, today's would say: {result}.", result=title(now)))
    ]


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
        Button(_("What to learn next"), resources.resources(outcomes[0])),
        *([Button(_("As a picture"), picture.picture(stored.id))] if beside.kept else []),
        *sharing.buttons(stored, beside.shares, offers=beside.latest and beside.kept),
        *_others(stored, beside),
        Button(_("Take it again"), start.start()),
        Button(_("Home"), home.home()),
    ]


def _others(stored: Stored, beside: Beside) -> list[Button]:
    """The ways to the other results, where there are any."""
    ways = [Button(_("What changed"), history.changed(stored.id))] if beside.earlier else []
    return [*ways, *([Button(_("History"), history.history(0))] if beside.several else [])]
