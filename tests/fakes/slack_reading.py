"""What a member reads of blocks: markup taken away as Slack takes it, a paragraph a line."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

EMOJI = {
    "smile": "😄",
    "tada": "🎉",
    "+1": "👍",
    "fire": "🔥",
    "x": "❌",
    "heart": "❤️",
    "100": "💯",
    "eyes": "👀",
}
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
ANGLES = re.compile(r"<([^<>]+)>")
LETTER, SPACE = "\ue0f0", "\u2005"  # an invisible sign taken for either; Slack does not say which it is to it
FORMATTED = tuple(
    re.compile(rf"(?<![\w{LETTER}{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{LETTER}{mark}])")
    for mark in (r"\*", "_", "~", "`")
)


@dataclass(frozen=True, slots=True)
class SeenButton:
    """A button as a member sees it; `url` where it opens an address."""

    label: str
    style: str = "plain"
    url: str | None = None
    value: str | None = None
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class SeenSelect:
    """A select, list of checkboxes or radio buttons: its label, options by text, what is chosen now."""

    label: str
    kind: str
    options: tuple[str, ...]
    chosen: tuple[str, ...]
    block_id: str = ""
    action_id: str = ""


@dataclass(frozen=True, slots=True)
class SeenInput:
    """A field to write in."""

    label: str
    value: str
    optional: bool
    block_id: str = ""
    action_id: str = ""


def mrkdwn(words: str, *, verbatim: bool = False) -> str:
    """mrkdwn as shown: dates and links by their words, formatting gone, escapes undone."""
    shown = ANGLES.sub(_angles, words)
    for taken_for in (LETTER, SPACE):
        shown = INVISIBLE.sub(taken_for, shown)
        for pattern in FORMATTED:
            shown = pattern.sub(r"\1", shown)
        shown = shown.replace(taken_for, "\u2060")
    if not verbatim:
        shown = emoji(shown)
    return _visible(html.unescape(shown))


def _visible(words: str) -> str:
    return INVISIBLE.sub("", words)


def _angles(match: re.Match[str]) -> str:
    inner = match[1]
    head, _bar, label = inner.partition("|")
    if head.startswith("!date^"):
        _date, stamp, pattern, *_link = head.split("^")
        return date(int(stamp), pattern) or label
    if head.startswith(("!", "@", "#")):
        return f"[mention {label or head}]"
    return label or head


def date(timestamp: int, pattern: str) -> str:
    """A moment by Slack's tokens, for a reader in UTC."""
    moment = dt.datetime.fromtimestamp(timestamp, tz=dt.UTC)
    day = f"{moment.day} {moment:%B} {moment.year}"
    tokens = {
        "date_long": f"{moment:%A}, {day}",
        "date_long_pretty": f"{moment:%A}, {day}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "date_num": f"{moment:%Y-%m-%d}",
        "date": day,
        "date_pretty": day,
        "day_divider_pretty": day,
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
    }
    return re.sub(r"\{(\w+)\}", lambda token: tokens.get(token[1], token[0]), pattern)


def emoji(words: str) -> str:
    """Colon names that Slack knows become pictures."""
    return re.sub(r":([a-z0-9_+-]+):", lambda name: EMOJI.get(name[1], name[0]), words)


def text(thing: Json) -> str:
    """A text object as shown."""
    words = str(thing["text"])
    if thing["type"] == "mrkdwn":
        return mrkdwn(words)
    return _visible(emoji(words) if thing.get("emoji", True) else words)


def rich(element: Json) -> Iterator[str]:
    """The lines of one part of a rich_text block."""
    if element["type"] == "rich_text_list":
        for section in element["elements"]:
            yield from rich(section)
        return
    shown = "".join(_run(run) for run in element.get("elements", ()))
    yield from shown.split("\n")


