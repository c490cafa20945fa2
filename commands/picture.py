"""A result as a picture to take along, and the same in words for whoever cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from commands import home, result
from commands.kit.command import action
from commands.kit.drawing import Drawing, DrawnOutcome
from commands.kit.errors import out_of_date
from commands.kit.request import Context
from commands.kit.view import Button, Card, Picture, View, quiet
from content.outcomes import Outcome
from content.text import Language, Text, _
from content.verdict import Verdict
from storage.results import Stored

NAME = "pmpath-result.png"
NOTE = _("Not for hiring")
SAYS = {"clear": _("Track"), "leaning": _("Leans towards"), "between": _("Between")}
SENTENCES = {
    "clear": _("Track: {outcome}."),
    "leaning": _("Leans towards {outcome}."),
    "between": _("Between {outcome} and {other}."),
}
ABOUT = {
    Outcome.BUSINESS: _("one industry"),
    Outcome.PLATFORM: _("tools for developers"),
    Outcome.TECHNICAL: _("data and models"),
    Outcome.HYBRID: _("user experience"),
}


@action("result.picture", costly=True)
async def picture(ctx: Context, result_id: int) -> View:
    stored = await result.mine(ctx, result_id)
    if not has_picture(stored):
        raise out_of_date()
    drawn = await picture_of(ctx, stored, ctx.me.name)
    ways = (Button(_("My result"), result.show(stored.id)), Button(_("Home"), home.home()))
    return Card(_("Your result as a picture"), (drawn, quiet(_("Only you see this, unless you pass it on."))), ways)


def has_picture(stored: Stored) -> bool:
    """Whether the result says enough to be drawn."""
    return Verdict.from_json(stored.summary).words in SAYS


async def picture_of(
    ctx: Context, stored: Stored, person: str, language: Language | None = None, *, public: bool = False
) -> Picture:
    """A result's picture under this name (none where it is empty), in the reader's language or another one.

    A `public` one says no more than the post around it: the outcome, not where experience and choices point.
    """
    verdict = Verdict.from_json(stored.summary)
    lines = [] if public else _lines(verdict)
    png = await ctx.draw(_drawing(ctx, verdict, person, language or ctx.language, lines))
    return Picture(NAME, png, _in_words(verdict, person, lines), said_beside=public)


def _drawing(ctx: Context, verdict: Verdict, person: str, language: Language, lines: Sequence[Text]) -> Drawing:
    def say(text: Text) -> str:
        return ctx.content.catalogue.say(text, language)

    drawn = (verdict.outcome, verdict.runner_up) if verdict.words == "between" else (verdict.outcome,)
    return Drawing(
        language=language,
        person=person,
        says=say(SAYS[verdict.words]),
        outcomes=tuple(DrawnOutcome(each, say(each.name_only), say(ABOUT[each])) for each in drawn if each),
        lines=tuple(map(say, lines)),
        note=say(NOTE),
    )


def _lines(verdict: Verdict) -> list[Text]:
    """What experience and choices say, in one line; and who comes close."""
    lines = _pointing(verdict.experience, verdict.choices)
    if verdict.words == "leaning" and verdict.runner_up is not None:
        lines.append(_("Close behind: {outcome}.", outcome=verdict.runner_up.name_only))
    return lines


def _pointing(experience: Outcome | None, choices: Outcome | None) -> list[Text]:
    if experience is None:
        return [] if choices is None else [_("Choices lean to {outcome}.", outcome=choices.name_only)]
    if choices is None:
        return [_("Experience points to {outcome}.", outcome=experience.name_only)]
    if experience is choices:
        return [_("Experience and choices both point to {outcome}.", outcome=experience.name_only)]
    return [
        _(
            "Experience points to {outcome}, choices lean to {other}.",
            outcome=experience.name_only,
            other=choices.name_only,
        )
    ]


def _in_words(verdict: Verdict, person: str, lines: Sequence[Text]) -> Text:
    """The same as the picture says, the name whole."""
    outcomes = [("outcome", verdict.outcome.label)]
    if verdict.words == "between" and verdict.runner_up is not None:
        outcomes.append(("other", verdict.runner_up.label))
    named = [_("{person}.", person=person)] if person.strip() else []
    said = Text(SENTENCES[verdict.words].en, tuple(outcomes))
    sentences = [*named, said, *lines, _("Not for hiring.")]
    return reduce(lambda first, rest: _("{first} {rest}", first=first, rest=rest), sentences)
