"""What Discord refuses in a body: the rules between fields, which its OpenAPI document does not know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord_world import COMPONENTS_V2, EPHEMERAL, SILENT, Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = {3, 5, 6, 7, 8}
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
UPLOAD, RADIOS, CHECKBOXES, CHECKBOX = 19, 21, 22, 23
IN_CONTAINER = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR}
TOP_LEVEL_V2 = IN_CONTAINER | {CONTAINER}
IN_LABEL = {TEXT_INPUT, UPLOAD, RADIOS, CHECKBOXES, CHECKBOX} | SELECTS
LINK_STYLE, PREMIUM_STYLE = 5, 6

COMPONENTS_MAX = 40
TEXT_MAX = 4000
CONTENT_MAX = 2000
CUSTOM_ID_MAX = 100
COMMAND_CHARACTERS_MAX = 8000
SLASH_NAME = re.compile(r"^[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}$")
LOCALES = {"zh-CN", "zh-TW", "en-US", "en-GB", "de", "fr", "ja", "ko", "es-ES", "pt-BR"}
SUBCOMMAND, GROUP = 1, 2

Errors = Iterator[tuple[list[str], str]]


class Breach(Exception):
    """Discord would answer this with an error."""

    def __init__(self, status: int, code: int, message: str, errors: list[tuple[list[str], str]] | None = None):
        super().__init__(message, errors or [])
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors or []

    def body(self) -> Json:
        nested: Json = {}
        for path, reason in self.errors:
            place = nested
            for part in path:
                place = place.setdefault(part, {})
            place.setdefault("_errors", []).append({"code": "INVALID", "message": reason})
        return {"code": self.code, "message": self.message} | ({"errors": nested} if nested else {})


def refuse(errors: list[tuple[list[str], str]]) -> None:
    """Raise Discord's 50035 where there is anything wrong."""
    if errors:
        raise Breach(400, 50035, "Invalid Form Body", errors)


def nested(components: list[Json]) -> Iterator[Json]:
    """Every component of a message or form, outside in."""
    for component in components:
        yield component
        inner = [*component.get("components", [])]
        inner += [component[key] for key in ("accessory", "component") if isinstance(component.get(key), dict)]
        yield from nested(inner)


def check_message(body: Json, *, flags: int, uploaded: set[str], update: bool) -> None:
    """A message's body, `flags` being what the message has together with what the body asks for."""
    errors: list[tuple[list[str], str]] = list(_mention_errors(body.get("allowed_mentions")))
    components = body.get("components") or []
    if flags & COMPONENTS_V2:
        errors += _v2_errors(body, components, update=update)
    else:
        errors += _plain_errors(body, components)
    errors += _shared_errors(components)
    errors += _file_errors(body, components, uploaded)
    refuse(errors)
    if not flags & COMPONENTS_V2 and not update and not _has_something(body, uploaded):
        raise Breach(400, 50006, "Cannot send an empty message")


def _has_something(body: Json, uploaded: set[str]) -> bool:
    return bool(body.get("content") or body.get("embeds") or body.get("poll") or uploaded)


def _mention_errors(mentions: Json | None) -> Errors:
    for kind in ("users", "roles"):
        if mentions and kind in (mentions.get("parse") or []) and mentions.get(kind):
            yield ["allowed_mentions"], f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'


def _v2_errors(body: Json, components: list[Json], *, update: bool) -> Errors:
    for legacy in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(legacy):
            yield [legacy], f"The '{legacy}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
    if not components and (not update or "components" in body):
        yield ["components"], "This field is required and may not be empty"
    if len(list(nested(components))) > COMPONENTS_MAX:
        yield ["components"], "The maximum number of nested components has been exceeded (40)"
    if sum(len(c.get("content", "")) for c in nested(components) if c["type"] == TEXT) > TEXT_MAX:
        yield (
            ["components"],
            "The total length of displayable text exceeds the maximum size of 4000 characters",
        )
    for index, component in enumerate(components):
        if component["type"] not in TOP_LEVEL_V2:
            yield (
                ["components", str(index)],
                f"A component of type {component['type']} cannot be at the top level",
            )


def _plain_errors(body: Json, components: list[Json]) -> Errors:
    if len(body.get("content") or "") > CONTENT_MAX:
        yield ["content"], "Must be 2000 or fewer in length."
    if len(components) > 5:
        yield ["components"], "Must be between 1 and 5 in length."
    for component in nested(components):
        if component["type"] not in {ROW, BUTTON} | SELECTS:
            yield (
                ["components"],
                f"A component of type {component['type']} needs MessageFlags.IS_COMPONENTS_V2",
            )


