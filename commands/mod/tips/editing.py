"""New words for a tip that has not gone out: each part is a form of its own and is kept at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from commands import home
from commands.kit.command import action
from commands.kit.errors import Invalid
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Style, View, quiet
from commands.mod.tips import one, queue, sample, writing
from commands.mod.tips.writing import Pair
from content.text import Language, Text, _
from storage import tips
from storage.tips import Change, Tip, Written


@action("tip-queue.edit", moderators=True)
async def edit(ctx: Context, tip: int) -> View:
    return await _card(ctx, tip)


@action("tip-queue.edit-track", moderators=True)
async def track(ctx: Context, tip: int, rev: int) -> View:
    found = await one.here(ctx, tip)
    chosen = writing.picked(ctx) or found.outcome
    change = await ctx.store.write(tips.edit, ctx.me, tip, rev, replace(_as_written(found), outcome=chosen))
    if change is Change.DONE:
        return await _card(ctx, tip, (_("Saved."),))
    return await one.after(ctx, change, tip, _("Saved."))


@action("tip-queue.edit-words", moderators=True, opens_form=True)
async def words(ctx: Context, tip: int, rev: int, language: Language) -> View:
    found = await one.here(ctx, tip)
    title, text = found.said.get(language, ("", ""))
    return writing.words_form(language, title, text, words_sent(tip, rev, language))


@action("tip-queue.edit-words-sent", moderators=True)
async def words_sent(ctx: Context, tip: int, rev: int, language: Language) -> View:
    found = await one.here(ctx, tip)
    pair, wrong = writing.read_words(ctx)
    said: dict[Language, Pair] = {each: words for each, words in found.said.items() if each is not language}
    said |= {language: pair} if pair else {}
    if not said:
        wrong["title"] = _("A tip needs words in one language at least. To take it out, delete it.")
    if wrong:
        raise Invalid(wrong, again=words(tip, rev, language))
    new = replace(_as_written(found), said=said)
    return await _save(ctx, tip, rev, new, "title", lambda now: words(tip, now, language))


@action("tip-queue.edit-link", moderators=True, opens_form=True)
async def link(ctx: Context, tip: int, rev: int) -> View:
    found = await one.here(ctx, tip)
    return writing.link_form(found.link or "", link_sent(tip, rev))


@action("tip-queue.edit-link-sent", moderators=True)
async def link_sent(ctx: Context, tip: int, rev: int) -> View:
    found = await one.here(ctx, tip)
    address, wrong = writing.read_link(ctx)
    if wrong:
        raise Invalid(wrong, again=link(tip, rev))
    new = replace(_as_written(found), link=address or None)
    return await _save(ctx, tip, rev, new, "link", lambda now: link(tip, now))


async def _save(ctx: Context, tip: int, rev: int, new: Written, field: str, again: Callable[[int], Press]) -> Card:
    """Kept, if nobody else has changed it; else what was written can be sent over what there is now."""
    change = await ctx.store.write(tips.edit, ctx.me, tip, rev, new)
    if change is Change.DONE:
        return await _card(ctx, tip, (_("Saved."),))
    now = await one.here(ctx, tip)  # refuses where it is gone
    over = _("Somebody changed this tip meanwhile. Sent again, your words replace theirs.")
    raise Invalid({field: over}, again=again(now.rev))


async def _card(ctx: Context, tip: int, told: Sequence[Text] = ()) -> Card:
    found = await one.here(ctx, tip)
    at = (found.id, found.rev)
    unusual = [said for language in Language for said in writing.unusual(language, found.said.get(language))]
    body: tuple[Element, ...] = (
        *told,
        writing.track_select(found.outcome, track(*at)),
        *(writing.summary(language, found.said.get(language)) for language in Language),
        _("Link: {address}", address=found.link) if found.link else _("Link: none"),
        *map(quiet, unusual),
    )
    buttons = (
        Button(_("In English"), words(*at, Language.EN)),
        Button(_("In Chinese"), words(*at, Language.ZH)),
        Button(_("Link"), link(*at)),
        Button(_("Preview"), sample.shown(found.word)),
        Button(_("Back to the tip"), one.opened(tip), Style.PRIMARY),
        Button(_("The queue"), queue.page(0)),
        Button(_("Home"), home.home()),
    )
    return Card(_("Edit a tip"), body, buttons)


def _as_written(tip: Tip) -> Written:
    return Written(tip.outcome, tip.said, tip.link)
