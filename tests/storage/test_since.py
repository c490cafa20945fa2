"""Who is believed about what happened since a backup: what goes on from it."""

from __future__ import annotations

import pytest

from storage.erasures import Erasure
from storage.errors import StoreError
from storage.since import Kind, Since, trusted

BOB, EVE = Erasure("member", 2, 500), Erasure("member", 3, 400)
IDS = {"community": 1, "member": 5, "mentor_request": 4}
LISTED = Since(frozenset({BOB, EVE}), by=("the list",), kind=Kind.LIST)


def database(last_ids: dict[str, int], *erased: Erasure) -> Since:
    return Since(frozenset(erased), last_ids, ("the database",), kind=Kind.DATABASE)


def test_a_database_with_every_id_and_every_erasure_of_the_backup_goes_on_from_it() -> None:
    later = database({**IDS, "member": 9}, BOB, EVE)

    known = trusted([LISTED, later], Since(frozenset({EVE}), IDS))

    assert (known.erasures, known.by, known.last_ids) == (
        frozenset({BOB, EVE}),
        ("the database", "the list"),
        later.last_ids,
    )


@pytest.mark.parametrize("last_ids", [{**IDS, "member": 4}, {"community": 1, "member": 9}])
def test_one_id_below_the_backups_own_or_one_erasure_missing_is_not_going_on(last_ids: dict[str, int]) -> None:
    for unlike in (database(last_ids, BOB, EVE), database(IDS, BOB)):
        with pytest.raises(StoreError, match="the database began anew and knows nothing of this backup"):
            trusted([unlike], Since(frozenset({EVE}), IDS))


def test_whom_a_database_erased_that_began_anew_a_list_does_not_tell_of() -> None:
    known = trusted([LISTED, database({"community": 1, "member": 3}, EVE)], Since(last_ids=IDS))

    assert (known.erasures, known.by, known.last_ids) == (frozenset({BOB}), ("the list",), {})


def test_where_it_may_be_the_one_of_before_that_was_taken_back_nobody_is_left_out_unasked() -> None:
    taken_back = database({"community": 1, "member": 9}, EVE)

    with pytest.raises(StoreError, match="the database and the list began anew"):
        trusted([LISTED, taken_back], Since(last_ids=IDS))
