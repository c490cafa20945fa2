"""What a member takes away of what is stored about them: a file for programs, and a page to read."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from commands import export_page
from commands.kit.view import File
from content.load import Content
from content.text import Language, _
from storage.export import Export

NAMES = {
    "run": "assessments",
    "answer": "answers",
    "result": "results",
    "opinion": "opinions",
    "share": "shares",
    "skill_state": "skills",
    "resource_state": "resources",
    "member_region": "regions",
    "draft": "drafts",
    "outbox": "messages",
    "tip_deed": "tips",
    "tip": "suggestions",
    "audit": "moderating",
    "award": "points",
    "allowance": "weekly_points",
    "appearance": "boards",
    "standing": "standings",
    "digest_line": "digests",
    "mentor_offer": "mentor_offer",
    "mentor_ask": "mentor_ask",
    "mentor_request": "mentor_requests",
    "mentorship": "mentor_matches",
    "round_pair": "matching_days",
    "not_with": "kept_apart",
    "mentor_report": "reports_made",
    "mentor_invitation": "mentor_invitation",
}


def files(content: Content, language: Language, now: dt.datetime, export: Export) -> tuple[File, File]:
    """Both say the same: one with the ids that are stored, one in the member's language."""
    page = export_page.page(content, language, now, export)
    return (
        File("pmpath-export.json", "application/json", as_json(export, now), _("Everything, for programs (JSON)")),
        File("pmpath-export.html", "text/html", page.encode(), _("Everything, as a page to read")),
    )


def as_json(export: Export, now: dt.datetime) -> bytes:
    """The same bytes for the same rows and moment."""
    rows = {name: list(export.rows.get(table, ())) for table, name in NAMES.items()}
    later = {table: list(found) for table, found in export.rows.items() if table not in NAMES}
    said = {
        "exported_at": now,
        "community": {"platform": export.platform, "name": export.community},
        "member": export.member,
        "named_moderator": export.moderator,
        **rows,
        **later,
    }
    return json.dumps(said, ensure_ascii=False, indent=2, default=_moment).encode() + b"\n"


def _moment(value: Any) -> str:
    if not isinstance(value, dt.datetime):
        raise TypeError(type(value).__name__)
    return value.astimezone(dt.UTC).isoformat()
