"""Views as Discord's components: within its limits, or refused before a member meets them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from bot.discord import render
from bot.discord.limits import FILE_BYTES_MAX, LimitError
from commands.kit.press import Press
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    Card,
    ChannelSelect,
    ChoiceField,
    Divider,
    Element,
    Fields,
    File,
    Form,
    FormField,
    Line,
    Link,
    LinkButton,
    Option,
    Pages,
    PeopleSelect,
    Picture,
    Progress,
    Section,
    Select,
    Style,
    Tab,
    Tabs,
    TextField,
    heading,
    quiet,
)
from content.load import Content
from content.text import Language, Text, verbatim
from tests.bot.discord.rehearsal import NASTY
from tests.fakes import discord_rules
from tests.fakes.discord_shown import Shown, ShownModal
from tests.fakes.discord_world import COMPONENTS_V2, Channel, Message, Modal, User

PRESS = Press("start")
WORDS = Text("In English", zh="用中文")
FOREIGN = verbatim(NASTY)


def draw(content: Content, card: Card, language: Language = Language.EN) -> Shown:
    """The card as a member sees it, once it has passed Discord's rules."""
    drawn = render.card(content.catalogue, card, language, 1)
    parts: list[Any] = drawn.view.to_components()  # type: ignore[no-untyped-call]  # untyped in the library
    uploaded = {file.filename: file.fp.read() for file in drawn.files}
    discord_rules.check_message({"components": parts}, flags=COMPONENTS_V2, uploaded=set(uploaded), update=False)
    return Shown(Message(1, Channel(1, "general"), User(1, "pmpath"), components=parts, files=uploaded))


def opened(content: Content, *fields: FormField, language: Language = Language.EN, title: Text = WORDS) -> ShownModal:
    modal = render.form(content.catalogue, Form(title, fields, PRESS), language, 1)
    body: dict[str, Any] = modal.to_dict()
    discord_rules.check_modal(body)
    return ShownModal(Modal(body["custom_id"], body["title"], body["components"], None, Channel(1, "general")))


def select(count: int = 3, **more: Any) -> Select:
    options = tuple(Option(str(number), verbatim(f"Option {number}")) for number in range(count))
    return Select(more.pop("name", "name"), more.pop("label", WORDS), options, more.pop("press", PRESS), **more)


ELEMENTS: dict[str, tuple[Element, ...]] = {
    "text": (WORDS,),
    "line": (Line((Bold(WORDS), verbatim(" "), Link(WORDS, "https://example.org/"))),),
    "heading": (heading(WORDS),),
    "quiet": (quiet(WORDS),),
    "buttons": (Buttons(tuple(Button(WORDS, PRESS) for _ in range(12))),),
    "link": (Buttons((LinkButton(WORDS, "https://example.org/"),)),),
    "select": (select(),),
    "waiting select": (select(waits=True),),
    "many": (select(25, many=True, chosen=("1", "2")),),
    "people": (PeopleSelect("people", WORDS, PRESS, ("7", "role:8")),),
    "divider": (WORDS, Divider(), WORDS),
    "picture": (Picture("chart.png", b"png", WORDS),),
    "file": (File("mine.md", "text/markdown", b"# Mine", WORDS),),
    "section": (Section(Line((WORDS,)), Button(WORDS, PRESS)),),
    "section with a link": (Section(Line((WORDS,)), LinkButton(WORDS, "https://example.org/")),),
    "fields": (Fields(((WORDS, WORDS), (WORDS, verbatim("b")))),),
    "tabs": (Tabs((Tab(WORDS, PRESS), Tab(WORDS, PRESS)), 1),),
    "pages": (Pages(1, 5, 12, PRESS, PRESS),),
    "progress": (Progress(1, 2, WORDS),),
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ELEMENTS)
def test_each_element_says_its_words_in_the_readers_language(content: Content, language: Language, name: str) -> None:
    shown = draw(content, Card(verbatim("Title"), ELEMENTS[name]), language)
    said = " ".join(
        [
            *shown.lines,
            *shown.labels,
            *(select.placeholder for select in shown.selects),
            *(picture.description or "" for picture in shown.pictures),
        ]
    )

    assert (content.catalogue.say(WORDS, language) in said) == (name != "pages")
    assert content.catalogue.say(WORDS, next(each for each in Language if each is not language)) not in said
    assert shown.lines[0] == "Title"