def _shared_errors(components: list[Json]) -> Errors:
    everything = list(nested(components))
    for field in ("custom_id", "id"):
        counted = Counter(c[field] for c in everything if c.get(field))
        for value, times in counted.items():
            if times > 1:
                yield ["components"], f"Component {field} cannot be duplicated: {value}"
    for index, component in enumerate(everything):
        for reason in _component_errors(component):
            yield ["components", f"{index} (type {component['type']})"], reason


def _component_errors(component: Json) -> Iterator[str]:
    if len(component.get("custom_id") or "") > CUSTOM_ID_MAX:
        yield "custom_id: Must be 100 or fewer in length."
    match component["type"]:
        case 1:
            yield from _row_errors(component["components"])
        case 2:
            yield from _button_errors(component)
        case 3:
            yield from _select_errors(component)
        case 5 | 6 | 7 | 8:
            yield from _people_errors(component)
        case 9:
            yield from _section_errors(component)
        case 10:
            if not component["content"].strip():
                yield "content: This field is required"
        case 17:
            if not component["components"]:
                yield "components: Must be between 1 and 40 in length."
            if any(inner["type"] not in IN_CONTAINER for inner in component["components"]):
                yield "components: a Container cannot hold this type"


def _row_errors(inside: list[Json]) -> Iterator[str]:
    kinds = {component["type"] for component in inside}
    if not 1 <= len(inside) <= 5:
        yield "components: Must be between 1 and 5 in length."
    if not kinds <= {BUTTON, TEXT_INPUT} | SELECTS:
        yield "components: an Action Row cannot hold this type"
    if kinds & (SELECTS | {TEXT_INPUT}) and len(inside) > 1:
        yield "components: a select or text input takes an Action Row for itself"


def _button_errors(button: Json) -> Iterator[str]:
    style = button.get("style")
    if style == LINK_STYLE:
        if not re.match(r"^(https?|discord)://", button.get("url") or ""):
            yield "url: a link button needs an http(s) or discord address"
        if button.get("custom_id"):
            yield "custom_id: A custom id and url cannot both be specified"
    elif style != PREMIUM_STYLE:
        if not button.get("custom_id"):
            yield "custom_id: A custom id or url is required"
        if button.get("url"):
            yield "url: only a link button has one"
    if not button.get("label") and not button.get("emoji") and style != PREMIUM_STYLE:
        yield "label: This field is required"
    if len(button.get("label") or "") > 80:
        yield "label: Must be 80 or fewer in length."


def _select_errors(select: Json) -> Iterator[str]:
    options = select.get("options") or []
    fewest, most = select.get("min_values", 1), select.get("max_values", 1)
    if not select.get("custom_id"):
        yield "custom_id: This field is required"
    if not 1 <= len(options) <= 25:
        yield "options: Must be between 1 and 25 in length."
    if len({option["value"] for option in options}) < len(options):
        yield "options: The specified option value is already used"
    if any(not 1 <= len(option["label"]) <= 100 or not 1 <= len(option["value"]) <= 100 for option in options):
        yield "options: label and value must be between 1 and 100 in length."
    if any(len(option.get("description") or "") > 100 for option in options):
        yield "options: description must be 100 or fewer in length."
    if not fewest <= most <= max(len(options), 1):
        yield "max_values: must lie between min_values and the number of options"
    if sum(bool(option.get("default")) for option in options) > most:
        yield "options: more defaults than max_values"
    if len(select.get("placeholder") or "") > 150:
        yield "placeholder: Must be 150 or fewer in length."


def _people_errors(select: Json) -> Iterator[str]:
    """A select of users (5), roles (6), both (7) or channels (8)."""
    fewest, most = select.get("min_values", 1), select.get("max_values", 1)
    chosen = select.get("default_values") or []
    if not select.get("custom_id"):
        yield "custom_id: This field is required"
    if not 0 <= fewest <= most <= 25:
        yield "max_values: must lie between min_values and 25"
    if chosen and not fewest <= len(chosen) <= most:
        yield "default_values: as many as min_values to max_values"
    kinds = {5: {"user"}, 6: {"role"}, 7: {"user", "role"}, 8: {"channel"}}[select["type"]]
    if any(one["type"] not in kinds for one in chosen):
        yield "default_values: of a type that this select does not offer"


