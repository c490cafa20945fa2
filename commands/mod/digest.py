"""The digest of a closed week or month: its channel, a first look, *Switch on*, and the post itself."""

from __future__ import annotations

import datetime as dt

from commands import board_card, home, leaderboard
from commands.kit.command import action
from commands.kit.errors import out_of_date
from commands.kit.notice import notice
from commands.kit.preview import preview
from commands.kit.request import Context
from commands.kit.view import Button, Card, ChannelSelect, Divider, Element, Style, View, quiet
from commands.mod import boards, first_tip, zones
from content.boards import Season
from content.text import PLAIN, At, Channel, DateStyle, Language, Text, _
from storage import digests, seasons
from storage.digests import Closed
from storage.schedules import Plan
from storage.timetable import Weekly


@action("digest.ask", moderators=True)
async def ask(ctx: Context, season: Season) -> View:
    return _ask(ctx, season)


@action("digest.chosen", moderators=True)
async def chosen(ctx: Context, season: Season) -> View:
    channel = ctx.value("channel")
    return _ask(ctx, season) if channel is None else await _look(ctx, season, channel)


@action("digest.look", moderators=True)
async def look(ctx: Context, season: Season, channel: str) -> View:
    return await _look(ctx, season, channel)


@action("digest.switch-on", moderators=True)
async def switch_on(ctx: Context, season: Season, channel: str) -> View:
    if season is Season.EVER:
        raise out_of_date()
    await ctx.store.write(digests.switch_on, ctx.me, ctx.community.zone, season, channel)
    found = await ctx.store.read(digests.of_community, ctx.community.id)
    first = At(found.next_at if found else ctx.now, DateStyle.BOTH, ctx.community.zone)
    told = _("Switched on: the next digest stands in {channel} on {moment}.", channel=Channel(channel), moment=first)
    return await boards.shown(ctx, told)


@action("digest.switch-off", moderators=True)
async def switch_off(ctx: Context) -> View:
    await ctx.store.write(digests.switch_off, ctx.me)
    return await boards.shown(ctx, _("Switched off: no digest goes out any more."))


@notice(digests.NOTICE)
async def digest(ctx: Context, window: str) -> Card | None:
    """What the channel sees; nothing where nobody stands on it any more."""
    found = await ctx.store.read(digests.told, ctx.community.id, window)
    return None if found is None else post_card(found, ctx.language)


def summary(season: Season, channel: str, zone: str) -> Text:
    """When and where."""
    weekly = first_tip.summary(Plan(channel, Weekly(first_tip.MONDAY, first_tip.NINE, zone)))
    if season is Season.WEEK:
        return weekly
    city, there = zones.city(zone), Channel(channel)
    return _("On the first of each month at 09:00 ({city}) in {channel}", city=city, channel=there)


def post_card(found: Closed, language: Language) -> Card:
    """The public card: the first ten."""
    first_day, last_day = seasons.days(found.window)
    rows = tuple(board_card.seen(row) for row in found.rows)
    title = _("Leaderboard, {first} to {last}", first=_day(first_day, language), last=_day(last_day, language))
    how = quiet(_("To stand here, or to be left off: /pmpath leaderboard"))
    named = tuple(row.uid for row in found.rows)
    return Card(title, (*rows, how), _ways(), named)


def _ask(ctx: Context, season: Season) -> Card:
    """In which channel."""
    here = first_tip.here(ctx)
    body: tuple[Element, ...] = (
        _("In which channel shall the digest stand? You see it before it is switched on."),
        ChannelSelect("channel", _("Choose a channel…"), chosen(season), here),
    )
    this = () if here is None else (Button(_("This channel"), look(season, here), Style.PRIMARY),)
    return Card(_("Digest: channel"), body, (*this, *_back()))


async def _look(ctx: Context, season: Season, channel: str) -> Card:
    """The digest of the season that closed last, exactly as it would have been posted, before any is."""
    if season is Season.EVER:
        raise out_of_date()
    found = await ctx.store.read(digests.latest, ctx.community.id, ctx.community.zone, season)
    post = post_card(found, ctx.community.language)
    shown: tuple[Element, ...] = (_("Nobody stood on the board then: nothing would have been posted."),)
    if found.rows:
        shown = (
            quiet(_("The last one, in the community's language, as {channel} would see it:", channel=Channel(channel))),
            *preview(post, ctx.community.language, ctx.content.catalogue),
        )
    body: tuple[Element, ...] = (
        summary(season, channel, ctx.community.zone),
        *shown,
        Divider(),
        _("Where nobody stands on the board nothing is posted. When somebody who is named hides, or deletes their data,"
          " the post is taken back."),
    )  # fmt: skip
    ways = (
        Button(_("Switch on"), switch_on(season, channel), Style.PRIMARY),
        Button(_("Another channel"), ask(season)),
    )
    return Card(_("Digest"), body, (*ways, *_back()), post.named)


def _ways() -> tuple[Button, ...]:
    """Of the post: to the boards, and to all else."""
    board = Button(_("See the boards"), leaderboard.leaderboard(None, None), Style.PRIMARY)
    return board, Button(_("What can you do?"), home.home())


def _back() -> tuple[Button, ...]:
    return Button(_("Boards and digest"), boards.manage()), Button(_("Home"), home.home())


def _day(day: dt.date, language: Language) -> str:
    """A day of the community's, never of the reader's own zone."""
    return PLAIN.moment(At(dt.datetime.combine(day, dt.time(12), dt.UTC)), language)
