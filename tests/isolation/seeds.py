"""What each of the communities has before anybody looks: a row of every kind, its words marked."""

from __future__ import annotations

from dataclasses import replace

from commands.kit.press import Argument, Press
from commands.kit.request import Pressed
from content.mentoring import Concern
from content.outcomes import Outcome
from content.text import Language
from storage import (
    adjusting,
    appearances,
    asks,
    invitations,
    members,
    mentor_reports,
    own_links,
    rounds,
    schedules,
    shares,
    tips,
)
from storage.invitations import Named
from storage.members import Me
from storage.schedules import Plan
from storage.timetable import Weekly
from storage.tips import Written
from storage.unit import Unit
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import latest_result, tip_out
from tests.isolation.places import ADA, BEA, MARKS, MAX, MO, NED, Place, name_of
from tests.storage.mentoring import TERMS, WANTED, listed


async def settle(chat: DirectDriver, place: Place) -> None:
    """Everybody moves in: two mentors, a match, a request, a report, tips, links, points, a matching day ordered."""
    people = {
        uid: chat.other(community=place.key, platform=place.key.platform, uid=uid, name=name_of(uid, place.mark),
                        moderator=uid == MO, channel=place.channel)
        for uid in place.people
    }  # fmt: skip
    ada = people[ADA]
    mes = {uid: await each.me() for uid, each in people.items()}
    place.id = mes[ADA].community
    store = chat.dispatcher.store
    await ada.run("/pmpath home")
    await answer_all(ada, {"background": [3, 7]}, letter="B")
    made = await store.write(_live, mes, place)
    await _press(ada, "mentor.ask", made[MAX])
    await _press(people[BEA], "mentor.ask", made[NED])
    asked = await store.read(_first_request, place.id)
    await _press(people[MAX], "mentor.accept", asked)
    await tip_out(ada, str(made[""]))
    latest = await latest_result(ada)
    await store.write(shares.post, mes[ADA], latest.id, place.channel, 1)
    await people[MO].run("/pmpath-mod settings")
    await _press(people[MO], "settings.tell-here", on=True)


def _live(unit: Unit, mes: dict[str, Me], place: Place) -> dict[str, int]:
    """The offers by their mentors, and the tip under no name."""
    mark, here, mo = place.mark, place.id, mes[MO]
    for me in mes.values():
        members.ensure(unit, me)
        appearances.show(unit, me)
    offers = {uid: listed(unit, mes[uid], replace(TERMS, capacity=3, words=f"Words {mark}")) for uid in (MAX, NED)}
    for uid in (ADA, BEA, place.alone):
        asks.save(unit, mes[uid], WANTED)
    asks.wait(unit, mes[place.alone])
    mentor_reports.add(unit, mes[BEA], offers[MAX].member, Concern.RUDE, f"Said {mark}")
    invitations.invite(unit, here, [Named(mes[place.alone].uid, {}), Named("1009", {})])
    own_links.add(unit, here, f"Link {mark}", f"https://example.org/{mark.lower()}", "sql", Language.EN)
    said = {Language.EN: (f"Tip {mark}", f"Do what {mark} says."), Language.ZH: (f"做 {mark}", f"{mark} 说的")}
    tip = tips.add(unit, mo, Written(Outcome.PLATFORM, said, None))
    tips.add(unit, mo, Written(Outcome.BUSINESS, said, None))
    tips.suggest(unit, mes[ADA], Written(Outcome.HYBRID, said, None))
    schedules.switch_on(
        unit, mo, {None: Plan(place.channel, Weekly(unit.now.weekday() - 1, 600, "Europe/Berlin"), True)}
    )
    adjusting.choose(unit, mo, ADA)
    planned = adjusting.say(unit, mo, 6, f"Helped {mark}")
    assert planned is not None
    adjusting.adjust(unit, mo, planned.drawn)
    if mark in (MARKS[0], MARKS[2]):  # one on each platform: working one out takes a process of its own
        rounds.order(unit, here)
    assert isinstance(tip, int)
    return {MAX: offers[MAX].id, NED: offers[NED].id, "": tip}


def _first_request(unit: Unit, here: int) -> int:
    row = unit.connection.exec_driver_sql(
        f"SELECT min(r.id) FROM mentor_request r JOIN member m ON m.id = r.mentee_id WHERE m.community_id = {here:d}"
    )
    return int(row.scalar_one())


async def _press(driver: DirectDriver, action: str, *arguments: Argument, **more: Argument) -> None:
    press = Press(action, (*arguments, *more.values()))
    await driver.call(Pressed(press.wire((await driver.me()).community)), {})
