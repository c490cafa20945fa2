"""The order of the parts of a line, beside what the Unicode bidirectional algorithm says of it."""

from __future__ import annotations

import pytest

from bot.pictures import direction

CASES = {
    "left to right": ("Ada 42!", [(0, "Ada 42!")]),
    "right to left": ("דוד לוי", [(1, "דוד לוי")]),
    "a blank between two directions is the line's": ("Ada דוד", [(0, "Ada "), (1, "דוד")]),
    "the first letter with a direction decides for the line": ("דוד Ada", [(2, "Ada"), (1, "דוד ")]),
    "signs before it do not": ("-- דוד!", [(1, "-- דוד!")]),
    "a number in it keeps its own order": ("דוד 42 לוי", [(1, " לוי"), (2, "42"), (1, "דוד ")]),
    "a number after left-to-right words is theirs": ("דוד a 42", [(2, "a 42"), (1, "דוד ")]),
    "Arabic digits too": ("نور ٤٢", [(2, "٤٢"), (1, "نور ")]),
    "brackets go with the line": ("نور (Mo) 42", [(2, "42"), (1, ") "), (2, "Mo"), (1, "نور (")]),
    "brackets of the line's own direction": ("Ada (נור) b", [(0, "Ada ("), (1, "נור"), (0, ") b")]),
    "brackets among their own kind": ("Ada דוד (לוי) b", [(0, "Ada "), (1, "דוד (לוי)"), (0, " b")]),
    "a bracket that nothing closes": ("Ada (דוד", [(0, "Ada ("), (1, "דוד")]),
    "marks go with what they stand on": ("אָ b", [(2, "b"), (1, "אָ ")]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("case", CASES)
def test_parts_stand_as_they_are_read(case: str) -> None:
    words, expected = CASES[case]

    assert direction.visual(list(direction.parts(words))) == expected


def test_what_turns_the_direction_beyond_its_line_is_known() -> None:
    assert all(direction.is_control(char) for char in "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u200f")
    assert not any(direction.is_control(char) for char in "Aא \u200d\u200c")
