"""Reads Discord's markup as its clients do: what a member sees of a text, and what in it acts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

LINE_STARTS = (
    ("heading", re.compile(r"#{1,3} +(?=\S)")),
    ("small", re.compile(r"-# +(?=\S)")),
    ("quote", re.compile(r" *>(?:>>)? ")),
    ("list", re.compile(r" *(?:[*-]|\d+\.) +(?=\S)")),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in a text that is more than its characters."""

    kind: str
    text: str
    target: str = ""


@dataclass(slots=True)
class Reading:
    """A text as a member sees it, and every piece of markup in it that came alive."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)

    def of(self, kind: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == kind]


Rule = tuple[str, re.Pattern[str]]
INLINE: tuple[Rule, ...] = (
    ("escape", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("fence", re.compile(r"```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)),
    ("code", re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")),
    ("link", re.compile(r"<((?:https?|discord|mailto):[^>\s]+)>")),
    ("link", re.compile(r"((?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s])")),
    (
        "masked",
        re.compile(r"\[((?:\[[^\]]*\]|\\.|[^\[\]\\])+)\]\(\s*<?((?:https?|discord)://[^\s<>)]+)>?(?:\s+[^)]*)?\)"),
    ),
    ("user", re.compile(r"<@!?(\d+)>")),
    ("role", re.compile(r"<@&(\d+)>")),
    ("channel", re.compile(r"<#(\d+)>")),
    ("everyone", re.compile(r"@(everyone|here)")),
    ("command", re.compile(r"</([^:>]+):\d+>")),
    ("time", re.compile(r"<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>")),
    ("emoji", re.compile(r"<a?:(\w+):\d+>")),
    ("emoji", re.compile(r":([A-Za-z0-9_+-]{2,}):")),
    ("guide", re.compile(r"<id:(\w+)>")),
    ("bold", re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
    ("italic", re.compile(r"\*(?=\S)((?:\\[\s\S]|\*\*|\s+(?:\\[\s\S]|[^*\s\\]|\*\*)|[^\s*\\])+?)\*(?!\*)")),
    ("italic", re.compile(r"(?<!\w)_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)")),
    ("strike", re.compile(r"~~(?=\S)((?:\\[\s\S]|~(?!~)|[^\s~\\]|\s(?!~~))+?)~~")),
    ("spoiler", re.compile(r"\|\|([\s\S]+?)\|\|")),
)
WRAPPERS = {"bold", "underline", "italic", "strike", "spoiler"}


def read(source: str) -> Reading:
    """What Discord shows of `source`."""
    reading = Reading()
    lines = [_start_of_line(line, reading) for line in source.split("\n")]
    _inline("\n".join(lines), reading)
    return reading


def _start_of_line(line: str, reading: Reading) -> str:
    for kind, pattern in LINE_STARTS:
        found = pattern.match(line)
        if found:
            reading.marks.append(Mark(kind, line[found.end() :]))
            sign = "• " if kind == "list" and not found[0].strip()[0].isdigit() else ""
            kept = found[0] if kind == "list" and not sign else sign
            return kept + line[found.end() :]
    return line


def _inline(source: str, reading: Reading) -> None:
    position = 0
    while position < len(source):
        for kind, pattern in INLINE:
            found = pattern.match(source, position)
            if found:
                reading.text += _SHOWN[kind](found, reading)
                position = found.end()
                break
        else:
            reading.text += source[position]
            position += 1


def _inner(found: re.Match[str], kind: str, reading: Reading, group: int = 1) -> str:
    inner = Reading()
    _inline(found[group], inner)
    reading.marks.append(Mark(kind, inner.text, found[2] if kind == "link" else ""))
    reading.marks.extend(inner.marks)
    return inner.text


def _wrapped(kind: str) -> Callable[[re.Match[str], Reading], str]:
    return lambda found, reading: _inner(found, kind, reading)


def _marked(kind: str, shape: str) -> Callable[[re.Match[str], Reading], str]:
    def show(found: re.Match[str], reading: Reading) -> str:
        text = shape.format(found[1])
        reading.marks.append(Mark(kind, text, found[1]))
        return text

    return show


def _code(found: re.Match[str], reading: Reading) -> str:
    reading.marks.append(Mark("code", found[2].strip()))
    return found[2]


def _time(found: re.Match[str], reading: Reading) -> str:
    moment = dt.datetime.fromtimestamp(int(found[1]), dt.UTC)
    shapes = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%Y-%m-%d", "D": "%Y-%m-%d"}
    text = moment.strftime(shapes.get(found[2] or "f", "%Y-%m-%d %H:%M"))
    reading.marks.append(Mark("time", text, found[1]))
    return text


_SHOWN: dict[str, Callable[[re.Match[str], Reading], str]] = {
    "escape": lambda found, _reading: found[1],
    "fence": _marked("code", "{}"),
    "code": _code,
    "link": _marked("link", "{}"),
    "masked": lambda found, reading: _inner(found, "link", reading),
    "user": _marked("user", "@{}"),
    "role": _marked("role", "@&{}"),
    "channel": _marked("channel", "#{}"),
    "everyone": _marked("everyone", "@{}"),
    "command": _marked("command", "/{}"),
    "time": _time,
    "emoji": _marked("emoji", ":{}:"),
    "guide": _marked("guide", "{}"),
    **{kind: _wrapped(kind) for kind in WRAPPERS},
}
