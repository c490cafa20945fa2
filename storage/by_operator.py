"""What whoever runs pmpath does about one member: it stands among the moderators' deeds, without a name."""

from __future__ import annotations

from storage import audit, members
from storage.members import Kept, Me
from storage.unit import Unit


def erase(unit: Unit, me: Me) -> Kept:
    """As the member would; how much it was."""
    erased = members.forget(unit, me)
    if erased != Kept():
        audit.by_operator(unit, me.community, audit.Deed.MEMBER_ERASED)
    return erased
