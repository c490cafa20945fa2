"""Calibration: answers move weights as far as they are many, and the new version is a bank that loads."""

from __future__ import annotations

import random
from importlib import resources
from pathlib import Path

from content.calibration import Known, Moved, estimate, next_version
from content.load import read_content
from content.outcomes import Outcome
from content.questionnaire import Questionnaire
from tests.content.sheets import typical

OURS = resources.files("content") / "data" / "questionnaires"


def known(bank: Questionnaire, count: int, *, first: str | None = None) -> list[Known]:
    """As many of each outcome, who answer as is typical of it; `first` all choose the first option of that item."""
    people = [Known(outcome, dict(typical(outcome, bank))) for outcome in Outcome for _number in range(count)]
    if first is None:
        return people
    option = bank.item(first).options[0].id
    return [Known(each.outcome, {**each.answers, first: option}) for each in people]


def test_what_nobody_answered_stays_as_it_is(bank: Questionnaire) -> None:
    assert estimate(bank, []) == []


def test_answers_as_the_model_expects_them_move_nothing(bank: Questionnaire) -> None:
    item = bank.item("free-day")
    rng = random.Random(3)
    people = []
    for outcome in Outcome:
        powers = [2.718281828 ** (0.85 * option.weights[outcome]) for option in item.options]
        people += [Known(outcome, {item.id: rng.choices(item.options, powers)[0].id}) for _number in range(400)]

    assert [moved for moved in estimate(bank, people) if moved.item != item.id] == []
    assert len(estimate(bank, people)) <= 1


def test_an_option_that_everybody_chooses_says_nothing_any_more(bank: Questionnaire) -> None:
    moved = {(each.item, each.option): each for each in estimate(bank, known(bank, 400, first="free-day"))}
    first = moved["free-day", bank.item("free-day").options[0].id]

    assert set(first.after.values()) == {3}
    assert first.answers == 1600


def test_few_answers_move_less_than_many(bank: Questionnaire) -> None:
    def by(count: int) -> int:
        found = estimate(bank, known(bank, count, first="free-day"))
        return sum(abs(each.after[outcome] - each.before[outcome]) for each in found for outcome in Outcome)

    assert 0 < by(10) < by(400)


def test_the_new_version_loads_beside_the_others_and_has_the_moved_weights(bank: Questionnaire, tmp_path: Path) -> None:
    moved = estimate(bank, known(bank, 100, first="free-day"))
    english, chinese = ((OURS / f"{bank.version}{ending}").read_text("utf-8") for ending in (".yaml", ".zh.yaml"))

    folder = tmp_path / "questionnaires"
    folder.mkdir()
    for ending, text in zip((".yaml", ".zh.yaml"), next_version(english, chinese, "4", moved, 400), strict=True):
        (folder / f"4{ending}").write_text(text, "utf-8")
    content = read_content(tmp_path)

    new = content.questionnaire
    assert (new.version, sorted(content.questionnaires)) == ("4", ["1", "2", "3", "4"])
    assert new.changes is not None
    assert new.changes.affects
    assert "400" in new.changes.text.en
    assert weights(new) == {**weights(bank), **{(each.item, each.option): dict(each.after) for each in moved}}
    assert [item.text for item in new.items] == [item.text for item in bank.items]


def test_the_first_version_can_be_followed_too(content: object, tmp_path: Path) -> None:
    one = Moved("free-day", "day-on-site", {}, dict.fromkeys(Outcome, 1), 7)
    english, chinese = ((OURS / f"1{ending}").read_text("utf-8") for ending in (".yaml", ".zh.yaml"))

    after, words = next_version(english, chinese, "9", [one], 100)

    assert 'version: "9"' in after
    assert "affects: true" in after
    assert words.startswith("changes: ")


def weights(bank: Questionnaire) -> dict[tuple[str, str], dict[Outcome, int]]:
    return {(item.id, option.id): dict(option.weights) for item in bank.items for option in item.options}
