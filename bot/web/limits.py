"""The page's own limits, each with its reason."""

from __future__ import annotations

MESSAGE_BYTES_MAX = 256 * 1024  # one frame from a page; the longest form is five fields of 4,000 characters
TEXT_MAX = 500  # a typed command
VALUES_MAX = 30  # selects and fields of one card or form
VALUE_MAX = 8_000  # one field's text
CHOSEN_MAX = 100  # ticked options of one select
ID_MAX = 64  # a request's id, made by the page's script
POSTS_MAX = 50  # what the channel keeps; it is a rehearsal
SESSIONS_MAX = 500  # open pages that are remembered, the latest
ANSWERS_MAX = 50  # answers that a page can ask for again
RADIOS_MAX = 6  # options up to which one choice is drawn as radio buttons
TELL_SECONDS = 5.0  # until a page has confirmed what it was told
SOCKETS_MAX = 300  # connections of open pages
AT_ONCE_MAX = 8  # messages of one connection that are being answered; what comes meanwhile waits at the sender's
SEND_SECONDS = 10.0  # for a page to take what it is sent; what does not fit its buffers is held here so long
HEARTBEAT_SECONDS = 20.0
CLOSE_SECONDS = 1.0  # for a page to say goodbye when the program stops
