"""What stands where in the bank, counted. `python -m tests.content.balance` writes the tables of docs/bank.md anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from content.load import read_content
from content.outcomes import Outcome
from content.questionnaire import Item, Questionnaire

DOCS = Path(__file__).parents[2] / "docs" / "bank.md"
BEGIN, END = "<!-- balance: begin -->\n", "<!-- balance: end -->\n"


def singles(bank: Questionnaire) -> list[Item]:
    """The single-choice items outside the opening."""
    opening = {item_id for card in bank.opening for item_id in card}
    return [item for item in bank.items if item.id not in opening]


def fours(bank: Questionnaire) -> list[Item]:
    return [item for item in singles(bank) if len(item.options) == 4]


def pairs(bank: Questionnaire) -> list[Item]:
    return [item for item in singles(bank) if len(item.options) == 2]


def key(item: Item, position: int) -> Outcome:
    """The outcome that this option says most for."""
    weights = item.options[position].weights
    return max(Outcome, key=lambda outcome: weights[outcome])


def places(items: list[Item]) -> list[Counter[Outcome]]:
    """How often each outcome stands first, second and so on."""
    return [Counter(key(item, place) for item in items) for place in range(len(items[0].options))]


def collectable(bank: Questionnaire) -> dict[Outcome, int]:
    """The most weight that each outcome can collect: the largest of a single choice, all ticks of a list."""

    def most(item: Item, outcome: Outcome) -> int:
        weights = sorted((option.weights[outcome] for option in item.options), reverse=True)
        return sum(weights[: item.most]) if item.kind == "many" else weights[0]

    return {outcome: sum(most(item, outcome) for item in bank.items) for outcome in Outcome}


def ratio(bank: Questionnaire) -> float:
    weights = collectable(bank).values()
    return max(weights) / min(weights)


def tables(bank: Questionnaire) -> str:
    """The tables of docs/bank.md."""
    letters, first = places(fours(bank)), places(pairs(bank))[0]
    columns: list[tuple[str, Mapping[Outcome, int]]] = [
        *((f"at {letter}", letters[place]) for place, letter in enumerate("ABCD")),
        ("first of two", first),
        ("in a pair", sum(places(pairs(bank)), Counter())),
        ("weight", collectable(bank)),
    ]
    head = "| outcome | " + " | ".join(name for name, _counts in columns) + " |\n"
    rows = [
        f"| {outcome} | " + " | ".join(str(counts[outcome]) for _name, counts in columns) + " |\n"
        for outcome in Outcome
    ]
    return (
        f"Version {bank.version}: {len(bank.items)} items, {len(fours(bank))} with four options and "
        f"{len(pairs(bank))} pairs. Largest weight over smallest: {ratio(bank):.2f}; at most 1.15.\n\n"
        + head
        + "|---" * (len(columns) + 1)
        + "|\n"
        + "".join(rows)
    )


def written(docs: str, bank: Questionnaire) -> str:
    """The page with the tables of this bank in their place."""
    before, _begin, rest = docs.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return before + BEGIN + "\n" + tables(bank) + "\n" + END + after


if __name__ == "__main__":
    DOCS.write_text(written(DOCS.read_text(encoding="utf-8"), read_content().questionnaire), encoding="utf-8")
