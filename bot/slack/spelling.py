"""How Slack is written to, so that nothing a person wrote is ever read as markup.

Cards are rich text and plain text, in which Slack looks for no markup at all; moments become its own date
elements. Only the top-level text, which notifications and screen readers take, is mrkdwn and is escaped.
"""

from __future__ import annotations

import re
from typing import Any

from content.text import PLAIN, At, DateStyle, Language

Json = dict[str, Any]

OPENS, CLOSES, PARTS = "\ue000", "\ue001", "\ue002"  # private use: they frame a moment until it is drawn
MOMENT = re.compile(f"{OPENS}([0-9-]+){PARTS}([^{PARTS}]*){PARTS}([^{CLOSES}]*){CLOSES}")
FRAMES = re.compile(f"[{OPENS}{CLOSES}{PARTS}]")
FORMATS = {DateStyle.DATE: "{date}", DateStyle.TIME: "{time}", DateStyle.BOTH: "{date_long}, {time}"}
MARKS = re.compile(r"[*_~`>]|:(?=[A-Za-z0-9_+'-]+:)")
JOINER = "\u2060"  # invisible; on both sides of a mark it is neither a word's edge nor followed by a word
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class RichSpelling:
    """For rich text: words as they are; moments framed, to become date elements."""

    def plain(self, words: str) -> str:
        return FRAMES.sub("", words)

    def moment(self, at: At, language: Language) -> str:
        stamp = int(at.moment.timestamp())
        return f"{OPENS}{stamp}{PARTS}{FORMATS[at.style]}{PARTS}{PLAIN.moment(at, language)}{CLOSES}"


class MrkdwnSpelling:
    """For the top-level text: escaped as Slack asks, marks made harmless, moments as `<!date^…>`."""

    def plain(self, words: str) -> str:
        harmless = MARKS.sub(lambda mark: f"{JOINER}{mark[0]}{JOINER}", words)
        return re.sub("[&<>]", lambda sign: ESCAPES[sign[0]], harmless)

    def moment(self, at: At, language: Language) -> str:
        fallback = self.plain(PLAIN.moment(at, language)).replace("|", "/")
        return f"<!date^{int(at.moment.timestamp())}^{FORMATS[at.style]}|{fallback}>"


RICH = RichSpelling()
MRKDWN = MrkdwnSpelling()


def has_moment(words: str) -> bool:
    """Whether words spelled for rich text hold a moment."""
    return OPENS in words


def rich_runs(words: str, *, bold: bool = False) -> list[Json]:
    """Words spelled for rich text as its elements: texts and dates."""
    runs: list[Json] = []
    place = 0
    for moment in MOMENT.finditer(words):
        runs += _text(words[place : moment.start()], bold=bold)
        stamp, form, fallback = moment.groups()
        runs.append({"type": "date", "timestamp": int(stamp), "format": form, "fallback": fallback})
        place = moment.end()
    return runs + _text(words[place:], bold=bold)


def _text(words: str, *, bold: bool) -> list[Json]:
    if not words:
        return []
    return [{"type": "text", "text": words} | ({"style": {"bold": True}} if bold else {})]


def plain_text(words: str) -> Json:
    """A text object that Slack shows letter by letter."""
    return {"type": "plain_text", "text": words, "emoji": False}


def unescaped(words: str) -> str:
    """Command text as it was typed: Slack hands it over escaped, once."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
