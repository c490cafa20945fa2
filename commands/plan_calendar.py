"""A plan as a calendar: one skill a week, each an all-day event on its Monday."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import icalendar

from commands import remedies
from commands.kit.request import Context
from commands.standing import Plan
from content.text import Text, _
from storage.shelf import Shelf

WEEK = dt.timedelta(weeks=1)
DAY = dt.timedelta(days=1)


def first_monday(now: dt.datetime, zone: str) -> dt.datetime:
    """The beginning of the next Monday where the community is; on a Monday, that of the week after."""
    today = now.astimezone(zoneinfo.ZoneInfo(zone))
    monday = today.date() + (7 - today.weekday()) * DAY
    return dt.datetime.combine(monday, dt.time(), today.tzinfo)


def write(ctx: Context, here: Shelf, plan: Plan, monday: dt.datetime) -> bytes:
    """The file (RFC 5545), which says nothing of its member but the plan.

    An event's name in it is made of the skill and the first Monday: imported again, it is the same event.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//pmpath//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _say(ctx, _("My plan: {outcome}", outcome=plan.outcome.label)))
    for week, skill in enumerate(plan.steps):
        event = _event(ctx, here, skill, monday.date() + week * WEEK)
        event.add("uid", f"{skill}.{monday.date().isoformat()}@plan.pmpath.invalid")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _event(ctx: Context, here: Shelf, skill_id: str, day: dt.date) -> icalendar.Event:
    skill = ctx.content.skills[skill_id]
    found = remedies.in_order(ctx.content, here, skill, ctx.language)
    task = _say(ctx, _("First task: {task}", task=skill.task))
    event = icalendar.Event()
    event.add("dtstamp", ctx.now)
    event.add("dtstart", day)
    event.add("dtend", day + DAY)
    event.add("summary", _say(ctx, _("This week: {skill}", skill=skill.name)))
    event.add("description", "\n".join((task, "", *(f"{_say(ctx, each.title)}\n{each.address}" for each in found))))
    event.add("transp", "TRANSPARENT")  # a week's intention takes nobody's time
    if best := remedies.best(found):
        event.add("url", best.address)
    return event


def _say(ctx: Context, text: Text) -> str:
    return ctx.content.catalogue.say(text, ctx.language)
