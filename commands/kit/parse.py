"""A call's words as an action with typed arguments, from memory alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import rapidfuzz.fuzz
import rapidfuzz.process

from commands.kit import group
from commands.kit.command import Action, Command, Parameter
from commands.kit.discover import Found, Group, Registry, Unknown
from commands.kit.errors import Refusal, out_of_date
from commands.kit.press import Argument, Press, WireError, read_wire
from commands.kit.request import Call, Named, Pressed, Words
from commands.kit.view import Button
from commands.kit.wording import said_back
from content.text import Catalogue, Language, Text, _, verbatim

NEAR = 75  # rapidfuzz's score, of 100, from which a word is taken for a mistyped choice
BEGINS = 2  # signs that a choice can be told by: two in Chinese are a word


@dataclass(frozen=True, slots=True)
class Parsed:
    """An action with its arguments, or the refusal that answers instead. `community` is a press's own."""

    action: Action[...] | None = None
    arguments: tuple[Argument, ...] = ()
    refusal: Refusal | None = None
    community: int | None = None


def parse(registry: Registry, catalogue: Catalogue, call: Call) -> Parsed:
    """What the call asks for; never raises."""
    match call:
        case Words():
            return _words(registry, catalogue, call)
        case Named():
            command = registry.commands.get((call.root, call.path))
            if command is None:
                return Parsed(refusal=_unknown(Unknown(" ".join(call.path), None)))
            return _typed(command, catalogue, call.arguments)
        case Pressed():
            return _pressed(registry, call)


def _words(registry: Registry, catalogue: Catalogue, call: Words) -> Parsed:
    found = registry.find(call.root, call.text)
    match found:
        case Unknown():
            return Parsed(refusal=_unknown(found))
        case Group():
            opens = group.choices(found)
            return Parsed(registry.actions[opens.action], opens.arguments)
    return _typed(found.command, catalogue, _by_place(found, catalogue))


def _by_place(found: Found, catalogue: Catalogue) -> dict[str, str]:
    """Words given to the parameters in order; the last one takes all that is left.

    Where one of several takes free words, the choices around it take only a word that means one of theirs, and it
    gets the others: a skill's name may have blanks, and may come without a track before it.
    """
    parameters, words = found.command.action.parameters, found.words
    free = [place for place, parameter in enumerate(parameters) if parameter.kind is str]
    if len(parameters) > 1 and len(free) == 1:
        return _around(parameters, free[0], list(words), catalogue)
    while words and _means_the_next(parameters, words[0], catalogue):
        parameters = parameters[1:]
    given = dict(zip((parameter.name for parameter in parameters), words, strict=False))
    if parameters and len(words) > len(parameters):
        given[parameters[-1].name] = " ".join(words[len(parameters) - 1 :])
    return given


def _around(parameters: Sequence[Parameter], free: int, words: list[str], catalogue: Catalogue) -> dict[str, str]:
    given: dict[str, str] = {}
    for parameter in parameters[:free]:
        if words and _means(parameter, words[0], catalogue):
            given[parameter.name] = words.pop(0)
    for parameter in reversed(parameters[free + 1 :]):
        if words and _means(parameter, words[-1], catalogue):
            given[parameter.name] = words.pop()
    return given | ({parameters[free].name: " ".join(words)} if words else {})


def _means_the_next(parameters: Sequence[Parameter], word: str, catalogue: Catalogue) -> bool:
    """Whether a word leaves out the first of several choices: `leaderboard week`."""
    if len(parameters) < 2 or not parameters[0].optional:
        return False
    return not _means(parameters[0], word, catalogue) and _means(parameters[1], word, catalogue)


def _means(parameter: Parameter, word: str, catalogue: Catalogue) -> bool:
    """Whether a word means one of a parameter's choices by itself: to be like some part of one is not enough."""
    if not issubclass(parameter.kind, Enum):
        return _value(parameter.kind, word, catalogue) is not None
    lower = word.casefold()
    names = [str(member.value).casefold() for member in parameter.kind]
    names += [said.casefold() for member in parameter.kind for said in spoken(member, catalogue)]
    begins = len(lower) >= BEGINS and any(name.startswith(lower) for name in names)
    near = rapidfuzz.process.extractOne(lower, names, scorer=rapidfuzz.fuzz.ratio, score_cutoff=NEAR)
    return begins or near is not None


