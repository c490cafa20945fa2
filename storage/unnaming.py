"""What others wrote or changed, without whoever is erased: who was named in it, and who it left off the boards."""

from __future__ import annotations

import json

from sqlalchemy import BindParameter, bindparam, delete, exists, func, or_, select, update

from storage import snapshots
from storage.tables import BI, appearance, audit, draft, member
from storage.unit import Unit

_SIDES = (audit.c.before, audit.c.after)
_HERE = audit.c.community_id == bindparam("community", type_=BI)
_UNNAME = (
    update(audit)
    .where(_HERE)
    .where(
        or_(
            *(func.replace(side, bindparam(name), "") != side for side in _SIDES for name in ("as_person", "as_author"))
        )
    )
    .values(before=None, after=None)
)
_THEIRS = exists().where(member.c.id == draft.c.member_id, member.c.community_id == bindparam("community", type_=BI))
_UNCHOOSE = delete(draft).where(func.replace(draft.c.fields, bindparam("as_chosen"), "") != draft.c.fields, _THEIRS)
_ON_BOARDS: BindParameter[str] = bindparam("on_boards")
_LISTED = select(audit.c.id, audit.c.before, audit.c.after).where(
    _HERE, or_(*(func.replace(side, _ON_BOARDS, "") != side for side in _SIDES))
)
_UNLIST = (
    update(audit)
    .where(audit.c.id == bindparam("line", type_=BI))
    .values(before=bindparam("new_before"), after=bindparam("new_after"))
)


def unname(unit: Unit, community_id: int, uid: str, member_id: int | None) -> None:
    """What names this person, as a moderator or a tip's author, can no longer be undone; a draft that does goes."""
    as_person, as_author = f'"ext_id":{json.dumps(uid, ensure_ascii=False)}', f'"suggested_by":{member_id},'
    unit.execute(_UNNAME, {"community": community_id, "as_person": as_person, "as_author": as_author})
    unit.execute(_UNCHOOSE, {"community": community_id, "as_chosen": json.dumps(uid, ensure_ascii=False)})


def unlist(unit: Unit, community_id: int, member_id: int) -> None:
    """Whether they stood on boards goes out of what moderators changed of several at once."""
    found = unit.execute(_LISTED, {"community": community_id, "on_boards": f'"member_id":{member_id},'}).all()
    for line in found:
        before, after = (snapshots.without(side, appearance, {"member_id": member_id}) for side in line[1:])
        unit.execute(_UNLIST, {"line": line.id, "new_before": before, "new_after": after})
