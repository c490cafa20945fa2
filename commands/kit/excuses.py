"""What a member reads where there is nothing to show: a plain no, too many at once, a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from commands.kit import reference
from commands.kit.errors import Refusal
from commands.kit.press import Press
from commands.kit.request import Pressed
from commands.kit.view import Button, Card, Style
from content.text import _
from storage.store import StoreError

if TYPE_CHECKING:
    from commands.kit.dispatch import Decision

LOG = structlog.get_logger()
NOWHERE = 0  # no community has this row id


def no(refusal: Refusal, community: int) -> Card:
    """The card that says no. Its buttons need a community to lead to."""
    return Card(_("Not this time"), (refusal.text,), refusal.buttons if community != NOWHERE else ())


def failed(decision: Decision, community: int) -> Card:
    """The card for an error of ours, logged here, once, with the reference that the member sees."""
    said = reference.current()
    LOG.exception("interaction.failed", action=decision.action.name if decision.action else "unknown", reference=said)
    return Card(
        _("Something went wrong on our side"),
        (
            _("What you had saved is safe. Please try again; if it happens again, tell a moderator this:"),
            _("Reference {reference}", reference=said),
        ),
        _ways_on(decision, community) if community != NOWHERE else (),
    )


def not_stored(decision: Decision, community: int, error: StoreError) -> Card:
    """The card while the database cannot serve; the operator's sentence goes to the log, once, with the reference."""
    said = reference.current()
    action = decision.action.name if decision.action else "unknown"
    LOG.error(
        "interaction.not_stored",
        action=action,
        reference=said,
        sentence=error.sentence,
        cause=repr(error.__cause__),
    )
    return Card(
        _("This can't be saved at the moment"),
        (
            _("The database has a fault; the log tells whoever runs pmpath which one. What you had saved is safe."),
            _("Please try again in a few minutes. If it lasts, tell a moderator this:"),
            _("Reference {reference}", reference=said),
        ),
        _ways_on(decision, community) if community != NOWHERE else (),
    )


def _ways_on(decision: Decision, community: int) -> tuple[Button, ...]:
    """The same press again, where nothing was entered that would be lost with it; and Home."""
    home, action, call = Button(_("Home"), Press("home")), decision.action, decision.request.call
    if action is None or action.takes_values or (isinstance(call, Pressed) and call.form):
        return (home,)
    again = Press(action.name, decision.parsed.arguments)
    return (Button(_("Try again"), again, Style.PRIMARY), home) if again.can_be_sent(community) else (home,)


def busy(decision: Decision, community: int) -> Refusal:
    return Refusal(
        _("Very many people are here at this moment. Please try again in a few seconds."), _ways_on(decision, community)
    )
