"""My results, the newest first, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Mapping

from commands import home, result, verdict_card
from commands.kit.command import action
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import (
    Bold,
    Button,
    Card,
    Divider,
    Element,
    Line,
    Run,
    Section,
    Style,
    View,
    heading,
    line,
)
from commands.kit.view import quiet as small
from commands.kit.wording import joined
from content.likelihood import ticks
from content.questionnaire import Choice, Item, Questionnaire
from content.text import At, Text, _, plural, verbatim
from storage import results
from storage.results import Stored

PAGE = 5
DIFFERENCES_MOST = 5
TICKS_MOST = 3  # named on each side of a list that was ticked differently


@action("result.history")
async def history(ctx: Context, first: int) -> View:
    """One page of my results."""
    total = await ctx.store.read(results.count, ctx.me)
    if total == 0:
        raise result.none_yet()
    first = page_start(first, PAGE, total)
    found = await ctx.store.read(results.history, ctx.me, PAGE, skip=first)
    body: list[Element] = [Section(_line(ctx, each), Button(_("Open"), result.show(each.id))) for each in found]
    body += pages(history, first, PAGE, total)
    ways = (Button(_("My latest result"), result.result(), Style.PRIMARY), Button(_("Home"), home.home()))
    return Card(_("Your results"), tuple(body), ways)


@action("result.changed")
async def changed(ctx: Context, result_id: int) -> View:
    """This result beside the one before it."""
    now = await result.mine(ctx, result_id)
    then = await ctx.store.read(results.before, ctx.me, now.id)
    if then is None:
        return await result.draw(ctx, now)
    body: list[Element] = [
        line(_("Earlier, {day}: ", day=_day(ctx, then)), Bold(verdict_card.label(then))),
        line(_("Later, {day}: ", day=_day(ctx, now)), Bold(verdict_card.label(now))),
        Divider(),
        *_differences(ctx, then, now),
    ]
    ways = (
        Button(_("The later one"), result.show(now.id), Style.PRIMARY),
        Button(_("The earlier one"), result.show(then.id)),
        Button(_("History"), history(0)),
        Button(_("Home"), home.home()),
    )
    return Card(_("What changed"), tuple(body), ways)


def _line(ctx: Context, stored: Stored) -> Line:
    return line(_("On {day}: ", day=_day(ctx, stored)), Bold(verdict_card.label(stored)))


def _day(ctx: Context, stored: Stored) -> At:
    return At(stored.at, zone=ctx.community.zone)


def _differences(ctx: Context, then: Stored, now: Stored) -> list[Element]:
    """The answers that both have and that differ, in the order of today's questions."""
    banks = ctx.content.questionnaires
    old, new = banks.get(then.bank_version), banks.get(now.bank_version)
    if old is None or new is None:
        return [small(_("The questions of one of them are no longer here, so the answers cannot be compared."))]
    pairs = [
        (_items(old).get(item.id), item) for item in new.items if item.id in then.answers.keys() & now.answers.keys()
    ]
    differ = [
        (before, item)
        for before, item in pairs
        if before is not None and not _same(then.answers[item.id], now.answers[item.id])
    ]
    if not differ:
        return [_("You gave the same answers to the questions that both have.")]
    body: list[Element] = [heading(_("What you answered differently"))]
    body += [_difference(before, item, then, now) for before, item in differ[:DIFFERENCES_MOST]]
    if len(differ) > DIFFERENCES_MOST:
        more = len(differ) - DIFFERENCES_MOST
        body.append(small(plural("And {count} more answer.", "And {count} more answers.", more)))
    return body


def _items(bank: Questionnaire) -> Mapping[str, Item]:
    return {item.id: item for item in bank.items}


def _same(then: Choice, now: Choice) -> bool:
    """Whether two answers say the same; skipped and none of these do not."""
    if then is None or now is None:
        return then is now
    return set(ticks(then)) == set(ticks(now))


def _difference(before: Item, item: Item, then: Stored, now: Stored) -> Element:
    """A question with then and now; of a list only the ticks that are not in both."""
    had, has = then.answers[item.id], now.answers[item.id]
    arrow = verbatim(" → ")
    if item.kind == "one" or not ticks(had) or not ticks(has):
        return line(item.text, verbatim(" "), Bold(_said(before, had)), arrow, Bold(_said(item, has)))
    gone, new = _ticked(before, had, without=has), _ticked(item, has, without=had)
    runs: list[Run] = [item.text, arrow]
    runs += [_("no longer: "), Bold(joined(gone, TICKS_MOST))] if gone else []
    runs += [_("; now also: ") if gone else _("now also: "), Bold(joined(new, TICKS_MOST))] if new else []
    return line(*runs)


def _said(item: Item, choice: Choice) -> Text:
    if choice is None:
        return _("skipped")
    named = _ticked(item, choice, without=None)
    return joined(named, TICKS_MOST) if named else _("None of these")


def _ticked(item: Item, choice: Choice, *, without: Choice) -> list[Text]:
    texts = {option.id: option.text for option in item.options}
    return [texts[each] for each in ticks(choice) if each in texts and each not in ticks(without)]
