"""The parts of an offer, each on a card of its own, kept in a draft until *I offer this*."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commands.kit.command import action
from commands.kit.errors import Invalid, out_of_date
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Form, Option, Select, Style, TextField, View, quiet
from commands.mentor import offer
from commands.mentor.meeting import hours
from commands.mentor.sketch import CAPACITY_MOST, NOTE_MOST, Part, Sketch, sketch
from commands.mod import choices, zones
from content.load import Content
from content.mentoring import Seniority, Spoken
from content.outcomes import Outcome
from content.text import PLAIN, At, DateStyle, Text, _, verbatim
from content.tips import ADDRESS
from storage import offering
from storage.offering import Desk

EVERY_TRACK = "all"
SENIORITIES = tuple(each for each in Seniority if each is not Seniority.NONE)  # a mentor is a step above a mentee


@action("mentor.offer-part")
async def part(ctx: Context, part: Part) -> View:
    """The card of one part, as it is said so far."""
    return card(ctx, await drafted(ctx), part)


@action("mentor.offer-chosen", takes_values=True)
async def chosen(ctx: Context, part: Part) -> View:
    """What was chosen on such a card; a select that sent nothing stays as it was."""
    if part not in CHOICES:
        raise out_of_date()
    fields = CHOICES[part].read(ctx, await drafted(ctx))
    return await keep(ctx, fields, part)


@action("mentor.offer-hours", takes_values=True)
async def hours_chosen(ctx: Context, zone: str) -> View:
    """The hours, on the clock that the card was drawn with."""
    said, on = await drafted(ctx), choices.zone_picked(ctx, zone)
    masks = {"weekday": said.hours.weekday, "weekend": said.hours.weekend}
    fields = {name: (str(_mask(ctx, name, mask)),) for name, mask in masks.items()}
    return await keep(ctx, {**fields, "zone": (on,)}, Part.HOURS)


@action("mentor.offer-zone")
async def zone(ctx: Context) -> View:
    said = await drafted(ctx)
    body = (
        _("On which clock are your hours? Members read them on their own."),
        quiet(_clock(ctx, said)),
        choices.zone_select(ctx, city()),
    )
    return Card(_("Time zone"), body, (Button(_("Another city"), zone_form()), *_ways_back()))


@action("mentor.offer-city")
async def city(ctx: Context) -> View:
    return await _set_zone(ctx, choices.zone_picked(ctx, ctx.value("city")))


@action("mentor.offer-zone-form", opens_form=True)
async def zone_form(ctx: Context) -> View:
    return choices.zone_form(ctx, zone_sent())


@action("mentor.offer-zone-sent")
async def zone_sent(ctx: Context) -> View:
    return await _set_zone(ctx, choices.zone_written(ctx, zone_form()))


@action("mentor.offer-note", opens_form=True)
async def note(ctx: Context) -> View:
    said = await drafted(ctx)
    hint = _("What you like to talk about, say. Members read it first.")
    field = TextField("words", _("A note"), hint, said.words or "", required=False, long=True, most=NOTE_MOST * 2)
    return Form(_("A note"), (field,), note_sent())


@action("mentor.offer-note-sent")
async def note_sent(ctx: Context) -> View:
    words = " ".join((ctx.value("words") or "").split())
    if wrong := wrong_note(words):
        raise Invalid({"words": wrong}, again=note())
    return await keep(ctx, {"words": (words,) if words else ()}, None)


@action("mentor.offer-rounds")
async def rounds(ctx: Context, on: bool) -> View:
    return await keep(ctx, {"in_rounds": ("1" if on else "0",)}, None)


def wrong_note(words: str) -> Text | None:
    """What is wrong with a note, if anything."""
    if len(words) > NOTE_MOST:
        return _("A note has at most {most} characters; this one has {count}.", most=NOTE_MOST, count=len(words))
    if ADDRESS.search(words):
        return _("A note has no addresses: please leave the link out. You can send it once you talk.")
    return None


async def drafted(ctx: Context) -> Sketch:
    """The offer as it is written so far."""
    return await sketch(ctx, await ctx.store.read(offering.desk, ctx.me))


async def keep(ctx: Context, fields: dict[str, tuple[str, ...]], part: Part | None) -> Card:
    """Keeps these fields; then the next part that is missing, or all of them where none is."""
    desk: Desk = await ctx.store.write(offering.draft, ctx.me, fields)
    said = await sketch(ctx, desk)
    if part is not None and said.missing and part not in said.missing:
        return card(ctx, said, said.missing[0])
    return offer.overview(ctx, desk, said)


def card(ctx: Context, said: Sketch, part: Part) -> Card:
    """One part to choose."""
    if part is Part.HOURS:
        return _hours_card(ctx, said)
    choice = CHOICES[part]
    selects = choice.selects(ctx.content, said, chosen(part))
    waits = any(each.kept for each in selects)
    on = (Button(_("Next"), chosen(part), Style.PRIMARY, takes_values=True),) if waits else ()
    return Card(part.label, (choice.asks, *selects), (*on, *_ways_back()))


@dataclass(frozen=True, slots=True)
class Choice:
    """How a part is chosen: the question, its selects as said so far, and the draft's fields from what was sent."""

    asks: Text
    selects: Callable[[Content, Sketch, Press], Sequence[Select]]
    read: Callable[[Context, Sketch], dict[str, tuple[str, ...]]]


