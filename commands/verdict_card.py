"""How a result is worded: what it says, why, what spoke against it, and what would change it."""

from __future__ import annotations

import itertools

from commands import home, picture, resources, start, track
from commands.kit.view import Bold, Button, Card, Divider, Element, Style, heading, line, quiet
from content.likelihood import ticks
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Answers, Questionnaire
from content.scoring import quick
from content.text import At, Text, _, verbatim
from content.verdict import Answer, Rule, Verdict
from storage.results import Stored

TITLES = {
    "clear": _("Your track: {outcome}"),
    "leaning": _("You lean towards {outcome}"),
    "between": _("Between {outcome} and {other}"),
    "not-enough": _("Not enough answers to say"),
}
RULES: dict[Rule, Text] = {
    "business": _("More than five years in one industry and no engineering behind you: that decides for business."),
    "platform": _("Your cloud-native or SaaS engineering decides for platform."),
    "technical": _("Your work with data or models decides for technical."),
    "hybrid": _("Your design work across many products decides for hybrid."),
    "two": _("Your background fits two tracks; what you would rather do decides between them."),
    "none": _("Your background does not decide this yet; your choices alone do."),
}


def card(content: Content, stored: Stored, zone: str) -> Card:
    """A stored result, readable with the bank it was answered to, however old."""
    verdict = Verdict.from_json(stored.summary)
    bank = content.questionnaires.get(stored.bank_version)
    if verdict.words == "not-enough":
        return _not_enough()
    shown = _shown(verdict)
    other = verdict.runner_up or verdict.outcome
    values = {"outcome": verdict.outcome.label, "other": other.label}
    title = Text(TITLES[verdict.words].en, tuple(values.items()))
    body: list[Element] = [*_two_lines(content, verdict), *_summaries(content, verdict, shown)]
    if bank is not None:
        body += [Divider(), *_reasons(bank, stored.answers, verdict)]
    body.append(Divider())
    if quick(_seconds(stored)):
        body.append(quiet(_("Answered quickly. Take it again any time.")))
    body.append(quiet(_("Taken on {day}. Only you see this.", day=At(stored.at, zone=zone))))
    body.append(quiet(_("This is one article's way to divide AI product roles. It is not for hiring.")))
    return Card(title, tuple(body), tuple(_ways_on(stored, shown)))


def label(stored: Stored) -> Text:
    """A result in half a line, for Home."""
    verdict = Verdict.from_json(stored.summary)
    if verdict.words == "not-enough":
        return TITLES["not-enough"]
    other = verdict.runner_up or verdict.outcome
    values = (("outcome", verdict.outcome.label), ("other", other.label))
    return Text(TITLES[verdict.words].en, values)


def _not_enough() -> Card:
    body: list[Element] = [
        _("Most questions were skipped, so I would only be guessing. Look at the tracks, or take it again."),
        quiet(_("This is one article's way to divide AI product roles. It is not for hiring.")),
    ]
    again = Button(_("Take it again"), start.start(), Style.PRIMARY)
    return Card(TITLES["not-enough"], tuple(body), (again, *_track_buttons(tuple(Outcome))))


def _shown(verdict: Verdict) -> tuple[Outcome, ...]:
    return (verdict.outcome, verdict.runner_up) if verdict.runner_up else (verdict.outcome,)


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


def _summaries(content: Content, verdict: Verdict, shown: tuple[Outcome, ...]) -> list[Element]:
    """The rule that decided, if one did, and what each shown outcome is."""
    about = (line(Bold(outcome.label), _(": {summary}", summary=content.tracks[outcome].summary)) for outcome in shown)
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
        body.append(heading(_("What would change it")))
        body += [_changed(bank, answers, answer) for answer in verdict.flip]
    return body


def _answered(bank: Questionnaire, answer: Answer) -> Element:
    return line(bank.item(answer[0]).text, verbatim(" → "), Bold(_option(bank, answer)))


def _changed(bank: Questionnaire, answers: Answers, answer: Answer) -> Element:
    """One answer changed: another choice, or a tick set or taken away."""
    item = bank.item(answer[0])
    if item.kind == "one":
        had = _("Had you answered: ")
    else:
        had = _("Had you not ticked: ") if answer[1] in ticks(answers.get(item.id)) else _("Had you also ticked: ")
    return line(item.text, verbatim(" → "), had, Bold(_option(bank, answer)))


def _option(bank: Questionnaire, answer: Answer) -> Text:
    item = bank.item(answer[0])
    return next(option.text for option in item.options if option.id == answer[1])


def _seconds(stored: Stored) -> list[float]:
    """The seconds between one card's answer and the next."""
    moments = sorted(set(stored.times.values()))
    return [(after - before).total_seconds() for before, after in itertools.pairwise(moments)]


def _track_buttons(outcomes: tuple[Outcome, ...]) -> tuple[Button, ...]:
    return tuple(Button(outcome.name_only, track.track(outcome)) for outcome in outcomes)


def _ways_on(stored: Stored, shown: tuple[Outcome, ...]) -> list[Button]:
    ways = [
        Button(_("About {outcome}", outcome=outcome.name_only), track.track(outcome), Style.PRIMARY)
        for outcome in shown
    ]
    return [
        *ways,
        Button(_("What to learn next"), resources.resources(shown[0])),
        Button(_("As a picture"), picture.picture(stored.id)),
        Button(_("Take it again"), start.start()),
        Button(_("Home"), home.home()),
    ]
