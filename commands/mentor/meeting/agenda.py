"""What a mentor and a mentee could talk about first: three lines, whatever is known of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from content.outcomes import Outcome
from content.skills import Skill
from content.text import Text, _

LINES = 3
ABOUT_A_SKILL = (
    _("{skill}: how it went in a real project of the mentor's, and what went wrong there"),
    _("{skill}: what the mentee has tried so far, and where it got stuck"),
    _("{skill}: a first small task, and how both will see that it is done"),
)
BY_TRACK = {
    Outcome.BUSINESS: _(
        "One piece of work in the mentee's industry: who does it today, and where AI would really help"
    ),
    Outcome.PLATFORM: _("One tool that developers use every day: why they stay with it, and what makes them leave"),
    Outcome.TECHNICAL: _("One model and its data: how to tell that it is good enough, and what to do where it is not"),
    Outcome.HYBRID: _("One AI feature, seen by its user: what it should do when it is not sure, or wrong"),
}
BY_SENIORITY = (
    _("The first project of one's own: how to find one that is done in a month"),
    _("The project that is under way: which decision comes next, and what would make it easier"),
    _("What the mentee has shipped: what to keep, and what to do otherwise next time"),
    _("From doing it oneself to leading others: what to hand over, and what to keep"),
)
FOR_ALL = (
    _("What the mentee wants to be able to do in three months, and how both will notice"),
    _("How to go on: how often to talk, and what each of the two prepares"),
)


def agenda(
    skills: Mapping[str, Skill], gaps: Sequence[str], held: Collection[str], track: Outcome | None, seniority: int
) -> tuple[Text, Text, Text]:
    """Three lines: gaps of the mentee that the mentor holds, in the mentee's order, then what helps anybody.

    `track` is what the mentee wants to become, `seniority` theirs too. Skills that `skills` does not know are left out.
    """
    shared = [skills[gap].name for gap in dict.fromkeys(gaps) if gap in held and gap in skills]
    lines = [*_about(shared[:LINES]), *_in_general(track, seniority)]
    return lines[0], lines[1], lines[2]


def _about(names: Sequence[Text]) -> Iterator[Text]:
    for name, line in zip(names, ABOUT_A_SKILL, strict=False):
        yield Text(line.en, (("skill", name),))


def _in_general(track: Outcome | None, seniority: int) -> Iterator[Text]:
    if track is not None:
        yield BY_TRACK[track]
    yield BY_SENIORITY[min(seniority, len(BY_SENIORITY) - 1)]
    yield from FOR_ALL
