"""Members as columns: in the order of their ids, the same whatever the order they came in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.mentor.matching.instance import Id, InstanceError, MenteeRow, bits, instance_of, place_of
from tests.commands.mentor.matching import invented
from tests.commands.mentor.matching.invented import Rows


def test_ids_stand_by_size_then_by_letter_and_who_is_both_is_no_pair() -> None:
    rows = invented.rows(1, 3, 3, special=0)
    offering: tuple[Id, ...] = ("b", 10, 9)
    asking: tuple[Id, ...] = ("a", 9, "b")
    mentors = [replace(row, id=name) for name, row in zip(offering, rows.mentors, strict=True)]
    mentees = [replace(row, id=name) for name, row in zip(asking, rows.mentees, strict=True)]

    instance = instance_of(mentors, mentees, excluded=[("a", 10), ("a", "gone"), ("a", 10)], previous=[("b", 9)])

    assert instance.mentors.ids == (9, 10, "b")
    assert instance.mentees.ids == (9, "a", "b")
    assert instance.excluded.tolist() == [[0, 0], [1, 1], [2, 2]]
    assert instance.previous.tolist() == [[2, 0]]
    assert [place_of(instance.mentees.ids, one) for one in ("b", 9, 10, "c")] == [2, 0, None, None]


def test_each_thing_that_matters_changes_the_digest_and_no_order_does() -> None:
    rows = invented.rows(3, 20, 40)
    digest = rows.instance.digest

    assert Rows(rows.mentors[::-1], rows.mentees[::-1], rows.excluded[::-1], rows.previous).instance.digest == digest
    others = (
        Rows(rows.mentors[1:], rows.mentees, rows.excluded, rows.previous),
        Rows(rows.mentors, rows.mentees[1:], rows.excluded, rows.previous),
        Rows(rows.mentors, rows.mentees, rows.excluded[5:], rows.previous),
        Rows(rows.mentors, rows.mentees, rows.previous, rows.excluded),
    )
    assert len({digest, *(other.instance.digest for other in others)}) == 5


def test_unknown_names_have_no_bit() -> None:
    assert bits(("c", "a", "zz", "a"), ("a", "b", "c")) == 0b101


def test_two_of_one_id_and_too_many_names_are_refused() -> None:
    rows = invented.rows(3, 4, 4, special=0)

    with pytest.raises(InstanceError, match=f"two of the mentors have the id {rows.mentors[0].id}"):
        instance_of(rows.mentors + rows.mentors[:1], rows.mentees)
    crowd = [MenteeRow(n, rows.mentees[0].track, (), 0, 0, (f"l{n}",), 0) for n in range(17)]
    with pytest.raises(InstanceError, match="17 different languages; a round takes 16 at most"):
        instance_of([], crowd)
