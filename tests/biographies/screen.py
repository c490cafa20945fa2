"""A card as text for a reader: all that a member sees, and nothing else; selects and options by their numbers."""

from __future__ import annotations

from commands.kit.element import (
    Bold,
    Button,
    Buttons,
    Divider,
    File,
    Line,
    Link,
    LinkButton,
    PeopleSelect,
    Select,
    Tone,
)
from content.text import Text
from tests.drivers.direct import DirectDriver


def screen(driver: DirectDriver) -> str:
    """The last card."""
    shown = [f"# {driver.seen.title}"]
    number = 0
    for element in driver.elements:
        match element:
            case Text():
                shown.append(driver.say(element))
            case Line():
                shown.append(line(driver, element))
            case Divider():
                shown.append("---")
            case Buttons(buttons):
                shown.append("  ".join(button(driver, each) for each in buttons))
            case Select():
                number += 1
                shown.append(select(driver, number, element))
            case File():
                shown.append(f"({element.name}: {driver.say(element.description)})")
            case PeopleSelect():
                shown.append(driver.say(element.label))
    return "\n\n".join(shown)


def line(driver: DirectDriver, element: Line) -> str:
    """A paragraph, with what stands out marked as such."""
    said = []
    for run in element.runs:
        match run:
            case Bold(text):
                said.append(f"**{driver.say(text).strip()}**")
            case Link(text):
                said.append(driver.say(text))
            case Text():
                said.append(driver.say(run))
    return ("## " if element.tone is Tone.HEADING else "") + "".join(said)


def button(driver: DirectDriver, each: Button | LinkButton) -> str:
    """A button's label in brackets; one that can't be pressed is marked."""
    off = isinstance(each, Button) and each.disabled
    return f"({driver.say(each.label)})" if off else f"[{driver.say(each.label)}]"


def select(driver: DirectDriver, number: int, element: Select) -> str:
    """A select with its options, ticked or not."""
    chosen = driver.held.get(element.name, ())
    most = f" (≤ {element.most})" if element.many and element.most else ""
    lines = [f"<{number}> {driver.say(element.label)}{most}"]
    for place, option in enumerate(element.options, 1):
        box = "[x]" if option.value in chosen else "[ ]"
        lines.append(f"  {place}. {box} {driver.say(option.label)}")
    return "\n".join(lines)


def selects(driver: DirectDriver) -> list[Select]:
    """The card's selects, in the order of their numbers."""
    return [element for element in driver.elements if isinstance(element, Select)]
