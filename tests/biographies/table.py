"""docs/biographies.md and the short transcripts beside it, made from the finished sittings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from content.likelihood import ticks
from content.load import Content, read_content
from content.outcomes import Outcome
from content.questionnaire import Questionnaire
from content.source import NONE_OF_THESE
from content.text import Language, Text
from tests.biographies import record
from tests.biographies.people import DOCS, FOLDER, NOT_ENOUGH, Biography, Expected, biographies, expected, remarks
from tests.biographies.record import Judged, Record, judged, read_store, shown

PAGE = DOCS / "biographies.md"
NAMED = 5  # gaps that a row names; the plan's first page has as many
NOTHING = {Language.EN: ("skipped", "none of these"), Language.ZH: ("跳过", "都不是")}
HOW = """No real person was asked.

# Thirty biographies

The people are invented ([people.yaml](biographies/people.yaml)), twenty in English and ten in Chinese. What is expected of each, the experience rule first and common sense where no rule fits, and the skills that a biography says plainly, were written down before anybody answered ([expected.yaml](biographies/expected.yaml)) and without looking at the weights. Each was then answered once (p20 and p28 a second time, as said below) by a reader who had only the biography and the screens before them: the questions, the result, *What is missing for me?* and the plan. The readers knew neither what was expected nor how answers count, and what they had answered was not changed afterwards. The questions were those of version 2; told to a later version, as far as it still has them, the same answers are to fit as well. The answers as stored are in [sittings.jsonl](biographies/sittings.jsonl), in words in the transcripts that the table links to.

A result **fits** where every outcome that it names as the person's own is among those expected: one outcome where it is clear or leaning, both where it stands between two. Where the rule says one thing and the wish another, the result must say that too. A **held skill** is a fault wherever the plan's list calls it missing, on its first page or later.

`python -m tests.biographies` is the harness; `tests/test_biographies.py` judges the stored answers again, by the questions they were given to, and wants the same table.
"""  # noqa: E501 - a page's paragraphs stand on one line each
HEAD = (
    "| who | in short | language | expected | the rule | result | fits | missing, the first five | held among them |",
    "|---|---|---|---|---|---|---|---|---|",
)


async def write(state: Path) -> str:
    """Takes over the sittings in `state`, beside those kept before, and writes the docs anew; says what it did."""
    content = read_content()
    notes: list[str] = []
    kept = {each.id: each for each in record.records()}
    for person in biographies().values():
        found = await read_store(person.id, state)
        if found is not None:
            kept[person.id] = found
            notes += _take_over(content, person, found, state)
    ordered = [kept[person] for person in biographies() if person in kept]
    record.keep(ordered)
    PAGE.write_text(page(content, ordered), "utf-8")
    return "".join((*notes, f"{len(ordered)} of {len(biographies())} people; {PAGE.name} is written\n"))


def _take_over(content: Content, person: Biography, found: Record, state: Path) -> list[str]:
    """Writes a sitting's short transcript; what the one who runs this should look at."""
    told = (state / f"{person.id}.md").read_text("utf-8")
    result, plan = cards(content, person.language, Outcome(found.shown[1]), told)
    (FOLDER / f"{person.id}.md").write_text(transcript(content, person, found, result, plan), "utf-8")
    notes = []
    if not plan and found.shown[0] != NOT_ENOUGH:
        notes.append(f"{person.id}: stopped before the plan\n")
    if shown(judged(content, found).verdict) != found.shown:
        notes.append(f"{person.id}: the engine has changed since; have it answered again\n")
    return notes


def page(content: Content, kept: Sequence[Record]) -> str:
    """The whole page."""
    results = {each.id: judged(content, each) for each in kept}
    rows = [row(content, biographies()[person], expected()[person], each) for person, each in results.items()]
    return "\n".join((HOW, *HEAD, *rows, "", *counts(results), "", *wrong(content, results), ""))


