"""How a plan is drawn: the next step, what is missing a page at a time, what is there, what is skipped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from commands import home, missing, plan, remedies, skill_lists, takeaway
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import (
    Bold,
    Button,
    Card,
    Divider,
    Element,
    Run,
    Tab,
    Tabs,
    heading,
    line,
    quiet,
)
from commands.mentor import find, offer
from commands.standing import Plan, outcomes, plan_for
from content.load import Content
from content.outcomes import Outcome
from content.text import Text, _, plural
from storage.learning import SkillState
from storage.shelf import Shelf

NAMED = 8  # skills that one line names; the others are counted


def card(
    ctx: Context, here: Shelf, outcome: Outcome, first: int, said: Sequence[Element], aside: Sequence[Element] = ()
) -> Card:
    """The plan, with one page of what is missing, and the tips put aside; `said` comes before it."""
    mine = plan_for(ctx.content, here, outcome)
    body: list[Element] = [*said, *_whose(here, outcome)]
    body += [*_next(ctx.content, mine), *_missing(ctx, here, mine, first), *aside, Divider()]
    body.append(_starter(ctx.content, outcome))
    body += [*_named(ctx.content, _("You have: "), mine.held), *_named(ctx.content, _("Skipped: "), mine.put_off)]
    if not here.regions:
        body.append(
            quiet(
                _(
                    "Which rules of law you need depends on where your users are: "
                    "say it under “What is missing for me?”."
                )
            )
        )
    return Card(_("My plan: {outcome}", outcome=outcome.label), tuple(body), _ways_on(here, mine))


def next_step(content: Content, mine: Plan) -> Text:
    """The one next step in a sentence."""
    if mine.steps:
        skill = content.skills[mine.steps[0]]
        return _("Next step: {skill}. {task}", skill=skill.name, task=skill.task)
    return _no_step(mine)


def _starter(content: Content, outcome: Outcome) -> Element:
    """The small project to begin with."""
    project = content.tracks[outcome].starter
    return line(Bold(_("Small starter project")), _(": {project}", project=project))


def _next(content: Content, mine: Plan) -> list[Element]:
    if not mine.steps:
        return [_no_step(mine)]
    skill = content.skills[mine.steps[0]]
    return [heading(_("Next step: {skill}", skill=skill.name)), skill.task]


def _no_step(mine: Plan) -> Text:
    if mine.put_off:
        return _("All that is missing is skipped. Take one of it up again whenever you like.")
    return _("Nothing is missing from the list. Would you like to offer your time as a mentor?")


def _whose(here: Shelf, outcome: Outcome) -> list[Element]:
    """What must be known where this is not simply the plan of my result."""
    own = outcomes(here)
    if len(own) == 2 and outcome in own:
        tabs = Tabs(tuple(Tab(each.name_only, plan.plan(each)) for each in own), own.index(outcome))
        between = _(
            "Your result is between {one} and {other}. There is a plan for each.", one=own[0].label, other=own[1].label
        )
        return [between, tabs]
    if own and outcome not in own:
        return [quiet(_("Your result is {outcome}; this is the plan for another track.", outcome=own[0].label))]
    return []


def _missing(ctx: Context, here: Shelf, mine: Plan, first: int) -> list[Element]:
    """One page of the steps, each with its task and the best resource, and a button for each."""
    total = len(mine.steps)
    first = page_start(first, skill_lists.PAGE, total)
    shown = mine.steps[first : first + skill_lists.PAGE]
    if not shown:
        return []
    body: list[Element] = [heading(_("What is missing, the most useful first"))]
    for place in range(first, first + len(shown)):
        body += _step(ctx, here, mine, place)
    body.append(skill_lists.opening(ctx.content, mine.outcome, shown, primary=mine.steps[0]))
    body += pages(partial(plan.page, mine.outcome), first, skill_lists.PAGE, total)
    return body


def _step(ctx: Context, here: Shelf, mine: Plan, place: int) -> list[Element]:
    """A step with its task, which of the next step stands above, and what to learn it from."""
    skill = ctx.content.skills[mine.steps[place]]
    name = Bold(_("{place}. {skill}", place=place + 1, skill=skill.name))
    task = _(" (next step)") if place == 0 else _(": {task}", task=skill.task)
    begun = (_(" (in progress)"),) if here.state(skill.id) is SkillState.DOING else ()
    found = remedies.in_order(ctx.content, here, skill, ctx.language)
    best = remedies.best(found)
    learn = (remedies.in_short(here, best, ctx.language),) if best else ()
    return [line(name, *begun, task), *learn]


def _named(content: Content, what: Text, skills: Sequence[str]) -> list[Element]:
    """Skills by name on one quiet line, the first of many."""
    if not skills:
        return []
    names: list[Run] = [what]
    for skill in skills[:NAMED]:
        names += [*((_(", "),) if len(names) > 1 else ()), content.skills[skill].name]
    more = len(skills) - NAMED
    return [quiet(*names, *((plural(" and {count} more", " and {count} more", more),) if more > 0 else ()))]


def _ways_on(here: Shelf, mine: Plan) -> tuple[Button, ...]:
    ways = [Button(_("What is missing for me?"), missing.missing(mine.outcome))]
    if mine.held:
        ways.append(Button(_("What I have"), skill_lists.held(mine.outcome, 0)))
    if mine.put_off:
        ways.append(Button(_("What I skipped"), skill_lists.skipped(mine.outcome, 0)))
    ways.append(Button(_("Markdown"), takeaway.markdown(mine.outcome)))
    if mine.steps:
        ways.append(Button(_("Calendar"), takeaway.calendar(mine.outcome)))
        ways.append(Button(_("Find a mentor"), find.find()))
    if not mine.steps and not mine.put_off:
        ways.append(Button(_("Offer your time as a mentor"), offer.offer()))
    own = outcomes(here)
    if own and mine.outcome not in own:
        ways.append(Button(_("The plan of my result"), plan.plan(None)))
    return (*ways, Button(_("Home"), home.home()))
