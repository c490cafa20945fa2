"""What can go wrong with the store as such, in sentences for the operator."""

from __future__ import annotations


class Busy(Exception):
    """More units are waiting than can be done in time; nothing was stored, trying again is safe."""


class StoreError(Exception):
    """The database cannot serve. `sentence` says in plain English what is the matter and what to do now."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unavailable(StoreError):
    """What may be well again by itself, as a server that starts or a disk that was full: trying again helps then."""
