"""Skills a page at a time: what a member has, with what came out of it, and what they skipped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from commands import home, plan, skill_card
from commands.kit.command import action
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Buttons, Card, Element, Line, Style, View, line
from commands.standing import plan_for
from content.gaps import FIRST
from content.load import Content
from content.outcomes import Outcome
from content.text import Text, _
from storage import shelf
from storage.learning import SkillState
from storage.shelf import Shelf

PAGE = FIRST


@action("plan.held")
async def held(ctx: Context, outcome: Outcome, first: int) -> View:
    """What I have of this outcome's skills, and how that is known."""
    here = await ctx.store.read(shelf.read, ctx.me)
    skills = plan_for(ctx.content, here, outcome).held
    first = page_start(first, PAGE, len(skills))
    shown = skills[first : first + PAGE]
    if not shown:
        return _listed(_("What you have: {outcome}", outcome=outcome.label), [_("Nothing yet.")], outcome)
    body: list[Element] = [_has(ctx.content, here, each) for each in shown]
    marked = [each for each in shown if here.state(each) is not None]
    body += [opening(ctx.content, outcome, marked)] if marked else []
    body += pages(partial(held, outcome), first, PAGE, len(skills))
    return _listed(_("What you have: {outcome}", outcome=outcome.label), body, outcome)


@action("plan.skipped")
async def skipped(ctx: Context, outcome: Outcome, first: int) -> View:
    """What I skipped of this outcome's skills; each opens its own card, where it is taken up again."""
    here = await ctx.store.read(shelf.read, ctx.me)
    skills = plan_for(ctx.content, here, outcome).put_off
    first = page_start(first, PAGE, len(skills))
    shown = [ctx.content.skills[each] for each in skills[first : first + PAGE]]
    if not shown:
        return _listed(_("What you skipped: {outcome}", outcome=outcome.label), [_("Nothing.")], outcome)
    body: list[Element] = [line(Bold(each.name), _(": {task}", task=each.task)) for each in shown]
    body.append(opening(ctx.content, outcome, [each.id for each in shown]))
    body += pages(partial(skipped, outcome), first, PAGE, len(skills))
    return _listed(_("What you skipped: {outcome}", outcome=outcome.label), body, outcome)


def opening(content: Content, outcome: Outcome, skills: Sequence[str], primary: str | None = None) -> Buttons:
    """A button for each skill's own card."""
    return Buttons(
        tuple(
            Button(
                content.skills[each].name,
                skill_card.skill(outcome, each),
                Style.PRIMARY if each == primary else Style.PLAIN,
            )
            for each in skills
        )
    )


def _has(content: Content, here: Shelf, skill: str) -> Line:
    """A skill that is had: what came out of it, or how it is known."""
    name = Bold(content.skills[skill].name)
    learned = here.skills.get(skill)
    if learned is None or not learned.state.held:
        return line(name, _(": your answers show it"))
    if learned.said:
        return line(name, _(": {said}", said=learned.said))
    ticked = learned.state is SkillState.DONE
    return line(name, _(": ticked off in the plan") if ticked else _(": you had done it before"))


def _listed(title: Text, body: list[Element], outcome: Outcome) -> Card:
    return Card(title, tuple(body), (Button(_("Back to the plan"), plan.plan(outcome)), Button(_("Home"), home.home())))
