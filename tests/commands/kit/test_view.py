"""Views refuse what some surface could not show, and say themselves in simpler elements."""

from __future__ import annotations

import pytest

from commands.kit.element import BASIC, RICH
from commands.kit.press import Press
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    Card,
    Element,
    Fields,
    Form,
    Line,
    Option,
    Pages,
    Picture,
    Progress,
    Section,
    Select,
    Tab,
    Tabs,
    TextField,
    ViewError,
    lower,
)
from content.text import _, verbatim

HOME = Press("home")
TEXT = _("Home")


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"o{place}", TEXT) for place in range(count))


EVERY_RICH: tuple[Element, ...] = (
    Section(Line((TEXT,)), Button(TEXT, HOME)),
    Fields(((TEXT, TEXT),)),
    Tabs((Tab(TEXT, HOME), Tab(TEXT, HOME)), 1),
    Pages(1, 6, 20, None, HOME),
    Progress(1, 2, TEXT),
    Picture("a.png", b"", TEXT),
)


def test_every_element_that_is_not_basic_has_a_fallback_of_basic_ones() -> None:
    assert {type(element) for element in EVERY_RICH} == RICH
    for element in EVERY_RICH:
        lowered = lower((element,), frozenset())
        assert lowered
        assert {type(each) for each in lowered} <= BASIC


def test_what_a_surface_draws_itself_is_left_as_it_is() -> None:
    assert lower(EVERY_RICH, RICH) == EVERY_RICH


def test_tabs_fall_back_to_buttons_with_the_open_one_switched_off() -> None:
    (buttons,) = lower((EVERY_RICH[2],), frozenset())

    assert isinstance(buttons, Buttons)
    assert [button.disabled for button in buttons.buttons if isinstance(button, Button)] == [False, True]


def test_fields_fall_back_to_lines_with_a_bold_name() -> None:
    (element,) = lower((Fields(((_("Why"), _("What")),)),), frozenset())

    assert isinstance(element, Line)
    assert element.runs[0] == Bold(_("Why"))


def test_pages_offer_only_the_ways_there_are() -> None:
    _where, buttons = lower((Pages(1, 6, 20, None, HOME),), frozenset())

    assert isinstance(buttons, Buttons)
    assert [button.label for button in buttons.buttons] == [_("More")]


def test_a_select_has_one_to_25_options_without_doubles() -> None:
    Select("s", TEXT, options(25), HOME)
    for wrong in (options(0), options(26), (*options(1), *options(1))):
        with pytest.raises(ViewError):
            Select("s", TEXT, wrong, HOME)


def test_only_what_is_offered_can_be_chosen_beforehand() -> None:
    with pytest.raises(ViewError):
        Select("s", TEXT, options(2), HOME, chosen=("o9",))


def test_a_form_has_one_to_five_fields_and_a_short_title() -> None:
    field = TextField("name", TEXT)
    Form(TEXT, (field,) * 5, HOME)
    for fields in ((), (field,) * 6):
        with pytest.raises(ViewError):
            Form(TEXT, fields, HOME)
    with pytest.raises(ViewError):
        Form(verbatim("x" * 18), (field,), HOME)


def test_a_card_has_room_for_twenty_buttons_at_its_foot() -> None:
    Card(TEXT, (), (Button(TEXT, HOME),) * 20)
    with pytest.raises(ViewError):
        Card(TEXT, (), (Button(TEXT, HOME),) * 21)
