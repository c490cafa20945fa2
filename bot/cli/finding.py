"""What `pmpath doctor` found about one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in a sentence; where it is wrong the sentence names the way out."""

    ok: bool
    sentence: str

    @property
    def line(self) -> str:
        return f"{'ok' if self.ok else 'wrong':<7}{self.sentence}"


def fine(sentence: str) -> Finding:
    return Finding(ok=True, sentence=sentence)


def wrong(sentence: str) -> Finding:
    return Finding(ok=False, sentence=sentence)