def _section_errors(section: Json) -> Iterator[str]:
    if not 1 <= len(section["components"]) <= 3 or any(c["type"] != TEXT for c in section["components"]):
        yield "components: a Section holds one to three Text Displays"
    if (section.get("accessory") or {}).get("type") not in {BUTTON, THUMBNAIL}:
        yield "accessory: a Section needs a button or a thumbnail"


def media_of(component: Json) -> Iterator[Json]:
    """The pictures and files that a component shows."""
    match component["type"]:
        case 11:
            yield component["media"]
        case 12:
            yield from (item["media"] for item in component["items"])
        case 13:
            yield component["file"]


def _file_errors(body: Json, components: list[Json], uploaded: set[str]) -> Errors:
    kept = {a.get("filename") for a in body.get("attachments") or []}
    for component in nested(components):
        for media in media_of(component):
            address = media["url"]
            name = address.removeprefix("attachment://")
            if name != address and name not in uploaded | kept:
                yield ["components"], f"The referenced attachment was not found: {address}"
            if component["type"] == FILE and name == address:
                yield ["components"], "A File component takes an attachment:// address only"
            if name == address and not address.startswith(("http://", "https://")):
                yield ["components"], f"Scheme must be one of http, https, attachment: {address}"
        if component["type"] == GALLERY and not 1 <= len(component["items"]) <= 10:
            yield ["components"], "A Media Gallery holds one to ten items"


def check_flags(asked: int, allowed: int) -> None:
    """Flags that may not be set on this kind of call."""
    if asked & ~(allowed | COMPONENTS_V2 | SILENT | (1 << 2)):
        refuse([(["flags"], f"flags {asked & ~allowed} cannot be set here")])


ALLOWED_IN_ANSWERS = EPHEMERAL


def check_modal(body: Json) -> None:
    """A form's body."""
    components = body.get("components") or []
    errors: list[tuple[list[str], str]] = []
    if not 1 <= len(body.get("title") or "") <= 45:
        errors.append((["title"], "Must be between 1 and 45 in length."))
    if not 1 <= len(body.get("custom_id") or "") <= CUSTOM_ID_MAX:
        errors.append((["custom_id"], "Must be between 1 and 100 in length."))
    if not 1 <= len(components) <= 5:
        errors.append((["components"], "Must be between 1 and 5 in length."))
    for index, component in enumerate(components):
        errors += [(["components", str(index)], reason) for reason in _modal_part_errors(component)]
    errors += _shared_errors([c for c in components if c["type"] in {ROW, LABEL}])
    refuse(errors)


def _modal_part_errors(part: Json) -> Iterator[str]:
    if part["type"] not in {ROW, TEXT, LABEL}:
        yield f"A component of type {part['type']} cannot be at the top level of a form"
    elif part["type"] == LABEL:
        inner = part["component"]
        if inner["type"] not in IN_LABEL:
            yield f"A Label cannot hold a component of type {inner['type']}"
        if inner.get("label"):
            yield "component.label: cannot be used inside a Label"
        if not 1 <= len(part["label"]) <= 45:
            yield "label: Must be between 1 and 45 in length."
        if len(part.get("description") or "") > 100:
            yield "description: Must be 100 or fewer in length."
        yield from _field_errors(inner)
    elif part["type"] == ROW:
        if [inner["type"] for inner in part["components"]] != [TEXT_INPUT]:
            yield "In a form an Action Row holds one text input"
        else:
            yield from _field_errors(part["components"][0])


def _field_errors(inner: Json) -> Iterator[str]:
    if inner["type"] == TEXT_INPUT:
        most = inner.get("max_length") or 4000
        value = inner.get("value") or ""
        if not 1 <= most <= 4000 or (inner.get("min_length") or 0) > most:
            yield "max_length: must be between min_length and 4000"
        if len(value) > most:
            yield "value: longer than max_length"
        if len(inner.get("placeholder") or "") > 100:
            yield "placeholder: Must be 100 or fewer in length."
    if inner["type"] == RADIOS and not 2 <= len(inner.get("options") or []) <= 10:
        yield "options: Must be between 2 and 10 in length."
    if inner["type"] == CHECKBOXES and not 1 <= len(inner.get("options") or []) <= 10:
        yield "options: Must be between 1 and 10 in length."
    if inner.get("required") and inner["type"] in SELECTS and inner.get("min_values") == 0:
        yield "min_values: a required select asks for at least one"


