"""What Slack refuses in blocks and views, and what would ping somebody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
ALL_TEXT_MAX = 13_200  # beyond it Slack answers msg_blocks_too_long
TEXT_MAX = 40_000
UPDATE_TEXT_MAX = 4_000
ID_MAX = 255
VIEW_BYTES_MAX = 250_000
OPTIONS_MAX = {
    "static_select": 100,
    "multi_static_select": 100,
    "radio_buttons": 10,
    "checkboxes": 10,
    "overflow": 5,
}
LITERAL = {"plain_text", "text", "link"}  # objects whose text Slack shows letter by letter
PING = re.compile(r"<(?:!(?:channel|here|everyone|subteam\^)|@[UW])")
SLACK_FILE = re.compile(r"F[A-Z0-9]{8,}")

SELECTS = {
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "multi_conversations_select",
    "channels_select",
    "multi_channels_select",
}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
CHOICES = {"radio_buttons", "checkboxes"}
ACTIONS_ELEMENTS = SELECTS | PICKERS | CHOICES | {"button", "overflow"}
ACCESSORIES = ACTIONS_ELEMENTS | {"image"}
INPUT_ELEMENTS = (
    SELECTS
    | PICKERS
    | CHOICES
    | {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}
)


class Breach(Exception):
    """A body that Slack would not take: its error word, and what is wrong where."""

    def __init__(self, error: str, message: str = "") -> None:
        super().__init__(f"{error}: {message}" if message else error)
        self.error = error
        self.message = message


@dataclass(slots=True)
class Checker:
    """Walks one body. `file_ready` says whether a picture's upload can be shown yet."""

    place: str
    file_ready: Callable[[str], bool]
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    characters: int = 0

    def blocks(self, blocks: Any) -> None:
        most = MESSAGE_BLOCKS if self.place == "message" else VIEW_BLOCKS
        self.need(isinstance(blocks, list), "blocks", "must be a list")
        self.need(1 <= len(blocks) <= most, "blocks", f"{len(blocks)} blocks, {most} fit")
        for index, block in enumerate(blocks):
            where = f"/blocks/{index}"
            self.need(isinstance(block, dict), where, "must be an object")
            self.identity(block, "block_id", self.block_ids, where)
            check = getattr(self, f"block_{block.get('type')}", self.unsupported)
            check(block, where)
        if self.place == "message" and self.characters > ALL_TEXT_MAX:
            raise Breach("msg_blocks_too_long", f"{self.characters} characters")

    def need(self, fine: bool, where: str, message: str) -> None:
        if not fine:
            raise Breach("invalid_blocks", f"[ERROR] {message} [json-pointer:{where}]")

    def unsupported(self, block: Json, where: str) -> None:
        self.need(False, where, f"unsupported type: {block.get('type')}")

    def identity(self, thing: Json, key: str, taken: set[str], where: str) -> None:
        if key in thing:
            name = thing[key]
            self.need(isinstance(name, str) and 1 <= len(name) <= ID_MAX, f"{where}/{key}", "1 to 255")
            self.need(name not in taken, f"{where}/{key}", f"{key} repeated: {name}")
            taken.add(name)

    def only(self, thing: Json, where: str, *allowed: str) -> None:
        extra = set(thing) - {"type", *allowed}
        self.need(not extra, where, f"no such property: {sorted(extra)}")

    def text(self, text: Any, where: str, most: int, *, plain: bool = False) -> None:
        self.need(isinstance(text, dict), where, "missing or no text object")
        self.need(text.get("type") in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}), where, "type")
        allowed = ("text", "emoji") if text["type"] == "plain_text" else ("text", "verbatim")
        self.only(text, where, *allowed)
        words = text.get("text")
        self.need(isinstance(words, str) and 1 <= len(words) <= most, where, f"1 to {most} characters")
        self.characters += len(words)

    # blocks

    def block_divider(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id")

    def block_header(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "text")
        self.text(block.get("text"), f"{where}/text", 150, plain=True)

    def block_section(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "text", "fields", "accessory", "expand")
        self.need("text" in block or "fields" in block, where, "text or fields is needed")
        if "text" in block:
            self.text(block["text"], f"{where}/text", 3000)
        if "fields" in block:
            self.need(1 <= len(block["fields"]) <= 10, f"{where}/fields", "1 to 10 fields")
            for index, words in enumerate(block["fields"]):
                self.text(words, f"{where}/fields/{index}", 2000)
        if "accessory" in block:
            self.element(block["accessory"], ACCESSORIES, f"{where}/accessory")

    def block_context(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "elements")
        elements = block.get("elements") or []
        self.need(1 <= len(elements) <= 10, f"{where}/elements", "1 to 10 elements")
        for index, element in enumerate(elements):
            here = f"{where}/elements/{index}"
            if element.get("type") == "image":
                self.element_image(element, here)
            else:
                self.text(element, here, 3000)

    def block_actions(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "elements")
        elements = block.get("elements") or []
        self.need(1 <= len(elements) <= 25, f"{where}/elements", "1 to 25 elements")
        for index, element in enumerate(elements):
            self.element(element, ACTIONS_ELEMENTS, f"{where}/elements/{index}")

    def block_image(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "image_url", "slack_file", "alt_text", "title")
        self.picture(block, where)
        if "title" in block:
            self.text(block["title"], f"{where}/title", 2000, plain=True)

    def block_input(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "label", "element", "hint", "optional", "dispatch_action")
        self.text(block.get("label"), f"{where}/label", 2000, plain=True)
        if "hint" in block:
            self.text(block["hint"], f"{where}/hint", 2000, plain=True)
        self.element(block.get("element"), INPUT_ELEMENTS, f"{where}/element")

    def block_rich_text(self, block: Json, where: str) -> None:
        self.only(block, where, "block_id", "elements")
        self.need(bool(block.get("elements")), where, "elements are needed")
        for index, element in enumerate(block["elements"]):
            self.rich(element, f"{where}/elements/{index}")

    # elements

    def element(self, element: Any, allowed: set[str], where: str) -> None:
        self.need(isinstance(element, dict), where, "must be an object")
        kind = element.get("type")
        self.need(kind in allowed, where, f"unsupported element here: {kind}")
        if kind == "image":
            self.element_image(element, where)
            return
        self.identity(element, "action_id", self.action_ids, where)
        if "placeholder" in element:
            self.text(element["placeholder"], f"{where}/placeholder", 150, plain=True)
        if "confirm" in element:
            self.confirm(element["confirm"], f"{where}/confirm")
        if kind == "button":
            self.element_button(element, where)
        elif kind in OPTIONS_MAX:
            self.element_options(element, where)
        elif kind in SELECTS:
            self.need(element.get("max_selected_items", 1) >= 1, where, "max_selected_items from 1")
        elif kind == "plain_text_input":
            self.element_input(element, where)

    def element_button(self, element: Json, where: str) -> None:
        self.only(element, where, "text", "action_id", "url", "value", "style", "confirm", "accessibility_label")
        self.text(element.get("text"), f"{where}/text", 75, plain=True)
        self.need(len(element.get("value", "x")) in range(1, 2001), f"{where}/value", "1 to 2000")
        self.need(element.get("style", "primary") in {"primary", "danger"}, f"{where}/style", "no such style")
        url = element.get("url", "https://x")
        self.need(len(url) <= 3000 and "://" in url, f"{where}/url", "no address")
        self.need(len(element.get("accessibility_label", "")) <= 75, f"{where}/accessibility_label", "75")

    def element_options(self, element: Json, where: str) -> None:
        options = element.get("options")
        groups = element.get("option_groups")
        self.need((options is None) != (groups is None), where, "options or option_groups")
        flat: list[Json] = options or [option for group in groups or [] for option in group["options"]]
        most = OPTIONS_MAX[element["type"]]
        self.need(1 <= len(flat) <= most, f"{where}/options", f"1 to {most} options")
        values: set[str] = set()
        for index, option in enumerate(flat):
            self.option(option, values, f"{where}/options/{index}")
        initial = element.get("initial_options", [])
        if "initial_option" in element:
            initial = [element["initial_option"]]
        if "initial_options" in element:
            self.need(bool(initial), f"{where}/initial_options", "must not be empty")
        for option in initial:
            self.need(option in flat, f"{where}/initial_option", "must equal one of the options")
        most_chosen = element.get("max_selected_items", 100)
        self.need(most_chosen >= max(1, len(initial or [])), where, "max_selected_items")

    def option(self, option: Json, values: set[str], where: str) -> None:
        self.only(option, where, "text", "value", "description", "url")
        self.text(option.get("text"), f"{where}/text", 75)
        value = option.get("value")
        self.need(isinstance(value, str) and 1 <= len(value) <= 75, f"{where}/value", "1 to 75 characters")
        self.need(value not in values, f"{where}/value", f"value repeated: {value}")
        values.add(str(value))
        if "description" in option:
            self.text(option["description"], f"{where}/description", 75)

    def element_input(self, element: Json, where: str) -> None:
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        self.need(0 <= least <= 3000 and 1 <= most <= 3000 and least <= most, where, "length")
        self.need(len(element.get("initial_value", "")) <= most, f"{where}/initial_value", "too long")
        self.need(element.get("initial_value", "x") != "", f"{where}/initial_value", "must not be empty")

    def element_image(self, element: Json, where: str) -> None:
        self.only(element, where, "image_url", "slack_file", "alt_text")
        self.picture(element, where)

    def picture(self, thing: Json, where: str) -> None:
        alt = thing.get("alt_text")
        self.need(isinstance(alt, str) and 1 <= len(alt) <= 2000, f"{where}/alt_text", "1 to 2000")
        self.need(("image_url" in thing) != ("slack_file" in thing), where, "image_url or slack_file")
        if "image_url" in thing:
            url = thing["image_url"]
            reachable = url.startswith("https://") and "127.0.0.1" not in url and "localhost" not in url
            self.need(reachable and len(url) <= 3000, f"{where}/image_url", "downloading image failed")
        else:
            file_id = thing["slack_file"].get("id", "")
            self.need(bool(SLACK_FILE.fullmatch(file_id)), f"{where}/slack_file", "id must match")
            self.need(self.file_ready(file_id), f"{where}/slack_file", "invalid slack file")

    def confirm(self, confirm: Json, where: str) -> None:
        self.only(confirm, where, "title", "text", "confirm", "deny", "style")
        for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            self.text(confirm.get(key), f"{where}/{key}", most, plain=key != "text")

    def rich(self, element: Json, where: str) -> None:
        kind = element.get("type")
        if kind == "rich_text_list":
            self.only(element, where, "elements", "style", "indent", "border", "offset")
            self.need(element.get("style") in {"bullet", "ordered"}, where, "style")
            for index, section in enumerate(element.get("elements") or []):
                self.need(section.get("type") == "rich_text_section", where, "lists hold sections")
                self.rich(section, f"{where}/elements/{index}")
            return
        self.need(kind in {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}, where, "type")
        self.only(element, where, "elements", "border")
        for index, run in enumerate(element.get("elements") or []):
            self.rich_run(run, f"{where}/elements/{index}")

    def rich_run(self, run: Json, where: str) -> None:
        match run.get("type"):
            case "text":
                self.only(run, where, "text", "style")
                self.need(isinstance(run.get("text"), str) and run["text"] != "", where, "no empty text")
                self.characters += len(run["text"])
            case "link":
                self.only(run, where, "url", "text", "style", "unsafe")
                self.need(bool(re.match(r"https?://|mailto:", run.get("url", ""))), where, "no address")
                self.characters += len(str(run.get("text", run["url"])))
            case "date":
                self.only(run, where, "timestamp", "format", "url", "fallback", "style")
                self.need(isinstance(run.get("timestamp"), int), where, "timestamp in whole seconds")
                self.need("{" in run.get("format", ""), where, "format holds no token")
            case "emoji" | "user" | "channel" | "usergroup" | "broadcast" | "color" | "team":
                pass
            case other:
                self.need(False, where, f"unsupported run: {other}")


def check_blocks(blocks: Any, place: str, file_ready: Callable[[str], bool]) -> None:
    """Raises Breach where Slack would refuse the blocks of a message, modal or home."""
    Checker(place, file_ready).blocks(blocks)


def check_view(view: Any, kind: str, file_ready: Callable[[str], bool]) -> None:
    """Raises Breach where Slack would refuse the view."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise Breach("invalid_arguments", f"[ERROR] a view of type {kind} is needed [json-pointer:/view/type]")
    checker = Checker("view", file_ready)
    try:
        checker.blocks(view.get("blocks"))
        if kind == "modal":
            checker.text(view.get("title"), "/view/title", 24, plain=True)
            for key in ("submit", "close"):
                if key in view:
                    checker.text(view[key], f"/view/{key}", 24, plain=True)
            inputs = any(block["type"] == "input" for block in view["blocks"])
            checker.need(not inputs or "submit" in view, "/view/submit", "input blocks need submit")
        else:
            checker.need(not {"title", "submit", "close"} & set(view), "/view", "home has no title or submit")
        for key, most in (("private_metadata", 3000), ("callback_id", ID_MAX), ("external_id", ID_MAX)):
            checker.need(len(view.get(key, "")) <= most, f"/view/{key}", f"{most} characters fit")
        checker.need(len(json.dumps(view)) <= VIEW_BYTES_MAX, "/view", "250 kB fit")
    except Breach as breach:
        raise Breach("invalid_arguments", breach.message) from breach


def check_plain_links(body: Json) -> None:
    """Raises Breach where a body asks Slack to find mentions in plain words."""
    if body.get("link_names") or body.get("parse") == "full":
        raise Breach("invalid_arguments", "link_names and parse=full make mentions of what members wrote")


def live_mentions(thing: Any) -> Iterator[str]:
    """Everything in a body that would notify somebody; plain_text objects show it literally."""
    if isinstance(thing, list):
        for part in thing:
            yield from live_mentions(part)
    elif isinstance(thing, dict):
        if thing.get("type") in {"broadcast", "user", "usergroup"} and "action_id" not in thing:
            yield json.dumps(thing)
        for key, value in thing.items():
            if isinstance(value, str):
                if key == "text" and thing.get("type") not in LITERAL and PING.search(value):
                    yield value
            else:
                yield from live_mentions(value)
