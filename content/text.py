"""Words that stay unread until it is known who reads them: lazy texts in two languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import LiteralString, Protocol

import babel.dates
import babel.numbers


class Language(StrEnum):
    """A language that pmpath speaks; the value is its catalogue's name."""

    EN = "en"
    ZH = "zh"

    @property
    def label(self) -> str:
        """The language's own name, which is never translated."""
        return {"en": "English", "zh": "中文"}[self.value]

    @classmethod
    def from_locale(cls, locale: str | None) -> Language | None:
        """The language of a platform's locale (`zh-CN`, `en_US`), or None where we do not speak it."""
        prefix = (locale or "").replace("_", "-").split("-")[0].lower()
        return next((language for language in cls if language.value == prefix), None)


BABEL_LOCALES = {Language.EN: "en_GB", Language.ZH: "zh_Hans_CN"}


class DateStyle(StrEnum):
    """How a moment is written; each platform has its own native form of these."""

    DATE = "date"
    TIME = "time"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class At:
    """A moment as a value of a text: the platform's own timestamp where it has one."""

    moment: dt.datetime
    style: DateStyle = DateStyle.DATE
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as a value of a text, by the platform's id: its name, where the platform shows one."""

    id: str


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence not yet spoken. `en` is also the key of the Chinese words, unless `zh` is given with it.

    A text is plain: nothing in it, its values included, is ever markup. Surfaces escape all of it.
    """

    en: str
    values: tuple[tuple[str, Value], ...] = ()
    one: str | None = None
    zh: str | None = None


Value = str | int | float | Text | At | Channel


def _(en: LiteralString, /, **values: Value) -> Text:
    """A text of the program, by its English words; `tests/test_conventions.py` wants them in `data/zh.yaml`."""
    return Text(en, tuple(values.items()))


def plural(one: LiteralString, other: LiteralString, /, count: int, **values: Value) -> Text:
    """A text that counts: `one` is the English singular; the Chinese words hang on `other`."""
    return Text(other, (("count", count), *values.items()), one=one)


def verbatim(words: str) -> Text:
    """Words that are the same in every language: a sign, a title in its own language. Nothing that a person wrote."""
    return Text(words, zh=words)


def quoted(words: str) -> Text:
    """Words that a person wrote, the same in every language; a value, so that each surface escapes them as such."""
    return Text("{words}", (("words", words),), zh="{words}")


class Spelling(Protocol):
    """How a surface writes what is not our own words: characters that mean markup to it, and moments."""

    def plain(self, words: str) -> str:
        """The same words with nothing in them that the platform would act on."""

    def moment(self, at: At, language: Language) -> str:
        """The moment in the platform's own form, already safe to send."""

    def channel(self, channel: Channel) -> str:
        """The channel in the platform's own form, already safe to send."""

    def __hash__(self) -> int:
        """By what it was made of or by itself: what it has spelled is remembered."""


class PlainSpelling:
    """Words for places without markup: labels, alternative texts, the terminal."""

    def plain(self, words: str) -> str:
        return words

    def moment(self, at: At, language: Language) -> str:
        locale = BABEL_LOCALES[language]
        zoned = at.moment.astimezone(babel.dates.get_timezone(at.zone))
        if at.style is DateStyle.DATE:
            return babel.dates.format_date(zoned, "long", locale=locale)
        if at.style is DateStyle.TIME:
            return babel.dates.format_time(zoned, "short", locale=locale)
        pattern = str(babel.dates.get_datetime_format("medium", locale=locale))
        date = babel.dates.format_date(zoned, "full", locale=locale)
        return pattern.replace("{1}", date).replace("{0}", babel.dates.format_time(zoned, "short", locale=locale))

    def channel(self, channel: Channel) -> str:
        return f"#{channel.id}"


PLAIN = PlainSpelling()


class MissingWords(KeyError):
    """A text has no Chinese words in the catalogue; the build's conventions test finds it before a member."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The Chinese words of the program's English texts, as read from `data/zh.yaml`."""

    zh: Mapping[str, str]

    def say(self, text: Text, language: Language, spelling: Spelling = PLAIN) -> str:
        """The text in `language`. Raises MissingWords where the catalogue has a hole."""
        template = self._template(text, language)
        if not text.values:
            return _spelled(template, spelling)
        said = {name: self._value(value, language, spelling) for name, value in text.values}
        return _fill(template, said, spelling)

    def _template(self, text: Text, language: Language) -> str:
        if language is Language.ZH:
            words = text.zh if text.zh is not None else self.zh.get(text.en)
            if words is None:
                raise MissingWords(text.en)
            return words
        if text.one is not None and dict(text.values)["count"] == 1:
            return text.one
        return text.en

    def _value(self, value: Value, language: Language, spelling: Spelling) -> str:
        if isinstance(value, str):
            return spelling.plain(value)
        if isinstance(value, Text):
            return self.say(value, language, spelling)
        if isinstance(value, At):
            return spelling.moment(value, language)
        if isinstance(value, Channel):
            return spelling.channel(value)
        return spelling.plain(_decimal(value, language))


@lru_cache(maxsize=1024)
def _decimal(value: int | float, language: Language) -> str:
    return babel.numbers.format_decimal(value, locale=BABEL_LOCALES[language])


def _fill(template: str, said: Mapping[str, str], spelling: Spelling) -> str:
    """The template with `{name}` replaced; what is not a value is spelled, what is was spelled before."""
    return "".join(said[part] if is_value else part for part, is_value in _parts(template, spelling))


@lru_cache(maxsize=4096)
def _spelled(words: str, spelling: Spelling) -> str:
    """The program's and the content's own words; what a person wrote is always a value and never comes here."""
    return spelling.plain(words)


@lru_cache(maxsize=4096)
def _parts(template: str, spelling: Spelling) -> tuple[tuple[str, bool], ...]:
    """A template in pieces: our own words as they are spelled, and the names of values. Values never come here."""
    parts: list[tuple[str, bool]] = []
    rest = template
    while rest:
        before, brace, after = rest.partition("{")
        if before:
            parts.append((spelling.plain(before), False))
        if not brace:
            break
        name, _end, rest = after.partition("}")
        parts.append((name, True))
    return tuple(parts)
