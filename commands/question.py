"""How a question is drawn: its options in full, A to D as buttons, and the ways back and on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commands import start
from commands.kit.request import Values
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    Card,
    Element,
    Option,
    Progress,
    Select,
    Style,
    heading,
    line,
    quiet,
)
from content.asking import Ask
from content.questionnaire import Choice, Item, Questionnaire
from content.questionnaire import Option as Choosable
from content.source import NONE_OF_THESE
from content.text import Language, Text, _, plural, verbatim
from storage.runs import Run

LETTERS = "ABCDEFGHIJ"
LIST_MOST = 10  # options of one list that is still read to its end; more stand in two, of the same length


def card(bank: Questionnaire, run: Run, items: Sequence[Item], language: Language, step: Ask | None = None) -> Card:
    """The card of one or more items. Without a step it is an earlier one, gone back to."""
    opening = _opening_place(bank, items)
    waits = len(items) > 1 or items[0].kind == "many"
    body = [*_intro(run, step)]
    if waits and opening is not None:
        body += [element for item in items for element in _select(run, item, opening)]
        body.append(Buttons(_ticking(run, opening)))
    else:
        body += _single(run, items[0])
    return Card(_("Which track fits you?"), tuple(body), tuple(_ways(bank, run, items, language, step)))


def finished(run: Run) -> Card:
    """After going back, nothing more is asked: the result is one press away."""
    return Card(
        _("Which track fits you?"),
        (_("That is all I need to ask. More questions would hardly change your result."),),
        (Button(_("Show my result"), start.finish(run.id, run.revision), Style.PRIMARY),),
    )


def together(bank: Questionnaire, item_id: str) -> tuple[Item, ...]:
    """The items that share a card with this one."""
    ids = next((group for group in bank.opening if item_id in group), (item_id,))
    return tuple(bank.item(each) for each in ids)


def choices(bank: Questionnaire, opening: int, values: Values) -> Mapping[str, Choice]:
    """What was chosen on an opening card, each item by itself: ticks, one option, or nothing (skipped)."""
    chosen: dict[str, Choice] = {}
    for item in together(bank, bank.opening[opening][0]):
        known = {option.id for option in item.options}
        picked = tuple(value for name, _part in _lists(item) for value in values.get(name, ()) if value in known)
        if item.kind == "many":
            chosen[item.id] = tuple(sorted(picked))
        else:
            chosen[item.id] = picked[0] if picked else None
    return chosen


def _intro(run: Run, step: Ask | None) -> list[Element]:
    if step is None:
        return [quiet(_("You can choose another answer here; your later answers stay."))]
    more = Progress(step.asked, step.about_more + 1, how_many_more(step.about_more))
    if run.answers:
        return [more]
    return [
        _("Answer as you are, there is nothing to win. Only you see your answers; stop and go on at any time."),
        more,
    ]


def how_many_more(about: int) -> Text:
    """How far it is to the result, after the question that is asked."""
    if about == 0:
        return _("the last question, probably")
    return plural("about {count} more after this", "about {count} more after this", about)


def _select(run: Run, item: Item, opening: int) -> list[Element]:
    given = run.answers.get(item.id)
    chosen = given if isinstance(given, tuple) else (given,)
    label = _("Choose one")
    if item.kind == "many":
        label = _("Tick all that fit") if item.most is None else _("Tick what fits best")
    body: list[Element] = []
    for name, options in _lists(item):
        known = {option.id for option in options}
        select = Select(
            name,
            label,
            tuple(Option(option.id, option.text) for option in options),
            start.ticked(run.id, run.revision, opening),
            many=item.kind == "many",
            waits=True,
            most=item.most,
            chosen=tuple(each for each in chosen if each in known),
        )
        body += [heading(_("And which of these?") if body else item.text), select]
    return body


def _lists(item: Item) -> tuple[tuple[str, tuple[Choosable, ...]], ...]:
    """An item's options as they are drawn, by the names of their selects: a long list stands in two."""
    if len(item.options) <= LIST_MOST:
        return ((item.id, item.options),)
    half = (len(item.options) + 1) // 2
    return (item.id, item.options[:half]), (f"{item.id}.2", item.options[half:])


def _ticking(run: Run, opening: int) -> tuple[Button, ...]:
    place = (run.id, run.revision, opening)
    return (
        Button(_("Next"), start.ticked(*place), Style.PRIMARY, takes_values=True),
        Button(_("None of these"), start.passed(*place, NONE_OF_THESE)),
        Button(_("Skip"), start.passed(*place, None)),
    )


def _single(run: Run, item: Item) -> list[Element]:
    given = run.answers.get(item.id)
    body: list[Element] = [heading(item.text)]
    buttons = []
    for letter, option in zip(LETTERS, item.options, strict=False):
        said = verbatim(letter)
        body.append(line(Bold(said), verbatim("  "), option.text))
        style = Style.PRIMARY if option.id == given else Style.PLAIN
        buttons.append(Button(said, start.answer(run.id, run.revision, item.id, option.id), style))
    buttons += [
        Button(_("None of these"), start.answer(run.id, run.revision, item.id, NONE_OF_THESE)),
        Button(_("Skip"), start.answer(run.id, run.revision, item.id, None)),
    ]
    return [*body, Buttons(tuple(buttons))]


def _ways(bank: Questionnaire, run: Run, items: Sequence[Item], language: Language, step: Ask | None) -> list[Button]:
    """Back, the result now, begin anew, and on the first card the other language."""
    ways = []
    earlier = _before(bank, run, items)
    if earlier is not None:
        ways.append(Button(_("Back"), start.show(run.id, earlier)))
    if step is None:
        ways.append(Button(_("On to where I was"), start.go_on(run.id)))
    if step is not None and step.may_finish:
        ways.append(Button(_("Show my result now"), start.finish(run.id, run.revision)))
    if not run.answers:
        other = Language.EN if language is Language.ZH else Language.ZH
        ways.append(Button(verbatim(other.label), start.speak(run.id, other)))
    return ways


def _before(bank: Questionnaire, run: Run, items: Sequence[Item]) -> str | None:
    """The answered item that came before these: of the last card, or of the one before an earlier card."""
    answered = list(run.answers)
    ids = {item.id for item in items}
    places = [place for place, item in enumerate(answered) if item in ids]
    before = answered[: places[0]] if places else answered
    return before[-1] if before else None


def _opening_place(bank: Questionnaire, items: Sequence[Item]) -> int | None:
    ids = {item.id for item in items}
    return next((place for place, group in enumerate(bank.opening) if ids & set(group)), None)
