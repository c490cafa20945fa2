"""Checks bodies against Discord's own OpenAPI document, where that lies beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "specs" / "discord-openapi.json"
WHY_ABSENT = "discord-openapi.json is not beside this checkout (../shared/specs): bodies are checked by rule only"
DOCUMENT = "urn:discord"

BODIES = {
    "callback": "/interactions/{interaction_id}/{interaction_token}/callback:post",
    "commands.put": "/applications/{application_id}/commands:put",
    "guild_commands.put": "/applications/{application_id}/guilds/{guild_id}/commands:put",
    "dm": "/users/@me/channels:post",
    "send": "/channels/{channel_id}/messages:post",
    "message.edit": "/channels/{channel_id}/messages/{message_id}:patch",
    "followup": "/webhooks/{webhook_id}/{webhook_token}:post",
    "original.edit": "/webhooks/{webhook_id}/{webhook_token}/messages/@original:patch",
    "followup.edit": "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}:patch",
}

ANSWERS = {"member": "/guilds/{guild_id}/members/{user_id}:get"}


def absent() -> str | None:
    """Why the document cannot be used here, or None where it can."""
    return None if SPECIFICATION.exists() else WHY_ABSENT


@cache
def _document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    snowflake = loaded["components"]["schemas"]["SnowflakeType"]
    snowflake["type"] = ["string", "integer"]  # Discord takes both, and the library sends both
    return loaded


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(_document(), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
    return registry


def _kinds(reference: str) -> list[int]:
    """The component, option or callback types that the schema behind a reference is for."""
    schema = _document()["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    kinds: list[int] = schema.get("properties", {}).get("type", {}).get("enum", [])
    return kinds


def _fitting(validator: Validator, choices: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
    """A union judged by the `type` inside the body, so that an error names what is wrong."""
    if isinstance(instance, dict) and "type" in instance:
        for choice in choices:
            if "$ref" in choice and instance["type"] in _kinds(choice["$ref"]):
                yield from validator.descend(instance, choice)  # type: ignore[attr-defined]  # missing in the stubs
                return
    if not any(validator.evolve(schema=choice).is_valid(instance) for choice in choices):
        yield jsonschema.ValidationError("fits none of the shapes allowed here")


_Checker = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # untyped in the stubs
    jsonschema.Draft202012Validator, {"oneOf": _fitting, "anyOf": _fitting}
)


@cache
def _checker(place: str, part: str) -> Validator:
    path, _, method = place.rpartition(":")
    pointer = "/".join(["paths", path.replace("~", "~0").replace("/", "~1"), method])
    reference = f"{DOCUMENT}#/{pointer}/{part}/content/application~1json/schema".replace("{", "%7B")
    checker: Validator = _Checker({"$ref": reference.replace("}", "%7D")}, registry=_registry())
    return checker


def errors(route: str, body: Any) -> list[tuple[list[str], str]]:
    """What the document refuses in a body, as (path, reason); nothing where it knows no such body."""
    return _errors(BODIES.get(route), "requestBody", body)


def answer_errors(route: str, answer: Any) -> list[tuple[list[str], str]]:
    """What the document would not find in an answer of Discord's; as `errors`."""
    return _errors(ANSWERS.get(route), "responses/200", answer)


def _errors(place: str | None, part: str, body: Any) -> list[tuple[list[str], str]]:
    if place is None or absent():
        return []
    checker = _checker(place, part)
    return [([str(part) for part in e.absolute_path], e.message[:300]) for e in checker.iter_errors(body)]
