"""*Correct it*: opens a refused form again with what was written in it."""

from __future__ import annotations

from dataclasses import replace

from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.press import Press, read_wire
from commands.kit.request import Context, Values
from commands.kit.view import Button, ChoiceField, Form, FormField, View
from content.text import _
from storage import drafts


@action("form.correct", opens_form=True)
async def correct(ctx: Context, opener: str) -> View:
    kept = await ctx.store.read(drafts.find, ctx.me, f"form.{opener}")
    if not kept:
        raise Refusal(
            _("What you wrote is no longer kept; it is for 24 hours. Please open the form anew."), anew(ctx, opener)
        )
    wire = read_wire(kept[""][0])
    opens = ctx.registry.actions[wire.action]
    if opens.moderators and not ctx.moderator:
        raise Refusal(_("Only moderators of this community can do that."), (Button(_("Home"), Press("home")),))
    form = await opens.handler(ctx, *opens.arguments(wire))
    if not isinstance(form, Form):
        return form
    return replace(form, fields=tuple(filled(field, kept) for field in form.fields))


def anew(ctx: Context, opener: str) -> tuple[Button, ...]:
    """The form as it is at first, where the opener's name is enough to open it; and the way home."""
    home, opens = Button(_("Home"), Press("home")), ctx.registry.actions.get(opener)
    if opens is None or not all(parameter.optional for parameter in opens.parameters):
        return (home,)
    return (Button(_("Open"), Press(opener, (None,) * len(opens.parameters))), home)


def filled(field: FormField, kept: Values) -> FormField:
    """A field with what was written in it."""
    written = kept.get(field.name, ("",))[0] if kept.get(field.name) else ""
    if isinstance(field, ChoiceField):
        return replace(field, chosen=written or None)
    return replace(field, value=written)
