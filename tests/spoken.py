"""Every word of a view, author by author: what is left in one language of another one's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commands.kit.element import (
    Bold,
    Buttons,
    ChannelSelect,
    Element,
    File,
    Line,
    Link,
    PeopleSelect,
    Picture,
    Select,
    lower,
)
from commands.kit.view import ChoiceField, Form, TextField, View
from content.load import Content
from content.mentoring import Spoken
from content.text import PLAIN, At, Channel, Language, Text

HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+.'’-]*")
VALUE = re.compile(r"\{\w+\}")
TYPED = re.compile(r"/pmpath(?:-mod)?(?: [a-z]+)*|PMPATH_[A-Z_]+(?:=\w+)?")  # commands, and settings by their names
ADDRESS = re.compile(r"https?://[!-;=?-~]*|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/\S*)?")
NOT_TRANSLATED = frozenset(  # names of things, and terms that product managers say in these letters in both languages
    (
        *("pmpath", "English", "中文", "Discord", "Slack", "Markdown", "JSON", "CSV", "JavaScript"),
        *("AI", "API", "CT", "F1", "GPU", "ID", "ML", "NLP", "UX", "Web", "token"),
        *("DICOM", "GDPR", "HIPAA", "NMPA", "PIPL", "SaaS", "MLOps", "EDA", "LoRA", "Notebook"),
        *("Kubernetes", "Milvus", "Python", "SQL"),
        *("A", "B", "C", "D"),
        *("UTC", "Shanghai", "Berlin", "New", "York"),  # time zones are found by these names
    )
)


def texts(view: View) -> Iterator[Text]:
    """All texts of a view, in any order."""
    yield view.title
    if isinstance(view, Form):
        yield view.submit
        for each in view.fields:
            yield each.label
            if isinstance(each, TextField) and each.hint is not None:
                yield each.hint
            if isinstance(each, ChoiceField):
                yield from (option.label for option in each.options)
        return
    for element in view.elements:
        if isinstance(element, Picture):
            yield element.alt
    for element in lower(view.elements, frozenset()):
        yield from _of(element)


def _of(element: Element) -> Iterator[Text]:
    match element:
        case Text():
            yield element
        case Line(runs):
            yield from (run.text if isinstance(run, Bold | Link) else run for run in runs)
        case Buttons(buttons):
            yield from (button.label for button in buttons)
        case Select():
            yield element.label
            yield from (option.label for option in element.options)
        case PeopleSelect() | ChannelSelect():
            yield element.label
        case File():
            yield element.description


def verbatim_words(content: Content) -> frozenset[str]:
    """What stands in its own language by right: titles of resources, their makers; tips as posted; languages' names."""
    resources = (words for each in content.resources.values() for words in (each.title, each.by))
    tips = (text for each in content.tips.values() for text in (each.title, each.text))
    languages = (each.label.en for each in Spoken)
    return frozenset((*resources, *languages, *(words for text in tips for words in (text.en, text.zh or ""))))


def said(content: Content, text: Text, language: Language) -> Iterator[str]:
    """A text's own words and those of its values, each by itself."""
    template = text.en if language is Language.EN else text.zh
    yield from VALUE.split(content.catalogue.zh[text.en] if template is None else template)
    yield from VALUE.split(text.one or "") if language is Language.EN else ()
    for _name, value in text.values:
        if isinstance(value, Text):
            yield from said(content, value, language)
        elif isinstance(value, At):
            yield PLAIN.moment(value, language)
        elif isinstance(value, Channel):
            continue
        else:
            yield str(value)


def leftovers(words: str, language: Language) -> list[str]:
    """What of these words is not in this language: Chinese in English, or Latin words that have a Chinese one."""
    if language is Language.EN:
        return [each for each in HAN.findall(words) if each not in NOT_TRANSLATED]
    found = LATIN.findall(ADDRESS.sub(" ", TYPED.sub(" ", words)))
    return [each for each in found if each not in NOT_TRANSLATED]
