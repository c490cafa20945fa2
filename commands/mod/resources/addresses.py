"""What may stand as the address of a link that everybody in a community can press."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from content.resources import ADDRESS_MAX
from content.text import Text, _

FORBIDDEN = re.compile(r"""[\s<>"\\^`{|}\x00-\x1f\x7f]""")
BRACKETS = {"(": "%28", ")": "%29"}  # they would end a link's markup on Discord


def read_address(written: str) -> tuple[str, Text | None]:
    """The address as it is stored, and what is wrong with it."""
    address = "".join(BRACKETS.get(sign, sign) for sign in written.strip())
    if FORBIDDEN.search(address):
        return address, _("An address has no blanks and no quotes or brackets in it.")
    if len(address) > ADDRESS_MAX:
        return address, _("An address has at most {most} characters here.", most=ADDRESS_MAX)
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return address, _("I can't read this address. Copy it from the browser.")
    if parts.scheme not in {"http", "https"} or not host:
        return address, _("An address begins with https:// or http://, then the name of the site.")
    if parts.username is not None or parts.password is not None:
        return address, _("There is a user name or a password in this address. Take it out, everybody would see it.")
    return address, None