@pytest.mark.parametrize("name", ["text", "heading", "quiet", "bold", "link", "section", "fields", "file", "title"])
def test_what_a_person_wrote_reads_as_typed_wherever_it_stands(content: Content, name: str) -> None:
    element: dict[str, tuple[Element, ...]] = {
        "text": (FOREIGN,),
        "heading": (heading(FOREIGN),),
        "quiet": (quiet(FOREIGN),),
        "bold": (Line((Bold(FOREIGN), Bold(FOREIGN))),),
        "link": (Line((Link(FOREIGN, "https://example.org/"),)),),
        "section": (Section(Line((FOREIGN,)), Button(WORDS, PRESS)),),
        "fields": (Fields(((FOREIGN, FOREIGN),)),),
        "file": (File("a.md", "text/markdown", b"a", FOREIGN),),
        "title": (),
    }
    shown = draw(content, Card(FOREIGN, element[name]))
    alive = {mark.kind for mark in shown.marks} - {"heading", "small", "bold"}

    assert shown.lines[0] == NASTY
    expected = {"bold": NASTY * 2, "fields": f"{NASTY}: {NASTY}"}.get(name, NASTY)
    assert shown.lines[-1] == expected
    assert alive == ({"link"} if name == "link" else set())


def test_a_value_with_line_breaks_stays_one_thought_and_begins_no_markup(content: Content) -> None:
    text = Text("Says {name}", (("name", "a\n# b\n- c\n> d\n-# e\n1. f"),), zh="{name}")
    shown = draw(content, Card(verbatim("Title"), (text,)))

    assert shown.lines[1:] == ["Says a", "# b", "- c", "> d", "-# e", "1. f"]
    assert {mark.kind for mark in shown.marks} == {"heading"}


@pytest.mark.parametrize("url", ["https://e.example/a b)c<d>", "https://e.example/\\"])
def test_an_address_cannot_end_its_link_early(content: Content, url: str) -> None:
    shown = draw(content, Card(verbatim("Title"), (Line((Link(verbatim("here"), url), verbatim(" after"))),)))

    assert shown.lines[-1] == "here after"
    assert [mark.kind for mark in shown.marks] == ["heading", "link"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "discord://x", "data:text/html,x"])
def test_what_is_no_web_address_is_no_link(content: Content, url: str) -> None:
    shown = draw(content, Card(verbatim("Title"), (Line((Link(verbatim("here"), url),)),)))

    assert shown.lines[-1] == "here"
    assert shown.links == []


def test_a_line_of_nothing_draws_nothing(content: Content) -> None:
    body = (verbatim(""), quiet(verbatim(" ")), Section(Line((verbatim(""),)), Button(WORDS, PRESS)))
    shown = draw(content, Card(verbatim("Title"), body))

    assert shown.lines == ["Title"]
    assert shown.labels == ["In English"]


def test_buttons_break_into_rows_of_five_with_their_styles(content: Content) -> None:
    made = [Button(verbatim(str(n)), PRESS, style) for n, style in zip(range(7), itertools.cycle(Style), strict=False)]
    shown = draw(content, Card(verbatim("Title"), (), [*made, Button(WORDS, PRESS, disabled=True)]))
    rows = [part for part in shown.message.components if part["type"] == discord_rules.ROW]

    assert [len(row["components"]) for row in rows] == [5, 3]
    assert [button.style for button in shown.buttons[:3]] == ["secondary", "primary", "danger"]
    assert [button.disabled for button in shown.buttons] == [False] * 7 + [True]
    assert len({button.custom_id for button in shown.buttons}) == 8


def test_a_select_that_waits_may_be_emptied_and_one_that_presses_may_not(content: Content) -> None:
    body = (
        select(name="a"),
        select(name="b", waits=True, chosen=("1",)),
        select(name="c", many=True, most=2, chosen=("0", "1", "2")),
    )
    shown = draw(content, Card(verbatim("Title"), body))

    assert [(each.fewest, each.most) for each in shown.selects] == [(1, 1), (0, 1), (0, 2)]
    assert [each.chosen for each in shown.selects] == [(), ("Option 1",), ("Option 0", "Option 1")]


def test_two_files_of_one_name_are_two_files(content: Content) -> None:
    files = [File("a b/ü.md", "text/markdown", bytes([number]), WORDS) for number in range(2)]
    shown = draw(content, Card(verbatim("Title"), files))

    assert shown.files == {"a-b-.md": b"\x00", "2-a-b-.md": b"\x01"}


def text_of(count: int) -> list[Element]:
    """Lines whose display has so many characters together with the title's."""
    return [verbatim("x" * (count - len("## T\n")))]


