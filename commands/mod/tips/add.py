"""`/pmpath-mod tips add`: a tip of this community's own, in parts, kept as a draft until it joins the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Invalid, Refusal
from commands.kit.request import Context, Values
from commands.kit.view import Button, Card, Element, Style, View, quiet
from commands.mod.tips import one, queue, sample, writing
from commands.mod.tips.writing import Pair
from content.outcomes import Outcome
from content.text import Language, Text, _
from storage import drafts, tips
from storage.members import Me
from storage.tips import QUEUE_MAX, Refused, Written
from storage.unit import Unit

DRAFT = "tips.add"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written so far; an empty link is none."""

    outcome: Outcome | None
    said: Mapping[Language, Pair]
    link: str

    @property
    def written(self) -> Written | None:
        """The tip, when it has all that it needs."""
        if self.outcome is None or not self.said:
            return None
        return Written(self.outcome, self.said, self.link or None)


@command(
    _("Write a tip for the queue, in English, Chinese or both"),
    example="/pmpath-mod tips add",
    aliases=("写",),
)
async def add(ctx: Context) -> View:
    return await _card(ctx)


@action("tip-draft.track", moderators=True)
async def track(ctx: Context) -> View:
    chosen = writing.picked(ctx)
    if chosen is not None:
        await ctx.store.write(drafts.keep, ctx.me, DRAFT, {"outcome": (chosen.value,)})
    return await _card(ctx)


@action("tip-draft.words", moderators=True, opens_form=True)
async def words(ctx: Context, language: Language) -> View:
    title, text = (await _read(ctx)).said.get(language, ("", ""))
    return writing.words_form(language, title, text, words_sent(language))


@action("tip-draft.words-sent", moderators=True)
async def words_sent(ctx: Context, language: Language) -> View:
    pair, wrong = writing.read_words(ctx)
    if wrong:
        raise Invalid(wrong, again=words(language))
    await ctx.store.write(drafts.keep, ctx.me, DRAFT, {language.value: pair or ()})
    return await _card(ctx)


@action("tip-draft.link", moderators=True, opens_form=True)
async def link(ctx: Context) -> View:
    return writing.link_form((await _read(ctx)).link, link_sent())


@action("tip-draft.link-sent", moderators=True)
async def link_sent(ctx: Context) -> View:
    address, wrong = writing.read_link(ctx)
    if wrong:
        raise Invalid(wrong, again=link())
    await ctx.store.write(drafts.keep, ctx.me, DRAFT, {"link": (address,)})
    return await _card(ctx)


@action("tip-draft.preview", moderators=True)
async def preview(ctx: Context) -> View:
    """Exactly as it will be posted, before it joins the queue."""
    draft = await _read(ctx)
    if draft.written is None:
        return await _card(ctx, (_missing(draft),))
    body = (*_unusual(draft), *sample.as_posted(ctx, sample.unposted(draft.written)))
    ways = (Button(_("Into the queue"), into_queue(), Style.PRIMARY), Button(_("Change it"), add()))
    return Card(_("Preview"), body, (*ways, Button(_("Home"), home.home())))


@action("tip-draft.done", moderators=True)
async def into_queue(ctx: Context) -> View:
    draft = await _read(ctx)
    made = None if draft.written is None else await ctx.store.write(_finish, ctx.me, draft.written)
    if made is None:
        return await queue.show(
            ctx, 0, (_("Nothing is left of this draft: the tip is in the queue, or a day has passed."),)
        )
    if made is Refused.FULL:
        raise Refusal(
            _("{most} tips wait in the queue already. Delete one, or let some go out first.", most=QUEUE_MAX),
            (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home())),
        )
    return await one.show(ctx, int(made), (_("It stands at the end of the queue."),))


@action("tip-draft.drop", moderators=True)
async def drop(ctx: Context) -> View:
    """All that is written so far goes; the card asked first."""
    await ctx.store.write(drafts.drop, ctx.me, DRAFT)
    return await _card(ctx)


@action("tip-draft.ask-drop", moderators=True)
async def ask_drop(ctx: Context) -> View:
    keep = Button(_("Keep it"), add())
    body = (_("What you have written of this tip is deleted, and cannot be brought back."),)
    return Card(_("Begin anew?"), body, (Button(_("Begin anew"), drop(), Style.DANGER), keep))


def _finish(unit: Unit, me: Me, written: Written) -> int | Refused | None:
    """The draft becomes a tip, in one commit; None where it did before: a press may come twice at once."""
    tips.lock(unit, me.community)
    if not drafts.find(unit, me, DRAFT):
        return None
    made = tips.add(unit, me, written)
    if isinstance(made, int):
        drafts.drop(unit, me, DRAFT)
    return made


async def _card(ctx: Context, told: Sequence[Text] = ()) -> Card:
    draft = await _read(ctx)
    body: list[Element] = [
        *told,
        _("Write it in English, in Chinese or in both; posted is the community's language, where it has that."),
        writing.track_select(draft.outcome, track()),
        *(writing.summary(each, draft.said.get(each)) for each in Language),
        _("Link: {address}", address=draft.link) if draft.link else _("Link: none"),
        *_unusual(draft),
        quiet(_("Kept as a draft of yours for 24 hours.")),
    ]
    buttons = [
        Button(_("In English"), words(Language.EN)),
        Button(_("In Chinese"), words(Language.ZH)),
        Button(_("Link"), link()),
        Button(_("Preview"), preview(), Style.PRIMARY),
    ]
    if draft.said or draft.link or draft.outcome:
        buttons.append(Button(_("Begin anew"), ask_drop()))
    return Card(
        _("Write a tip"), tuple(body), (*buttons, Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home()))
    )


def _unusual(draft: Draft) -> tuple[Element, ...]:
    return tuple(quiet(said) for language in Language for said in writing.unusual(language, draft.said.get(language)))


def _missing(draft: Draft) -> Text:
    if draft.outcome is None:
        return _("Choose a track first; then I can show you the tip.")
    return _("Write it in one language at least; then I can show you the tip.")


async def _read(ctx: Context) -> Draft:
    return _draft(await ctx.store.read(drafts.find, ctx.me, DRAFT))


def _draft(kept: Values) -> Draft:
    outcome = next((each for each in Outcome if each.value in kept.get("outcome", ())), None)
    said = {each: (pair[0], pair[1]) for each in Language if len(pair := kept.get(each.value, ())) == 2}
    return Draft(outcome, said, next(iter(kept.get("link", ())), ""))
