"""What a member asks for in a mentor: said once on one card, kept, and changed there."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from commands import home, standing
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Button, Buttons, Card, Element, Option, Select, Style, View, heading, quiet
from commands.mentor import find
from commands.mentor.meeting import hours
from commands.mentor.sketch import SPOKEN, own_zone
from commands.mod import choices, zones
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from content.text import Text, _
from storage import asks, drafts, shelf
from storage.asks import Wanted
from storage.members import Me
from storage.shelf import Shelf
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the card shows as chosen, or what was: None and nothing where it is still open."""

    track: Outcome | None
    seniority: Seniority | None
    languages: tuple[Spoken, ...]
    weekday: int
    weekend: int
    zone: str

    @property
    def missing(self) -> Text | None:
        """The first thing that nobody can be found without."""
        if self.track is None:
            return _("Choose the track that you want help with.")
        if self.seniority is None:
            return _("Say how much AI product work you have done; “none yet” is an answer.")
        if not self.languages:
            return _("Choose at least one language.")
        return None if self.weekday | self.weekend else _("Choose at least one hour, on weekdays or at weekends.")


@action("mentor.ask-for")
async def change(ctx: Context) -> View:
    return await card(ctx)


@action("mentor.ask-save", takes_values=True)
async def save(ctx: Context) -> View:
    chosen = _sent(ctx)
    if chosen.missing is not None or chosen.track is None or chosen.seniority is None:
        return await card(ctx, chosen, chosen.missing)
    here = await ctx.store.read(shelf.read, ctx.me)
    still = open_gaps(ctx, here, chosen.track)
    zoned = Hours(chosen.weekday, chosen.weekend, chosen.zone)
    wanted = Wanted(chosen.track, still, chosen.seniority, zoned, chosen.languages)
    before = await ctx.store.read(asks.mine, ctx.me)
    await ctx.store.write(keep, ctx.me, wanted)
    told = [_("Kept. Change it whenever you like.")]
    if before is not None and before.waiting_since is not None and not {*still} <= {*before.wanted.gaps}:
        told.append(_("Gaps that are new here are shown to nobody until you tick them: “What a mentor will see”."))
    return await find.show(ctx, told)


@action("mentor.ask-city", opens_form=True)
async def city(ctx: Context) -> View:
    return choices.zone_form(ctx, zone())


@action("mentor.ask-zone")
async def zone(ctx: Context) -> View:
    found = choices.zone_written(ctx, again=city())
    await ctx.store.write(drafts.keep, ctx.me, save().wire(ctx.community.id), {"zone": (zones.as_id(found),)})
    return await card(ctx)


def keep(unit: Unit, me: Me, wanted: Wanted) -> None:
    """I ask for this. Of its gaps a mentor may see those alone that I agreed to before."""
    before = asks.mine(unit, me)
    agreed = () if before is None else before.wanted.gaps
    gaps = tuple(each for each in wanted.gaps if each in agreed)
    asks.save(unit, me, Wanted(wanted.track, gaps, wanted.seniority, wanted.hours, wanted.languages))


async def card(ctx: Context, chosen: Chosen | None = None, note: Text | None = None) -> Card:
    """All that is asked, on one card; `note` says what is missing."""
    mine = await ctx.store.read(asks.mine, ctx.me)
    here = await ctx.store.read(shelf.read, ctx.me)
    if chosen is None:
        chosen = _before(ctx, here) if mine is None else _of(mine.wanted)
    kept = await ctx.store.read(drafts.find, ctx.me, save().wire(ctx.community.id))
    own = (zones.of_id(next(iter(kept.get("zone", ())), "")), chosen.zone)
    body: list[Element] = [note] if note else []
    body.append(_("Said once and kept. Mentors are looked for by exactly this, and never by your job or your years."))
    body += _selects(chosen, [each for each in own if each])
    if here.latest is None:
        body.append(quiet(_("With a result of the assessment, matches are better: a mentor may have what you miss.")))
    body.append(quiet(_who_sees()))
    ways = (
        Button(_("Save"), save(), Style.PRIMARY, takes_values=True),
        *((Button(_("Back to the list"), find.find()),) if mine is not None else ()),
        Button(_("Home"), home.home()),
    )
    return Card(_("What I ask for in a mentor"), tuple(body), ways)


