"""What a row of the moderators names: a person, or a role of the platform's."""

from __future__ import annotations

PERSON = "person"
ROLE = "role"
