"""A matching day to take away: every pair with what its score is made of, as a table."""

from __future__ import annotations

import csv
import io
import re

from commands import home
from commands.kit.command import action
from commands.kit.errors import out_of_date
from commands.kit.request import Context
from commands.kit.view import Button, Card, File, Style, View, quiet
from commands.mod.round import points, preview
from content.text import Text, _
from storage import round_pairs, rounds
from storage.round_pairs import Pair

HEAD = ("mentee", "mentor", "points", *points.NAMES, "left_out", "seed", "gap", "digest")
FORMULA = re.compile(r"(^|[;,|\t\r\n])(?=\s*[=+\-@＝＋－＠\t\r])")
"""Where a spreadsheet would begin to reckon, had a person such a name: at its start, or where it sees a new cell."""


@action("round.report", moderators=True, costly=True)
async def report(ctx: Context, round: int) -> View:
    found = await ctx.store.read(rounds.find, ctx.community.id, round)
    if found is None or found.state.being_solved:
        raise out_of_date()
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(HEAD)
    proof: tuple[str, ...] = (str(found.seed), f"{found.figures.gap:.6f}", found.digest or "")
    after: tuple[int, int] | None = (-1, -1)
    while after is not None:  # a part at a time, so that nobody waits for all of it
        some, after = await ctx.store.read(round_pairs.part, round, found.figures.floor, after)
        for pair in some:
            table.writerow((*_row(pair), *proof))
            proof = ("", "", "")
    file = File(
        "matching-day.csv", "text/csv", written.getvalue().encode("utf-8-sig"), _("The pairs of the matching day")
    )
    body = (_("Every pair with what its points are made of. Names are for moderators alone."), file, quiet(_proof()))
    back = Button(_("Back to the matching day"), preview.look(round), Style.PRIMARY)
    return Card(_("Report on the matching day"), body, (back, Button(_("Home"), home.home())))


def _proof() -> Text:
    return _("Its first line has the seed, the certified gap and the digest of what went in.")


def _row(pair: Pair) -> tuple[str, ...]:
    each = (points.shown(points.tenths(part)) for part in pair.parts)
    return (*map(plain, (pair.mentee, pair.mentor)), points.points(pair.parts), *each, "yes" if pair.out else "")


def plain(name: str) -> str:
    """A name that a spreadsheet shows and does not reckon with."""
    return FORMULA.sub(r"\1'", name)
