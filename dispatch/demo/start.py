"""Composition root of the demo: a simulated PBX with its day, the adapter that listens to it, and the city."""

import asyncio

import httpx

from dispatch.app import Companion, adapter_config
from dispatch.centre import Centre
from dispatch.demo.city import City
from dispatch.people import service as people
from dispatch.settings import Settings
from telephony.run import run_adapter
from telephony.simulator.day import Day
from telephony.simulator.pbx import PbxSimulator

CALLS_PER_HOUR = 75.0
"""A first call every 48 s: alive at once, yet a newcomer can follow."""

SEATS_EVERY_S = 1.0

SIMULATED = "simulasi"
"""Reason of the pauses that end by themselves; a pause of a person, or of the centre's rules, is theirs to end."""
SERVED_WITHIN_S = 60.0
HOST = "127.0.0.1"
SECRET = "simulated"
"""Of the simulated PBX, on loopback, in the same process."""

DESKS = ("101", "102", "103", "104")


def demo_companions(settings: Settings) -> list[Companion]:
    """What `siaga demo` runs beside the centre."""

    async def run(centre: Centre) -> None:
        clock = centre.db.clock
        async with PbxSimulator(clock=clock, desks=DESKS, secret=SECRET, seed=settings.demo_seed) as pbx:
            config = adapter_config(settings, host=HOST, port=pbx.port, secret=SECRET)
            base_url = f"http://{HOST}:{settings.port}"
            async with asyncio.TaskGroup() as group:
                group.create_task(run_adapter(config, centre.ingest, clock=clock))
                await until_served(base_url)
                group.create_task(_mind_the_seats(centre, pbx))
                group.create_task(Day(settings.demo_seed, CALLS_PER_HOUR).play(pbx))
                group.create_task(City(base_url, lambda: present(centre), clock, settings.demo_seed).run())

    return [run]


def present(centre: Centre) -> set[str]:
    """Ids of the users whose screens are connected now."""
    return {peer.user_id for peer in centre.hub.fan.peers() if peer.user_id is not None}


async def until_served(base_url: str) -> None:
    """Return once the server answers; it starts after its background work. Raises TimeoutError."""
    async with asyncio.timeout(SERVED_WITHIN_S), httpx.AsyncClient() as http:
        while True:
            try:
                if (await http.get(f"{base_url}/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass  # not listening yet
            await asyncio.sleep(0.1)


async def _mind_the_seats(centre: Centre, pbx: PbxSimulator) -> None:
    """Simulated call-takers answer wherever no human sits; with humans about only one of them stays to help."""
    while True:
        here = present(centre)
        async with centre.db.reading() as session:
            seated = await people.seated(session)
        human = {desk for desk, person in seated.items() if person.id in here}
        simulated = [desk for desk in DESKS if desk not in human]
        working = set(simulated[:1] if human else simulated)
        for desk in pbx.desks.keys() & set(DESKS):
            pbx.set_auto_answer(desk, desk in working)
            away = desk in simulated and desk not in working
            paused = pbx.desks[desk].paused
            if away and not paused:
                pbx.set_paused(desk, True, SIMULATED)
            elif not away and paused and pbx.desks[desk].paused_reason == SIMULATED:
                pbx.set_paused(desk, False)
        await asyncio.sleep(SEATS_EVERY_S)
