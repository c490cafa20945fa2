"""What deeds are worth, in the figures of the content in use, and what boards make of them."""

from __future__ import annotations

from commands import earned, help, home, leaderboard
from commands.kit.view import Button, Card, Element, Fields, Style, heading, line
from content.points import WITHOUT_LINE, Deed, Points
from content.text import Text, _, plural

DEEDS = {
    Deed.ASSESSMENT: _("Your first finished assessment"),
    Deed.STEP_WITH_LINE: _("A step of your plan"),
    Deed.RESOURCE_WITH_LINE: _("A learning resource"),
    Deed.TIP: _("A weekly tip that you did"),
    Deed.SUGGESTION: _("A tip that you suggested, once it is posted"),
    Deed.SESSION: _("A meeting of mentor and mentee that both confirm, once a week, for each of you"),
}
"""Each once: a deed without its line is told with the one that has it."""


def card(points: Points) -> Card:
    body: list[Element] = [
        _("You get points for what you do to learn, each thing once. No message is ever counted."),
        Fields(tuple((name, _worth(points, deed)) for deed, name in DEEDS.items() if points.worth[deed])),
    ]
    if points.limited:
        most, deeds = points.week_most, earned.limited(points)
        limit = _("At most {most} points a week for {deeds}, from Monday to Sunday here.", most=most, deeds=deeds)
        body.append(limit)
    body += [
        _("Points once given stay, also if you take the deed back. Moderators can correct them, with a reason."),
        heading(_("Boards")),
        line(
            _("There is one of all points, and one for each track. "),
            _("A deed counts for the track that its skill or tip belongs to, whatever your result."),
            _(" What belongs to none, such as the assessment, counts for all points alone."),
        ),
        _("Nothing of it is shown to others unless you choose so."),
    ]
    return Card(_("Points"), body, _ways())


def _ways() -> tuple[Button, ...]:
    board = Button(_("Leaderboard"), leaderboard.leaderboard(None, None), Style.PRIMARY)
    return board, Button(_("All commands"), help.help(None)), Button(_("Home"), home.home())


def _worth(points: Points, deed: Deed) -> Text:
    more, without = points.worth[deed], WITHOUT_LINE.get(deed)
    if without is None:
        return plural("+{count} point", "+{count} points", more)
    less = points.worth[without]
    return _("+{more} points with a line or link of what came of it, +{less} without", more=more, less=less)
