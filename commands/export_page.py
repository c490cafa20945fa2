"""What is stored about a member as one page to read: no script, nothing from elsewhere, all of it escaped."""

from __future__ import annotations

import datetime as dt
import html
import json
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commands import export_mentoring, export_points, export_tips, missing, verdict_card
from commands.kit.wording import joined
from content.load import Content
from content.questionnaire import Questionnaire
from content.source import NONE_OF_THESE
from content.text import PLAIN, At, Channel, DateStyle, Language, Text, _, verbatim
from content.verdict import Verdict
from storage.export import Export, Row, Value
from storage.learning import SkillState
from storage.offering import DRAFT
from storage.outbox_states import CLAIMED, CLOSED, DEAD, SENT, SHOWN, UNCERTAIN, WAITING
from storage.runs import ENDED, FINISHED, OPEN

TAGS = {Language.EN: "en", Language.ZH: "zh-Hans"}
STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2530;"
    "background:#fff;overflow-wrap:anywhere}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;"
    "border-bottom:1px solid #ccd3db;padding-bottom:.2rem}h3{font-size:1rem}dl{display:grid;"
    "grid-template-columns:minmax(8rem,16rem) 1fr;gap:.25rem 1rem;margin:0}dt{color:#4b5866}dd{margin:0}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem .3rem 0;"
    "border-bottom:1px solid #e3e8ed}th{color:#4b5866;font-weight:600}.quiet{color:#4b5866}"
    "@media(max-width:32rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}"
    "@media(prefers-color-scheme:dark){body{color:#e8edf2;background:#12181f}dt,th,.quiet{color:#a9b6c3}"
    "h2,th,td{border-color:#33404d}}"
)
RUNS = {OPEN: _("not finished"), FINISHED: _("finished"), ENDED: _("given up")}
SKILLS: dict[str, Text] = {
    SkillState.HAD: _("had before"),
    SkillState.DOING: _("in progress"),
    SkillState.DONE: _("done"),
    SkillState.SKIPPED: _("skipped"),
}
MESSAGES = {
    WAITING: _("not sent yet"),
    CLAIMED: _("not sent yet"),
    CLOSED: _("not sent: your direct messages are closed"),
    SENT: _("sent"),
    SHOWN: _("shown"),
    DEAD: _("given up"),
    UNCERTAIN: _("perhaps sent"),
}
TOLD = frozenset(
    {"run", "answer", "result", "opinion", "share", "skill_state", "resource_state", "member_region"}
    | {"tip_deed", "tip", "audit"}
    | {"award", "allowance", "appearance", "standing", "digest_line"}
    | export_mentoring.TOLD
)


class Escaped:
    """Words as they stand in a page, and moments in the community's zone."""

    def plain(self, words: str) -> str:
        return html.escape(words)

    def moment(self, at: At, language: Language) -> str:
        return html.escape(PLAIN.moment(at, language))

    def channel(self, channel: Channel) -> str:
        return html.escape(PLAIN.channel(channel))


