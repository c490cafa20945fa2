"""A long list a page at a time."""

from __future__ import annotations

import pytest

from commands.kit.paging import page_start, pages
from commands.kit.press import Press


def turn(first: int) -> Press:
    return Press("x.page", (first,))


@pytest.mark.parametrize(
    ("asked", "total", "begins"),
    [(0, 0, 0), (-50, 12, 0), (4, 12, 0), (5, 12, 5), (9, 12, 5), (10, 12, 10), (10_000, 12, 10), (5, 5, 0)],
)
def test_a_place_that_is_not_there_is_answered_with_the_nearest_page(asked: int, total: int, begins: int) -> None:
    assert page_start(asked, 5, total) == begins


def test_every_place_is_on_one_page_and_each_page_leads_to_its_neighbours() -> None:
    seen: list[int] = []
    at: Press | None = turn(0)
    before: Press | None = None
    while at is not None:
        first = int(str(at.arguments[0]))
        (page,) = pages(turn, first, 5, 12)
        assert page.back == before
        seen += range(page.first, page.last + 1)
        before, at = at, page.on

    assert seen == list(range(1, 13))


def test_what_fits_on_one_page_has_no_pages() -> None:
    assert pages(turn, 0, 5, 5) == pages(turn, 0, 5, 0) == ()
