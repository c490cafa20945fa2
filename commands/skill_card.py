"""One skill of a plan: what it means, its first task, what to learn it from, and where I stand with it."""

from __future__ import annotations

from commands import earned, home, plan, remedies, resources, standing
from commands.kit.command import action
from commands.kit.errors import Invalid, Refusal
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Form, Style, TextField, View, heading, line, quiet
from content.outcomes import Outcome
from content.points import Deed
from content.skills import Skill
from content.text import _
from storage import learning, shelf
from storage.learning import SkillState
from storage.shelf import Shelf

SAID_MAX = 300
OWN_MOST = 3  # links of the community's own on a card: there may be very many
STATES = {
    SkillState.HAD: _("You had done this before."),
    SkillState.DOING: _("In progress."),
    SkillState.DONE: _("Done."),
    SkillState.SKIPPED: _("Skipped."),
}


@action("plan.skill")
async def skill(ctx: Context, outcome: Outcome, skill: str) -> View:
    return card(ctx, await ctx.store.read(shelf.read, ctx.me), outcome, known(ctx, skill))


@action("plan.move")
async def move(ctx: Context, outcome: Outcome, skill: str, was: SkillState | None, now: SkillState | None) -> View:
    """From the state that the card showed to another; a card that shows an older state changes nothing."""
    known(ctx, skill)
    await ctx.store.write(learning.move_skill, ctx.me, skill, was, now)
    return await plan.show(ctx, outcome)


@action("plan.finish", opens_form=True)
async def finish(ctx: Context, outcome: Outcome, skill: str) -> View:
    """Asks for the one line of what came out of it."""
    known(ctx, skill)
    learned = (await ctx.store.read(learning.skills, ctx.me)).get(skill)
    said = TextField(
        "said",
        _("A line or a link"),
        hint=earned.hint(ctx.content.points, Deed.STEP_WITH_LINE),
        value=(learned.said if learned else None) or "",
        required=False,
        most=SAID_MAX,
    )
    return Form(_("What came of it?"), (said,), finished(outcome, skill), submit=_("Done"))


@action("plan.finished")
async def finished(ctx: Context, outcome: Outcome, skill: str) -> View:
    done = known(ctx, skill)
    said = " ".join((ctx.value("said") or "").split())
    if len(said) > SAID_MAX:
        raise Invalid(
            {"said": _("That is longer than {count} characters. Please shorten it.", count=SAID_MAX)},
            again=finish(outcome, skill),
        )
    won = await ctx.store.write(learning.set_skill, ctx.me, skill, SkillState.DONE, said or None, of=done.track)
    points = await earned.lines(ctx, won, skill, Deed.STEP, *((Deed.STEP_WITH_LINE,) * bool(said)))
    return await plan.show(ctx, outcome, said=(line(Bold(_("Done: {skill}", skill=done.name))), *points))


def known(ctx: Context, skill_id: str) -> Skill:
    """The skill of this id; a pack may have lost it since the card was drawn."""
    found = ctx.content.skills.get(skill_id)
    if found is None:
        raise Refusal(
            _("This skill is no longer on the list. Your plan is as it was."),
            (Button(_("My plan"), plan.plan(None), Style.PRIMARY), Button(_("Home"), home.home())),
        )
    return found


def card(ctx: Context, here: Shelf, outcome: Outcome, skill: Skill) -> Card:
    """A skill with all its resources."""
    body: list[Element] = [skill.meaning, line(Bold(_("First task")), _(": {task}", task=skill.task))]
    learned = here.skills.get(skill.id)
    proven = skill.id in standing.proven(ctx.content, here)
    held = learned is not None and learned.state.held
    if proven and not held:
        body.append(_("Your answers show that you have done this."))
    elif learned is not None:
        body.append(STATES[learned.state])
    if learned is not None and held and learned.said:
        body.append(line(Bold(_("What came of it")), _(": {said}", said=learned.said)))
    found = remedies.in_order(ctx.content, here, skill, ctx.language)
    body += [heading(_("To learn it from"))] if found else []
    more = [each for each in found if each.own][OWN_MOST:]
    for each in found:
        body += remedies.in_full(here, each, ctx.language) if each not in more else ()
    if skill.regions:
        body.append(quiet(_("Texts of law are pointers here, not advice.")))
    ways = [] if proven and not held else _ways(outcome, skill.id, learned.state if learned else None)
    if more:
        ways.append(Button(_("All of its resources"), resources.page(outcome, 0, skill.id)))
    back = Button(_("Back to the plan"), plan.plan(outcome))
    return Card(skill.name, tuple(body), (*ways, back, Button(_("Home"), home.home())))


def _ways(outcome: Outcome, skill: str, state: SkillState | None) -> list[Button]:
    """What can be said of a skill that stands like this."""
    begin = Button(_("In progress"), move(outcome, skill, state, SkillState.DOING), Style.PRIMARY)
    done = Button(_("Done"), finish(outcome, skill))
    skip = Button(_("Skip"), move(outcome, skill, state, SkillState.SKIPPED))
    match state:
        case None:
            return [begin, done, skip]
        case SkillState.DOING:
            return [done, Button(_("Not now"), move(outcome, skill, state, None)), skip]
        case SkillState.SKIPPED:
            return [Button(_("Take it up again"), move(outcome, skill, state, None), Style.PRIMARY), done]
        case SkillState.HAD | SkillState.DONE:
            before = SkillState.DOING if state is SkillState.DONE else None
            undo = Button(_("It is not done yet"), move(outcome, skill, state, before))
            return [Button(_("Say what came of it"), finish(outcome, skill)), undo]
