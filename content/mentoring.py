"""What mentors and mentees say of themselves, in words that both sides of a match can be compared by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum

from content.text import Text, _, verbatim


@dataclass(frozen=True, slots=True)
class Hours:
    """Masks of local half-hours: bit 0 is 00:00 to 00:30, bit 47 is 23:30 to 24:00. `zone` is an IANA name."""

    weekday: int
    weekend: int
    zone: str


class Seniority(IntEnum):
    """AI product work only: never a job title, never years of a career. The number is stable and stored."""

    NONE = 0
    FIRST = 1
    ONE = 2
    SEVERAL = 3
    LEADS = 4

    @property
    def label(self) -> Text:
        """Its words on screen."""
        return _SENIORITIES[self]


_SENIORITIES = {
    Seniority.NONE: _("None yet"),
    Seniority.FIRST: _("My first AI project is running"),
    Seniority.ONE: _("I have shipped one"),
    Seniority.SEVERAL: _("I have shipped several, or over three years of it"),
    Seniority.LEADS: _("I lead others who do"),
}


class Spoken(StrEnum):
    """A language that two people can talk in; the value is stable and stored. At most sixteen: a match counts bits."""

    ENGLISH = "en"
    CHINESE = "zh"
    CANTONESE = "yue"
    SPANISH = "es"
    HINDI = "hi"
    ARABIC = "ar"
    PORTUGUESE = "pt"
    FRENCH = "fr"
    RUSSIAN = "ru"
    GERMAN = "de"
    JAPANESE = "ja"
    KOREAN = "ko"
    INDONESIAN = "id"
    TURKISH = "tr"
    VIETNAMESE = "vi"
    ITALIAN = "it"

    @property
    def label(self) -> Text:
        """Its own name of itself: who speaks it can read that."""
        return verbatim(_NAMES[self])


_NAMES = {
    Spoken.ENGLISH: "English",
    Spoken.CHINESE: "普通话",
    Spoken.CANTONESE: "廣東話",
    Spoken.SPANISH: "Español",
    Spoken.HINDI: "हिन्दी",
    Spoken.ARABIC: "العربية",
    Spoken.PORTUGUESE: "Português",
    Spoken.FRENCH: "Français",
    Spoken.RUSSIAN: "Русский",
    Spoken.GERMAN: "Deutsch",
    Spoken.JAPANESE: "日本語",
    Spoken.KOREAN: "한국어",
    Spoken.INDONESIAN: "Bahasa Indonesia",
    Spoken.TURKISH: "Türkçe",
    Spoken.VIETNAMESE: "Tiếng Việt",
    Spoken.ITALIAN: "Italiano",
}


class WhyNot(Enum):
    """Why a mentor declined, where they chose to say so; the value is stable and stored."""

    TIME = "time"
    OTHER_FIELD = "other-field"
    OTHER_LEVEL = "other-level"

    @property
    def label(self) -> Text:
        """Its words on screen."""
        return _WHY_NOT[self]


_WHY_NOT = {
    WhyNot.TIME: _("No time just now"),
    WhyNot.OTHER_FIELD: _("Somebody from another field would help more"),
    WhyNot.OTHER_LEVEL: _("Somebody with other experience would help more"),
}


class Concern(Enum):
    """Why somebody is reported to the moderators; the value is stable and stored."""

    RUDE = "rude"
    UNSAFE = "unsafe"
    SELLING = "selling"
    ABSENT = "absent"
    OTHER = "other"

    @property
    def label(self) -> Text:
        """Its words on screen."""
        return _CONCERNS[self]


_CONCERNS = {
    Concern.RUDE: _("Rude or disrespectful"),
    Concern.UNSAFE: _("I do not feel safe"),
    Concern.SELLING: _("Sells or recruits"),
    Concern.ABSENT: _("Did not come, and did not say so"),
    Concern.OTHER: _("Something else"),
}
