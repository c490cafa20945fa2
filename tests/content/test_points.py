"""What deeds are worth is read from one file; an operator's own takes its place, and its faults are told by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.load import read_content
from content.points import Deed
from tests.content.packs import pack_of_points, problems

OF_THIS_FILE = "a deed of this file"


def test_ours_says_what_is_promised() -> None:
    points = read_content().points

    assert [points.worth[deed] for deed in Deed] == [20, 1, 5, 1, 5, 3, 15, 30]
    assert [points.adds(deed) for deed in Deed] == [20, 1, 4, 1, 4, 3, 15, 30]
    assert points.week_most == 25
    assert points.limited == {Deed.STEP, Deed.STEP_WITH_LINE, Deed.RESOURCE, Deed.RESOURCE_WITH_LINE}


def test_an_operators_file_takes_the_place_of_ours_as_a_whole(tmp_path: Path) -> None:
    points = read_content(pack_of_points(tmp_path, assessment="7", most="9", deeds="[tip]")).points

    assert (points.worth[Deed.ASSESSMENT], points.worth[Deed.TIP]) == (7, 3)
    assert (points.week_most, *points.limited) == (9, Deed.TIP)


def test_a_file_of_before_there_were_meetings_is_good_and_gives_none_for_them(tmp_path: Path) -> None:
    assert read_content(pack_of_points(tmp_path)).points.adds(Deed.SESSION) == 0
    assert read_content(pack_of_points(tmp_path, more="  session: 7")).points.adds(Deed.SESSION) == 7
    assert problems(pack_of_points(tmp_path, more="  session: 0")) == [
        ("points.yaml", 9, "a whole number from 1 to 1000")
    ]


@pytest.mark.parametrize(
    ("figures", "line", "expected"),
    [
        ({"assessment": "a lot"}, 2, "a whole number from 1 to 1000"),
        ({"assessment": "0"}, 2, "a whole number from 1 to 1000"),
        ({"assessment": "2.5"}, 2, "a whole number from 1 to 1000"),
        ({"step": "1001"}, 3, "a whole number from 1 to 1000"),
        ({"step_with_line": "1"}, 4, "more than the 1 of “step”"),
        ({"more": "  tips: 3"}, 9, "a known key instead of “tips”; the nearest is “tip”"),
        ({"more": "  tip: 4"}, 9, "the key “tip” only once"),
        ({"more": "month: 3"}, 9, "a known key instead of “month”; the nearest is “week”"),
        ({"most": "-1"}, 11, "a whole number from 1 to 1000"),
        ({"deeds": "[steps]"}, 12, f"{OF_THIS_FILE}; the nearest to “steps” is “step”"),
        ({"deeds": "[xyzzy]"}, 12, f"{OF_THIS_FILE}; “xyzzy” is none"),
        ({"deeds": "step"}, 12, "a list"),
        ({"deeds": "[tip, tip]"}, 12, "“tip” only once in this list"),
    ],
)
def test_a_fault_is_told_by_line(tmp_path: Path, figures: dict[str, str], line: int, expected: str) -> None:
    assert problems(pack_of_points(tmp_path, **figures)) == [("points.yaml", line, expected)]


def test_what_is_missing_is_told_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "points.yaml").write_text("deeds:\n  step: 1\n  tip: 3\n", encoding="utf-8")

    told = problems(tmp_path)
    missing = [deed for deed in Deed if deed not in {Deed.STEP, Deed.TIP, Deed.SESSION}]
    assert sorted(told) == sorted(
        [("points.yaml", 1, "the key “week” here"), *(("points.yaml", 2, f"the key “{deed}” here") for deed in missing)]
    )
