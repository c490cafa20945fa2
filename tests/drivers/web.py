"""A member before the page: a real WebSocket to the real server, the HTML read as they would read it."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.drivers import markup
from tests.drivers.markup import Node
from tests.drivers.seen import Seen

ANSWER_SECONDS = 60.0


class NotThere(AssertionError):
    """The member looked for something that the page does not show."""


@dataclass(slots=True)
class WebDriver:
    """One member's hands and eyes. `told` and `posts` are the cards that came unasked."""

    address: str
    person: str = "kim"
    language: str | None = "en"
    session: str = "driver"
    headers: dict[str, str] = field(default_factory=dict)
    node: Node = field(default_factory=lambda: Node(""))
    answer: dict[str, Any] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    told: list[Seen] = field(default_factory=list)
    posts: dict[str, Node] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    shows: str = ""
    deaf: bool = False
    working: asyncio.Event = field(default_factory=asyncio.Event)
    _answers: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _client: aiohttp.ClientSession | None = None
    _socket: aiohttp.ClientWebSocketResponse | None = None
    _listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def connect(self) -> None:
        """Opens the page's connection, as at the first time and after it was lost."""
        self._client = aiohttp.ClientSession(headers={"Origin": self.address, **self.headers})
        self._socket = await self._client.ws_connect(f"{self.address}/chat?session={self.session}")
        self._listening = asyncio.create_task(self._listen(self._socket))
        await self.send({"kind": "hello"})

    async def leave(self) -> None:
        """Closes the page."""
        if self._socket is not None and self._client is not None and self._listening is not None:
            await self._socket.close()
            await self._listening
            await self._client.close()

    async def home(self) -> Seen:
        """What the page shows when it is opened."""
        return await self.ask({"kind": "run", "words": "/pmpath home", "place": "home"})

    async def run(self, typed: str) -> Seen:
        return await self.ask({"kind": "run", "words": typed})

    async def press(self, label: str, place: int = 0) -> Seen:
        return await self._press(self.node, label, place)

    async def press_post(self, key: str, label: str) -> Seen:
        """A press on a card in the channel."""
        return await self._press(self.posts[key], label)

    async def choose(self, select: str, *labels: str) -> Seen:
        options = markup.selects(self.node).get(select)
        if options is None or not set(labels) <= set(options):
            raise NotThere(f"{select}: {labels} among {options}")
        values = [options[label] for label in labels]
        if select in self.held:
            self.held[select] = values
            return self.card
        node = next(each for each in self.node.all() if each.attributes.get("data-select") == select)
        return await self._say("press", node.attributes["data-chooses"], {select: values}, self.node)

    async def fill(self, **values: str) -> Seen:
        form = self.node.find("form")
        if not form:
            raise NotThere("no form is open")
        sent = {name: [value] for name, value in (markup.read_form(self.node).fields | values).items() if value}
        return await self._say("form", form[0].attributes["data-press"], sent, self.node)

    @property
    def card(self) -> Seen:
        """What was shown last."""
        return markup.read_form(self.node) if self.node.find("form") else markup.read_card(self.node)

    def wire(self, label: str) -> str:
        """The press behind a button of the last card."""
        for node in self.node.all():
            if markup.is_button(node) and node.text == label:
                return node.attributes["data-press"]
        raise NotThere(f"{label!r} among {self.card.buttons}")

    async def ask(self, message: dict[str, Any], *, request_id: str | None = None) -> Seen:
        """Any request, also one that no card offers; what is shown then."""
        request_id = request_id or f"request-{next(self._numbers)}"
        self._answers[request_id] = asyncio.get_running_loop().create_future()
        await self.send({**message, "id": request_id})
        self._take(await asyncio.wait_for(self._answers[request_id], ANSWER_SECONDS))
        return self.card

    async def send(self, message: dict[str, Any]) -> None:
        """One frame, as the page's script sends it."""
        assert self._socket is not None
        number = f"request-{next(self._numbers)}"
        await self._socket.send_json({"id": number, "person": self.person, "language": self.language, **message})

    async def send_raw(self, frame: str) -> None:
        """One frame as it is, such as no page sends it."""
        assert self._socket is not None
        await self._socket.send_str(frame)

    async def _press(self, card: Node, label: str, place: int = 0) -> Seen:
        found = [node for node in card.all() if markup.is_button(node) and node.text == label]
        if place >= len(found):
            raise NotThere(f"{label!r} among {self.card.buttons}")
        node = found[place]
        if node.has("disabled"):
            raise NotThere(f"{label!r} can't be pressed")
        held = self.held if node.has("data-takes-values") else {}
        return await self._say("press", node.attributes["data-press"], held, card)

    async def _say(self, kind: str, wire: str, values: dict[str, list[str]], card: Node) -> Seen:
        article = next(iter(card.find("article")), Node("", {"data-place": "channel"}))
        place = {"place": article.attributes["data-place"], "post": article.attributes.get("data-post")}
        return await self.ask({"kind": kind, "words": wire, "values": values, **place})

    def _take(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        if "labels" in answer:
            self.labels, self.shows = answer["labels"], answer["language"]
        shown = answer.get("html") or answer.get("dialog")
        if shown:
            self.node = markup.parse(shown)
            self.held = markup.chosen(self.node)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                await self._hear(frame.json())

    async def _hear(self, news: dict[str, Any]) -> None:
        self.heard.append(news)
        if news["kind"] == "working":
            self.working.set()
        waits = self._answers.get(news.get("id", ""))
        if waits is not None and news["kind"] != "working" and not waits.done():
            waits.set_result(news)
        if "labels" in news:
            self.labels, self.shows = news["labels"], news["language"]
        for post in [*news.get("posts", ()), *([news] if news["kind"] == "post" else ())]:
            self.posts[post["key"]] = markup.parse(post["html"])
        for key in [*news.get("gone", ()), *([news["key"]] if news["kind"] == "gone" else ())]:
            self.posts.pop(key, None)
        if news["kind"] == "tell" and not self.deaf:
            self.told.append(markup.read_card(markup.parse(news["html"])))
            await self.send({"kind": "seen", "words": news["key"]})
