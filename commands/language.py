"""`/pmpath language`: in which language pmpath speaks to me."""

from __future__ import annotations

from typing import Annotated

from commands import home
from commands.kit.command import action, command
from commands.kit.request import Context
from commands.kit.view import Button, Card, Style, View
from content.text import Language, _, verbatim
from storage import members


@command(
    _("Choose 中文 or English, or as in your app"),
    example="/pmpath language 中文",
    aliases=("lang", "语言"),
)
async def language(ctx: Context, language: Annotated[Language | None, _("中文 or English")] = None) -> View:
    if language is not None:
        await ctx.store.write(members.set_language, ctx.me, language)
        return card(language)
    return card(ctx.chosen_language)


@action("language.as-in-app")
async def as_in_app(ctx: Context) -> View:
    await ctx.store.write(members.set_language, ctx.me, None)
    return card(None)


def card(chosen: Language | None) -> Card:
    """What holds now, and the choices; the languages keep their own names."""
    now = (
        _("I speak the language of your app.")
        if chosen is None
        else _("I speak {language} to you.", language=chosen.label)
    )
    buttons = [
        Button(
            verbatim(each.label),
            language(each),
            Style.PRIMARY if each is chosen else Style.PLAIN,
            disabled=each is chosen,
        )
        for each in Language
    ]
    app = Button(_("As in my app"), as_in_app(), disabled=chosen is None)
    return Card(
        _("Language"),
        (now, _("What I post for everybody is in the community's language.")),
        (*buttons, app, Button(_("Home"), home.home())),
    )
