"""A result shown to a channel: preview, post, take back. The answers behind it are never shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from commands import home, picture, result, start, track, verdict_card
from commands.kit.command import action
from commands.kit.errors import Refusal, not_yours
from commands.kit.notice import notice
from commands.kit.preview import preview
from commands.kit.request import Context, Place
from commands.kit.view import Bold, Button, Card, Divider, Element, Style, View, line, quiet
from content.text import Text, _, plural
from content.verdict import Verdict
from storage import shares
from storage.results import Stored
from storage.shares import Share, Shared, ShareState

PREVIEW_FOR = dt.timedelta(days=1)  # less than a sent post is remembered, so that an old press posts no second one
TITLES = {
    "clear": _("{name}: {outcome}"),
    "leaning": _("{name}: leaning towards {outcome}"),
    "between": _("{name}: between {outcome} and {other}"),
}


@action("result.share")
async def share(ctx: Context, result_id: int) -> View:
    return await preview_of(ctx, await mine(ctx, result_id))


async def preview_of(ctx: Context, stored: Stored) -> Card:
    """The post exactly as the channel will see it, and under which name, before anybody does."""
    channel_of(ctx)
    shown = preview(await post_card(ctx, stored, ctx.me.name), ctx.community.language, ctx.content.catalogue)
    body: tuple[Element, ...] = (
        quiet(_("Preview, in the community's language, for this channel:")),
        *shown,
        Divider(),
        _("Everybody in this channel will read your name as “{name}”. Your answers are not shown.", name=ctx.me.name),
        _("You can unshare it at any time, but people may have seen it by then."),
    )
    drawn = int(ctx.now.timestamp())
    return Card(
        _("Share this result here?"),
        body,
        (
            Button(_("Post"), post(stored.id, drawn), Style.PRIMARY),
            Button(_("Keep it private"), result.show(stored.id)),
        ),
    )


@action("result.post")
async def post(ctx: Context, result_id: int, drawn: int) -> View:
    """Posts what that preview showed, once."""
    stored = await mine(ctx, result_id)
    if ctx.now - dt.datetime.fromtimestamp(drawn, dt.UTC) > PREVIEW_FOR:
        return await preview_of(ctx, stored)
    said = await ctx.store.write(shares.post, ctx.me, stored.id, channel_of(ctx), drawn)
    match said:
        case Shared.NOT_YOURS:
            raise not_yours()
        case Shared.ALREADY:
            return await result.draw(ctx, stored)
        case Shared.ON_ITS_WAY:
            words = _("It is on its way to this channel. If it does not appear, your result says why.")
            return Card(_("On its way"), (words,), ways(stored.id))


@action("result.post-again")
async def post_again(ctx: Context, result_id: int, share_id: int) -> View:
    """The member looked: the post of which nobody knew is not there."""
    stored = await mine(ctx, result_id)
    await ctx.store.write(shares.post_again, ctx.me, share_id)
    return await result.draw(ctx, stored)


@action("result.unshare")
async def unshare(ctx: Context, result_id: int) -> View:
    stored = await mine(ctx, result_id)
    if await ctx.store.write(shares.take_back, ctx.me, stored.id) == 0:
        return await result.draw(ctx, stored)
    words = _("The post disappears in a moment. People may have seen it.")
    return Card(_("Unshared"), (words,), ways(stored.id))


@notice("result.shared")
async def shared(ctx: Context, share: int) -> Card | None:
    """What the channel sees; nothing once it was taken back."""
    shown = await ctx.store.read(shares.shown, ctx.community.id, share)
    return None if shown is None else await post_card(ctx, shown.result, shown.name)


async def post_card(ctx: Context, stored: Stored, name: str) -> Card:
    """The public card of a result: the outcome and what it means, no answer and no number."""
    drawn = await picture.picture_of(ctx, stored, name, ctx.community.language, public=True)
    verdict = Verdict.from_json(stored.summary)
    outcomes = verdict_card.shown(verdict)
    values = (("name", name), ("outcome", outcomes[0].label), ("other", outcomes[-1].label))
    about = (
        line(Bold(outcome.label), _(": {summary}", summary=ctx.content.tracks[outcome].summary)) for outcome in outcomes
    )
    return Card(
        Text(TITLES[verdict.words].en, values),
        (
            drawn,
            *about,
            quiet(_("From a short assessment. One article's way to divide AI product roles; not for hiring.")),
        ),
        (
            Button(_("Take the assessment yourself"), start.start(), Style.PRIMARY),
            *(Button(_("About {outcome}", outcome=each.name_only), track.track(each)) for each in outcomes),
            Button(_("What can you do?"), home.home()),
        ),
    )


def state(found: Sequence[Share]) -> list[Element]:
    """On the result's card: where it is shared, and what went wrong with that."""
    there = sum(each.state is ShareState.THERE for each in found)
    lines: list[Element] = []
    if there:
        lines.append(
            plural(
                "Shared in {count} channel: your name and the outcome, not your answers.",
                "Shared in {count} channels: your name and the outcome, not your answers.",
                there,
            )
        )
    for state in (ShareState.UNDERWAY, ShareState.REFUSED, ShareState.DOUBTFUL):
        lines += _trouble([each for each in found if each.state is state][:1])
    return lines


