"""The banks themselves: their shape, their balance, and that positions say nothing about outcomes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from importlib import resources

import pytest
import yaml

from content.likelihood import ticks
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Item, Option, Questionnaire, read_questionnaire
from content.scoring import judge
from content.source import Ledger, Place
from tests.content.balance import DOCS, collectable, fours, key, pairs, places, ratio, singles, written
from tests.content.sheets import BANK, BANKS, every_bank, full_sheet, typical

FIRST_HASH = "b041c029f9759f7dd49ec781ef5c4e799d88e5be3f4179ccd51e834001dad5de"  # version 1 as it was released
RETIRED = {"skills-2": {"shared-machines", "cleaned-data", "ran-pilot"}}  # options of version 1 that version 2 dropped
PRESS = f"1|{'9' * 9}|start.answer|{'9' * 9}|99|"  # what stands before item and option in an answer's button
DATA = resources.files("content") / "data" / "questionnaires"


def skills_of(bank: Questionnaire) -> tuple[str, ...]:
    """The items of what was done: two lists until version 2, one since."""
    return ("skills-1", "skills-2") if bank.version in {"1", "2"} else ("skills",)


@every_bank
def test_the_opening_is_four_cards(bank: Questionnaire) -> None:
    assert bank.opening == (("background",), skills_of(bank), ("industry", "years"), ("more",))
    assert len(bank.item("background").options) <= 10
    assert sum(len(bank.item(name).options) for name in skills_of(bank)) == 16
    assert bank.item("more").most == 3
    assert max(weight for option in bank.item("more").options for weight in option.weights.values()) == 1


@every_bank
def test_skills_done_are_four_for_each_outcome_two_in_each_half(bank: Questionnaire) -> None:
    items = [bank.item(name) for name in skills_of(bank)]
    deeds = [(item, place) for item in items for place in range(len(item.options))]

    for half in (deeds[:8], deeds[8:]):
        assert Counter(key(item, place) for item, place in half) == dict.fromkeys(Outcome, 2)
    assert all(option.skills for item in items for option in item.options)


@every_bank
def test_the_singles_are_facts_scenarios_and_pairs(bank: Questionnaire) -> None:
    items = singles(bank)

    assert all(item.kind == "one" for item in items)
    assert all(item.fact != item.scenario for item in fours(bank))
    assert not any(item.fact or item.scenario for item in pairs(bank))
    assert len(fours(bank)) + len(pairs(bank)) == len(items)


@pytest.mark.parametrize(("version", "counts"), [("1", (6, 2, 8, 6)), ("2", (6, 2, 14, 8)), ("3", (5, 2, 14, 8))])
def test_a_version_has_as_many_items_of_each_sort_as_it_was_released_with(
    version: str, counts: tuple[int, int, int, int]
) -> None:
    bank = BANKS[version]
    opening = sum(map(len, bank.opening))
    facts = sum(item.fact for item in singles(bank))
    scenarios = sum(item.scenario for item in singles(bank))

    assert (opening, facts, scenarios, len(pairs(bank))) == counts
    assert len(bank.items) == sum(counts)


@every_bank
def test_the_weight_that_an_outcome_can_collect_is_balanced(bank: Questionnaire) -> None:
    assert ratio(bank) <= 1.15, collectable(bank)


@every_bank
def test_no_position_belongs_to_an_outcome(bank: Questionnaire) -> None:
    for letter, keys in zip("ABCD", places(fours(bank)), strict=True):
        assert max(keys.values()) - min(keys[outcome] for outcome in Outcome) <= 1, (letter, keys)


def test_each_outcome_stands_equally_often_at_every_letter_of_the_current_bank() -> None:
    assert places(fours(BANK)) == [dict.fromkeys(Outcome, 4)] * 4


def test_the_questions_that_nearly_everybody_meets_first_hold_each_outcome_once_at_every_letter() -> None:
    scenarios = [item for item in singles(BANK) if item.scenario][:2]
    facts = [item for item in singles(BANK) if item.fact]

    assert places([*scenarios, *facts]) == [dict.fromkeys(Outcome, 1)] * 4


@every_bank
def test_every_two_outcomes_meet_and_neither_always_stands_first(bank: Questionnaire) -> None:
    met = Counter(frozenset((key(item, 0), key(item, 1))) for item in pairs(bank))
    first, after = places(pairs(bank))

    assert len(met) == 6
    assert max(met.values()) - min(met.values()) <= 1
    assert {first[outcome] for outcome in Outcome} <= {1, 2}
    assert len({first[outcome] + after[outcome] for outcome in Outcome}) == 1


def test_each_outcome_stands_first_in_half_of_its_pairs_of_the_current_bank() -> None:
    assert places(pairs(BANK)) == [dict.fromkeys(Outcome, 2)] * 2


@every_bank
def test_the_key_is_no_longer_than_its_neighbours(bank: Questionnaire) -> None:
    for language in ("en", "zh"):
        lengths: dict[Outcome, list[int]] = {outcome: [] for outcome in Outcome}
        for item in singles(bank):
            for position, option in enumerate(item.options):
                lengths[key(item, position)].append(len(getattr(option.text, language)))
        means = [sum(each) / len(each) for each in lengths.values()]
        assert max(means) / min(means) < 1.25, (language, lengths)


def width(words: str) -> int:
    """How wide a text looks: a Chinese character is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in words)


