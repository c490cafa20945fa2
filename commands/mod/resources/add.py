"""`/pmpath-mod resources add`: a link of this community's own, for one skill."""

from __future__ import annotations

from collections.abc import Sequence

from commands import home, resources, skill_names
from commands.kit.command import action, command
from commands.kit.errors import Invalid, Refusal
from commands.kit.request import Context
from commands.kit.view import Button, Card, ChoiceField, Element, Form, Option, Style, TextField, View, quiet
from commands.kit.wording import joined, said_back
from commands.mod.resources import own
from commands.mod.resources.addresses import read_address
from content.resources import ADDRESS_MAX, TITLE_MAX
from content.text import Language, Text, _, verbatim
from storage import moderating
from storage.own_links import OWN_MAX, Added, Full


@command(
    _("Add a link to this community's resources, for one skill"),
    example="/pmpath-mod resources add",
    aliases=("添加",),
    opens_form=True,
)
async def add(ctx: Context) -> View:
    fields = (
        TextField("title", _("Title"), hint=_("As the page itself is called"), most=TITLE_MAX),
        TextField("address", _("Address"), hint=_("It begins with https:// or http://"), most=ADDRESS_MAX),
        TextField("skill", _("Skill"), hint=_("Its name, like Kubernetes or User research"), most=60),
        ChoiceField(
            "language",
            _("Language of the page"),
            tuple(Option(each.value, verbatim(each.label)) for each in Language),
            ctx.community.language.value,
        ),
    )
    return Form(_("Add a link"), fields, add_sent(), _("Add"))


@action("own-links.add", moderators=True)
async def add_sent(ctx: Context) -> View:
    title = " ".join((ctx.value("title") or "").split())
    address, wrong_address = read_address(ctx.value("address") or "")
    skill, near = skill_names.find(ctx.content, ctx.value("skill") or "")
    language = next((each for each in Language if each.value == ctx.value("language")), ctx.community.language)
    wrong = {} if 0 < len(title) <= TITLE_MAX else {"title": _("A title has 1 to {most} characters.", most=TITLE_MAX)}
    wrong |= {} if wrong_address is None else {"address": wrong_address}
    wrong |= {} if skill is not None else {"skill": _no_skill(ctx, near)}
    if not wrong and skill is not None and _in_pack(ctx, address, skill):
        wrong["address"] = _("This address is in everybody's list for this skill already.")
    if wrong or skill is None:
        raise Invalid(wrong, again=add())
    added = await ctx.store.write(moderating.add_link, ctx.me, title, address, skill, language)
    if isinstance(added, Full):
        ways = (Button(_("This community's own links"), own.listed(0)), Button(_("Home"), home.home()))
        raise Refusal(_("There are {most} links already. Remove one first.", most=OWN_MAX), ways)
    if not isinstance(added, Added):
        said = _("This address is there for this skill already, as “{title}”.", title=added.link.title)
        raise Invalid({"address": said}, again=add())
    return _added(ctx, added)


def _added(ctx: Context, added: Added) -> Card:
    body: tuple[Element, ...] = (
        *own.described(ctx, added.link),
        quiet(_("Everybody in this community finds it under this skill, and nobody elsewhere.")),
    )
    look = resources.resources(None, added.link.skill)
    return Card(
        _("Added"),
        body,
        (
            Button(_("See it in the list"), look, Style.PRIMARY),
            Button(_("Add another"), add()),
            Button(_("This community's own links"), own.listed(0)),
            Button(_("Home"), home.home()),
        ),
    )


def _no_skill(ctx: Context, near: Sequence[str]) -> Text:
    written = ctx.value("skill") or ""
    names = [ctx.content.skills[each].name for each in near]
    if not names:
        return _("I know no skill “{words}”. /pmpath resources shows all that there are.", words=said_back(written))
    return _("I know no skill “{words}”. Did you mean: {names}?", words=said_back(written), names=joined(names))


def _in_pack(ctx: Context, address: str, skill: str) -> bool:
    bare = address.rstrip("/")
    return any(each.address.rstrip("/") == bare and skill in each.skills for each in ctx.content.resources.values())
