"""What a waiting select holds before its button is pressed: kept as a draft, and drawn as chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from commands.kit.element import Element, PeopleSelect, Select
from commands.kit.request import Values
from commands.kit.view import Card


def waiting_presses(card: Card, community: int) -> set[str]:
    """The wires under which this card's waiting selects keep their drafts."""
    return {
        element.press.wire(community)
        for element in card.body
        if isinstance(element, Select | PeopleSelect) and _waits(element)
    }


def drawn(card: Card, community: int, kept: Mapping[str, Values]) -> Card:
    """The card with what its drafts (by wire) hold in place of what it would show as chosen."""
    return replace(card, body=tuple(_drawn(element, community, kept) for element in card.body))


def _waits(element: Select | PeopleSelect) -> bool:
    return isinstance(element, PeopleSelect) or element.kept


def _drawn(element: Element, community: int, kept: Mapping[str, Values]) -> Element:
    if not isinstance(element, Select | PeopleSelect) or not _waits(element):
        return element
    values = kept.get(element.press.wire(community), {}).get(element.name)
    if values is None:
        return element
    if isinstance(element, PeopleSelect):
        return replace(element, chosen=values)
    offered = {option.value for option in element.options}
    return replace(element, chosen=tuple(value for value in values if value in offered))