def open_gaps(ctx: Context, here: Shelf, track: Outcome) -> tuple[str, ...]:
    """What I still miss for this track, the most useful first; nothing without a result."""
    return standing.gaps_for(ctx.content, here, track).first if here.latest else ()


def listed(texts: Sequence[Text]) -> Text:
    """Texts side by side."""
    return functools.reduce(lambda first, second: _("{first}, {second}", first=first, second=second), texts)


def said(wanted: Wanted) -> Text:
    """What is asked for on one line, but for the hours."""
    spoken = listed([each.label for each in wanted.languages])
    return _(
        "{track} · experience: {seniority} · {languages}",
        track=wanted.track.name_only,
        seniority=wanted.seniority.label,
        languages=spoken,
    )


def hours_said(ctx: Context, own: Hours) -> Text:
    """Somebody's own hours, by their own clock."""
    return _("{hours}, by the clock in {city}", hours=hours.say(own, ctx.now.date()), city=zones.city(own.zone))


def _who_sees() -> Text:
    return _(
        "Only a mentor whom you ask, or are matched with, sees this, with your name; of your gaps, those that you tick "
        "then. Nobody else does."
    )


def _selects(chosen: Chosen, own: Sequence[str]) -> list[Element]:
    press = save()
    tracks = tuple(Option(each.value, each.label) for each in Outcome)
    levels = tuple(Option(str(int(each)), each.label) for each in Seniority)
    spoken = tuple(Option(each.value, each.label) for each in Spoken)
    offered = list(dict.fromkeys((*own, *zones.OFFERED)))[: len(zones.OFFERED) + 1]
    cities = tuple(Option(zones.as_id(each), zones.city(each)) for each in offered)
    track = () if chosen.track is None else (chosen.track.value,)
    level = () if chosen.seniority is None else (str(int(chosen.seniority)),)
    days, ends = hours.to_choices(chosen.weekday), hours.to_choices(chosen.weekend)
    return [
        Select("zone", _("Your time zone"), cities, press, waits=True, chosen=(zones.as_id(chosen.zone),)),
        Buttons((Button(_("Another city"), city()),)),
        Select("track", _("Track that you want help with"), tracks, press, waits=True, chosen=track),
        Select("seniority", _("AI product work that you have done"), levels, press, waits=True, chosen=level),
        Select("languages", _("Languages that you can talk in"), spoken, press, many=True,
               chosen=tuple(each.value for each in chosen.languages)),
        heading(_("When could you talk? By your own clock; an hour in common is enough.")),
        Select("weekday", _("Hours on weekdays"), hours.OPTIONS, press, many=True, chosen=days),
        Select("weekend", _("Hours at weekends"), hours.OPTIONS, press, many=True, chosen=ends),
    ]  # fmt: skip


def _before(ctx: Context, here: Shelf) -> Chosen:
    """What is known of me before I have said anything."""
    track = next(iter(standing.outcomes(here)), None)
    return Chosen(track, None, (SPOKEN[ctx.language],), 0, 0, own_zone(ctx))


def _of(wanted: Wanted) -> Chosen:
    own = wanted.hours
    return Chosen(wanted.track, wanted.seniority, wanted.languages, own.weekday, own.weekend, own.zone)


def _sent(ctx: Context) -> Chosen:
    """What was chosen. What is none of the options counts for nothing."""
    level, spoken = ctx.value("seniority"), ctx.values.get("languages", ())
    return Chosen(
        next((each for each in Outcome if each.value == ctx.value("track")), None),
        next((each for each in Seniority if str(int(each)) == level), None),
        tuple(each for each in Spoken if each.value in spoken),
        hours.from_choices(ctx.values.get("weekday", ())),
        hours.from_choices(ctx.values.get("weekend", ())),
        choices.zone_picked(ctx, ctx.value("zone")),
    )
