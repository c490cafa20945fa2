"""What maintainers get to check the engine from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from content.export import BadSheet, export, replay
from content.outcomes import Outcome
from content.questionnaire import Choice
from content.scoring import posterior
from tests.content.sheets import BANK, run_through, typical


def sheet(outcome: Outcome) -> dict[str, Any]:
    answers = typical(outcome) | {"years": "over-5"}
    return json.loads(json.dumps({"id": "m1", "answers": answers}))  # type: ignore[no-any-return]  # JSON is untyped


def test_the_export_holds_every_weight_and_no_words() -> None:
    plain = json.loads(json.dumps(export(BANK)))

    assert plain["version"] == BANK.version
    assert [item["id"] for item in plain["items"]] == [item.id for item in BANK.items]
    first = plain["items"][0]
    assert set(first) == {"id", "kind", "fact", "options"}
    assert first["options"][0] == {
        "id": "practitioner",
        "weights": {"business": 3, "platform": 0, "technical": 0, "hybrid": 0},
    }
    assert BANK.items[0].text.en not in json.dumps(plain)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_sheet_is_replayed_as_the_chat_would_have_asked(outcome: Outcome) -> None:
    line = replay(BANK, sheet(outcome))
    answers: dict[str, Choice] = typical(outcome) | {"years": "over-5"}
    given, cards = run_through(lambda item: answers[item.id])

    assert (line["id"], line["outcome"], line["shown"], line["full_outcome"]) == (
        "m1",
        outcome,
        [outcome],
        outcome,
    )
    assert line["asked"] == len(cards)
    assert set(line["items"]) == set(given)
    assert line["posterior"] == pytest.approx(posterior(BANK, given), abs=1e-6)
    assert line["deciding"]
    assert set(line["deciding"]) <= set(given)


def test_skipped_items_may_be_null_or_left_out() -> None:
    line = replay(BANK, {"id": 1, "answers": {"background": None}})

    assert (line["asked"], line["shown"], line["words"]) == (6, [], "not-enough")


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({"nonsense": "a"}, "nonsense"),
        ({"free-day": "day-off"}, "free-day"),
        ({"free-day": ["day-on-site"]}, "free-day"),
        ({"more": ["more-field", "more-data", "more-rules", "more-users"]}, "more"),
        ({"years": 3}, "years"),
        ({"skills": ["asked-database", "asked-database"]}, "skills"),
    ],
)
def test_a_sheet_that_is_no_answer_to_this_bank_is_refused_by_name(answers: dict[str, Any], named: str) -> None:
    with pytest.raises(BadSheet, match=named):
        replay(BANK, {"id": 1, "answers": answers})


def test_a_sheet_without_answers_is_refused() -> None:
    with pytest.raises(BadSheet, match="answers"):
        replay(BANK, {"id": 1})