def buttons(stored: Stored, found: Sequence[Share], *, offers: bool) -> list[Button]:
    """*Share* and *Unshare*, and *Post it* again where a post may not have arrived."""
    ways_on = [Button(_("Share"), share(stored.id))] if offers else []
    doubtful = [each for each in found if each.state is ShareState.DOUBTFUL]
    ways_on += [Button(_("Post it"), post_again(stored.id, each.id)) for each in doubtful[:1]]
    if any(each.state is not ShareState.REFUSED for each in found):
        ways_on.append(Button(_("Unshare"), unshare(stored.id)))
    elif found:
        ways_on.append(Button(_("Let it be"), unshare(stored.id)))
    return ways_on


def _trouble(first: Sequence[Share]) -> list[Element]:
    """What is wrong with the first of those in one state: with many channels the card still has room."""
    if not first:
        return []
    (each,) = first
    match each.state:
        case ShareState.UNDERWAY:
            return [_("Sharing: on its way to the channel.")]
        case ShareState.REFUSED:
            return [
                _(
                    "It could not be posted in the channel: I may not write there. A moderator can allow it;"
                    " then press Share there again."
                ),
                quiet(_("What the platform said: {error}", error=each.error or "")),
            ]
        case ShareState.DOUBTFUL:
            return [
                _(
                    "I don't know whether your post arrived in the channel. If it is not there, press Post it;"
                    " if you unshare it, moderators are asked to delete it."
                )
            ]
        case ShareState.THERE:
            return []


def channel_of(ctx: Context) -> str:
    """The channel that can see a post. Raises Refusal where nobody else reads, and where the member may not write."""
    if not ctx.may_post:
        raise Refusal(
            _("You may not write in this channel, so I don't post there for you. Share it where you can write."),
            (Button(_("My result"), result.result()), Button(_("Home"), home.home())),
        )
    if ctx.channel is None or ctx.place in {Place.DIRECT, Place.HOME}:
        raise Refusal(
            _("Nobody else can see this place. Run /pmpath result in the channel that shall see it, and press Share."),
            (Button(_("My result"), result.result()), Button(_("Home"), home.home())),
        )
    return ctx.channel


async def mine(ctx: Context, result_id: int) -> Stored:
    """The result, if it is mine and says something to share. Raises Refusal."""
    stored = await result.mine(ctx, result_id)
    if Verdict.from_json(stored.summary).words not in TITLES:
        raise Refusal(_("This result says nothing yet that could be shared."), tuple(ways(result_id)))
    return stored


def ways(result_id: int) -> tuple[Button, ...]:
    return Button(_("My result"), result.show(result_id), Style.PRIMARY), Button(_("Home"), home.home())