def _tracks(_content: Content, said: Sketch, press: Press) -> Sequence[Select]:
    options = tuple(Option(each.value, each.label) for each in Outcome)
    return [Select("tracks", _("Tracks"), options, press, many=True, chosen=tuple(said.tracks))]


def _skills(content: Content, said: Sketch, press: Press) -> Sequence[Select]:
    """A select for each track's own skills, and one for those of all."""
    names = {each.value: each.label for each in Outcome} | {EVERY_TRACK: _("Every track")}
    return [
        Select(
            name,
            label,
            tuple(Option(skill, content.skills[skill].name) for skill in skills),
            press,
            many=True,
            chosen=tuple(skill for skill in skills if skill in said.skills),
        )
        for name, label in names.items()
        if (skills := _of_track(content, name))
    ]


def _of_track(content: Content, name: str) -> list[str]:
    return [skill.id for skill in content.skills.values() if (skill.track or EVERY_TRACK) == name]


def _read_skills(ctx: Context, said: Sketch) -> dict[str, tuple[str, ...]]:
    """The skills of selects that sent something are what they sent; of others, as before."""
    kept: list[str] = []
    for name in (*Outcome, EVERY_TRACK):
        own = _of_track(ctx.content, name)
        sent = ctx.values.get(name, said.skills)
        kept += [skill for skill in own if skill in sent]
    return {"skills": tuple(kept)}


def _seniority(_content: Content, said: Sketch, press: Press) -> Sequence[Select]:
    options = tuple(Option(str(int(each)), each.label) for each in SENIORITIES)
    chosen = (str(int(said.seniority)),) if said.seniority in SENIORITIES else ()
    return [Select("seniority", Part.SENIORITY.label, options, press, chosen=chosen)]


def _languages(_content: Content, said: Sketch, press: Press) -> Sequence[Select]:
    options = tuple(Option(each.value, each.label) for each in Spoken)
    return [Select("languages", _("Languages"), options, press, many=True, chosen=tuple(said.languages))]


def _capacity(_content: Content, said: Sketch, press: Press) -> Sequence[Select]:
    options = tuple(Option(str(count), verbatim(str(count))) for count in range(1, CAPACITY_MOST + 1))
    return [Select("capacity", Part.CAPACITY.label, options, press, chosen=(str(said.capacity),))]


def _among(name: str, known: Sequence[str]) -> Callable[[Context, Sketch], dict[str, tuple[str, ...]]]:
    """Reads a select of these values; what is none of them counts for nothing."""

    def read(ctx: Context, _said: Sketch) -> dict[str, tuple[str, ...]]:
        sent = ctx.values.get(name)
        return {} if sent is None else {name: tuple(each for each in known if each in sent)}

    return read


CHOICES = {
    Part.TRACKS: Choice(
        _("Which tracks can you help with? Choose as many as fit."), _tracks, _among("tracks", tuple(Outcome))
    ),
    Part.SKILLS: Choice(
        _("What can you show others? Those of your result are chosen already; a mentee is matched by what they lack."),
        _skills,
        _read_skills,
    ),
    Part.SENIORITY: Choice(
        _("How far have you come with AI products? Only this counts, not your title or your years of work."),
        _seniority,
        _among("seniority", [str(int(each)) for each in SENIORITIES]),
    ),
    Part.LANGUAGES: Choice(
        _("In which languages can you talk with a mentee?"), _languages, _among("languages", tuple(Spoken))
    ),
    Part.CAPACITY: Choice(
        _("How many mentees can you have at a time, 1 to 10? When a match ends, its place is free again."),
        _capacity,
        _among("capacity", [str(count) for count in range(1, CAPACITY_MOST + 1)]),
    ),
}


def _hours_card(ctx: Context, said: Sketch) -> Card:
    press = hours_chosen(zones.as_id(said.hours.zone))
    masks = {"weekday": said.hours.weekday, "weekend": said.hours.weekend}
    labels = {"weekday": _("On weekdays"), "weekend": _("At weekends")}
    selects = [
        Select(name, labels[name], hours.OPTIONS, press, many=True, chosen=hours.to_choices(mask))
        for name, mask in masks.items()
    ]
    body: tuple[Element, ...] = (
        _("In which hours of a usual week could you meet? Choose one or more; two in a row are best."),
        quiet(_clock(ctx, said)),
        *selects,
    )
    on = Button(_("Next"), press, Style.PRIMARY, takes_values=True)
    return Card(Part.HOURS.label, body, (on, Button(_("Another time zone"), zone()), *_ways_back()))


def _clock(ctx: Context, said: Sketch) -> Text:
    now = PLAIN.moment(At(ctx.now, DateStyle.BOTH, said.hours.zone), ctx.language)  # on the clock that is named
    return _("By the clock of {zone}, where it is {time}", zone=zones.city(said.hours.zone), time=now)


def _mask(ctx: Context, name: str, before: int) -> int:
    """The hours that were sent; half-hours that were imported stay where their card was left as it was."""
    sent = ctx.values.get(name)
    if sent is None or set(sent) == set(hours.to_choices(before)):
        return before
    return hours.from_choices(sent)


async def _set_zone(ctx: Context, zone: str) -> Card:
    desk: Desk = await ctx.store.write(offering.draft, ctx.me, {"zone": (zone,)})
    return _hours_card(ctx, await sketch(ctx, desk))


def _ways_back() -> tuple[Button, ...]:
    return (Button(_("All parts"), offer.edit()), Button(_("Home"), Press("home")))
