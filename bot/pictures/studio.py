"""Pictures drawn beside the event loop: one worker, each drawing once, the latest ones kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import structlog

from commands.kit.drawing import Chart, Drawing, DrawnOutcome, Sketch
from content.outcomes import Outcome
from content.text import Language

if TYPE_CHECKING:
    from bot.pictures.painter import Painter

LOG = structlog.get_logger()
KEPT_BYTES = 8 * 2**20  # some hundred pictures
SAMPLE = Drawing(Language.ZH, "pm 王", "方向", (DrawnOutcome(Outcome.HYBRID, "Hybrid 复合型", "UX"),), ("pm",), "pm")


class Pictures:
    """Draws for one process. `draw` never holds the loop and draws equal drawings once."""

    def __init__(self, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._painter: Painter | None = None  # the worker's own
        self._kept: OrderedDict[Sketch, bytes] = OrderedDict()
        self._kept_bytes = kept_bytes
        self._under_way: dict[Sketch, asyncio.Future[bytes]] = {}
        self.drawn = 0

    async def draw(self, drawing: Sketch) -> bytes:
        """The PNG of a drawing."""
        if drawing in self._kept:
            self._kept.move_to_end(drawing)
            return self._kept[drawing]
        under_way = self._under_way.get(drawing)
        if under_way is None:
            under_way = asyncio.get_running_loop().run_in_executor(self._worker, self._paint, drawing)
            self._under_way[drawing] = under_way
            under_way.add_done_callback(lambda done: self._keep(drawing, done))
        return await asyncio.shield(under_way)  # who gives up waiting takes it from nobody else

    def warm_up(self) -> None:
        """Opens the fonts before somebody waits for them; returns at once. That none can be drawn is logged."""
        self._worker.submit(self._paint, SAMPLE).add_done_callback(_tell_failure)

    def forget(self) -> None:
        """Keep none of those that were drawn."""
        self._kept.clear()

    def close(self) -> None:
        """What waits is dropped; what is being drawn ends."""
        self._worker.shutdown(cancel_futures=True)

    def _paint(self, drawing: Sketch) -> bytes:
        """In the worker."""
        if self._painter is None:
            from bot.pictures.painter import Painter  # here: no start waits for the library

            self._painter = Painter()
        self.drawn += 1
        if isinstance(drawing, Chart):
            from bot.pictures import chart  # as above

            return chart.png(self._painter, drawing)
        return self._painter.png(drawing)

    def _keep(self, drawing: Sketch, done: asyncio.Future[bytes]) -> None:
        del self._under_way[drawing]
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[drawing] = done.result()
        while sum(map(len, self._kept.values())) > self._kept_bytes:
            self._kept.popitem(last=False)


def _tell_failure(done: Future[bytes]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        LOG.error("pictures.cannot_be_drawn", error=repr(error))
