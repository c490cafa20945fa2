"""What a finished run says, as data: stored with the result, worded by the commands, never a number on screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, cast

from content.outcomes import Outcome

Words = Literal["clear", "leaning", "between", "not-enough"]
Rule = Literal["business", "platform", "technical", "hybrid", "two", "none"]
Answer = tuple[str, str]  # item id, option id


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome and its reasons. `runner_up` is set where it is to be named beside the outcome."""

    version: str
    texts_hash: str
    outcome: Outcome
    runner_up: Outcome | None
    words: Words
    rule: Rule
    fits: tuple[Outcome, ...]
    experience: Outcome | None
    choices: Outcome | None
    differs: bool
    receipts: tuple[Answer, ...]
    against: Answer | None
    flip: tuple[Answer, ...]
    posterior: Mapping[Outcome, float] = field(hash=False)
    decided: Mapping[Outcome, float] = field(hash=False)

    def to_json(self) -> bytes:
        """The same bytes for the same verdict, always."""
        plain = {
            "version": self.version,
            "texts_hash": self.texts_hash,
            "outcome": self.outcome.value,
            "runner_up": self.runner_up.value if self.runner_up else None,
            "words": self.words,
            "rule": self.rule,
            "fits": [outcome.value for outcome in self.fits],
            "experience": self.experience.value if self.experience else None,
            "choices": self.choices.value if self.choices else None,
            "differs": self.differs,
            "receipts": [list(answer) for answer in self.receipts],
            "against": list(self.against) if self.against else None,
            "flip": [list(answer) for answer in self.flip],
            "posterior": {outcome.value: value for outcome, value in self.posterior.items()},
            "decided": {outcome.value: value for outcome, value in self.decided.items()},
        }
        return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, stored: bytes | str) -> Verdict:
        """The verdict that `to_json` wrote."""
        plain: dict[str, Any] = json.loads(stored)
        return cls(
            version=plain["version"],
            texts_hash=plain["texts_hash"],
            outcome=Outcome(plain["outcome"]),
            runner_up=_outcome(plain["runner_up"]),
            words=cast(Words, plain["words"]),
            rule=cast(Rule, plain["rule"]),
            fits=tuple(map(Outcome, plain["fits"])),
            experience=_outcome(plain["experience"]),
            choices=_outcome(plain["choices"]),
            differs=plain["differs"],
            receipts=tuple((item, option) for item, option in plain["receipts"]),
            against=(plain["against"][0], plain["against"][1]) if plain["against"] else None,
            flip=tuple((item, option) for item, option in plain["flip"]),
            posterior=_chances(plain["posterior"]),
            decided=_chances(plain["decided"]),
        )


def _outcome(value: str | None) -> Outcome | None:
    return Outcome(value) if value else None


def _chances(plain: Mapping[str, float]) -> Mapping[Outcome, float]:
    return MappingProxyType({outcome: plain[outcome.value] for outcome in Outcome})
