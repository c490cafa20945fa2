"""`/pmpath-mod points adjust`: points for what the bot cannot see, or points taken, with a reason."""

from __future__ import annotations

import re
import unicodedata

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Invalid, Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Card, Form, PeopleSelect, Style, TextField, View, quiet
from commands.mod import audit, choices
from content.text import Text, _, plural
from storage import adjusting
from storage.adjusting import MOST, REASON_MOST, Planned

NUMBER = re.compile(r"[+-]?\d{1,4}")


@command(
    _("Give a member points, or take some, with a reason; undo it for 30 days"),
    example="/pmpath-mod points adjust",
    aliases=("调整",),
)
async def adjust(ctx: Context) -> View:
    body = (
        _("Whose points? Choose one person; then you write how many, and why."),
        PeopleSelect("person", _("Whose points"), chosen(), most=1),
        quiet(_("What a member has, and whether they stand on boards, is theirs to know and not shown here.")),
    )
    on = Button(_("Next"), chosen(), Style.PRIMARY, takes_values=True)
    return Card(_("Adjust points"), body, (on, Button(_("Home"), home.home())))


@action("points.chosen", moderators=True, takes_values=True)
async def chosen(ctx: Context) -> View:
    uid = _one_person(ctx)
    found = await ctx.store.write(adjusting.choose, ctx.me, uid)
    if found is None:
        raise _no(_("I have not met this person here yet: only those who have used pmpath here can have points."))
    body = (_("The points of {name}: how many, and why?", name=found.name),)
    ways = (Button(_("Points and reason"), form(), Style.PRIMARY), Button(_("Somebody else"), adjust()))
    return Card(_("Adjust points"), body, (*ways, Button(_("Home"), home.home())))


@action("points.form", moderators=True, opens_form=True)
async def form(ctx: Context) -> View:
    found = await ctx.store.read(adjusting.planned, ctx.me)
    if found is None:
        raise _over()
    points = f"{found.points:+}" if found.points else ""
    fields = (
        TextField("points", _("How many points"), hint=_("15 gives them, -15 takes them"), value=points, most=6),
        TextField("reason", _("For what reason"), hint=_("The member reads it"), value=found.reason, most=REASON_MOST),
    )
    return Form(_("Points and reason"), fields, said(), _("Next"))


@action("points.said", moderators=True)
async def said(ctx: Context) -> View:
    """The exact effect, before anything is changed."""
    points, reason = read_number(ctx.value("points") or ""), " ".join((ctx.value("reason") or "").split())
    wrong: dict[str, Text] = {}
    if points is None:
        wrong["points"] = _("Write a whole number, but not 0: at most {most}, or -{most} to take points.", most=MOST)
    if not 0 < len(reason) <= REASON_MOST:
        wrong["reason"] = _("A reason has 1 to {most} characters.", most=REASON_MOST)
    if points is None or wrong:
        raise Invalid(wrong, again=form())
    found = await ctx.store.write(adjusting.say, ctx.me, points, reason)
    if found is None:
        raise _over()
    body = (
        effect(found),
        _("The member reads the reason among their points. Nobody is sent a message."),
        quiet(_("It can be undone for 30 days, where it says what moderators did.")),
    )
    ways = (_yes(found), Button(_("Change it"), form()), Button(_("Somebody else"), adjust()))
    return Card(_("Adjust the points like this?"), body, (*ways, Button(_("Home"), home.home())))


@action("points.give", moderators=True)
async def give(ctx: Context, drawn: int) -> View:
    """Does what was said then, once."""
    done = await ctx.store.write(adjusting.adjust, ctx.me, drawn)
    if done is None:
        raise _over()
    ways = (Button(_("Adjust more points"), adjust()), Button(_("What moderators did"), audit.audit()))
    return Card(_("Points adjusted"), (effect(done),), (*ways, Button(_("Home"), home.home())))


def effect(planned: Planned) -> Text:
    """What the member gets or loses, and why."""
    name, reason = planned.name, planned.reason
    if planned.points > 0:
        return plural(
            "{name} gets {count} point: {reason}", "{name} gets {count} points: {reason}", planned.points,
            name=name, reason=reason,
        )  # fmt: skip
    return plural(
        "{name} loses {count} point: {reason}", "{name} loses {count} points: {reason}", -planned.points,
        name=name, reason=reason,
    )  # fmt: skip


def read_number(written: str) -> int | None:
    """The points that were written, in whatever form of digits and signs; None where they are none to give or take."""
    plain = unicodedata.normalize("NFKC", written).replace("\N{MINUS SIGN}", "-").replace(" ", "")
    found = int(plain) if NUMBER.fullmatch(plain) else 0
    return found if found and abs(found) <= MOST else None


def _one_person(ctx: Context) -> str:
    """The platform's id of who was chosen. Raises Refusal where that is nobody, or a role."""
    people = ctx.values.get("person", ())
    if any(each.startswith(choices.ROLE) for each in people):
        raise _no(_("A role has no points: choose a person."))
    if len(people) != 1:
        raise _no(_("Choose one person first."))
    return people[0]


def _yes(found: Planned) -> Button:
    if found.points > 0:
        label = plural("Give {count} point", "Give {count} points", found.points)
        return Button(label, give(found.drawn), Style.PRIMARY)
    label = plural("Take {count} point", "Take {count} points", -found.points)
    return Button(label, give(found.drawn), Style.DANGER)


def _over() -> Refusal:
    return _no(_("That was done before, or is no longer what you were about to do. What moderators did shows it."))


def _no(text: Text) -> Refusal:
    ways = (Button(_("Adjust points"), adjust()), Button(_("What moderators did"), audit.audit()))
    return Refusal(text, (*ways, Button(_("Home"), home.home())))