def row(content: Content, person: Biography, awaited: Expected, result: Judged) -> str:
    names = [_skill(content, each) for each in result.missing[:NAMED]]
    more = len(result.missing) - len(names)
    missing = ", ".join(names) + (f" and {more} more" if more else "") if names else "nothing"
    faults = ", ".join(_skill(content, each) for each in result.faults(awaited)) or "none"
    cells = (
        f"[{person.id}](biographies/{person.id}.md)",
        person.who,
        person.language.label,
        " or ".join(sorted(awaited.outcomes)) + f": {awaited.why}",
        result.verdict.rule,
        result.said + _two_lines(result),
        "yes" if result.fits(awaited) else "**no**",
        missing,
        faults if faults == "none" else f"**{faults}**",
    )
    return "| " + " | ".join(cells) + " |"


def counts(results: Mapping[str, Judged]) -> list[str]:
    awaited = expected()
    chinese = [person for person in results if biographies()[person].language is Language.ZH]
    fit = sum(result.fits(awaited[person]) for person, result in results.items())
    faulty = sum(bool(result.faults(awaited[person])) for person, result in results.items())
    words = [result.verdict.words for result in results.values()]
    kinds = ", ".join(f"{words.count(kind)} {kind}" for kind in dict.fromkeys(words))
    return [
        f"People: {len(results)} of {len(biographies())}, {len(chinese)} of them in Chinese. "
        f"**Fits: {fit}.** Plans that call a held skill missing: **{faulty}**. Results: {kinds or 'none yet'}."
    ]


def wrong(content: Content, results: Mapping[str, Judged]) -> list[str]:
    """What did not fit, each with its reason, and other remarks."""
    awaited, told = expected(), remarks()
    lines = ["## What was wrong and why", ""]
    for person in biographies():
        faults = results[person].faults(awaited[person]) if person in results else ()
        bad = person in results and (not results[person].fits(awaited[person]) or faults)
        if bad or person in told:
            lines.append(f"- {person}: {told.get(person, 'not looked into yet')}")
    return lines if len(lines) > 2 else [*lines, "Nothing."]


def transcript(content: Content, person: Biography, kept: Record, result: str, plan: str) -> str:
    """A sitting in short: each question with its answer in words, the result and the plan as they were shown."""
    answered = answers(content, person.language, kept)
    parts = [f"# {person.id}", person.text.strip(), answered, "---"]
    parts += [_quoted(card) for card in (result, plan) if card]
    return "\n\n".join(parts) + "\n"


def answers(content: Content, language: Language, kept: Record) -> str:
    """Each question with the answer, in the language and the order in which they were asked."""
    bank = content.questionnaires[kept.bank]
    say = content.catalogue.say
    return "\n".join(
        f"- {say(bank.item(item).text, language)} → {_answer(content, bank, language, item, kept)}"
        for item in kept.answers
    )


def cards(content: Content, language: Language, outcome: Outcome, told: str) -> tuple[str, str]:
    """The result's card, which is the first that is no question, and the outcome's plan as it was seen last."""
    screens = [part for part in told.rstrip("\n").split("\n\n\n")[1:] if part.startswith("# ")]
    titles = [each.partition("\n")[0] for each in screens]
    result = next((each for each, title in zip(screens, titles, strict=True) if title != titles[0]), "")
    plan = "# " + content.catalogue.say(Text("My plan: {outcome}", (("outcome", outcome.label),)), language)
    return result, next((each for each, title in reversed([*zip(screens, titles, strict=True)]) if title == plan), "")


def _answer(content: Content, bank: Questionnaire, language: Language, item: str, kept: Record) -> str:
    given = kept.answers[item]
    skipped, none = NOTHING[language]
    if given is None:
        return skipped
    chosen = [option for option in bank.item(item).options if option.id in ticks(given)]
    if given == NONE_OF_THESE or not chosen:
        return none
    return "; ".join(content.catalogue.say(option.text, language) for option in chosen)


def _two_lines(result: Judged) -> str:
    verdict = result.verdict
    said = [
        f"{name} {each.value}"
        for name, each in (("experience", verdict.experience), ("choices", verdict.choices))
        if each
    ]
    return f" ({', '.join(said)})" if said and verdict.differs else ""


def _skill(content: Content, skill: str) -> str:
    return content.catalogue.say(content.skills[skill].name, Language.EN)


def _quoted(card: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in card.splitlines())