def at_the_limit(number: int) -> dict[str, Card]:
    """Cards that just fit where `number` is 0, and do not where it is 1."""
    long_press = Press("a" * (100 - len("1|1|#=n")))
    files = [File(f"{n}.md", "text/markdown", b"x", WORDS) for n in range(10 + number)]
    return {
        "button": Card(WORDS, (), (Button(verbatim("x" * (80 + number)), PRESS),)),
        "option": Card(WORDS, (Select("n", WORDS, (Option("a", verbatim("x" * (100 + number))),), PRESS),)),
        "placeholder": Card(WORDS, (select(label=verbatim("x" * (150 + number))),)),
        "components": Card(WORDS, [*[select(name=str(n)) for n in range(19)], *[Divider()] * (1 + number)]),
        "text": Card(verbatim("T"), text_of(4000 + number)),
        "custom id": Card(WORDS, (select(name="n" * (1 + number), press=long_press),)),
        "address": Card(WORDS, (), (LinkButton(WORDS, "https://e.example/".ljust(512 + number, "x")),)),
        "alternative text": Card(WORDS, (Picture("a.png", b"x", verbatim("x" * (1024 + number))),)),
        "files": Card(WORDS, files),
        "bytes": Card(WORDS, (File("a.md", "text/markdown", b"x" * (FILE_BYTES_MAX + number), WORDS),)),
    }


@pytest.mark.parametrize("name", at_the_limit(0))
def test_what_just_fits_is_drawn_and_what_does_not_is_refused_here(content: Content, name: str) -> None:
    draw(content, at_the_limit(0)[name])
    with pytest.raises(LimitError):
        render.card(content.catalogue, at_the_limit(1)[name], Language.EN, 1)


def test_no_label_is_refused_here(content: Content) -> None:
    with pytest.raises(LimitError):
        render.card(content.catalogue, Card(WORDS, (), (Button(verbatim(" "), PRESS),)), Language.EN, 1)


@pytest.mark.parametrize("language", list(Language))
def test_a_form_shows_its_fields_filled_in(content: Content, language: Language) -> None:
    said = content.catalogue.say(WORDS, language)
    two, eleven = (tuple(Option(str(n), verbatim(f"O{n}")) for n in range(count)) for count in (2, 11))
    form = opened(
        content,
        TextField("why", WORDS, hint=WORDS, value="because", long=True, most=4000),
        TextField("short", WORDS, value="too long", most=3, required=False),
        ChoiceField("kind", WORDS, two, "1"),
        ChoiceField("one", WORDS, two[:1], required=False),
        ChoiceField("many", WORDS, eleven, "10"),
        language=language,
    )
    why, short, kind, one, many = form.fields

    assert (form.title, why.label, why.description) == (said, said, said)
    assert (why.value, why.paragraph, why.required, why.longest) == ("because", True, True, 4000)
    assert (short.value, short.paragraph, short.required, short.longest) == ("too", False, False, 3)
    assert (kind.kind, kind.chosen, kind.required) == (discord_rules.RADIOS, ("O1",), True)
    assert (one.kind, one.chosen, one.required) == (discord_rules.STRING_SELECT, (), False)
    assert (many.kind, many.chosen, many.required) == (discord_rules.STRING_SELECT, ("O10",), True)


def long_forms(number: int) -> dict[str, Callable[[Content], ShownModal]]:
    """Forms that just fit where `number` is 0, and do not where it is 1."""
    label, field = verbatim("x" * (45 + number)), TextField("why", WORDS)
    option = ChoiceField("kind", WORDS, (Option("a", verbatim("x" * (100 + number))), Option("b", WORDS)))
    return {
        "title": lambda content: opened(content, field, language=Language.ZH, title=Text("A", zh="题" * (45 + number))),
        "label": lambda content: opened(content, TextField("why", label)),
        "choice": lambda content: opened(content, ChoiceField("kind", label, (Option("a", WORDS),))),
        "hint": lambda content: opened(content, TextField("why", WORDS, hint=verbatim("x" * (100 + number)))),
        "option": lambda content: opened(content, option),
    }


@pytest.mark.parametrize("name", long_forms(0))
def test_a_form_that_just_fits_opens_and_one_that_does_not_is_refused_here(content: Content, name: str) -> None:
    long_forms(0)[name](content)
    with pytest.raises(LimitError):
        long_forms(1)[name](content)


@pytest.mark.parametrize("chosen", ["platform", "²", "", "role:x", "9" * 30])
def test_what_was_kept_and_is_no_id_is_not_shown_as_chosen(content: Content, chosen: str) -> None:
    selects = (PeopleSelect("people", WORDS, PRESS, (chosen, "7")), ChannelSelect("channel", WORDS, PRESS, chosen))
    drawn = discord_rules.nested(draw(content, Card(WORDS, selects)).message.components)

    chosen_at_first = [part.get("default_values", []) for part in drawn if part["type"] in discord_rules.SELECTS]
    assert [[each["id"] for each in values] for values in chosen_at_first] == [[7], []]