@pytest.mark.parametrize("item", singles(BANK), ids=lambda item: str(item.id))
def test_no_option_stands_out_by_its_length(item: Item) -> None:
    for language in ("en", "zh"):
        widths = [width(getattr(option.text, language)) for option in item.options]
        assert max(widths) / min(widths) < 1.35, (language, widths)


@every_bank
def test_every_option_of_a_single_item_has_an_outcome_of_its_own(bank: Questionnaire) -> None:
    for item in singles(bank):
        keys = [key(item, place) for place in range(len(item.options))]
        assert len(set(keys)) == len(keys), item.id


@every_bank
def test_no_two_texts_of_a_bank_are_the_same(bank: Questionnaire) -> None:
    options = [option for item in bank.items for option in item.options]
    for language in ("en", "zh"):
        words = [
            getattr(text, language)
            for text in (*(item.text for item in bank.items), *(option.text for option in options))
        ]
        assert len(set(words)) == len(words)


@every_bank
def test_the_button_of_every_answer_fits_into_a_hundred_characters(bank: Questionnaire) -> None:
    for item in bank.items:
        for option in item.options:
            assert len(f"{PRESS}{item.id}|{option.id}") <= 100, (item.id, option.id)


def test_a_weight_that_is_not_a_single_three_gives_its_reason() -> None:
    lines = (DATA / f"{BANK.version}.yaml").read_text(encoding="utf-8").splitlines()
    weights = [line.strip() for line in lines if line.strip().startswith("weights:")]
    plain = re.compile(r"weights: \{(\w+: 3)?\}")

    assert len(weights) == sum(len(item.options) for item in BANK.items)
    assert [line for line in weights if not plain.fullmatch(line) and not re.search(r"\}  # .{10,}", line)] == []


def test_every_option_of_a_single_item_is_usual_for_one_outcome_and_less_so_elsewhere() -> None:
    for item in singles(BANK):
        for option in item.options:
            first, second, *_others = sorted(option.weights.values(), reverse=True)
            assert first >= 2, (item.id, option.id)
            assert second < first, (item.id, option.id)


@every_bank
def test_the_skills_that_options_show_are_in_the_list(bank: Questionnaire, content: Content) -> None:
    assert {skill for option in shows_skills(bank) for skill in option.skills} <= content.skills.keys()


def shows_skills(bank: Questionnaire) -> Iterator[Option]:
    """The options that show a skill as had: deeds of the past, never a choice between what one would do."""
    for item in bank.items:
        for option in item.options:
            if option.skills:
                assert item.fact, (item.id, option.id)
                yield option


LEFT_FOR_THE_GAP_CARD = {
    Outcome.BUSINESS: {"hipaa", "gdpr", "nmpa-registration", "pipl", "fraud-realtime", "dicom"},
    Outcome.PLATFORM: set(),
    Outcome.TECHNICAL: {"tokenizers", "privacy-rules"},
    Outcome.HYBRID: set(),
}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_opening_asks_for_the_core_skills_of_each_track(outcome: Outcome, content: Content) -> None:
    asked = {skill for option in shows_skills(BANK) for skill in option.skills}

    assert set(content.tracks[outcome].skills) - asked == LEFT_FOR_THE_GAP_CARD[outcome]