def check_commands(commands: list[Json]) -> None:
    """The body of a bulk overwrite."""
    errors: list[tuple[list[str], str]] = []
    names = Counter((command.get("type", 1), command["name"]) for command in commands)
    errors += [([name], "names must be unique") for (_, name), times in names.items() if times > 1]
    if sum(command.get("type", 1) == 1 for command in commands) > 100:
        errors.append((["commands"], "Maximum number of application commands reached (100)."))
    for index, command in enumerate(commands):
        if command.get("type", 1) == 1:
            errors += _command_errors(command, [str(index)], depth=0)
            if _weight(command) > COMMAND_CHARACTERS_MAX:
                errors.append(([str(index)], "Command exceeds maximum size (8000)"))
    refuse(errors)


def _command_errors(command: Json, path: list[str], depth: int) -> Errors:
    yield from ((path, reason) for reason in _naming_errors(command))
    options = command.get("options") or []
    if len(options) > 25:
        yield [*path, "options"], "Must be 25 or fewer in length."
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        yield [*path, "options"], "Option names must be unique"
    kinds = {option["type"] for option in options}
    if kinds & {SUBCOMMAND, GROUP} and kinds - {SUBCOMMAND, GROUP}:
        yield [*path, "options"], "Sub-command and sub-command group option types are mutually exclusive"
    required = [bool(option.get("required")) for option in options]
    if sorted(required, reverse=True) != required:
        yield [*path, "options"], "Required options must be placed before non-required options"
    for index, option in enumerate(options):
        here = [*path, "options", str(index)]
        if (option["type"] == GROUP and depth > 0) or (option["type"] == SUBCOMMAND and depth > 1):
            yield here, "Sub-commands may be nested one group deep only"
        yield from _command_errors(option, here, depth + 1)
        yield from ((here, reason) for reason in _option_errors(option))


def _naming_errors(named: Json) -> Iterator[str]:
    names = [named["name"], *(named.get("name_localizations") or {}).values()]
    for name in names:
        if not SLASH_NAME.match(name) or name != name.lower():
            yield f"name: {name!r} is not a valid lower-case name of 1 to 32 characters"
    for text in [named.get("description"), *(named.get("description_localizations") or {}).values()]:
        if not text or not 1 <= len(text) <= 100:
            yield "description: Must be between 1 and 100 in length."
    for field in ("name_localizations", "description_localizations"):
        unknown = set(named.get(field) or {}) - LOCALES
        if unknown:
            yield f"{field}: unknown locales {sorted(unknown)}"


def _option_errors(option: Json) -> Iterator[str]:
    choices = option.get("choices") or []
    if len(choices) > 25:
        yield "choices: Must be 25 or fewer in length."
    if choices and option.get("autocomplete"):
        yield "autocomplete: cannot be used with choices"
    for choice in choices:
        for name in [choice["name"], *(choice.get("name_localizations") or {}).values()]:
            if not 1 <= len(name) <= 100:
                yield "choices: name must be between 1 and 100 in length."
        if isinstance(choice["value"], str) and len(choice["value"]) > 100:
            yield "choices: value must be 100 or fewer in length."
    if len({choice["name"] for choice in choices}) < len(choices):
        yield "choices: The specified choice name is already used"


def _weight(named: Json) -> int:
    """Characters that count towards 8,000: of every text only the longest of its localizations."""
    weight = _longest(named, "name") + _longest(named, "description")
    for choice in named.get("choices") or []:
        weight += _longest(choice, "name") + len(str(choice["value"]))
    return weight + sum(_weight(option) for option in named.get("options") or [])


def _longest(named: Json, field: str) -> int:
    texts = [named.get(field) or "", *(named.get(f"{field}_localizations") or {}).values()]
    return max(len(text) for text in texts)


def pings(body: Json, components: list[Json], content: Any) -> list[str]:
    """Whom a message would notify, escaped or not, given its allowed_mentions."""
    text = "\n".join([content or "", *(c["content"] for c in nested(components) if c["type"] == TEXT)])
    allowed = body.get("allowed_mentions")
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or [])
    users = set((allowed or {}).get("users") or [])
    roles = set((allowed or {}).get("roles") or [])
    found = [m for m in re.findall(r"@everyone|@here", text) if "everyone" in parse]
    found += [f"<@{m}>" for m in re.findall(r"<@!?(\d+)>", text) if "users" in parse or m in users]
    found += [f"<@&{m}>" for m in re.findall(r"<@&(\d+)>", text) if "roles" in parse or m in roles]
    return found
