"""Tokens at rest: sealed by the first key of PMPATH_SECRET_KEY, opened by any of them."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(Exception):
    """Something was sealed by a key that is not there any more; `sentence` says what to do."""

    sentence = (
        "A stored Slack token was encrypted with a key that PMPATH_SECRET_KEY does not hold. "
        "Put that key back, behind the others with a comma between; or let the workspace install pmpath again, "
        "which loses nothing."
    )

    def __init__(self) -> None:
        super().__init__(self.sentence)


class Vault:
    """Seals and opens. Raises WrongKey where no key opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._first = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def seal(self, words: str) -> str:
        return self._first.encrypt(words.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken as error:
            raise WrongKey from error

    def opens(self, sealed: str) -> bool:
        try:
            self.open(sealed)
        except WrongKey:
            return False
        return True

    def is_current(self, sealed: str) -> bool:
        """Whether the first key opens it."""
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            return False
        return True
