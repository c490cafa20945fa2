"""How a command and its actions are declared; calling a declared one gives the press that will run it."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Concatenate, Generic, ParamSpec

from commands.kit.element import Option
from commands.kit.press import Argument, Press, Wire, WireError, decode
from commands.kit.request import Context
from commands.kit.view import View
from content.load import Content
from content.text import Language, Text

P = ParamSpec("P")
Handler = Callable[Concatenate[Context, P], Awaitable[View]]
Suggest = Callable[[Content, Language, str], Sequence[Option]]


class DeclarationError(TypeError):
    """A command or action that can't be: found when the program is built."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a handler: its type, and what a member reads about it (commands only).

    `suggest` names, from memory, what fits what has been typed so far; for words that are no fixed choice.
    """

    name: str
    kind: type
    optional: bool
    about: Text | None
    suggest: Suggest | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Action(Generic[P]):
    """Something that can be pressed. Its name stays in sent messages for years.

    What others must know before the handler runs: `public` (others see the answer), `moderators` (only they
    may), `opens_form` (the answer is a Form; the handler writes nothing), `updates_card` (a press on a public
    card changes that card instead of answering beside it; a refusal stays private), `takes_values` (what the
    card's waiting selects hold comes along, from the draft where the platform does not send it), `costly` (takes a
    thread or the database for so long that a member has one at a time).
    """

    name: str
    handler: Handler[P]
    public: bool = False
    moderators: bool = False
    opens_form: bool = False
    updates_card: bool = False
    takes_values: bool = False
    costly: bool = False

    def __post_init__(self) -> None:
        if self.updates_card and not self.public:
            raise DeclarationError(f"{self.name}: who changes a public card answers publicly")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Press:
        if not kwargs and len(args) == len(self.parameters):
            return Press(self.name, typing.cast("tuple[Argument, ...]", args))  # the usual call, and the quick way
        bound = signature_of(self.handler).bind(None, *args, **kwargs)
        bound.apply_defaults()
        return Press(self.name, typing.cast("tuple[Argument, ...]", bound.args[1:]))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The handler's arguments after the context, in order."""
        return parameters_of(self.handler)

    def arguments(self, wire: Wire) -> tuple[Argument, ...]:
        """The wire's words as typed arguments. Raises WireError.

        Optional parameters that a later version has appended are missing from what was sent before: None.
        """
        wanted = self.parameters
        appended = wanted[len(wire.arguments) :]
        if len(wire.arguments) > len(wanted) or not all(parameter.optional for parameter in appended):
            raise WireError(wire.action)
        sent = (*wire.arguments, *("" for _parameter in appended))
        return tuple(
            decode(words, parameter.kind, optional=parameter.optional)
            for words, parameter in zip(sent, wanted, strict=True)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Command(Generic[P]):
    """A subcommand: an action that can be typed too. `aliases` are for Slack and the page; the first Chinese
    one is its name on Discord for Chinese members."""

    action: Action[P]
    summary: Text
    example: str
    aliases: tuple[str, ...]
    root: str
    path: tuple[str, ...]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Press:
        return self.action(*args, **kwargs)

    @property
    def typed(self) -> str:
        """The command as a member types it, without arguments."""
        return f"/{self.root} {' '.join(self.path)}"


@functools.cache
def signature_of(handler: Handler[...]) -> inspect.Signature:
    """A handler's signature; worked out once, since a card is full of calls."""
    return inspect.signature(handler)


@functools.cache
def parameters_of(handler: Handler[...]) -> tuple[Parameter, ...]:
    """A handler's parameters after the context; worked out once a handler. Raises DeclarationError."""
    hints = typing.get_type_hints(handler, include_extras=True)
    names = list(signature_of(handler).parameters)[1:]
    return tuple(_parameter(name, hints[name]) for name in names)


def _parameter(name: str, hint: object) -> Parameter:
    about, suggest = None, None
    if typing.get_origin(hint) is Annotated:
        hint, about, *more = typing.get_args(hint)
        suggest = more[0] if more else None
    optional = False
    if isinstance(hint, UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not NoneType]
        optional = len(kinds) < len(typing.get_args(hint))
        hint = kinds[0] if len(kinds) == 1 else None
    if not isinstance(hint, type):
        raise DeclarationError(f"{name}: a parameter is one type, or that or None")
    return Parameter(name, hint, optional, about, suggest)


def path_of(module: str) -> tuple[str, tuple[str, ...]]:
    """A module's root and path: `commands.mod.tips.add` is `pmpath-mod`, `("tips", "add")`."""
    parts = tuple(module.split(".")[1:])
    if parts and parts[0] == "mod":
        return "pmpath-mod", parts[1:]
    return "pmpath", parts


def command(
    summary: Text,
    *,
    example: str = "",
    aliases: tuple[str, ...] = (),
    name: str | None = None,
    public: bool = False,
    moderators: bool = False,
    opens_form: bool = False,
    costly: bool = False,
) -> Callable[[Handler[P]], Command[P]]:
    """Declares the handler as the subcommand of its file's path; everything under `mod/` is for moderators.

    `name` is the released name of the action, given only when a file has moved.
    """

    def declare(handler: Handler[P]) -> Command[P]:
        root, path = path_of(handler.__module__)
        called = name or ".".join(path if root == "pmpath" else ("mod", *path))
        action = Action(
            called,
            handler,
            public=public,
            moderators=moderators or root == "pmpath-mod",
            opens_form=opens_form,
            costly=costly,
        )
        return Command(action, summary, example, aliases, root, path)

    return declare


def action(
    name: str,
    *,
    public: bool = False,
    moderators: bool = False,
    opens_form: bool = False,
    updates_card: bool = False,
    takes_values: bool = False,
    costly: bool = False,
) -> Callable[[Handler[P]], Action[P]]:
    """Declares the handler as an action that only presses and forms reach, under its released name."""

    def declare(handler: Handler[P]) -> Action[P]:
        return Action(
            name,
            handler,
            public=public,
            moderators=moderators,
            opens_form=opens_form,
            updates_card=updates_card,
            takes_values=takes_values,
            costly=costly,
        )

    return declare


def signature_line(declared: Action[...]) -> str:
    """An action as `tests/actions.txt` lists it: its name and the types of its arguments."""
    kinds = (
        f"{parameter.name}:{parameter.kind.__name__}{'?' if parameter.optional else ''}"
        for parameter in declared.parameters
    )
    return " ".join((declared.name, *kinds))
