"""How Discord is written to, so that nothing a person wrote is ever read as markup."""

from __future__ import annotations

import re

from content.text import At, Channel, DateStyle, Language

EVERYWHERE = re.compile(r"[\\*_~|`<>@\[\]]")
COLON = re.compile(r":(?!\s)")  # before a blank it begins neither an emoji nor an address
LINE_START = re.compile(r"^([ \t]*)([-+#.)/])", re.MULTILINE)
NUMBERED = re.compile(r"^([ \t]*\d+)([.)])", re.MULTILINE)
MARKUP = re.compile(r"[\\*_~|`<>@\[\]:]|^[ \t]*(?:[-+#.)/]|\d+[.)])", re.MULTILINE)  # any of them, at one glance
STYLES = {DateStyle.DATE: "d", DateStyle.TIME: "t", DateStyle.BOTH: "f"}


class DiscordSpelling:
    """Words for a text display: every sign that could begin markup escaped, moments in the reader's own zone.

    A text arrives in pieces, each spelled by itself: what means something at the start of a line is escaped
    at the start of every piece.
    """

    def plain(self, words: str) -> str:
        if MARKUP.search(words) is None:
            return words
        words = EVERYWHERE.sub(r"\\\g<0>", words)
        words = COLON.sub(r"\\:", words)
        words = LINE_START.sub(r"\1\\\2", words)
        return NUMBERED.sub(r"\1\\\2", words)

    def moment(self, at: At, language: Language) -> str:
        return f"<t:{int(at.moment.timestamp())}:{STYLES[at.style]}>"

    def channel(self, channel: Channel) -> str:
        return f"<#{channel.id}>" if channel.id.isdigit() else self.plain(f"#{channel.id}")


DISCORD = DiscordSpelling()
