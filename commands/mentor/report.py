"""*Report*: what the moderators should know of a mentor or mentee; who told it is shown to nobody."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import Invalid, Refusal
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Button, Card, ChoiceField, Form, Option, TextField, View
from commands.kit.wording import person
from commands.mentor import apart, mine
from content.mentoring import Concern
from content.text import _
from storage import other_side
from storage.other_side import About

WORDS_MOST = 1000


@action("mentor.report-offer", opens_form=True)
async def about_offer(ctx: Context, offer: int) -> View:
    """Of a mentor whose offer I look at."""
    return await _form(ctx, About.OFFER, offer)


@action("mentor.report-request", opens_form=True)
async def about_request(ctx: Context, request: int) -> View:
    """Of who asks me, or whom I ask."""
    return await _form(ctx, About.REQUEST, request)


@action("mentor.report-match", opens_form=True)
async def about_match(ctx: Context, match: int) -> View:
    """Of the other of a match, also after it ended."""
    return await _form(ctx, About.MATCH, match)


@action("mentor.reported")
async def reported(ctx: Context, about: About, row: int) -> View:
    chosen, words = ctx.value("concern"), ctx.value("words")
    wrong = {}
    if chosen not in {each.value for each in Concern}:
        wrong["concern"] = _("Choose what it is about.")
    if words is not None and len(words) > WORDS_MOST:
        wrong["words"] = _("At most {most} characters.", most=WORDS_MOST)
    if wrong:
        raise Invalid(wrong, again=_again(about, row))
    other = await ctx.store.write(other_side.report, ctx.me, about, row, Concern(chosen), words)
    if other is None:
        raise gone()
    body = (
        _("Thank you. The moderators of this community read what you wrote about {name}.", name=person(other.name)),
        _("That it comes from you is shown to nobody, and {name} is not told.", name=person(other.name)),
        _("You can also make sure that the two of you are never brought together again."),
    )
    ways = (Button(_("Not with this person"), apart.ask(about, row)), Button(_("My mentoring"), mine.mine()))
    return Card(_("Reported"), body, (*ways, Button(_("Home"), home.home())))


def gone() -> Refusal:
    """The answer where there is nobody on the other side any more."""
    ways = (Button(_("My mentoring"), mine.mine()), Button(_("Home"), home.home()))
    return Refusal(_("This person or what you had with them is no longer here."), ways)


def _again(about: About, row: int) -> Press:
    match about:
        case About.OFFER:
            return about_offer(row)
        case About.REQUEST:
            return about_request(row)
        case About.MATCH:
            return about_match(row)


async def _form(ctx: Context, about: About, row: int) -> Form:
    other = await ctx.store.read(other_side.find, ctx.me, about, row)
    if other is None:
        raise gone()
    concerns = tuple(Option(each.value, each.label) for each in Concern)
    fields = (
        ChoiceField("concern", _("What is it about?"), concerns),
        TextField(
            "words",
            _("What happened (optional)"),
            hint=_("Moderators read it. That it comes from you is shown to nobody."),
            required=False,
            long=True,
            most=WORDS_MOST,
        ),
    )
    return Form(_("Report"), fields, reported(about, row), _("Report"))
