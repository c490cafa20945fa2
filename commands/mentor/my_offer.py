"""How it stands with the own offer, in a line: whether it can be found, and if not, why."""

from __future__ import annotations

from commands.kit.view import Button, Buttons, Element, Line, heading
from commands.kit.wording import dotted
from commands.mentor import offer, pausing
from content.text import At, Text, _, plural
from storage.mentor_states import Approval, Paused, Reach
from storage.offers import Offer

PAUSES = {
    Paused.SELF: _("paused by you"),
    Paused.SILENCE: _("paused, since two requests had no answer"),
    Paused.MODERATORS: _("paused by the moderators"),
}


def part(mine: Offer | None) -> tuple[Element, ...]:
    """Nothing without an offer."""
    if mine is None:
        return ()
    line = Line((state(mine), *dotted([_places(mine)])))
    ways = (
        () if mine.approval is Approval.REMOVED else (*pausing.ways(mine), Button(_("End this offer"), pausing.end()))
    )
    return (heading(_("Your offer as a mentor")), line, Buttons((Button(_("My offer"), offer.offer()), *ways)))


def state(mine: Offer) -> Text:
    """Whether it is listed."""
    if mine.approval is Approval.REMOVED:
        return _("taken off the list by the moderators")
    if mine.paused is not None:
        until = At(mine.paused_until, zone=mine.terms.hours.zone) if mine.paused_until else None
        why = PAUSES[mine.paused]
        return _("{why}, until {date}", why=why, date=until) if until else why
    if mine.reach is Reach.CLOSED:
        return _("not listed yet: my direct messages do not reach you")
    if mine.approval is Approval.WAITING:
        return _("not listed yet: the moderators look at it first")
    if mine.reach is Reach.ASKED:
        return _("not listed yet: a first direct message is on its way to you")
    return _("listed")


def _places(mine: Offer) -> Text:
    return plural("{count} free place", "{count} free places", mine.places.free)