def _typed(command: Command[...], catalogue: Catalogue, given: Mapping[str, str]) -> Parsed:
    parameters = command.action.parameters
    given = {name: words for name, words in given.items() if words.strip()}
    understood = [
        None if parameter.name not in given else _value(parameter.kind, given[parameter.name], catalogue)
        for parameter in parameters
    ]
    for place, parameter in enumerate(parameters):
        words = given.get(parameter.name)
        if understood[place] is None and (words is not None or not parameter.optional):
            return Parsed(command.action, refusal=_choices(command, place, understood, words or ""))
    return Parsed(command.action, tuple(understood))


def _value(kind: type, words: str, catalogue: Catalogue) -> Argument:
    if issubclass(kind, Enum):
        return _member(kind, words, catalogue)
    if kind is int:
        return int(words) if words.isascii() and words.removeprefix("-").isdigit() and len(words) < 19 else None
    return words


def _member(kind: type[Enum], words: str, catalogue: Catalogue) -> Enum | None:
    """The member that the words mean: by value, by label in either language, or nearly so."""
    names: dict[str, Enum] = {}
    for member in kind:
        names[str(member.value).casefold()] = member
        for said in spoken(member, catalogue):
            names.setdefault(said.casefold(), member)
    lower = words.casefold()
    starts = next((member for name, member in names.items() if name.startswith(lower)), None)
    best = rapidfuzz.process.extractOne(lower, list(names), score_cutoff=NEAR)
    return names.get(lower) or starts or (names[best[0]] if best else None)


def spoken(member: Enum, catalogue: Catalogue) -> list[str]:
    """What a choice is called on screen, in every language."""
    label = label_of(member)
    return [catalogue.say(label, language) for language in Language]


def label_of(member: Enum) -> Text:
    """A choice's words: its own `label`, or its value where it has none."""
    label = getattr(member, "label", None)
    return label if isinstance(label, Text) else Text(str(label or member.value), zh=str(label or member.value))


def _choices(command: Command[...], place: int, understood: Sequence[Argument], words: str) -> Refusal:
    """No error but the choices for the parameter at this place: a button for each, with what else was understood."""
    parameters = command.action.parameters
    parameter = parameters[place]
    if not issubclass(parameter.kind, Enum):
        return Refusal(
            _(
                "{command} needs one more word, like: {example}",
                command=command.typed,
                example=command.example,
            )
        )
    kept = [each if Press("", (each,)).can_be_sent(0) else None for each in understood]  # free words fit on no button
    buttons = tuple(
        Button(label_of(member), Press(command.action.name, (*kept[:place], member, *kept[place + 1 :])))
        for member in parameter.kind
        if all(each.optional or each is parameter for each in parameters)
    )
    buttons = (*buttons, Button(_("Home"), Press("home")))
    if not words:
        return Refusal(_("Which one?"), buttons)
    return Refusal(_("I know no “{words}” here. Which one?", words=said_back(words)), buttons)


def _unknown(unknown: Unknown) -> Refusal:
    home = Button(_("Home"), Press("home"))
    if unknown.nearest is None:
        return Refusal(
            _("There is no command “{words}”. /pmpath help lists them all.", words=said_back(unknown.typed)), (home,)
        )
    nearest = unknown.nearest
    return Refusal(
        _(
            "There is no command “{words}”. Did you mean {command}?",
            words=said_back(unknown.typed),
            command=nearest.typed,
        ),
        _runs(nearest) or (home,),
    )


def _runs(command: Command[...]) -> tuple[Button, ...]:
    if not all(parameter.optional for parameter in command.action.parameters):
        return ()
    arguments = (None,) * len(command.action.parameters)
    typed = verbatim(command.typed)
    return (Button(typed, Press(command.action.name, arguments)),)


def _pressed(registry: Registry, call: Pressed) -> Parsed:
    try:
        wire = read_wire(call.wire)
        action = registry.actions[wire.action]
        if call.form and action.opens_form:  # no form of ours is sent there, and no platform opens one on another
            return Parsed(refusal=out_of_date())
        return Parsed(action, action.arguments(wire), community=wire.community)
    except (WireError, KeyError):
        return Parsed(refusal=out_of_date())
