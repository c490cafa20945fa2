"""`/pmpath start`: the assessment, one card after another, from any place and after any restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from commands import earned, question, result
from commands.kit.command import action, command
from commands.kit.errors import Refusal, not_yours, out_of_date
from commands.kit.request import Context
from commands.kit.view import Button, Card, Style, View
from content.points import Deed
from content.questionnaire import Answers, Choice, Questionnaire
from content.scoring import Done, judge, next_step
from content.source import NONE_OF_THESE
from content.text import Language, _
from storage import members, runs
from storage.runs import Answered, Finished, Judged, NotYours, Run, Saved, Stale


@command(
    _("Find out which track fits you: two minutes, only you see it"),
    example="/pmpath start",
    aliases=("test", "quiz", "assess", "测评", "开始"),
)
async def start(ctx: Context) -> View:
    run = await ctx.store.write(runs.start, ctx.me, ctx.content.questionnaire.version)
    return draw(ctx, run)


@action("start.answer")
async def answer(ctx: Context, run: int, revision: int, item: str, option: str | None) -> View:
    return await take(ctx, run, revision, {item: option})


@action("start.ticked", takes_values=True)
async def ticked(ctx: Context, run: int, revision: int, card: int) -> View:
    """One of the opening's cards: what is not chosen on it counts as not ticked, or as skipped."""
    found = await ctx.store.read(runs.find, ctx.me, run)
    if found is None:
        raise not_yours()
    bank = bank_of(ctx, found)
    if not 0 <= card < len(bank.opening):
        raise out_of_date()
    return await take(ctx, run, revision, question.choices(bank, card, ctx.values))


@action("start.passed")
async def passed(ctx: Context, run: int, revision: int, card: int, choice: str | None) -> View:
    """*Skip* (None) or *None of these* for all items of an opening card."""
    found = await ctx.store.read(runs.find, ctx.me, run)
    if found is None:
        raise not_yours()
    opening = bank_of(ctx, found).opening
    if not 0 <= card < len(opening) or choice not in {None, NONE_OF_THESE}:
        raise out_of_date()
    return await take(ctx, run, revision, dict.fromkeys(opening[card], choice))


@action("start.finish")
async def finish(ctx: Context, run: int, revision: int) -> View:
    return await take(ctx, run, revision, {}, final=True)


@action("start.show")
async def show(ctx: Context, run: int, item: str) -> View:
    """Back to an answer that was given; nothing changes until another one is chosen."""
    found = await ctx.store.read(runs.find, ctx.me, run)
    if found is None:
        raise not_yours()
    bank = bank_of(ctx, found)
    if found.status != runs.OPEN or item not in found.answers:
        return draw(ctx, found)
    return question.card(bank, found, question.together(bank, item), ctx.language)


@action("start.go-on")
async def go_on(ctx: Context, run: int) -> View:
    """From an earlier question back to the one that waits."""
    found = await ctx.store.read(runs.find, ctx.me, run)
    if found is None:
        raise not_yours()
    return draw(ctx, found)


@action("start.anew")
async def anew(ctx: Context, run: int) -> View:
    """Ends the open run, if this is it, and begins another."""
    begun = await ctx.store.write(runs.start_anew, ctx.me, run, ctx.content.questionnaire.version)
    return draw(ctx, begun)


@action("start.speak")
async def speak(ctx: Context, run: int, language: Language) -> View:
    """The quiet button on the first question: the same card in the other language, from now on."""
    await ctx.store.write(members.set_language, ctx.me, language)
    found = await ctx.store.read(runs.find, ctx.me, run)
    if found is None:
        raise not_yours()
    return draw(replace(ctx, language=language), found)


async def take(
    ctx: Context,
    run: int,
    revision: int,
    choices: Mapping[str, Choice],
    *,
    final: bool = False,
) -> View:
    """Stores the answers in one unit, which also ends the run where nothing more would change it."""
    answered: Answered = await ctx.store.write(
        runs.answer,
        ctx.me,
        run,
        revision,
        choices,
        partial(conclude, ctx.content.questionnaires, final=final),
    )
    match answered:
        case Saved(run=saved):
            return draw(ctx, saved)
        case Finished(result_id=stored, points=points):
            why = _("for finishing your first assessment")  # not a score, as a bare number here would be read
            said = await earned.lines(ctx, points, runs.FIRST, Deed.ASSESSMENT, why=why)
            return await result.draw(ctx, await result.mine(ctx, stored), said)
        case Stale(run=current):
            return draw(ctx, current)
        case NotYours():
            raise not_yours()


def draw(ctx: Context, run: Run) -> Card:
    """Where a run stands: its next question, or that it has ended and the way on."""
    if run.status == runs.FINISHED:
        kept = _("Its result is kept. You can look at it, or take the assessment again at any time.")
        ways = (Button(_("My result"), result.result(), Style.PRIMARY), Button(_("Take it again"), start()))
        return Card(_("This assessment has ended"), (kept,), ways)
    if run.status == runs.ENDED:
        given_up = _("It was given up, or left for 90 days. Your next one begins anew.")
        return Card(
            _("This assessment has ended"), (given_up,), (Button(_("Begin a new one"), start(), Style.PRIMARY),)
        )
    bank = bank_of(ctx, run)
    step = next_step(bank, run.answers)
    if isinstance(step, Done):
        return question.finished(run)
    return question.card(bank, run, step.items, ctx.language, step)


def bank_of(ctx: Context, run: Run) -> Questionnaire:
    """The version that the run was begun with; a new one never changes an open run."""
    bank = ctx.content.questionnaires.get(run.bank_version)
    if bank is None:
        raise Refusal(
            _("The questions of this run are no longer here. Please begin a new one."),
            (Button(_("Begin a new one"), anew(run.id), Style.PRIMARY),),
        )
    return bank


def conclude(banks: Mapping[str, Questionnaire], version: str, answers: Answers, *, final: bool) -> Judged | None:
    """The result to store with the last answer, or None while there is more to ask.

    Called inside the unit; a forged answer is refused there, which leaves nothing of it behind.
    """
    bank = banks.get(version)
    if bank is None:
        raise out_of_date()
    items = {item.id: item for item in bank.items}
    if not all(item in items and items[item].takes(choice) for item, choice in answers.items()):
        raise out_of_date()
    if not final and not isinstance(next_step(bank, answers), Done):
        return None
    verdict = judge(bank, answers)
    return Judged(verdict.outcome, verdict.to_json().decode(), bank.texts_hash)
