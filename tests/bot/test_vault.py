"""Tokens at rest: any key opens, the first one seals, and no key is a sentence."""

from __future__ import annotations

import pytest

from bot.vault import Vault, WrongKey
from tests.bot.slack.many import KEY, NEW_KEY


def test_any_key_opens_and_the_first_seals() -> None:
    old, both = Vault([KEY]), Vault([NEW_KEY, KEY])
    sealed = old.seal("xoxb-1")

    assert (old.open(sealed), both.open(sealed)) == ("xoxb-1", "xoxb-1")
    assert (both.is_current(sealed), both.is_current(both.seal("xoxb-1"))) == (False, True)
    assert "xoxb" not in sealed
    assert sealed != old.seal("xoxb-1")  # two that are alike do not look it


@pytest.mark.parametrize("sealed", ["", "xoxb-1", Vault([KEY]).seal("xoxb-1")], ids=["none", "plain", "other"])
def test_what_no_key_opens_names_the_variable(sealed: str) -> None:
    with pytest.raises(WrongKey, match="PMPATH_SECRET_KEY does not hold"):
        Vault([NEW_KEY]).open(sealed)
    assert not Vault([NEW_KEY]).opens(sealed)
