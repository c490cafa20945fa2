"""Finds every command, action and notice by walking the `commands` package; nothing is registered by hand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import rapidfuzz.process

from commands.kit.command import Action, Command, DeclarationError
from commands.kit.notice import Notice

ROOTS = ("pmpath", "pmpath-mod")
FOLDERS = {"tip": "tips", "每周一招": "tips", "导师": "mentor"}  # other words for a folder of commands
NEAR = 60  # rapidfuzz's score, of 100, from which a word is taken for a mistyped command


@dataclass(frozen=True, slots=True)
class Found:
    """A command by what was typed, with the words that follow it."""

    command: Command[...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The name of a folder of commands alone: which one is still to be said."""

    root: str
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing of that name; `nearest` is what was probably meant."""

    typed: str
    nearest: Command[...] | None


@dataclass(frozen=True, slots=True)
class Registry:
    """All that members can do: commands by root and path, actions and notices by released name."""

    commands: Mapping[tuple[str, tuple[str, ...]], Command[...]]
    actions: Mapping[str, Action[...]]
    notices: Mapping[str, Notice]

    def under(self, root: str) -> tuple[Command[...], ...]:
        """The commands of a root, in the order of their paths."""
        return tuple(command for (above, _), command in self.commands.items() if above == root)

    def find(self, root: str, text: str) -> Found | Group | Unknown:
        """The command that `text` names, by its path or an alias; the empty text is `home` or `setup`."""
        words = tuple(text.split())
        if not words:
            words = ("home",) if root == "pmpath" else ("setup",)
        known = self._names(root)
        lower = tuple(word.casefold() for word in words)
        if lower[:1] not in known:
            lower = (FOLDERS.get(lower[0], lower[0]), *lower[1:])
        for length in (2, 1):
            if found := known.get(lower[:length]):
                return Found(found, words[length:])
        inside = {path: command for path, command in known.items() if len(path) > 1 and path[0] == lower[0]}
        if not inside:
            return Unknown(words[0], self._nearest(lower[0], known))
        nearest = self._nearest(lower[1], inside) if len(words) > 1 else None
        return Unknown(" ".join(words[:2]), nearest) if nearest else Group(root, lower[0])

    def _names(self, root: str) -> dict[tuple[str, ...], Command[...]]:
        names: dict[tuple[str, ...], Command[...]] = {}
        for command in self.under(root):
            names[command.path] = command
            for alias in command.aliases:
                names[(*command.path[:-1], alias.casefold())] = command
        return names

    def _nearest(self, word: str, known: dict[tuple[str, ...], Command[...]]) -> Command[...] | None:
        firsts = {path[-1]: command for path, command in known.items()}
        best = rapidfuzz.process.extractOne(word, list(firsts), score_cutoff=NEAR)
        return firsts[best[0]] if best else None


def discover(package: ModuleType) -> Registry:
    """The registry of everything declared in a package. Raises DeclarationError for two of one name."""
    commands: dict[tuple[str, tuple[str, ...]], Command[...]] = {}
    actions: dict[str, Action[...]] = {}
    notices: dict[str, Notice] = {}
    for declared in _declared(package):
        match declared:
            case Command():
                _add(commands, (declared.root, declared.path), declared)
                _add(actions, declared.action.name, declared.action)
            case Action():
                _add(actions, declared.name, declared)
            case Notice():
                _add(notices, declared.name, declared)
    return Registry(dict(sorted(commands.items())), actions, notices)


def _declared(package: ModuleType) -> Iterator[Command[...] | Action[...] | Notice]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if isinstance(value, Command | Action | Notice) and _home(value) == module.__name__:
                yield value


def _home(declared: Command[...] | Action[...] | Notice) -> str:
    handler = declared.action.handler if isinstance(declared, Command) else declared.handler
    return handler.__module__


def _add(table: dict[Any, Any], name: object, declared: object) -> None:
    if name in table:
        raise DeclarationError(f"two are called {name}")
    table[name] = declared
