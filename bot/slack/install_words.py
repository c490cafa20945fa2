"""What the pages say by which the app is installed."""

from __future__ import annotations

from bot.plain_page import PlainPage
from content.text import _, quoted


def asks(url: str) -> PlainPage:
    """What it is, what it asks for and why, and the button to Slack."""
    return PlainPage(
        _("Add pmpath to Slack"),
        (
            _("pmpath tells members which AI product track fits them, what to learn next, and who can mentor them."),
            _("It asks to answer and to post, to send files to people's own direct messages, and to see names, "
              "languages, time zones and who is an admin. It reads no messages."),
            _("Slack asks next whether you agree, and for which workspace."),
        ),
        (_("Add to Slack"), url),
    )  # fmt: skip


def done(name: str, opens: str) -> PlainPage:
    """Installed, and what to do now."""
    return PlainPage(
        _("pmpath is installed in {name}", name=quoted(name)),
        (
            _("Open Slack and type /pmpath-mod setup in any channel: a few steps lead to the first weekly tip."),
            _("Everybody there can type /pmpath from now on."),
        ),
        (_("Open Slack"), opens),
    )


def denied(again: str) -> PlainPage:
    return PlainPage(
        _("Nothing was installed"),
        (_("The request was turned down in Slack. Perhaps an admin of your workspace has to agree."),),
        (_("Try again"), again),
        403,
    )


def stale(again: str) -> PlainPage:
    return PlainPage(
        _("This link is no longer good"),
        (
            _("It is good once, for ten minutes, in the browser in which it began. Nothing was changed now."),
            _("If pmpath answers in Slack already, all is well."),
        ),
        (_("Begin again"), again),
        400,
    )


def refused(word: str, again: str) -> PlainPage:
    return PlainPage(
        _("Slack did not allow it"),
        (
            _("Slack answered “{word}”. Nothing was installed.", word=quoted(word)),
            _("Please try again; if it stays, tell this word to whoever runs pmpath."),
        ),
        (_("Try again"), again),
        502,
    )


def unreachable(again: str) -> PlainPage:
    return PlainPage(
        _("Slack could not be reached"),
        (_("Nothing was installed. Please try again in a minute."),),
        (_("Try again"), again),
        502,
    )


def another_app() -> PlainPage:
    return PlainPage(
        _("That was another app"),
        (_("What Slack granted is for another app than the one that runs here. Nothing was installed."),),
        status=400,
    )


def crowded() -> PlainPage:
    return PlainPage(
        _("Too many installations at once"),
        (_("Please come back in ten minutes."),),
        status=429,
    )


def starting() -> PlainPage:
    return PlainPage(
        _("pmpath is starting"),
        (_("Please come back in a moment."),),
        status=503,
    )
