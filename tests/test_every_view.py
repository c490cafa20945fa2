"""Every command and every element, on every surface: nothing left out. (Every card: tests/test_languages.py.)

The parity matrix in docs/parity.md is made here: `python -m tests.test_every_view` writes it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import commands
from bot.discord import render as discord
from bot.slack import render as slack
from bot.web.render import Renderer
from commands.kit.discover import Registry, discover
from commands.kit.element import BASIC, RICH, FallsBack, lower
from commands.kit.press import Press
from commands.kit.request import Place
from commands.kit.view import (
    Button,
    Buttons,
    Card,
    ChannelSelect,
    Divider,
    Element,
    Fields,
    File,
    Form,
    Line,
    LinkButton,
    Option,
    Pages,
    PeopleSelect,
    Picture,
    Progress,
    Section,
    Select,
    Tab,
    Tabs,
    View,
    ViewError,
)
from content.load import Content
from content.text import Catalogue, Language, Text, _, verbatim
from tests.test_parity import CONVERSATIONS

DOCS = Path(__file__).parent.parent / "docs" / "parity.md"
HOME = Press("home")
PNG = bytes.fromhex("89504e470d0a1a0a")
SAMPLES: dict[type, Element] = {
    Text: _("Home"),
    Line: Line((_("Home"),)),
    Buttons: Buttons((Button(_("Home"), HOME), LinkButton(_("Home"), "https://example.org/"))),
    Select: Select("s", _("Home"), (Option("a", _("Home")), Option("b", _("Back"))), HOME, many=True),
    PeopleSelect: PeopleSelect("p", _("Home"), HOME),
    ChannelSelect: ChannelSelect("c", _("Home"), HOME),
    Divider: Divider(),
    Picture: Picture("a.png", PNG, _("Home")),
    File: File("a.md", "text/markdown", b"# A", _("Home")),
    Section: Section(Line((_("Home"),)), Button(_("Home"), HOME)),
    Fields: Fields(((_("Home"), _("Back")),)),
    Tabs: Tabs((Tab(_("Home"), HOME), Tab(_("Back"), HOME)), 0),
    Pages: Pages(1, 6, 12, HOME, HOME),
    Progress: Progress(1, 2, _("Home")),
}
KINDS: list[type] = sorted(BASIC | RICH, key=lambda kind: str(kind))
SURFACES = {"Discord": discord.NATIVE, "Slack": slack.NATIVE, "Web": RICH}
Draw = Callable[[Catalogue, View, Language], object]
RENDERERS: dict[int, Renderer] = {}
"""By their catalogue, which each of them keeps: one reads its templates anew."""


def on_discord(catalogue: Catalogue, view: View, language: Language) -> object:
    if isinstance(view, Form):
        return discord.form(catalogue, view, language, 10**9).to_dict()
    return discord.card(catalogue, view, language, 10**9).view.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it untyped


def on_slack(catalogue: Catalogue, view: View, language: Language) -> object:
    if isinstance(view, Form):
        return slack.form(catalogue, view, language, 10**9, {})
    slack.home(catalogue, (view,), language, 10**9)
    return slack.message(catalogue, view, language, 10**9)


def on_web(catalogue: Catalogue, view: View, language: Language) -> object:
    if id(catalogue) not in RENDERERS:
        RENDERERS[id(catalogue)] = Renderer(catalogue, channels=("channel",))
    renderer = RENDERERS[id(catalogue)]
    if isinstance(view, Form):
        return renderer.form(view, language, 10**9)
    return renderer.card(view, language, 10**9, Place.CHANNEL)


DRAWS: dict[str, Draw] = {"Discord": on_discord, "Slack": on_slack, "Web": on_web}


def test_a_view_that_is_too_large_somewhere_is_seen(content: Content) -> None:
    rows = tuple(Buttons((Button(verbatim("x"), HOME),) * 5) for _row in range(9))
    with pytest.raises((ViewError, ValueError)):
        on_discord(content.catalogue, Card(_("Home"), rows), Language.EN)


@pytest.mark.parametrize("surface", list(SURFACES))
@pytest.mark.parametrize("kind", KINDS)
def test_every_element_is_drawn_on_every_surface(content: Content, surface: str, kind: type) -> None:
    assert DRAWS[surface](content.catalogue, Card(_("Home"), (SAMPLES[kind],)), Language.EN)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in RICH])
def test_an_element_that_is_not_basic_has_its_fall_back_checked_when_the_program_is_built(kind: type) -> None:
    sample = SAMPLES[kind]

    assert isinstance(sample, FallsBack)
    assert {type(each) for each in lower((sample,), frozenset())} <= BASIC


def test_the_matrix_in_the_docs_is_what_is_built(registry: Registry) -> None:
    assert DOCS.read_text(encoding="utf-8") == matrix(registry), "run: python -m tests.test_every_view"


def matrix(registry: Registry) -> str:
    """docs/parity.md: every command and every element by surface."""
    played = "played by `tests/test_parity.py`"
    lines = [
        "# What is where",
        "",
        "Made by `python -m tests.test_every_view`; a test compares it with the program, and a hole fails the build.",
        "",
        "## Commands",
        "",
        "Each is declared once; the same conversation is played on every surface and must give equal words and state.",
        "",
        "| command | Discord | Slack | Web |",
        "|---|---|---|---|",
    ]
    for command in registry.commands.values():
        cell = played if command.action.name in CONVERSATIONS else "**hole**"
        lines.append(f"| `{command.typed}` | {cell} | {cell} | {cell} |")
    lines += ["", "## Elements", "", "| element | Discord | Slack | Web |", "|---|---|---|---|"]
    for kind in KINDS:
        cells = (_cell(kind, native) for native in SURFACES.values())
        lines.append(f"| {kind.__name__} | {' | '.join(cells)} |")
    return "\n".join((*lines, ""))


def _cell(kind: type, native: frozenset[type]) -> str:
    if kind in BASIC or kind in native:
        return "drawn"
    names = dict.fromkeys(type(each).__name__ for each in lower((SAMPLES[kind],), native))
    return f"as {', '.join(names)}"


if __name__ == "__main__":
    DOCS.write_text(matrix(discover(commands)), encoding="utf-8")
