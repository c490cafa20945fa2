"""The page's HTML as a tree, and what of a card a member reads in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.drivers.seen import Seen

EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass(slots=True)
class Node:
    """An element with its attributes, and in order what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words in it but those hidden from listeners, without the blanks around them."""
        return "".join(self.words()).strip()

    def words(self) -> Iterator[str]:
        """Its words, piece by piece."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.attributes.get("aria-hidden") != "true":
                yield from child.words()

    def all(self) -> Iterator[Node]:
        """Itself and all elements in it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.all()

    def find(self, *tags: str) -> list[Node]:
        return [node for node in self.all() if node.tag in tags]

    def has(self, name: str) -> bool:
        return name in self.attributes


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(node)
        if tag not in EMPTY:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The tree of a fragment. Elements that are not closed in order fail the test."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root], "an element is not closed"
    return builder.root


def read_card(card: Node) -> Seen:
    """A card as a member reads it, said as a surface without rich elements would."""
    return Seen(
        card.find("h3")[0].text,
        [line for node in card.all() for line in lines(node)],
        [node.text for node in card.all() if is_button(node)],
        {name: list(options) for name, options in selects(card).items()},
    )


def read_form(form: Node) -> Seen:
    """A form: its title, and what its fields hold."""
    return Seen(form.find("h2")[0].text, fields={name: _value(node) for name, node in fields(form).items()})


def fields(form: Node) -> dict[str, Node]:
    return {node.attributes["name"]: node for node in form.find("input", "textarea", "select")}


def is_button(node: Node) -> bool:
    """Whether a press on it does something; a list's ends have buttons that do nothing."""
    presses = node.has("data-press") or node.has("href") or node.has("disabled")
    return ("button" in node.attributes.get("class", "").split() and presses and not _is_end(node)) or _is_tab(node)


def selects(card: Node) -> dict[str, dict[str, str]]:
    """The values by label of each select of a card."""
    found: dict[str, dict[str, str]] = {}
    for node in card.all():
        if node.tag == "select":
            options = [option for option in node.find("option") if option.attributes["value"]]
            found[node.attributes["data-select"]] = {each.text: each.attributes["value"] for each in options}
        elif node.tag == "fieldset":
            labels = node.find("label")
            found[node.attributes["data-select"]] = {
                each.text: each.find("input")[0].attributes["value"] for each in labels
            }
    return found


def chosen(card: Node) -> dict[str, list[str]]:
    """What the selects that wait for a button hold as the card is drawn."""
    held: dict[str, list[str]] = {}
    for node in card.all():
        name = node.attributes.get("data-select")
        if name is not None and not node.has("data-chooses"):
            ticked = [each for each in node.all() if each.has("checked") or each.has("selected")]
            held[name] = [each.attributes["value"] for each in ticked]
    return held


def lines(node: Node) -> Iterator[str]:
    match node.tag:
        case "p" if "file" in node.attributes.get("class", ""):
            yield f"{node.find('a')[0].text}: {node.find('span')[0].text}"
        case "p" | "h4":
            yield node.text
        case "div" if node.children and node.find("dt") and not node.find("dl"):
            yield f"{node.find('dt')[0].text}: {node.find('dd')[0].text}"
        case "progress":
            yield node.attributes["aria-valuetext"]
        case "div" if node.attributes.get("class") == "pages":
            yield node.find("span")[0].text
        case "img":
            yield node.attributes["alt"]


def _is_end(node: Node) -> bool:
    return node.has("disabled") and "data-end" in node.attributes


def _is_tab(node: Node) -> bool:
    return node.attributes.get("role") == "tab"


def _value(node: Node) -> str:
    if node.tag == "textarea":
        return node.text
    if node.tag == "select":
        return next((each.attributes["value"] for each in node.find("option") if each.has("selected")), "")
    return node.attributes.get("value", "")
