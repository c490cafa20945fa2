"""What the page itself says around the cards, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from content.text import Catalogue, Language, Text, _

LANGUAGE_TAGS = {Language.EN: "en", Language.ZH: "zh-Hans"}


def labels() -> Mapping[str, Text]:
    """The page's words by the names that templates and script know them by."""
    return {**_places(), **_messages(), **_doors()}


def said(catalogue: Catalogue, language: Language) -> dict[str, str]:
    """All labels in one language."""
    return {name: catalogue.say(text, language) for name, text in labels().items()}


def _places() -> dict[str, Text]:
    return {
        "room": _("Rehearsal room"),
        "room_says": _("Everyone here is invented. Nothing you do here reaches another community."),
        "you_are": _("You are"),
        "moderator": _("moderator"),
        "switch": _("Switch"),
        "clock": _("Clock"),
        "clock_says": _("Moves this room's time on, for everybody in it."),
        "clock_hour": _("+1 hour"),
        "clock_day": _("+1 day"),
        "clock_week": _("+1 week"),
        "chat": _("Your chat"),
        "chat_says": _("Only you see this."),
        "channel": _("Channel"),
        "channel_says": _("Everybody here sees this."),
        "channel_empty": _("Nothing has been posted yet."),
        "message": _("Message"),
        "hint": _("/pmpath, or a word such as start"),
        "send": _("Send"),
        "commands": _("Commands that fit"),
        "to_message": _("Skip to the message box"),
    }


def _messages() -> dict[str, Text]:
    return {
        "you": _("You:"),
        "working": _("Working…"),
        "lost": _("The connection is lost. Trying again…"),
        "connected": _("Connected again. Nothing was lost."),
        "posted": _("Posted in the channel, for everybody."),
        "news": _("New in the channel"),
        "clock_moved": _("The room's time has moved on."),
        "choose": _("Choose"),
        "choose_one": _("Choose one…"),
        "cancel": _("Cancel"),
        "optional": _("(optional)"),
        "fill_in": _("Please fill this in."),
        "correct": _("Not saved yet. Please correct what is marked."),
        "tabs": _("Parts of this card"),
        "progress": _("Progress"),
        "pages": _("Pages"),
        "failed": _("Something went wrong on our side. What you had saved is safe. Please try again."),
        "unreadable": _("The page and the program no longer understand one another. Please reload the page."),
        "needs_script": _("This page needs JavaScript, which is switched off in your browser."),
    }


def _doors() -> dict[str, Text]:
    return {
        "door": _("This page needs a key"),
        "door_says": _("Whoever runs pmpath here has set it (PMPATH_ACCESS_KEY)."),
        "key": _("Access key"),
        "open": _("Open"),
        "wrong_key": _("That is not the key."),
        "too_many": _("Too many wrong keys. Please wait a minute."),
        "closed": _("This page is closed to you"),
        "closed_says": _("It can only be opened on the machine it runs on. PMPATH_ACCESS_KEY opens it to others."),
        "off": _("The page is off"),
        "off_says": _("pmpath works on another platform here. PMPATH_WEB=on brings the page back."),
        "elsewhere": _("That request did not come from this page. Please reload it."),
    }
