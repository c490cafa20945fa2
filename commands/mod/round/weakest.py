"""The pairs of a matching day, the weakest first: leaving some out, and putting them back."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.errors import out_of_date
from commands.kit.paging import page_start
from commands.kit.paging import pages as where
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Line, Option, Section, Select, View, line, quiet
from commands.kit.wording import person
from commands.mentor.matching.pair import TICKS
from commands.mod.round import points, preview
from content.text import Text, _, plural
from storage import round_pairs, rounds
from storage.round_pairs import Pair
from storage.round_states import RoundState
from storage.rounds import Round

PAGE = 5
STEP = 10 * TICKS


@action("round.pairs", moderators=True)
async def pairs(ctx: Context, round: int, first: int) -> View:
    return await _listed(ctx, round, first)


@action("round.leave-out", moderators=True)
async def leave_out(ctx: Context, round: int, place: int, check: int) -> View:
    done = await ctx.store.write(round_pairs.set_out, ctx.me, round, place, check, out=True)
    return await _listed(ctx, round, place, None if done else _changed())


@action("round.put-back", moderators=True)
async def put_back(ctx: Context, round: int, place: int, check: int) -> View:
    done = await ctx.store.write(round_pairs.set_out, ctx.me, round, place, check, out=False)
    return await _listed(ctx, round, place, None if done else _changed())


@action("round.below", moderators=True)
async def below(ctx: Context, round: int) -> View:
    """Leaves out all that have fewer points than was chosen."""
    chosen = ctx.value("below") or ""
    floor = int(chosen) * STEP if chosen in {str(tens) for tens in range(11)} else 0
    done = await ctx.store.write(round_pairs.set_floor, ctx.me, round, floor)
    return await _listed(ctx, round, 0, None if done else _changed())


@action("round.put-all-back", moderators=True)
async def put_all_back(ctx: Context, round: int) -> View:
    done = await ctx.store.write(round_pairs.put_all_back, ctx.me, round)
    return await _listed(ctx, round, 0, None if done else _changed())


def say(pair: Pair) -> Text:
    """The reasons of a pair, adding up to its score."""
    each = [points.shown(points.tenths(part)) for part in pair.parts]
    return _(
        "track {track} + gaps {gaps} + hours {hours} + experience {experience} + new to each other {new} = {points}",
        track=each[0], gaps=each[1], hours=each[2], experience=each[3], new=each[4], points=points.points(pair.parts),
    )  # fmt: skip


async def _listed(ctx: Context, round_id: int, first: int, told: Text | None = None) -> Card:
    found = await ctx.store.read(rounds.find, ctx.community.id, round_id)
    if found is None or found.state.being_solved:
        raise out_of_date()
    floor, ready = found.figures.floor, found.state is RoundState.READY
    tens = await ctx.store.read(round_pairs.by_score, round_id)
    total = sum(tens.values())
    first = page_start(first, PAGE, total)
    some = await ctx.store.read(round_pairs.weakest, round_id, floor, first, PAGE)
    body: list[Element] = [told] if told else []
    body.append(quiet(_("Who waits ← who would mentor them; the weakest pairs first.")))
    for pair in some:
        body += _one(found, pair) if ready else [_two(pair), quiet(say(pair))]
    if not some:
        body.append(_("There are no pairs."))
    body += where(lambda place: pairs(round_id, place), first, PAGE, total)
    back = Button(_("Back to the matching day"), preview.look(round_id))
    ways: tuple[Button, ...] = (back, Button(_("Home"), home.home()))
    if ready and total:
        body += _below(round_id, tens, floor)
        ways = (Button(_("Put all back"), put_all_back(round_id)), *ways)
    named = tuple(uid for pair in some for uid in pair.uids)
    return Card(_("Pairs of the matching day"), tuple(body), ways, named)


def _one(found: Round, pair: Pair) -> list[Element]:
    button = (
        Button(_("Put back"), put_back(found.id, pair.place, pair.check))
        if pair.out
        else Button(_("Leave this pair out"), leave_out(found.id, pair.place, pair.check))
    )
    return [Section(_two(pair), button), quiet(say(pair))]


def _two(pair: Pair) -> Line:
    two = _("{mentee} ← {mentor}", mentee=person(pair.mentee), mentor=person(pair.mentor))
    return line(Bold(two), _(" · left out")) if pair.out else line(Bold(two))


def _below(round_id: int, tens: dict[int, int], floor: int) -> list[Element]:
    """Nothing where it would leave nobody out."""
    options = [Option("0", _("Leave none out by points"))]
    under = 0
    for ten in range(1, 11):
        pairs_here = tens.get(ten - 1, 0)
        under += pairs_here
        if not pairs_here and ten * STEP != floor:
            continue  # it would leave out the same pairs as the step below
        label = plural(
            "Leave out all below {points} points: {count} pair", "Leave out all below {points} points: {count} pairs",
            under, points=ten * 10,
        )  # fmt: skip
        options.append(Option(str(ten), label))
    choice = Select("below", _("By points"), tuple(options), below(round_id), chosen=(str(floor // STEP),))
    return [choice] if len(options) > 1 else []


def _changed() -> Text:
    return _("This list has changed since; this is how it is now.")
