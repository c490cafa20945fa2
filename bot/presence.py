"""Where the bot is: what a platform says of that, kept with the communities that we have met."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from commands.kit.request import Platform
from storage import communities, departures
from storage.store import Store

LOG = structlog.get_logger()


async def leave(store: Store, platform: Platform, ext_id: str) -> None:
    """The community has removed the bot: what waits to be sent there is given up."""
    gone = await store.write(departures.left, platform.value, ext_id)
    if gone is None:
        return
    LOG.info("community.left", platform=platform.value, community=ext_id)
    while await store.write(departures.drop, gone):
        pass


async def arrive(store: Store, platform: Platform, ext_id: str, name: str) -> None:
    """The bot is there."""
    await store.write(departures.arrived, platform.value, ext_id, name)


async def stay(store: Store, platform: Platform, ext_id: str, name: str) -> None:
    """The bot is in this community, which is called so now; "" is a name not known. It costs a read where we knew."""
    found = await store.read(communities.find, platform.value, ext_id)
    if found is not None and (found.left or name not in {"", found.name}):
        await arrive(store, platform, ext_id, name)


async def compare(store: Store, platform: Platform, names: Mapping[str, str], known: Callable[[str], bool]) -> None:
    """The bot is in these communities of the platform, by their names, and in no others of which it is `known`.

    "" is a name not known.
    """
    for place in await store.read(departures.places, platform.value):
        if place.ext_id not in names:
            if not place.left and known(place.ext_id):
                await leave(store, platform, place.ext_id)
        elif place.left or names[place.ext_id] not in {"", place.name}:
            await arrive(store, platform, place.ext_id, names[place.ext_id])