ESCAPED = Escaped()


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes one member's page."""

    content: Content
    language: Language
    export: Export

    def say(self, text: Text) -> str:
        return self.content.catalogue.say(text, self.language, ESCAPED)

    def value(self, value: Value | Text) -> str:
        """A stored value: words as they are, moments short and alike in both languages."""
        match value:
            case Text():
                return self.say(value)
            case dt.datetime():
                return f"{value.astimezone(zoneinfo.ZoneInfo(self.export.zone)):%Y-%m-%d %H:%M}"
            case bool():
                return self.say(_("yes") if value else _("no"))
            case None:
                return "–"
            case list():
                return ", ".join(self.value(each) for each in value)
            case dict():
                return "; ".join(f"{html.escape(name)}: {self.value(each)}" for name, each in value.items())
        return html.escape(str(value))

    def facts(self, facts: Iterable[tuple[Text, Value | Text]]) -> str:
        pairs = (f"<dt>{self.say(name)}</dt><dd>{self.value(value)}</dd>" for name, value in facts)
        return f"<dl>{''.join(pairs)}</dl>"

    def table(self, heads: Sequence[Text], rows: Iterable[Sequence[Value | Text]]) -> str:
        head = "".join(f'<th scope="col">{self.say(each)}</th>' for each in heads)
        lines = ("".join(f"<td>{self.value(each)}</td>" for each in row) for row in rows)
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""

    def part(self, title: Text, inside: str) -> str:
        """A part of the page; an empty one says so."""
        said = inside or f'<p class="quiet">{self.say(_("Nothing."))}</p>'
        return f"<section><h2>{self.say(title)}</h2>{said}</section>"

    def tip(self, tip: str) -> Text:
        """One of the library by its title; a community's own is not mine to take away."""
        found = self.content.tips.get(tip)
        if found is not None:
            return found.title
        return _("a tip of this community's own, number {number}", number=tip) if tip.isdecimal() else verbatim(tip)

    def rows(self, table: str) -> tuple[Row, ...]:
        return self.export.rows.get(table, ())


def page(content: Content, language: Language, now: dt.datetime, export: Export) -> str:
    """The whole page, in the reader's language."""
    pen = Pen(content, language, export)
    title = pen.say(_("What pmpath keeps about me"))
    moment = At(now, DateStyle.BOTH, export.zone)
    taken = pen.say(_("As of {moment}. Times are in the time zone {zone}.", moment=moment, zone=export.zone))
    learned = (*_runs(pen), _skills(pen), _resources(pen), _regions(pen))
    did = (*export_tips.parts(pen), *export_points.parts(pen), *export_mentoring.parts(pen))
    parts = (_about(pen), *learned, *did, _messages(pen), *_others(pen))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{TAGS[language]}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f'<body><main><h1>{title}</h1><p class="quiet">{taken}</p>\n' + "\n".join(parts) + "\n</main></body></html>\n"
    )


def _about(pen: Pen) -> str:
    me = pen.export.member
    places = {"discord": verbatim("Discord"), "slack": verbatim("Slack"), "web": _("the rehearsal page")}
    facts: list[tuple[Text, Value | Text]] = [
        (_("Community"), pen.export.community or None),
        (_("App"), places.get(pen.export.platform, verbatim(pen.export.platform))),
        (_("Name"), me.get("name")),
        (_("Id on the platform"), me.get("uid")),
        (_("Language I chose"), _language(me.get("language"))),
        (_("Language of my app"), _language(me.get("app_language"))),
        (_("Time zone"), me.get("zone")),
        (_("Told what concerns moderators"), me.get("tell_here", False)),
        (_("Named as a moderator in the settings"), pen.export.moderator),
        (_("First seen"), me.get("created_at")),
        (_("Last seen"), me.get("seen_at")),
    ]
    return pen.part(_("About me"), pen.facts(facts))


def _runs(pen: Pen) -> Iterable[str]:
    """Each assessment with its result and all its answers, in the words of its own version."""
    if not pen.rows("run"):
        yield pen.part(_("Assessments"), "")
    for run in reversed(pen.rows("run")):
        bank = pen.content.questionnaires.get(str(run["bank_version"]))
        title = _("Assessment of {day}", day=At(_at(run["started_at"]), zone=pen.export.zone))
        facts: list[tuple[Text, Value | Text]] = [
            (_("Status"), RUNS.get(str(run["status"]), verbatim(str(run["status"])))),
            (_("Version of the questions"), run["bank_version"]),
            (_("Last touched"), run["updated_at"]),
        ]
        results = [each for each in pen.rows("result") if each["run_id"] == run["id"]]
        facts += [fact for each in results for fact in _result(pen, each)]
        answers = [each for each in pen.rows("answer") if each["run_id"] == run["id"]]
        said = sorted(answers, key=lambda answer: (str(answer["place"]).zfill(9), str(answer["item"])))
        heads = (_("Question"), _("Answer"), _("Answered"))
        yield pen.part(title, pen.facts(facts) + pen.table(heads, [_answer(bank, each) for each in said]))


