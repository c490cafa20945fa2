"""The recruitment compass: which mentors would match how many more, as a post that moderators look at first."""

from __future__ import annotations

from typing import Any

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal, out_of_date
from commands.kit.notice import notice
from commands.kit.preview import preview as as_others_read_it
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, ChannelSelect, Element, Style, View, line, quiet
from commands.mentor import offer
from commands.mentor.meeting import hours
from commands.mod import first_tip, zones
from commands.mod.round import preview
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from content.text import Channel, Text, _, plural
from storage import posts, rounds
from storage.audit import Deed
from storage.members import Me
from storage.unit import Unit

NOTICE = "rounds.compass"
SMALLEST_GROUP = 5  # below this a count could point at a person
KINDS_MOST = 5


@action("round.compass", moderators=True)
async def compass(ctx: Context, round: int) -> View:
    kinds = await _kinds(ctx, round)
    body: list[Element] = [_("If you find such mentors, so many more of those who wait could be matched:")]
    for kind in kinds:
        promised = plural("{count} more is matched", "{count} more are matched", int(kind["matches"]))
        body += [line(Bold(_how_many(kind)), _(": {what}", what=promised)), quiet(_about(ctx, kind))]
    body.append(quiet(_("Each line counts what it adds to those above it. It is worked out, not guessed.")))
    here = first_tip.here(ctx)
    body.append(ChannelSelect("channel", _("Post it in…"), chosen(round), here))
    this = () if here is None else (Button(_("Look at the post"), look(round, here), Style.PRIMARY),)
    return Card(_("Who could help"), tuple(body), (*this, *_ways(round)))


@action("round.compass-chosen", moderators=True)
async def chosen(ctx: Context, round: int) -> View:
    channel = ctx.value("channel")
    return await compass.handler(ctx, round) if channel is None else await _look(ctx, round, channel)


@action("round.compass-look", moderators=True)
async def look(ctx: Context, round: int, channel: str) -> View:
    return await _look(ctx, round, channel)


@action("round.compass-post", moderators=True)
async def post(ctx: Context, round: int, channel: str) -> View:
    await _kinds(ctx, round)
    await ctx.store.write(post_in, ctx.me, round, channel)
    said = _(
        "It is on its way to {channel}. If it does not appear, I lack the right to post.", channel=Channel(channel)
    )
    return Card(_("Mentors wanted"), (said,), _ways(round))


@notice(NOTICE)
async def wanted(ctx: Context, round: int) -> Card | None:
    """What everybody reads; nothing of a matching day that is no longer there."""
    found = await ctx.store.read(rounds.find, ctx.community.id, round)
    return _post_card(ctx, found.compass) if found is not None and found.compass else None


def post_in(unit: Unit, me: Me, round_id: int, channel: str) -> None:
    """Once a round and channel, however often it is pressed."""
    posts.post(unit, me, channel, NOTICE, Deed.COMPASS, key=f"{NOTICE}:{round_id}:{channel}", round=round_id)


async def _look(ctx: Context, round_id: int, channel: str) -> Card:
    found = _post_card(ctx, await _kinds(ctx, round_id))
    body = (
        quiet(_("Preview, in the community's language, for {channel}:", channel=Channel(channel))),
        *as_others_read_it(found, ctx.community.language, ctx.content.catalogue),
    )
    ways = (Button(_("Post"), post(round_id, channel), Style.PRIMARY), Button(_("Back"), compass(round_id)))
    return Card(_("Post this for everybody?"), body, (*ways, Button(_("Home"), home.home())))


def _post_card(ctx: Context, kinds: list[dict[str, Any]]) -> Card:
    """Counts of few people stay with the moderators."""
    body: list[Element] = [_("People here wait for a mentor. These would help most:")]
    for kind in kinds[:KINDS_MOST]:
        many = int(kind["matches"])
        helped = _(": {count} people more would have one", count=many) if many >= SMALLEST_GROUP else _(" would help")
        body += [line(Bold(_how_many(kind)), helped), quiet(_about(ctx, kind))]
    body.append(_("A mentor decides how many people, and when; half an hour a week is a good beginning."))
    ways = (Button(_("Offer to mentor"), offer.offer(), Style.PRIMARY), Button(_("What can you do?"), home.home()))
    return Card(_("Mentors wanted"), tuple(body), ways)


def _how_many(kind: dict[str, Any]) -> Text:
    return plural("{count} mentor", "{count} mentors", int(kind["mentors"]))


def _about(ctx: Context, kind: dict[str, Any]) -> Text:
    free = Hours(int(kind["weekday"]), int(kind["weekend"]), "UTC")
    return plural(
        "{track}; speaks {language}; time on {hours} (the clock of {city}); experience: {experience}; one place",
        "{track}; speaks {language}; time on {hours} (the clock of {city}); experience: {experience}; "
        "{count} places each",
        int(kind["capacity"]),
        track=Outcome(kind["tracks"][0]).label,
        language=Spoken(kind["languages"][0]).label,
        hours=hours.say(free, ctx.now.date(), ctx.community.zone),
        experience=Seniority(min(int(kind["seniority"]), max(Seniority))).label,
        city=zones.city(ctx.community.zone),
    )


async def _kinds(ctx: Context, round_id: int) -> list[dict[str, Any]]:
    found = await ctx.store.read(rounds.find, ctx.community.id, round_id)
    if found is None:
        raise out_of_date()
    if not found.compass:
        raise Refusal(_("Nobody was left over whom a further mentor would help."), _ways(round_id))
    kinds: list[dict[str, Any]] = found.compass
    return kinds


def _ways(round_id: int) -> tuple[Button, ...]:
    return Button(_("Back to the matching day"), preview.look(round_id)), Button(_("Home"), home.home())
