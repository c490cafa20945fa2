"""Views as Slack's blocks: within its limits, or refused before a member meets them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from bot.slack import render
from bot.slack.limits import LimitError
from commands.kit.press import Press
from commands.kit.view import Button, Card, ChoiceField, Form, Option, Select, TextField, quiet
from content.load import Content
from content.text import Language, verbatim
from tests.fakes.slack_blocks import check_blocks, check_view

PRESS = Press("start")


def draw(content: Content, card: Card) -> render.Drawn:
    drawn = render.message(content.catalogue, card, Language.EN, 1)
    check_blocks(drawn.blocks, "message", lambda file: True)
    return drawn


def select(**more: Any) -> Select:
    options = tuple(Option(str(number), verbatim(f"Option {number}")) for number in range(more.pop("count", 3)))
    return Select("name", verbatim("Label"), options, PRESS, **more)


@pytest.mark.parametrize(
    ("made", "kind", "block"),
    [
        (select(), "static_select", "actions"),
        (select(waits=True), "static_select", "input"),
        (select(many=True), "checkboxes", "input"),
        (select(many=True, most=2), "multi_static_select", "input"),
        (select(many=True, count=25), "multi_static_select", "input"),
        (select(many=True, chosen=("1", "2")), "checkboxes", "input"),
    ],
)
def test_each_select_is_the_control_that_fits_it(content: Content, made: Select, kind: str, block: str) -> None:
    drawn = draw(content, Card(verbatim("Title"), (made,))).blocks[-1]
    element = drawn["elements"][0] if block == "actions" else drawn["element"]

    assert (drawn["type"], element["type"]) == (block, kind)
    assert [option["value"] for option in element.get("initial_options", [])] == list(made.chosen)


def test_the_same_press_may_stand_on_a_card_twice(content: Content) -> None:
    buttons = [Button(verbatim(f"{number}"), PRESS) for number in range(20)]

    assert len(draw(content, Card(verbatim("Title"), (), buttons)).blocks[-1]["elements"]) == 20


def test_a_line_of_nothing_draws_nothing(content: Content) -> None:
    assert len(draw(content, Card(verbatim("Title"), (verbatim(""), quiet(verbatim(""))))).blocks) == 1


def test_the_text_for_screen_readers_ends_with_a_whole_line(content: Content) -> None:
    drawn = draw(content, Card(verbatim("Title"), [verbatim("word " * 150)] * 5))

    assert len(drawn.text) <= 3000
    assert drawn.text.endswith("word \n…")


TOO_MUCH: dict[str, Callable[[], Card]] = {
    "a button of 76": lambda: Card(verbatim("T"), (), (Button(verbatim("x" * 76), PRESS),)),
    "a label of 2,001": lambda: Card(
        verbatim("T"), (Select("s", verbatim("x" * 2001), (Option("a", verbatim("A")),), PRESS, many=True),)
    ),
    "words beyond 13,200": lambda: Card(verbatim("T"), [verbatim("x" * 2000)] * 7),
    "51 selects": lambda: Card(verbatim("T"), [select(many=True)] * 51),
    "no label": lambda: Card(verbatim("T"), (), (Button(verbatim(""), PRESS),)),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_slack_would_refuse_is_refused_here(content: Content, name: str) -> None:
    with pytest.raises(LimitError):
        render.message(content.catalogue, TOO_MUCH[name](), Language.EN, 1)


def test_home_takes_a_hundred_blocks(content: Content) -> None:
    cards = [Card(verbatim("T"), [select(many=True)] * 50), Card(verbatim("T"), [select(many=True)] * 40)]
    view = render.home(content.catalogue, cards, Language.EN, 1)
    check_view(view, "home", lambda file: True)

    with pytest.raises(LimitError):
        render.home(content.catalogue, [*cards, *cards], Language.EN, 1)


@pytest.mark.parametrize("language", list(Language))
def test_forms_and_the_views_around_them_are_modals(content: Content, language: Language) -> None:
    numbers = count()
    fields = (
        TextField("why", verbatim("Why"), hint=verbatim("Hint"), value="because", long=True, most=4000),
        TextField("empty", verbatim("Empty"), required=False),
        ChoiceField("kind", verbatim("Kind"), (Option("a", verbatim("A")), Option("b", verbatim("B"))), "b"),
    )
    form = Form(verbatim("A form"), fields, PRESS)
    for view in (
        render.form(content.catalogue, form, language, next(numbers), {"kind": "private"}),
        render.saving(content.catalogue, language),
        render.modal_card(content.catalogue, [Card(verbatim("T"), (select(many=True),))], language, 1),
    ):
        check_view(view, "modal", lambda file: True)


def test_metadata_beyond_the_limit_is_refused_here(content: Content) -> None:
    form = Form(verbatim("A form"), (TextField("why", verbatim("Why")),), PRESS)

    with pytest.raises(LimitError):
        render.form(content.catalogue, form, Language.EN, 1, {"url": "x" * 3000})
