"""The page as a surface: its routes, its connections, and what is told to the people before it."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from bot.access import Access
from bot.named import Named
from bot.server import Route
from bot.surface import Interactions, Message, Refused, TryLater
from bot.web import chrome, declare, limits, receive
from bot.web.door import locale_of
from bot.web.receive import PageMessage, Unreadable
from bot.web.render import Renderer, Somebody, Voice
from bot.web.sandbox import CHANNEL, PEOPLE, ROOM, DemoPerson, SandboxClock
from bot.web.sessions import Session, Sessions
from commands.kit.allowance import Tally
from commands.kit.dispatch import Decision, Reply
from commands.kit.request import Place, Platform
from commands.kit.view import RICH, Card, Form
from content.text import Language
from storage.communities import Community
from storage.members import Me

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """A card that everybody sees."""

    key: str
    html: str

    def payload(self) -> dict[str, Any]:
        return {"kind": "post", "key": self.key, "html": self.html}


class WebSurface:
    """The rehearsal room's page. `interactions` and `clock` are the room's own, never a real community's."""

    platform = Platform.WEB
    remembers = float("inf")  # posts are kept by their keys
    native = RICH
    pace = 0.0
    post_pace = 0.0
    look_pace = 0.0
    paced_apart = False

    def __init__(
        self,
        interactions: Interactions,
        clock: SandboxClock,
        access: Access,
        people: Sequence[DemoPerson] = PEOPLE,
        *,
        tell_seconds: float = limits.TELL_SECONDS,
    ) -> None:
        self._tell_seconds = tell_seconds
        self._interactions = interactions
        self.dispatcher = interactions.dispatcher
        self._clock = clock
        self._access = access
        self._people = {person.uid: person for person in people}
        shown = [Somebody(person.uid, person.name) for person in people]
        self._renderer = Renderer(self.dispatcher.content.catalogue, shown, (CHANNEL,))
        self._sessions = Sessions()
        self._posts: OrderedDict[str, Post] = OrderedDict()
        self._sockets = 0
        self._unreadable = Tally("page.unreadable")
        self._gone: OrderedDict[str, None] = OrderedDict()
        self._closing = asyncio.Event()
        self.routes = (Route("GET", "/", self._page), Route("GET", "/chat", self._chat))

    async def run(self) -> None:
        """Takes up the room's time; the server does the serving until `close`."""
        await self._clock.resume(self.dispatcher.store)
        await self._closing.wait()

    async def close(self) -> None:
        """Takes no more, lets what is under way end and be answered."""
        self._closing.set()
        await self._interactions.drain()
        await self._sessions.close()

    def missing(self) -> str | None:
        return None

    @property
    def named(self) -> Named:
        return self._interactions.named

    async def has(self, community_ext: str, uid: str) -> bool:
        """Invented members do not leave."""
        return True

    async def tell(self, message: Message) -> str:
        """Shows a card on the open pages of a person. Raises Refused where there is none."""
        pages = self._sessions.open_for(message.place)
        if not pages:
            raise Refused("no page of theirs is open")
        html = self._renderer.card(message.card, message.language, message.community, Place.DIRECT)
        payload = {"kind": "tell", "key": message.key, "html": html}
        if not await self._sessions.tell(pages, message.key, payload, self._tell_seconds):
            raise TryLater("no page confirmed it")
        return message.key

    async def post(self, message: Message) -> str:
        """Shows a card to everybody. A second try of the same key changes nothing that is seen."""
        await self._show(message.key, message.card, message.language, message.community)
        return message.key

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None:
        """Takes a card out of the channel, on every page that is open or comes back."""
        self._posts.pop(remote, None)
        self._gone[remote] = None
        while len(self._gone) > limits.POSTS_MAX:
            self._gone.popitem(last=False)
        await self._sessions.send_all({"kind": "gone", "key": remote})

    async def _show(self, key: str, card: Card, language: Language, community: int) -> None:
        html = self._renderer.card(card, language, community, Place.PUBLIC, key=key)
        self._posts[key] = Post(key, html)
        while len(self._posts) > limits.POSTS_MAX:
            self._posts.popitem(last=False)
        await self._sessions.send_all(self._posts[key].payload())

    async def _page(self, request: web.Request) -> web.Response:
        you = self._people.get(request.query.get("you", ""), next(iter(self._people.values())))
        _community, language = await self._heard(you, locale_of(request))
        html = self._renderer.page("page.html", language, you=you, people=list(self._people.values()))
        return web.Response(text=html, content_type="text/html")

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        session_id = request.query.get("session", "")
        if not self._access.same_page(request) or not receive.ID.fullmatch(session_id):
            return web.Response(status=403, text="That request did not come from this page.\n")
        if self._closing.is_set():
            return web.Response(status=503, text="pmpath is stopping.\n")
        if self._sockets >= limits.SOCKETS_MAX:
            return web.Response(status=503, text="Too many pages are open.\n", headers={"Retry-After": "10"})
        self._sockets += 1
        try:
            return await self._listen(request, session_id)
        finally:
            self._sockets -= 1

    async def _listen(self, request: web.Request, session_id: str) -> web.StreamResponse:
        """Takes what a page sends, only so much at once: the rest stays where it comes from."""
        socket = web.WebSocketResponse(
            timeout=limits.CLOSE_SECONDS, heartbeat=limits.HEARTBEAT_SECONDS, max_msg_size=limits.MESSAGE_BYTES_MAX
        )
        await socket.prepare(request)
        session = self._sessions.of(session_id)
        session.connect(socket, request.transport)
        room = asyncio.Semaphore(limits.AT_ONCE_MAX)
        async for frame in socket:
            if frame.type is WSMsgType.TEXT and not self._closing.is_set():
                await room.acquire()
                taken = self._interactions.hold(self._take(session, frame.data))
                taken.add_done_callback(lambda _taken: room.release())
        return socket

    async def _take(self, session: Session, frame: str) -> None:
        try:
            message = receive.read(frame)
            await self._do(session, message, self._person(message))
        except Unreadable as error:
            self._unreadable.count(str(error))
            await session.send({"kind": "unreadable"})
        except Exception:
            LOG.exception("page.failed")

    def _person(self, message: PageMessage) -> DemoPerson:
        person = self._people.get(message.person)
        if person is None:
            raise Unreadable("person")
        return person

    async def _do(self, session: Session, message: PageMessage, person: DemoPerson) -> None:
        match message.kind:
            case "seen":
                self._sessions.confirm(message.words)
            case "hello":
                session.person, session.locale, session.spoken = person.uid, message.language, None
                await session.send(await self._hello(session, person))
            case "clock":
                await self._move_clock(session, message)
            case _:
                if not await session.is_repeated(message.id):
                    await self._answer(session, message, person)

    async def _answer(self, session: Session, message: PageMessage, person: DemoPerson) -> None:
        received = asyncio.get_running_loop().time()
        decision = self.dispatcher.decide(receive.request(message, person, received, session.id))
        await self._interactions.answer(decision, WebAnswer(self, session, message, decision))

    async def reply(self, session: Session, message: PageMessage, decision: Decision, reply: Reply) -> dict[str, Any]:
        """A reply as the page's script takes it; what everybody is to see is shown to them here."""
        person = self._person(message)
        answer: dict[str, Any] = {"kind": "answer", "id": message.id}
        answer |= await self._drawn(message, decision, reply)
        answer["also"] = [
            self._renderer.card(card, reply.language, reply.community, Place.DIRECT) for card in reply.also
        ]
        return answer | await self._spoken(session, person)

    async def _drawn(self, message: PageMessage, decision: Decision, reply: Reply) -> dict[str, Any]:
        match reply.view:
            case None:
                return {}
            case Form() as form:
                return {"dialog": self._renderer.form(form, reply.language, reply.community)}
            case Card() as card if reply.public:
                key = message.post if decision.updates_card and message.post in self._posts else None
                key = key or secrets.token_hex(8)
                await self._show(key, card, reply.language, reply.community)
                return {"posted": key}
            case Card() if reply.fields and message.kind == "form":
                return {"fields": self._renderer.fields(reply.fields, reply.language)}
            case Card() as card:
                place = Place.CHANNEL if message.post else message.place
                return {"html": self._renderer.card(card, reply.language, reply.community, place)}

    async def _hello(self, session: Session, person: DemoPerson) -> dict[str, Any]:
        spoken = await self._spoken(session, person)
        posts = [post.payload() for post in self._posts.values()]
        return {"kind": "hello", "posts": posts, "gone": list(self._gone), **self._now(), **spoken}

    async def _spoken(self, session: Session, person: DemoPerson) -> dict[str, Any]:
        """The page's own words where its language is no longer right; else nothing."""
        community, language = await self._heard(person, session.locale)
        voice = Voice(self._renderer.catalogue, language)
        if session.spoken == voice.tag:
            return {}
        session.spoken = voice.tag
        moderator = person.moderator or person.uid in community.people
        return {
            "language": voice.tag,
            "labels": chrome.said(self._renderer.catalogue, language),
            "commands": declare.completions(self.dispatcher.registry, voice, moderator=moderator),
        }

    async def _heard(self, person: DemoPerson, locale: str | None) -> tuple[Community, Language]:
        """The room, and in which language this person reads: their choice, else their app's."""
        app = person.locale or locale
        community = await self.dispatcher.known.community(ROOM, app)
        member = await self.dispatcher.known.member(Me(community.id, person.uid, person.name))
        chosen = member.language if member else None
        return community, chosen or Language.from_locale(app) or community.language

    async def _move_clock(self, session: Session, message: PageMessage) -> None:
        delta, seen = receive.step(message.words)
        if seen == self._clock.offset_seconds:
            await self._clock.move(self.dispatcher.store, delta)
        await session.send({"kind": "answer", "id": message.id, "moved": True})
        await self._sessions.send_all({"kind": "now", **self._now()})

    def _now(self) -> dict[str, int]:
        return {
            "now": int(self._clock.now().timestamp() * 1000),
            "offset": self._clock.offset_seconds,
        }


class WebAnswer:
    """The ways to answer one message of a page."""

    def __init__(self, surface: WebSurface, session: Session, message: PageMessage, decision: Decision) -> None:
        self._surface = surface
        self._session = session
        self._message = message
        self._decision = decision

    async def first(self, reply: Reply) -> None:
        try:
            answer = await self._surface.reply(self._session, self._message, self._decision, reply)
        except Exception:
            await self._session.answer(self._message.id, {"kind": "failed", "id": self._message.id})
            raise
        await self._session.answer(self._message.id, answer)

    async def wait(self) -> None:
        await self._session.send({"kind": "working", "id": self._message.id})

    async def later(self, reply: Reply) -> None:
        await self.first(reply)
