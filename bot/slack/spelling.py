"""How Slack is written to, so that nothing a person wrote is ever read as markup.

Cards are rich text and plain text, in which Slack looks for no markup at all; moments become its own date
elements. Only the top-level text, which notifications and screen readers take, is mrkdwn and is escaped.
"""

from __future__ import annotations

import re
from typing import Any

from content.text import PLAIN, At, Channel, DateStyle, Language

Json = dict[str, Any]

OPENS, CLOSES, PARTS = "\ue000", "\ue001", "\ue002"  # private use: they frame a moment until it is drawn
MOMENT = re.compile(f"{OPENS}([0-9-]+){PARTS}([^{PARTS}]*){PARTS}([^{CLOSES}]*){CLOSES}")
CHANNEL = re.compile(f"{OPENS}(#[CDG][A-Z0-9]+){CLOSES}")
CHANNEL_ID = re.compile("[CDG][A-Z0-9]+")
FRAMED = re.compile(f"{MOMENT.pattern}|{CHANNEL.pattern}")
FRAMES = re.compile(f"[{OPENS}{CLOSES}{PARTS}]")
FORMATS = {DateStyle.DATE: "{date}", DateStyle.TIME: "{time}", DateStyle.BOTH: "{date_long}, {time}"}
MARKS = re.compile(r"[*_~`>]|:(?=[A-Za-z0-9_+'-]+:)")
NOTICED = re.compile(rf"[*_~`<>&{OPENS}]|:(?=[A-Za-z0-9_+'-]+:)")  # what mrkdwn has to change
JOINER = "\u2060"  # invisible; on both sides of a mark it is neither a word's edge nor followed by a word
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class RichSpelling:
    """For rich text: words as they are; moments framed, to become date elements."""

    def plain(self, words: str) -> str:
        return words if words.isascii() else FRAMES.sub("", words)

    def moment(self, at: At, language: Language) -> str:
        stamp = int(at.moment.timestamp())
        return f"{OPENS}{stamp}{PARTS}{FORMATS[at.style]}{PARTS}{PLAIN.moment(at, language)}{CLOSES}"

    def channel(self, channel: Channel) -> str:
        known = CHANNEL_ID.fullmatch(channel.id)
        return f"{OPENS}#{channel.id}{CLOSES}" if known else self.plain(PLAIN.channel(channel))


RICH = RichSpelling()


def mrkdwn(words: str) -> str:
    """Words spelled for rich text as top-level text: escaped, marks made harmless, moments `<!date^…>`."""
    if not NOTICED.search(words):
        return words
    if not has_moment(words):
        return escaped(words)
    return CHANNEL.sub(r"<\1>", MOMENT.sub(_date, escaped(words)))


def escaped(words: str) -> str:
    """Words in which Slack finds nothing to act on."""
    harmless = MARKS.sub(lambda mark: f"{JOINER}{mark[0]}{JOINER}", words)
    return re.sub("[&<>]", lambda sign: ESCAPES[sign[0]], harmless)


def _date(moment: re.Match[str]) -> str:
    stamp, form, fallback = moment.groups()
    return f"<!date^{stamp}^{form}|{fallback.replace('|', '/')}>"


def without_moments(words: str) -> str:
    """Words spelled for rich text with their moments as words, for where Slack takes no timestamp."""
    return CHANNEL.sub(r"\1", MOMENT.sub(lambda moment: moment[3], words))


def has_moment(words: str) -> bool:
    """Whether words spelled for rich text hold a moment or a channel."""
    return OPENS in words


def rich_runs(words: str, *, bold: bool = False) -> list[Json]:
    """Words spelled for rich text as its elements: texts, dates and channels."""
    if not has_moment(words):
        return _text(words, bold=bold)
    runs: list[Json] = []
    place = 0
    for framed in FRAMED.finditer(words):
        runs += _text(words[place : framed.start()], bold=bold)
        stamp, form, fallback, channel = framed.groups()
        if channel is not None:
            runs.append({"type": "channel", "channel_id": channel.removeprefix("#")})
        else:
            runs.append({"type": "date", "timestamp": int(stamp), "format": form, "fallback": fallback})
        place = framed.end()
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