def _run(run: Json) -> str:
    match run["type"]:
        case "text":
            return _visible(str(run["text"]))
        case "link":
            return str(run.get("text") or run["url"])
        case "date":
            return date(run["timestamp"], run["format"])
        case "channel":
            return f"#{run['channel_id']}"
        case "emoji":
            return EMOJI.get(run["name"], f":{run['name']}:")
        case kind:
            return f"[mention {kind}]"


def lines(blocks: list[Json]) -> list[str]:
    """All there is to read, a paragraph a line, pictures by their words; buttons, selects and inputs are apart."""
    read: list[str] = []
    for block in blocks:
        match block["type"]:
            case "header":
                read.append(text(block["text"]))
            case "section":
                if "text" in block:
                    read += text(block["text"]).split("\n")
                for words in block.get("fields", ()):
                    read += text(words).split("\n")
            case "context":
                shown = [text(element) for element in block["elements"] if element["type"] != "image"]
                read += " ".join(shown).split("\n")
            case "image":
                read.append(str(block["alt_text"]))
            case "rich_text":
                for element in block["elements"]:
                    read += rich(element)
    return [words for words in read if words.strip()]


def title(blocks: list[Json]) -> str:
    """The first header, or nothing."""
    return next((text(block["text"]) for block in blocks if block["type"] == "header"), "")


def pictures(blocks: list[Json]) -> list[str]:
    """What a screen reader says of each picture."""
    images = [block for block in blocks if block["type"] == "image"]
    images += [block["accessory"] for block in blocks if block.get("accessory", {}).get("type") == "image"]
    return [str(image["alt_text"]) for image in images]


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block in blocks:
        match block["type"]:
            case "actions":
                for element in block["elements"]:
                    yield block, element
            case "section":
                if block.get("accessory", {}).get("type", "image") != "image":
                    yield block, block["accessory"]
            case "input":
                yield block, block["element"]


def buttons(blocks: list[Json]) -> list[SeenButton]:
    """The buttons in order."""
    return [
        SeenButton(
            text(element["text"]),
            element.get("style", "plain"),
            element.get("url"),
            element.get("value"),
            element.get("action_id", ""),
        )
        for _block, element in elements(blocks)
        if element["type"] == "button"
    ]


def label(block: Json, element: Json) -> str:
    """What names an input or a select: its block's label or text, else its placeholder."""
    if "label" in block:
        return text(block["label"])
    if block["type"] == "section" and "text" in block:
        return text(block["text"])
    return text(element["placeholder"]) if "placeholder" in element else ""


def selects(blocks: list[Json], entered: dict[str, dict[str, Json]]) -> list[SeenSelect]:
    """The selects in order, with what the member has chosen so far."""
    found = []
    for block, element in elements(blocks):
        if element["type"] == "button" or "input" in element["type"]:
            continue
        state = entered.get(block["block_id"], {}).get(element["action_id"], {})
        options = tuple(text(option["text"]) for option in element.get("options", ()))
        found.append(
            SeenSelect(
                label(block, element), element["type"], options, chosen_words(state),
                block["block_id"], element["action_id"],
            )
        )  # fmt: skip
    return found


def chosen_words(state: Json) -> tuple[str, ...]:
    """The words of what a state holds: options by their text, people by their id."""
    if state.get("selected_option"):
        return (text(state["selected_option"]["text"]),)
    if "selected_options" in state:
        return tuple(text(option["text"]) for option in state["selected_options"])
    if "selected_users" in state:
        return tuple(state["selected_users"])
    return (state["selected_user"],) if state.get("selected_user") else ()


def inputs(blocks: list[Json], entered: dict[str, dict[str, Json]]) -> list[SeenInput]:
    """The fields to write in, with what stands in them."""
    return [
        SeenInput(
            label(block, element),
            str(entered.get(block["block_id"], {}).get(element["action_id"], {}).get("value") or ""),
            bool(block.get("optional", False)),
            block["block_id"],
            element["action_id"],
        )
        for block, element in elements(blocks)
        if "input" in element["type"]
    ]
