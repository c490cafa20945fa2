"""Why a result is what it is: the answers that decided it, the strongest against, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from commands.history import TICKS_MOST
from commands.kit.view import Bold, Element, heading, line, quiet
from commands.kit.wording import joined
from content.flip import changed
from content.likelihood import ticks
from content.questionnaire import Answers, Questionnaire
from content.receipts import decided_logs, leader
from content.text import Text, _, verbatim
from content.verdict import Answer, Verdict

CHANGES_MOST = 4  # a longer list of changes is another person, not a few other answers
ARROW = verbatim(" → ")


def lines(bank: Questionnaire, answers: Answers, verdict: Verdict) -> list[Element]:
    """The reasons for a verdict on these answers, in the words of the bank that they were given to."""
    body: list[Element] = []
    if verdict.receipts:
        body.append(heading(_("What decided it")))
        body += [_answered(bank, item, list(told)) for item, told in groupby(verdict.receipts, lambda each: each[0])]
    if verdict.against is not None:
        body += [heading(_("What spoke against it")), _answered(bank, verdict.against[0], [verdict.against])]
    return body + _other_way(bank, answers, verdict)


def _other_way(bank: Questionnaire, answers: Answers, verdict: Verdict) -> list[Element]:
    """The smallest change that gives another outcome, where it is a small one."""
    if not 1 <= len(verdict.flip) <= CHANGES_MOST:
        return [quiet(_("No few answers would change this."))]
    then = leader(decided_logs(bank, changed(bank, answers, verdict.flip)))
    body: list[Element] = [heading(_("What would make it {outcome}", outcome=then.name_only))]
    body += [_changed(bank, answers, answer) for answer in verdict.flip]
    return body + ([quiet(_("It takes all of them together."))] if len(verdict.flip) > 1 else [])


def _answered(bank: Questionnaire, item: str, told: Sequence[Answer]) -> Element:
    """A question with what was said to it; of a list the ticks that count here."""
    return line(bank.item(item).text, ARROW, Bold(joined([_option(bank, answer) for answer in told], TICKS_MOST)))


def _changed(bank: Questionnaire, answers: Answers, answer: Answer) -> Element:
    """One answer changed: another choice, or a tick set or taken away."""
    item = bank.item(answer[0])
    if item.kind == "one":
        how = _("instead: ")
    else:
        how = _("without: ") if answer[1] in ticks(answers.get(item.id)) else _("also: ")
    return line(item.text, ARROW, how, Bold(_option(bank, answer)))


def _option(bank: Questionnaire, answer: Answer) -> Text:
    item = bank.item(answer[0])
    return next(option.text for option in item.options if option.id == answer[1])
