"""What keeps a part from its work is logged as a sentence: when it begins, now and then, and when it is over."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.fault import Fault
from storage.store import Busy, StoreError


async def test_a_sentence_of_the_store_is_said_once_and_that_it_is_over() -> None:
    fault = Fault("timekeeper.failed")
    with capture_logs() as logs:
        fault.over()
        for _second in range(5):
            fault.met(StoreError("The disk is full."))
            fault.met(Busy())
        fault.over()
        fault.over()

    assert [(entry["event"], entry.get("sentence")) for entry in logs] == [
        ("timekeeper.failed", "The disk is full."),
        ("timekeeper.failed", "Too many units wait for the database."),
        ("timekeeper.goes_on", None),
    ]


async def test_a_fault_of_ours_is_logged_whole_each_time() -> None:
    fault = Fault("timekeeper.failed")
    with capture_logs() as logs:
        for _second in range(2):
            fault.met(ZeroDivisionError())

    assert [type(entry["exc_info"]) for entry in logs] == [ZeroDivisionError] * 2