def _result(pen: Pen, result: Row) -> Iterable[tuple[Text, Value | Text]]:
    yield _("Result"), _said(result)
    yield _("Result from"), result["at"]
    for opinion in pen.rows("opinion"):
        if opinion["result_id"] == result["id"]:
            yield _("What I said of it"), [opinion["fits"], *([opinion["job"]] if opinion["job"] else [])]
    for share in pen.rows("share"):
        if share["result_id"] == result["id"]:
            yield _("Shared"), share["at"]
            yield _("Shared in the channel"), share["channel"]


def _said(result: Row) -> Value | Text:
    """A result in the words of its card, where it can still be read; as it is stored where not."""
    try:
        verdict = Verdict.from_json(json.dumps(result["summary"]))
    except (KeyError, TypeError, ValueError):
        return result["outcome"]
    return verdict_card.title(verdict)


def _answer(bank: Questionnaire | None, answer: Row) -> tuple[Value | Text, ...]:
    item = next((item for item in bank.items if item.id == answer["item"]), None) if bank else None
    choice = answer["choice"]
    if item is None:
        return answer["item"], choice, answer["at"]
    if choice is None:
        return item.text, _("skipped"), answer["at"]
    chosen = choice if isinstance(choice, list) else [choice]
    words = [option.text for option in item.options if option.id in chosen]
    none = NONE_OF_THESE in chosen or not chosen
    return item.text, joined(words) if words else _("None of these") if none else choice, answer["at"]


def _skills(pen: Pen) -> str:
    known = pen.content.skills
    rows = [
        (
            known[str(each["skill"])].name if str(each["skill"]) in known else each["skill"],
            SKILLS.get(str(each["state"]), verbatim(str(each["state"]))),
            each["said"],
            each["at"],
        )
        for each in pen.rows("skill_state")
    ]
    return pen.part(
        _("Skills"), pen.table((_("Skill"), _("How it stands"), _("What came out of it"), _("Since")), rows)
    )


def _resources(pen: Pen) -> str:
    known = pen.content.resources
    rows = [
        (
            verbatim(known[str(each["resource"])].title) if str(each["resource"]) in known else each["resource"],
            each["said"],
            each["at"],
        )
        for each in pen.rows("resource_state")
    ]
    heads = (_("Resource"), _("What came out of it"), _("Since"))
    return pen.part(_("Resources I have done"), pen.table(heads, rows))


def _regions(pen: Pen) -> str:
    names = [str(row["region"]) for row in pen.rows("member_region")]
    said = ", ".join(pen.value(missing.PLACES.get(name, verbatim(name))) for name in names)
    return pen.part(_("Where my users are"), f"<p>{said}</p>" if said else "")


def _messages(pen: Pen) -> str:
    rows = [
        (each["notice"], MESSAGES.get(str(each["state"]), verbatim(str(each["state"]))), each["due_at"], each["at"])
        for each in pen.rows("outbox")
    ]
    return pen.part(_("Messages to me"), pen.table((_("Kind"), _("Status"), _("Due"), _("Last touched")), rows))


def _others(pen: Pen) -> Iterable[str]:
    """Unfinished choices, and whatever else is kept, as it is stored."""
    drafts = [
        (export_mentoring.drafted(pen, each) if each["name"] == DRAFT else each["fields"], each["at"])
        for each in pen.rows("draft")
    ]
    yield pen.part(_("Unfinished choices"), pen.table((_("What was chosen or written"), _("Last touched")), drafts))
    for table, rows in pen.export.rows.items():
        if table not in TOLD | {"outbox", "draft"} and rows:
            heads = [verbatim(name) for name in rows[0]]
            yield pen.part(verbatim(table), pen.table(heads, [tuple(row.values()) for row in rows]))


def _language(stored: Value) -> Value | Text:
    return next((verbatim(each.label) for each in Language if each.value == stored), None)


def _at(value: Value) -> dt.datetime:
    assert isinstance(value, dt.datetime)
    return value