def test_version_1_is_as_it_was_released() -> None:
    assert BANKS["1"].texts_hash == FIRST_HASH
    assert BANKS["1"].changes is None


def test_every_later_version_says_what_it_changed() -> None:
    for version, bank in BANKS.items():
        assert (bank.changes is not None) == (version != "1")


def test_version_2_says_that_earlier_results_may_come_out_differently() -> None:
    changes = BANKS["2"].changes

    assert changes is not None
    assert changes.affects


@pytest.mark.parametrize("item", BANKS["1"].items, ids=lambda item: str(item.id))
def test_every_answer_of_version_1_is_one_of_version_2(item: Item) -> None:
    now = BANKS["2"].item(item.id)
    retired = RETIRED.get(item.id, set())

    assert (now.kind, now.fact, now.scenario, now.most) == (item.kind, item.fact, item.scenario, item.most)
    for option in item.options:
        choice: Choice = option.id if item.kind == "one" else (option.id,)
        assert now.takes(choice) is (option.id not in retired), option.id


def test_what_kept_its_id_kept_its_outcome_and_skills() -> None:
    for before in BANKS["1"].items:
        now = BANKS["2"].item(before.id)
        place_now = {option.id: place for place, option in enumerate(now.options)}
        for place, option in enumerate(before.options):
            if option.id in place_now:
                assert key(now, place_now[option.id]) == key(before, place), option.id
                assert set(now.options[place_now[option.id]].skills) >= set(option.skills), option.id


def test_what_version_2_dropped_says_nothing_there() -> None:
    everything = full_sheet(
        lambda item: tuple(each.id for each in item.options) if item.kind == "many" else None, BANKS["1"]
    )
    assert without_retired(everything) != everything
    for answers in (everything, *(typical(outcome, BANKS["1"]) for outcome in Outcome)):
        kept = without_retired(answers)

        assert judge(BANKS["2"], answers).to_json() == judge(BANKS["2"], kept).to_json()


def without_retired(answers: Answers) -> dict[str, Choice]:
    ticked = tuple(each for each in ticks(answers["skills-2"]) if each not in RETIRED["skills-2"])
    return {**answers, "skills-2": ticked}


@pytest.mark.parametrize(
    ("item_id", "choice", "taken"),
    [
        ("free-day", None, True),
        ("free-day", "none", True),
        ("free-day", "day-on-site", True),
        ("free-day", "day-off", False),
        ("free-day", ("day-on-site",), False),
        ("free-day", (), False),
        ("skills", (), True),
        ("skills", "none", True),
        ("skills", ("asked-database", "ran-kubernetes"), True),
        ("skills", ("asked-database", "asked-database"), False),
        ("skills", "asked-database", False),
        ("more", ("more-field", "more-data", "more-rules"), True),
        ("more", ("more-field", "more-data", "more-rules", "more-users"), False),
    ],
)
def test_an_item_takes_its_own_answers_and_no_others(item_id: str, choice: Choice, taken: bool) -> None:
    assert BANK.item(item_id).takes(choice) is taken


def test_the_tables_in_the_docs_are_those_of_the_current_bank() -> None:
    docs = DOCS.read_text(encoding="utf-8")

    assert docs == written(docs, BANK), "run: python -m tests.content.balance"


@pytest.mark.parametrize(("kind", "most"), [("many", 16), ("one", 10)])
def test_a_list_takes_sixteen_options_and_a_single_choice_ten(kind: str, most: int) -> None:
    assert options_refused(kind, most) == []
    assert options_refused(kind, most + 1) == [f"at most {most} options"]


def options_refused(kind: str, count: int) -> list[str]:
    """What is said against an item with so many options."""
    ledger = Ledger()
    options = ", ".join(f"{{id: o{place}, text: Option {place}, weights: {{}}}}" for place in range(count))
    chinese = ", ".join(f"o{place}: 选项 {place}" for place in range(count))
    files = (
        f"items: [{{id: a, kind: {kind}, text: A, options: [{options}]}}]",
        f"items: {{a: {{text: 甲, options: {{{chinese}}}}}}}",
    )
    english, other = (Place("bank", yaml.compose(text), ledger) for text in files)
    read_questionnaire(english, other, first=True)
    return [problem.expected for problem in ledger.problems if problem.expected.endswith("options")]
