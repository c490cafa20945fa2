"""What is written by nobody who means well: strategies for words, numbers, JSON and what only seems right."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\t\n\r",
    "null",
    "None",
    "--5",
    "-",
    "٣",
    "²",
    "1e9",
    "NaN",
    "9" * 18,
    "9" * 19,
    "-0",
    "1|1|home",
    "1|2|home",
    "|",
    "#",
    "%s",
    "{name}",
    "{0}",
    "<script>alert(1)</script>",
    "<!channel>",
    "<@U1>",
    "@here",
    "&lt;&amp;",
    "'; DROP TABLE member; --",
    "\u202egnp.exe",
    "\u200b",
    "\ufeff",
    "\ue000",
    "\ue0001\ue002{date}\ue001",
    "👩‍👩‍👧‍👦",
    "e\u0301" * 40,
    "字" * 500,
    "x" * 5000,
    "../../etc/passwd",
    "\U0010ffff",
    "=1+1",
    "ſtart",
    "İ",
    "ß",
    '"',
    "“",
    "javascript:alert(1)",
    "https://",
    "https://example.org/" + "y" * 3000,
    "http://[::1",
    "//x",
    "data:,x",
)
NEAR = (
    "10:30",
    "24:00",
    "25:61",
    "2026-11-30",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "31.12.2026",
    "berlin",
    "Shanghai",
    "Europe/Berlin",
    "UTC",
    "utc+25",
    "sql",
    "platform",
    "business",
    "all",
    "en",
    "zh",
    "none",
    "off",
    "1",
    "0",
    "-1",
    "5",
    "3.5",
    "１２",
    "上海",
    "monday",
    "https://example.org/a",
    "general",
    "role:1",
    "u1",
    "u2",
    "kubernetes",
    "api-design",
)

HUGE = "a huge number"

words: st.SearchStrategy[str] = st.one_of(st.sampled_from(NASTY), st.sampled_from(NEAR), st.text(max_size=60))
torn: st.SearchStrategy[str] = st.text(st.characters(exclude_categories=()), max_size=20)
"""Also halves of what takes two, which no file and no database can hold."""
numbers: st.SearchStrategy[int] = st.one_of(
    st.integers(-1, 9), st.sampled_from((10**18 - 1, 1 - 10**18, 2**31, 2**63, -(2**63) - 1)), st.integers()
)
scalars: st.SearchStrategy[Any] = st.one_of(st.none(), st.booleans(), numbers, st.floats(), words, torn, st.just(HUGE))
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=8,
)
DEEP = "[" * 100_000


def as_json(value: Any) -> str:
    """With a number of more digits than Python reads, where there is to be one."""
    return json.dumps(value).replace(json.dumps(HUGE), "9" * 5000)


def mostly(often: st.SearchStrategy[T], seldom: st.SearchStrategy[T], one_in: int = 10) -> st.SearchStrategy[T]:
    """The first; once in so many times the second."""
    return st.sampled_from(range(one_in)).flatmap(lambda drawn: seldom if drawn == one_in // 2 else often)


def spoiled(right: Any) -> st.SearchStrategy[Any]:
    """Something of this shape of which a few parts are something else, twice there, or not there."""
    return st.recursive(st.just(right), lambda _inner: values) if not isinstance(right, dict | list) else _part(right)


@st.composite
def _part(draw: st.DrawFn, right: Any) -> Any:
    made = json.loads(json.dumps(right))
    for _time in range(draw(st.integers(0, 3))):
        holder = made
        while True:
            if not isinstance(holder, dict | list) or not holder:
                break
            key = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            inner = holder[key]
            if isinstance(inner, dict | list) and inner and draw(st.booleans()):
                holder = inner
                continue
            match draw(st.integers(0, 3)):
                case 0:
                    del holder[key]
                case 1 if isinstance(holder, list):
                    holder.append(inner)
                case _:
                    holder[key] = draw(values)
            break
    return made


@st.composite
def spoiled_lines(draw: st.DrawFn, right: str) -> str:
    """A text of lines of which a few are gone, double, cut or something else."""
    lines = right.splitlines()
    for _time in range(draw(st.integers(1, 4))):
        if not lines:
            break
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 6)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
            case 2:
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
            case 3:
                lines[at] = draw(words)
            case 4:
                key, mark, _value = lines[at].partition(": ")
                lines[at] = f"{key}{mark}{draw(words)}"
            case 5:
                lines[at] = draw(st.sampled_from((" ", "  ", "- ", "\t", "? ", "&a ", "*a "))) + lines[at]
            case _:
                key, mark, _value = lines[at].partition(": ")
                lines[at] = (
                    key
                    + mark
                    + draw(st.sampled_from(("[]", "{}", "~", "!!binary x", "[1, {a: b}]", "|", "2026-01-01")))
                )
    return "\n".join(lines) + "\n"
