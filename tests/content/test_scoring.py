"""The rules of the verdict, each one a test."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.experience import fitting
from content.likelihood import normalised
from content.outcomes import Outcome
from content.questionnaire import Answers, Choice, Item, Option, Questionnaire
from content.receipts import decided_logs
from content.scoring import Verdict, judge, posterior, quick
from content.text import Text
from tests.content.sheets import BANK, careless, every_bank, full_sheet, sheets, shuffled, typical

CLOUD = {"cloud-native", "saas"}
DATA = {"data-work", "model-work"}
ENGINEERING = CLOUD | DATA | {"other-engineering"}
INDUSTRIES = ("healthcare", "finance", "retail", "manufacturing", "education", "public-sector", "other-industry")


def enumerated(bank: Questionnaire, answers: Answers) -> dict[Outcome, float]:
    """The model by its definition, in products of chances, one outcome at a time."""
    product = dict.fromkeys(Outcome, 1.0)
    for item in bank.items:
        choice = answers.get(item.id)
        if choice is None or choice == "none":
            continue
        for outcome in Outcome:
            if item.kind == "one":
                slope = 1.15 if item.fact else 0.85
                powers = {option.id: math.exp(slope * option.weights[outcome]) for option in item.options}
                product[outcome] *= (powers[str(choice)] / sum(powers.values())) ** 0.6
            else:
                for option in item.options:
                    tick = 1 / (1 + math.exp(-(option.weights[outcome] - 2)))
                    product[outcome] *= (tick if option.id in choice else 1 - tick) ** 0.6
    return {outcome: value / sum(product.values()) for outcome, value in product.items()}


@given(sheets())
def test_the_posterior_is_what_direct_enumeration_gives(answers: dict[str, Choice]) -> None:
    assert posterior(BANK, answers) == pytest.approx(enumerated(BANK, answers), abs=1e-9)


@given(sheets(), st.integers())
def test_the_same_answers_give_the_same_bytes_in_any_order(answers: dict[str, Choice], seed: int) -> None:
    assert judge(BANK, answers).to_json() == judge(BANK, shuffled(answers, seed)).to_json()


@given(sheets())
def test_a_stored_verdict_reads_back_as_it_was(answers: dict[str, Choice]) -> None:
    verdict = judge(BANK, answers)

    assert Verdict.from_json(verdict.to_json()) == verdict
    assert Verdict.from_json(verdict.to_json()).to_json() == verdict.to_json()


@given(sheets())
def test_a_skipped_item_says_as_much_as_one_never_asked(answers: dict[str, Choice]) -> None:
    said = {item_id: choice for item_id, choice in answers.items() if choice is not None}

    assert posterior(BANK, answers) == posterior(BANK, said)


@pytest.mark.parametrize("item", BANK.items, ids=lambda item: str(item.id))
def test_none_of_these_hardly_moves_the_posterior(item: Item) -> None:
    for nothing in ("none", ()) if item.kind == "many" else ("none",):
        chances = posterior(BANK, {item.id: nothing})

        assert max(chances.values()) - min(chances.values()) < 0.08


def heavier(bank: Questionnaire, item_id: str, option_id: str, outcome: Outcome) -> Questionnaire:
    """The bank with one weight raised by one."""

    def raised(option: Option) -> Option:
        if option.id != option_id:
            return option
        return replace(option, weights={**option.weights, outcome: option.weights[outcome] + 1})

    items = tuple(
        replace(item, options=tuple(map(raised, item.options))) if item.id == item_id else item for item in bank.items
    )
    return replace(bank, items=items)


@settings(max_examples=60)
@given(sheets(), st.sampled_from(list(Outcome)), st.randoms(use_true_random=False))
def test_a_heavier_chosen_option_never_lowers_its_outcome(
    answers: dict[str, Choice], outcome: Outcome, rng: random.Random
) -> None:
    chosen = [
        (item_id, option_id)
        for item_id, choice in answers.items()
        for option_id in ((choice,) if isinstance(choice, str) else choice or ())
        if option_id != "none"
    ]
    if not chosen:
        return
    item_id, option_id = rng.choice(chosen)
    raised = heavier(BANK, item_id, option_id, outcome)
    place = list(Outcome).index(outcome)

    assert posterior(raised, answers)[outcome] >= posterior(BANK, answers)[outcome] - 1e-12
    if len(fitting(BANK, answers)) > 1:
        return  # what proves one of two rules is counted for both, also for the one that stands higher already
    after, before = normalised(decided_logs(raised, answers)), normalised(decided_logs(BANK, answers))
    assert after[place] >= before[place] - 1e-12
    if judge(BANK, answers).outcome is outcome:
        assert judge(raised, answers).outcome is outcome


@every_bank
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_reachable_and_can_be_clear(bank: Questionnaire, outcome: Outcome) -> None:
    answers = typical(outcome, bank) | ({"years": "over-5"} if outcome is Outcome.BUSINESS else {})

    verdict = judge(bank, answers)

    assert (verdict.outcome, verdict.words, verdict.runner_up) == (outcome, "clear", None)
    assert len({item for item, _option in verdict.receipts}) == 3


def expected_fits(background: set[str], industry: str | None, years: str | None) -> list[Outcome]:
    """The experience rule in the words of the page, by the ids of this bank."""
    fits = []
    if industry in INDUSTRIES and years == "over-5" and not background & ENGINEERING:
        fits.append(Outcome.BUSINESS)
    if background & CLOUD:
        fits.append(Outcome.PLATFORM)
    if background & DATA:
        fits.append(Outcome.TECHNICAL)
    if "designer" in background:
        fits.append(Outcome.HYBRID)
    return fits


NEUTRAL: tuple[dict[str, Choice], ...] = (
    {},
    full_sheet(lambda item: None),
    full_sheet(lambda item: () if item.kind == "many" else "none"),
    full_sheet(lambda item: tuple(option.id for option in item.options) if item.kind == "many" and item.fact else None),
)


def facts() -> list[tuple[tuple[str, ...], str | None, str | None]]:
    """Every combination of the facts that the rule reads, with up to four backgrounds ticked, and with all."""
    ids = [option.id for option in BANK.item("background").options]
    backgrounds = [ticked for size in range(5) for ticked in itertools.combinations(ids, size)] + [tuple(ids)]
    industries = [None, "none", *(option.id for option in BANK.item("industry").options)]
    years = [None, *(option.id for option in BANK.item("years").options)]
    return list(itertools.product(backgrounds, industries, years))


@pytest.mark.parametrize("neutral", NEUTRAL[:3], ids=["unasked", "skipped", "none of these"])
def test_experience_decides_when_other_answers_are_neutral(neutral: dict[str, Choice]) -> None:
    for background, industry, years in facts():
        answers = neutral | {"background": background, "industry": industry, "years": years}
        fits = expected_fits(set(background), industry, years)

        chances = normalised(decided_logs(BANK, answers))
        leading = [outcome for outcome, chance in zip(Outcome, chances, strict=True) if chance > max(chances) - 1e-9]

        if len(fits) == 1:
            assert leading == fits, (background, industry, years)
        elif fits:  # what proves two rules decides nothing between them
            by_chance = sorted(zip(chances, Outcome, strict=True), reverse=True)
            assert {outcome for _chance, outcome in by_chance[: len(fits)]} == set(fits), (background, industry, years)
            assert max(chances) < 0.70


@settings(max_examples=150)
@given(st.sampled_from(facts()), st.sampled_from(NEUTRAL))
def test_a_verdict_names_the_rule_that_decided(
    fact: tuple[tuple[str, ...], str | None, str | None], neutral: dict[str, Choice]
) -> None:
    background, industry, years = fact
    fits = expected_fits(set(background), industry, years)

    verdict = judge(BANK, neutral | {"background": background, "industry": industry, "years": years})

    assert list(verdict.fits) == fits
    if len(fits) == 1:
        assert verdict.outcome is verdict.experience is fits[0]
        assert verdict.rule == fits[0].value
    elif fits:
        assert (verdict.rule, verdict.experience) == ("two", None)
        assert {verdict.outcome, verdict.runner_up} <= {*fits, None}
        assert verdict.words == "between" or neutral is NEUTRAL[3]  # all ticked says a little after all
        assert verdict.words != "clear"
    else:
        assert verdict.rule == "none"
        assert verdict.words != "clear"


@settings(max_examples=150)
@given(sheets())
def test_without_one_fitting_rule_a_verdict_is_at_most_leaning(answers: dict[str, Choice]) -> None:
    verdict = judge(BANK, answers)

    assert len(verdict.fits) == 1 or verdict.words != "clear"


@settings(max_examples=150)
@given(sheets())
def test_the_words_follow_from_the_chance(answers: dict[str, Choice]) -> None:
    verdict = judge(BANK, answers)
    chance = verdict.decided[verdict.outcome]

    assert chance == max(verdict.decided.values())
    match verdict.words:
        case "clear":
            assert chance >= 0.90
            assert verdict.runner_up is None
        case "leaning":
            assert chance >= 0.70
            assert (verdict.runner_up is not None) == (chance < 0.80)
        case "between":
            assert chance < 0.70
            assert verdict.runner_up not in {None, verdict.outcome}
        case "not-enough":
            assert verdict.runner_up is None
            assert not verdict.fits


def straight(position: int, ticks: str, bank: Questionnaire) -> dict[str, Choice]:
    """The same place on every card."""

    def answer(item: Item) -> Choice:
        ids = [option.id for option in item.options]
        at = min(position, len(ids) - 1) if position >= 0 else position
        if item.kind == "one":
            return ids[max(at, -len(ids))]
        return {"one": (ids[at],), "all": tuple(ids), "none": ()}[ticks]

    return full_sheet(answer, bank)


@every_bank
@pytest.mark.parametrize("ticks", ["one", "all", "none"])
@pytest.mark.parametrize("position", [0, 1, 2, 3, 4, 7, -1, -2])
def test_a_straight_line_never_ends_clear(position: int, ticks: str, bank: Questionnaire) -> None:
    verdict = judge(bank, straight(position, ticks, bank))

    assert verdict.words != "clear"


@every_bank
@pytest.mark.parametrize("ticked", [True, False], ids=["all ticked", "none ticked"])
def test_all_or_nothing_ticked_never_ends_clear_whatever_else_is_chosen(ticked: bool, bank: Questionnaire) -> None:
    rng = random.Random(7)
    for _run in range(100):
        answers = full_sheet(lambda item: careless(item, rng), bank)
        for item in bank.items:
            if item.kind == "many":
                answers[item.id] = tuple(option.id for option in item.options) if ticked else ()
        answers |= {} if ticked else {"years": None}

        assert judge(bank, answers).words != "clear"


@pytest.mark.parametrize("kept", [None, "free-day", "skills"])
def test_mostly_skipped_is_not_enough_to_say(kept: str | None) -> None:
    answers = full_sheet(lambda item: None)
    if kept:
        answers[kept] = typical(Outcome.TECHNICAL)[kept]

    assert judge(BANK, answers).words == "not-enough"


@pytest.mark.parametrize(
    ("said", "skipped", "enough"), [(2, 0, False), (3, 0, True), (3, 3, True), (3, 4, False), (8, 8, True)]
)
def test_three_answers_and_half_of_what_was_asked_are_enough(said: int, skipped: int, enough: bool) -> None:
    items = [item for item in BANK.items if len(item.options) in {2, 4} and item.id != "years"]
    sheet = typical(Outcome.TECHNICAL)
    answers: dict[str, Choice] = {item.id: sheet[item.id] for item in items[:said]}
    answers |= {item.id: None for item in items[said : said + skipped]}

    assert len(answers) == said + skipped
    assert (judge(BANK, answers).words != "not-enough") is enough


def test_experience_and_choices_that_differ_are_both_named() -> None:
    wish = {item.id: typical(Outcome.HYBRID)[item.id] for item in BANK.items if not item.fact}
    past = {item.id: typical(Outcome.PLATFORM)[item.id] for item in BANK.items if item.fact}

    verdict = judge(BANK, past | wish)

    assert (verdict.experience, verdict.choices, verdict.differs) == (Outcome.PLATFORM, Outcome.HYBRID, True)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_experience_and_choices_that_agree_do_not_differ(outcome: Outcome) -> None:
    verdict = judge(BANK, typical(outcome) | {"years": "over-5"})

    assert (verdict.experience, verdict.choices, verdict.differs) == (outcome, outcome, False)


@given(sheets(), st.randoms(use_true_random=False))
def test_weights_hang_on_ids_whatever_the_texts_and_positions(answers: dict[str, Choice], rng: random.Random) -> None:
    def mixed(item: Item) -> Item:
        texts = [option.text for option in item.options]
        rng.shuffle(texts)
        options = [replace(option, text=text) for option, text in zip(item.options, texts, strict=True)]
        rng.shuffle(options)
        return replace(item, options=tuple(options), text=Text("?", zh="？"))

    other = replace(BANK, items=tuple(map(mixed, BANK.items)))

    assert posterior(other, answers) == pytest.approx(posterior(BANK, answers), abs=1e-12)


def test_quick_means_half_the_answers_under_two_seconds() -> None:
    assert quick([0.4, 1.9, 8.0])
    assert not quick([1.0, 2.5, 9.0])
    assert not quick([])


def test_weights_cannot_be_changed_by_accident() -> None:
    weights = BANK.items[0].options[0].weights

    assert isinstance(weights, MappingProxyType)
