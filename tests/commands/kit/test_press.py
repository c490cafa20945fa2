"""The wire form of a press."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.kit.command import Action
from commands.kit.press import WIRE_MAX, Press, PressError, Wire, WireError, read_wire
from commands.kit.request import Context
from commands.kit.view import Card, View
from content.outcomes import Outcome
from content.text import Language, _

IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,15}", fullmatch=True)


async def handler(ctx: Context, run: int, item: str, outcome: Outcome, language: Language | None, sure: bool) -> View:
    return Card(_("Home"))


PRESSED = Action("test.pressed", handler)


@given(
    st.integers(min_value=1 - 10**18, max_value=10**18 - 1),
    IDS,
    st.sampled_from(Outcome),
    st.none() | st.sampled_from(Language),
    st.booleans(),
    st.integers(min_value=1, max_value=2**31),
)
def test_what_goes_out_comes_back_with_its_types(
    run: int, item: str, outcome: Outcome, language: Language | None, sure: bool, community: int
) -> None:
    wire = read_wire(PRESSED(run, item, outcome, language, sure).wire(community))

    assert wire.community == community
    assert PRESSED.arguments(wire) == (run, item, outcome, language, sure)


def test_words_do_not_fit_into_a_press() -> None:
    for words in ("two words", "a|b", "名字", "<@1>", ""):
        with pytest.raises(PressError):
            Press("test.pressed", (words,)).wire(1)


def test_a_press_longer_than_discord_takes_is_refused_when_it_is_drawn() -> None:
    with pytest.raises(PressError, match=str(WIRE_MAX)):
        Press("test.pressed", ("a" * 60, "b" * 60)).wire(1)


def test_a_number_that_no_database_holds_is_refused_on_both_ways() -> None:
    with pytest.raises(PressError):
        Press("test.pressed", (10**18,)).wire(1)
    with pytest.raises(WireError):
        read_wire(f"1|{10**18}|home")
    with pytest.raises(WireError):
        PRESSED.arguments(Wire(1, "test.pressed", ("9" * 19, "item", "business", "", "1")))


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "1",
        "1|1",
        "2|1|home",
        "1|x|home",
        "1|-1|home",
        "1|１|home",
        "1|1|home|a b",
        "1|1|home|" + "x" * 100,
        "1|1|ho me",
        "1|1|home|<!channel>",
    ],
)
def test_what_is_not_ours_is_refused(forged: str) -> None:
    with pytest.raises(WireError):
        read_wire(forged)


@pytest.mark.parametrize(
    "arguments",
    [
        ("1",),
        ("1", "item", "business", "", "1", "more"),
        ("x", "item", "business", "", "1"),
        ("1", "item", "banker", "", "1"),
        ("1", "item", "business", "fr", "1"),
        ("1", "item", "business", "", "2"),
        ("1", "", "business", "", "1"),
        ("9" * 30, "item", "business", "", "1"),
        ("", "item", "business", "", "1"),
    ],
)
def test_arguments_of_another_type_or_number_are_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(WireError):
        PRESSED.arguments(Wire(1, "test.pressed", arguments))


@given(st.text(max_size=120))
def test_nothing_that_arrives_raises_anything_else(wire: str) -> None:
    try:
        read_wire(wire)
    except WireError:
        return


async def grown(ctx: Context, run: int, item: str | None, sure: bool | None = None) -> View:
    return Card(_("Home"))


async def demanding(ctx: Context, run: int, item: str) -> View:
    return Card(_("Home"))


def test_what_was_sent_before_an_optional_parameter_was_appended_lacks_it() -> None:
    appended = Action("test.grown", grown)

    assert appended.arguments(Wire(1, "test.grown", ("7", "x", "1"))) == (7, "x", True)
    assert appended.arguments(Wire(1, "test.grown", ("7", "x"))) == (7, "x", None)
    assert appended.arguments(Wire(1, "test.grown", ("7",))) == (7, None, None)
    for wrong in ((), ("7", "x", "1", "more")):
        with pytest.raises(WireError):
            appended.arguments(Wire(1, "test.grown", wrong))


def test_a_parameter_that_is_demanded_can_not_be_missing() -> None:
    with pytest.raises(WireError):
        Action("test.demanding", demanding).arguments(Wire(1, "test.demanding", ("7",)))


def test_whether_a_press_fits_on_a_button_can_be_asked() -> None:
    assert Press("home").can_be_sent(10**9)
    assert not Press("resources", (None, "data cleaning", None)).can_be_sent(1)
    assert not Press("home", ("a" * 99,)).can_be_sent(1)
