"""YAML that remembers its lines, so that every fault in a pack is told by file, line and what was expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable

import yaml

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]*")
IDENTIFIER_MAX = 24  # two of them fit into a press of 100 characters beside its action
NONE_OF_THESE = "none"  # the answer every item takes besides its options; no option may be called so

LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a pack."""

    file: str
    line: int
    expected: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: expected {self.expected}"


class ContentError(Exception):
    """A pack that cannot be used, with all its faults at once."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Ledger:
    """The faults found so far in one reading."""

    problems: list[Problem] = field(default_factory=list)
    owner: str = ""
    references: dict[str, list[tuple[Problem, str, str]]] = field(default_factory=dict)

    def begin(self, owner: str) -> None:
        """What is referred to from here on belongs to this entry; one that it lies over refers to nothing more."""
        self.owner = owner
        self.references[owner] = []

    def forgive(self, owner: str, kind: str, identifiers: Collection[str]) -> None:
        """That this entry refers to one of these is no fault."""
        kept = [each for each in self.references.get(owner, ()) if each[1] != kind or each[2] not in identifiers]
        self.references[owner] = kept

    def settle(self, known: Mapping[str, Collection[str]]) -> None:
        """Raises ContentError if anything was found, or an id is referred to that is not in `known`."""
        for problem, kind, identifier in (each for several in self.references.values() for each in several):
            if identifier not in known.get(kind, ()):
                self.problems.append(problem)
        if self.problems:
            raise ContentError(self.problems)


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file. Reading it wrongly notes a problem and gives back something empty of the right kind."""

    file: str
    node: yaml.Node | None
    ledger: Ledger

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1 if self.node is not None else 1

    def expected(self, what: str) -> None:
        """Notes that something else should stand here."""
        self.ledger.problems.append(Problem(self.file, self.line, what))

    def entries(self) -> dict[str, Place]:
        """A mapping whose keys the author chooses."""
        return {key: value for key, _key_place, value in self._pairs()}

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Place]:
        """A mapping with known keys. A missing one reads as an empty place, so that reading goes on."""
        known = (*required, *optional)
        found = {}
        for key, key_place, value in self._pairs():
            if key in known:
                found[key] = value
            else:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0)
                key_place.expected(f"a known key instead of “{key}”; the nearest is “{near[0]}”")
        for key in required:
            if key not in found:
                if isinstance(self.node, yaml.MappingNode):
                    self.expected(f"the key “{key}” here")
                found[key] = nowhere(self.file)
        return found

    def sequence(self, at_least: int = 0) -> list[Place]:
        """A list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.expected("a list")
            return []
        if len(self.node.value) < at_least:
            self.expected(f"a list of at least {at_least}")
        return [Place(self.file, node, self.ledger) for node in self.node.value]

    def words(self, most: int) -> str:
        """A text for members: at most `most` characters, no braces, since those mark values elsewhere."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag != "tag:yaml.org,2002:str":
            self.expected("a text (put it in quotes if YAML takes it for something else)")
            return ""
        words = str(self.node.value).strip()
        if not words:
            self.expected("a text that is not empty")
        if len(words) > most:
            self.expected(f"at most {most} characters; these are {len(words)}")
        if "{" in words or "}" in words:
            self.expected("a text without braces")
        return words

    def one_line(self, most: int) -> str:
        """Words that stand in a line of their own."""
        words = self.words(most)
        if not words.isprintable():
            self.expected("a text in one line, without line breaks, tabs or invisible characters")
        return words

    def plain(self) -> str:
        """A single value as it is written, or nothing where there is none."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    def identifier(self) -> str:
        """An id: lower-case letters, digits, hyphens."""
        value = self.plain()
        self.proper_id(value)
        return value

    def proper_id(self, value: str) -> None:
        """Notes it if this is no id; for ids that stand as keys."""
        if not IDENTIFIER.fullmatch(value) or len(value) > IDENTIFIER_MAX:
            self.expected(f"an id of lower-case letters, digits and hyphens, at most {IDENTIFIER_MAX} long")

    def refers(self, kind: str) -> str:
        """The id of something that another file defines; looked up once all files are read."""
        value = self.identifier()
        problem = Problem(self.file, self.line, f"the id of a {kind} that exists; “{value}” does not")
        self.ledger.references.setdefault(self.ledger.owner, []).append((problem, kind, value))
        return value

    def refers_to_several(self, kind: str, at_least: int = 0) -> tuple[str, ...]:
        """A list of such ids, each once."""
        places = self.sequence(at_least)
        return once([(each.refers(kind), each) for each in places])

    def one_of(self, known: Collection[str], what: str) -> str:
        """One of the known words."""
        value = self.plain()
        if value not in known:
            near = difflib.get_close_matches(value, tuple(known), n=1, cutoff=0.6)
            hint = f"; the nearest to “{value}” is “{near[0]}”" if near else f"; “{value}” is none"
            self.expected(f"{what}{hint}")
        return value

    def whole(self, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.plain()
        if not re.fullmatch(r"-?\d{1,6}", value) or not least <= int(value) <= most:
            self.expected(f"a whole number from {least} to {most}")
            return least
        return int(value)

    def flag(self) -> bool:
        """True or false."""
        value = self.plain()
        if value not in {"true", "false"}:
            self.expected("true or false")
        return value == "true"

    def _pairs(self) -> Iterator[tuple[str, Place, Place]]:
        if not isinstance(self.node, yaml.MappingNode):
            self.expected("keys with values")
            return
        seen = set()
        for key_node, value_node in self.node.value:
            key_place = Place(self.file, key_node, self.ledger)
            if not isinstance(key_node, yaml.ScalarNode):
                key_place.expected("a plain key")
            elif key_node.value in seen:
                key_place.expected(f"the key “{key_node.value}” only once")
            else:
                seen.add(key_node.value)
                yield str(key_node.value), key_place, Place(self.file, value_node, self.ledger)


def once(values: Collection[tuple[str, Place]]) -> tuple[str, ...]:
    """The values of a list; one that stands there twice is noted at its second place."""
    seen = set()
    for value, place in values:
        if value in seen:
            place.expected(f"“{value}” only once in this list")
        seen.add(value)
    return tuple(value for value, _place in values)


def read_yaml(file: Traversable, name: str, ledger: Ledger) -> Place:
    """The whole of one file; what is not YAML, not UTF-8 or not there is a problem like any other."""
    try:
        node = yaml.compose(file.read_bytes(), Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        ledger.problems.append(Problem(name, line, f"valid YAML ({error.problem or error.context})"))
    except yaml.YAMLError:
        ledger.problems.append(Problem(name, 1, "YAML written in UTF-8"))
    except FileNotFoundError:
        ledger.problems.append(Problem(name, 1, "this file to exist"))
    except OSError as error:
        ledger.problems.append(Problem(name, 1, f"a file that can be read ({error.strerror})"))
    else:
        if node is not None:
            return Place(name, node, ledger)
        ledger.problems.append(Problem(name, 1, "a file that is not empty"))
    return nowhere(name)


def nowhere(file: str) -> Place:
    """The place of what is missing: that was told, and one fault is enough for what follows from it."""
    return Place(file, None, Ledger())
