"""A language for tests only: English, every text 40 % longer, spoken in the place of Chinese."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from content.load import Content
from content.questionnaire import Item, Questionnaire
from content.skills import Skill
from content.text import Catalogue, Text
from content.tracks import TrackCard

LONGER = 0.4
PIECES = re.compile(r"(\{\w+\})")
WORD = re.compile(r"[A-Za-z]+")


def longer(words: str) -> str:
    """The words, each with letters of its own said twice; values in braces stay."""
    owed = 0.0

    def lengthened(found: re.Match[str]) -> str:
        nonlocal owed
        owed += LONGER * (len(found[0]) + 1)  # the space behind it, or the full stop, counts too
        pays = math.ceil(owed) if found.end() == found.endpos else int(owed)
        owed -= pays
        return found[0] + (found[0] * (pays // len(found[0]) + 1))[:pays].lower()

    said = "".join(each if PIECES.fullmatch(each) else WORD.sub(lengthened, each) for each in PIECES.split(words))
    own = sum(map(len, PIECES.split(words)[::2]))
    missing = math.ceil((1 + LONGER) * own) - sum(map(len, PIECES.split(said)[::2]))
    return said + "n" * missing if WORD.search(PIECES.sub("", words)) else words


def stretched(content: Content) -> Content:
    """The same content with the longer words as its Chinese."""
    banks = {version: _bank(bank) for version, bank in content.questionnaires.items()}
    return replace(
        content,
        catalogue=Catalogue(MappingProxyType({english: longer(english) for english in content.catalogue.zh})),
        questionnaires=MappingProxyType(banks),
        questionnaire=banks[content.questionnaire.version],
        tracks=MappingProxyType({outcome: _track(card) for outcome, card in content.tracks.items()}),
        outlook=_text(content.outlook),
        skills=MappingProxyType({name: _skill(skill) for name, skill in content.skills.items()}),
    )


def _text(text: Text) -> Text:
    return replace(text, zh=longer(text.en))


def _bank(bank: Questionnaire) -> Questionnaire:
    changes = replace(bank.changes, text=_text(bank.changes.text)) if bank.changes else None
    return replace(bank, items=tuple(map(_item, bank.items)), changes=changes)


def _item(item: Item) -> Item:
    options = tuple(replace(option, text=_text(option.text)) for option in item.options)
    return replace(item, text=_text(item.text), options=options)


def _track(card: TrackCard) -> TrackCard:
    tabs: Mapping[str, tuple[Text, ...]] = MappingProxyType(
        {name: tuple(map(_text, lines)) for name, lines in card.tabs.items()}
    )
    return replace(card, summary=_text(card.summary), starter=_text(card.starter), tabs=tabs)


def _skill(skill: Skill) -> Skill:
    return replace(skill, name=_text(skill.name), meaning=_text(skill.meaning), task=_text(skill.task))
