"""`/pmpath-mod tips post`: posts a tip now, as it was previewed, once."""

from __future__ import annotations

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Option, Select, Style, View
from commands.mod.tips import queue, sample
from commands.mod.tips.schedule import here
from content.outcomes import Outcome
from content.text import Channel, Text, _
from storage import by_hand, next_up, schedules
from storage.by_hand import Now

ANY = "any"  # the option for whichever is due


@command(_("Post a tip now, once you have seen it"), example="/pmpath-mod tips post", aliases=("发布",))
async def post(ctx: Context) -> View:
    return await _card(ctx, None)


@action("tip-post.of", moderators=True)
async def of(ctx: Context) -> View:
    """What would go out of the track that was chosen."""
    chosen = ctx.value("outcome")
    return await _card(ctx, next((each for each in Outcome if each.value == chosen), None))


@action("tip-post.now", moderators=True)
async def now(ctx: Context, tip: str, schedule: int | None, drawn: int) -> View:
    """Out with it: into the schedule's channel, or without one into the channel that the card stands in."""
    meant = await sample.find(ctx, tip)
    channel = here(ctx)
    if schedule is not None:
        found = await ctx.store.read(schedules.find, ctx.community.id, schedule)
        channel = found.plan.channel if found else None
    if channel is None:
        raise Refusal(
            _("Nobody else can see this place. Run /pmpath-mod tips post in the channel that shall have the tip."),
            (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home())),
        )
    ended = await ctx.store.write(by_hand.post_now, ctx.me, meant.outcome, tip, channel, drawn)
    ways = (Button(_("The queue"), queue.page(0), Style.PRIMARY), Button(_("Home"), home.home()))
    title = _("Post now") if ended is Now.GONE else _("On its way")
    return Card(title, (_ended(ended, channel),), ways)


async def _card(ctx: Context, outcome: Outcome | None) -> Card:
    choice = await ctx.store.read(next_up.now, ctx.community.id, outcome, ctx.content.tips_by_outcome)
    body: list[Element] = [_tracks(outcome)]
    ways = (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home()))
    if choice is None:
        nothing = _(
            "There is nothing to post: the queue is empty, and each tip of the library has had its turn this year."
        )
        return Card(_("Post now"), (nothing, *body), ways)
    meant = await sample.find(ctx, choice.tip)
    body += sample.as_posted(ctx, meant)
    send = Button(_("Send it to me"), sample.send(choice.tip))
    return Card(_("Post this tip now?"), tuple(body), (*await _places(ctx, choice.tip), send, *ways))


async def _places(ctx: Context, tip: str) -> list[Button]:
    """This channel, and those of the schedules."""
    drawn, this = int(ctx.now.timestamp()), here(ctx)
    buttons = [] if this is None else [Button(_("Post in this channel"), now(tip, None, drawn), Style.PRIMARY)]
    known = {this}
    for each in await ctx.store.read(schedules.of_community, ctx.community.id):
        if each.plan.channel not in known:
            known.add(each.plan.channel)
            there = _("Post where the weekly tip goes")
            if each.outcome is not None:
                there = _("Post where {outcome} goes", outcome=each.outcome.name_only)
            buttons.append(Button(there, now(tip, each.id, drawn)))
    return buttons


def _tracks(outcome: Outcome | None) -> Select:
    options = (Option(ANY, _("Whichever is next")), *(Option(each.value, each.label) for each in Outcome))
    return Select("outcome", _("Track"), options, of(), chosen=(outcome.value if outcome else ANY,))


def _ended(ended: Now, channel: str) -> Text:
    match ended:
        case Now.POSTED:
            return _("It is on its way to {channel}.", channel=Channel(channel))
        case Now.ALREADY:
            return _(
                "You have posted it already, in {channel}; nothing was posted a second time.", channel=Channel(channel)
            )
        case Now.GONE:
            return _("It has gone out meanwhile, or somebody deleted it. Nothing was posted.")
