"""A page that says one thing to a browser and leads on: what a platform asks for, drawn as the web page draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from content.text import Text


@dataclass(frozen=True, slots=True)
class PlainPage:
    """Its words, and where its one button leads."""

    title: Text
    says: tuple[Text, ...]
    button: tuple[Text, str] | None = None
    status: int = 200


DrawPage = Callable[[web.Request, PlainPage], web.Response]
"""In the language that the browser asks for."""
