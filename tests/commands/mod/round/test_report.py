"""The table of a matching day, in a spreadsheet."""

from __future__ import annotations

import pytest

from commands.mod.round.report import plain


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(1)", "'  @SUM(1)"),
        ("＝1＋1", "'＝1＋1"),
        ("x;=1+1", "x;'=1+1"),
        ("x\t-1", "x\t'-1"),
        ("x\n+1", "x\n'+1"),
        ("Ann-Marie O’Neil (PM; AI)", "Ann-Marie O’Neil (PM; AI)"),
    ],
)
def test_no_name_is_reckoned_with_whatever_separates_cells_there(name: str, shown: str) -> None:
    assert plain(name) == shown
