"""The community's card: figures in words, and the same as a chart."""

from __future__ import annotations

from commands import home, leaderboard, resources, result, start
from commands.kit.drawing import Bar, Chart
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Picture, Style, heading, line, quiet
from commands.kit.wording import joined
from content.outcomes import Outcome
from content.text import At, Text, _, plural, verbatim
from storage.common_gaps import NEWEST_MOST
from storage.community_figures import Figures, Published
from storage.mentor_figures import Mentoring

NAME = "pmpath-community.png"
GAPS_MOST = 5
ROUNDED = _("Rounded down to fives; groups under five left out")


def too_few() -> Refusal:
    """The answer where no group is large enough to be shown."""
    return Refusal(
        _("Too few members have finished the assessment here to show a split."),
        (
            Button(_("Start the assessment"), start.start(), Style.PRIMARY),
            Button(_("My result"), result.result()),
            Button(_("Home"), home.home()),
        ),
    )


async def card(ctx: Context, standing: Published) -> Card:
    """All that may be shown, as it stood when it was published."""
    figures = standing.figures
    body: tuple[Element, ...] = (
        await _chart(ctx, standing),
        heading(_("Results")),
        *(line(Bold(name), _(": {value}", value=count)) for name, count in _named(figures)),
        heading(_("On the way")),
        *(line(Bold(name), _(": {value}", value=count)) for name, count in _way(standing)),
        *_gaps(ctx, figures),
        *_months(figures),
        *_mentoring(standing.mentoring),
        quiet(
            _(
                "Figures are rounded down to fives; a group under five is left out. As of {day}.",
                day=At(standing.at, zone=ctx.community.zone),
            )
        ),
    )
    ways = (
        Button(_("My result"), result.result()),
        Button(_("Leaderboard"), leaderboard.leaderboard(None, None)),
        Button(_("Learning resources"), resources.resources(None)),
        Button(_("Home"), home.home()),
    )
    return Card(_("This community"), body, ways)


def _named(figures: Figures) -> list[tuple[Text, int]]:
    return [(outcome.name_only, count) for outcome, count in figures.outcomes.items()]


def _way(standing: Published) -> list[tuple[Text, int]]:
    """The stages that may be shown; who finished is never more than who started."""
    figures, mentoring = standing.figures, standing.mentoring or Mentoring()
    stages = (
        (_("Started"), figures.started),
        (_("Finished"), figures.finished),
        (_("With a plan"), figures.with_plan),
        (_("With a mentor, now or before"), mentoring.with_mentor),
    )
    return [(name, count) for name, count in stages if count]


def _mentoring(mentoring: Mentoring | None) -> tuple[Element, ...]:
    """The supply, how often mentors say yes, and how long it takes; what is about too few is left out."""
    if mentoring is None:
        return ()
    listed, free, yes, days = mentoring.listed, mentoring.free, mentoring.acceptance, mentoring.waits
    said = (
        *(((_("Mentors"), _("{count}", count=listed)),) if listed else ()),
        *(((_("Free places"), _("{count}", count=free)),) if free else ()),
        *(((_("Requests that mentors accepted"), _("{percent} %", percent=yes)),) if yes is not None else ()),
        *(((_("From asking to a match, typically"), plural("{count} day", "{count} days", days)),) if days else ()),
    )
    return (
        (heading(_("Mentoring")), *(line(Bold(name), _(": {value}", value=value)) for name, value in said))
        if said
        else ()
    )


def _gaps(ctx: Context, figures: Figures) -> tuple[Element, ...]:
    """The commonest ones; a skill that the content no longer has is none."""
    known = [(ctx.content.skills[skill].name, n) for skill, n in figures.missing.items() if skill in ctx.content.skills]
    lines = tuple(line(Bold(name), _(": {value}", value=count)) for name, count in known[:GAPS_MOST])
    if not lines:
        return ()
    many = figures.started >= NEWEST_MOST
    of = _("Commonest gaps of the newest {count} members", count=NEWEST_MOST) if many else _("Commonest gaps")
    return (heading(of), *lines)


def _months(figures: Figures) -> tuple[Element, ...]:
    """By each month's end so many had begun and had done a tip; what is under five is left out."""
    rows = zip(figures.months, figures.begun, figures.tips, strict=True)
    lines = tuple(line(Bold(verbatim(month)), _(": {value}", value=_so_far(*row))) for month, *row in rows if any(row))
    return (heading(_("Members so far, by the end of each month")), *lines) if lines else ()


def _so_far(begun: int, tips: int) -> Text:
    said = [plural("{count} had begun", "{count} had begun", begun)] if begun else []
    said += [plural("{count} had done a tip", "{count} had done a tip", tips)] if tips else []
    return joined(said)


async def _chart(ctx: Context, standing: Published) -> Picture:
    """The split and the way there as bars. All that stands on it stands in the lines beside it."""

    def say(text: Text) -> str:
        return ctx.content.catalogue.say(text, ctx.language)

    def bar(name: Text, count: int, mark: Outcome | None = None) -> Bar:
        return Bar(say(name), say(_("{count}", count=count)), count, mark)

    figures = standing.figures
    split, way = figures.outcomes.items(), _way(standing)
    chart = Chart(
        language=ctx.language,
        says=say(_("How this community splits")),
        upper=tuple(bar(outcome.name_only, count, outcome) for outcome, count in split),
        lower=tuple(bar(name, count) for name, count in way),
        note=say(ROUNDED),
    )
    said = joined([_("{name}: {count}", name=name, count=n) for name, n in (*_named(figures), *way)])
    return Picture(NAME, await ctx.draw(chart), _("Chart. {figures}", figures=said), said_beside=True)
