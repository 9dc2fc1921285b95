"""The plugins of a running centre: which are on here, kept in step with what the database says."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import structlog
from sqlalchemy import func, select

from dispatch.centre import Centre
from dispatch.errors import NotFound, SiagaError
from dispatch.people.accounts import grant_to_demo_officers
from dispatch.places.service import load_gazetteer
from dispatch.plugins import state
from dispatch.plugins.contract import Plugin
from dispatch.plugins.faults import Faults, in_words
from dispatch.plugins.figures import Figures
from dispatch.plugins.jobs import run_jobs
from dispatch.plugins.landmarks import keep_landmarks, remove_landmarks
from dispatch.plugins.listening import listen
from dispatch.plugins.migrating import metadata_of, upgrade
from dispatch.plugins.model import PluginState
from dispatch.plugins.registry import Found
from dispatch.plugins.state import Decided
from dispatch.plugins.sweeping import sweep_files
from dispatch.plugins.workroom import Bench, Workroom

_log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
"""Between two looks at what was decided: another worker's change is honoured within two seconds."""

STOP_S = 5.0
"""What a plugin's own work gets to end after it was cancelled; then it is left behind."""

DEMO_S = 60.0
"""For a plugin's demo content."""

SWITCHED_OFF = "Switched off after repeated faults. The last: "


@dataclass(slots=True)
class Running:
    """A plugin that is on in this worker."""

    plugin: Plugin
    room: Workroom
    decided: Decided
    faults: Faults = field(default_factory=Faults)
    work: asyncio.Task[None] | None = None


class PluginHost:
    """Starts and stops plugins as the database says. One a worker; `app.state.plugin_host`."""

    def __init__(self, plugins: Sequence[Found]) -> None:
        self.found = {one.name: one for one in plugins}
        self._running: dict[str, Running] = {}
        self._centre: Centre | None = None
        self._group: asyncio.TaskGroup | None = None
        self._places: dict[str, object] = {}
        self._turn = asyncio.Lock()
        self._look = asyncio.Event()
        self.figures = Figures(self._report_of)

    @property
    def centre(self) -> Centre:
        assert self._centre is not None, "the host is opened first"
        return self._centre

    def enabled(self) -> list[Plugin]:
        """The plugins that are on now, in the order of their names."""
        return [self._running[name].plugin for name in sorted(self._running)]

    def is_on(self, name: str) -> bool:
        return name in self._running

    def running(self, name: str) -> Running:
        """Raises NotFound unless the plugin is on."""
        if name not in self._running:
            raise NotFound("This module is switched off.", plugin=name)
        return self._running[name]

    def room(self, name: str) -> Workroom:
        """Raises NotFound unless the plugin is on."""
        return self.running(name).room

    def workshop(self, name: str) -> Bench:
        """Reads and transactions of the plugin, for nobody in particular. Raises NotFound."""
        return self.room(name).bench()

    async def open(self, centre: Centre) -> None:
        """Start every plugin that is on; what fails is switched off with a message. In the demo all begin on."""
        self._centre = centre
        if centre.settings.demo:
            await self._begin_demo()
        await self.follow()

    async def run(self) -> None:
        """Keep in step with the database, and do the plugins' own work, until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            for running in self._running.values():
                self._set_to_work(running)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY_S):
                        await self._look.wait()
                self._look.clear()
                try:
                    await self.follow()
                except SiagaError as error:
                    _log.warning("plugins_wait", reason=error.detail)

    async def follow(self) -> None:
        """Start, stop and restart what was decided since the last look. Raises Unavailable."""
        async with self._turn:
            async with self.centre.db.reading() as session:
                decided = await state.read_all(session)
            for name in sorted(self.found.keys() | self._running.keys()):
                await self._follow_one(name, decided.get(name))
            await self._follow_places(decided)

    async def _follow_one(self, name: str, decided: Decided | None) -> None:
        running = self._running.get(name)
        wanted = decided is not None and decided.state is PluginState.ON
        if running is not None and (not wanted or decided is None or decided.changed_at != running.decided.changed_at):
            await self._stop(running)
            running = None
        if running is None and wanted and decided is not None:
            await self._start(name, decided)

    async def _follow_places(self, decided: dict[str, Decided]) -> None:
        """Load the gazetteer anew when another worker, or this one, changed a plugin's landmarks."""
        places: dict[str, object] = {name: one.places_at for name, one in decided.items() if one.places_at is not None}
        if places != self._places:
            async with self.centre.db.reading() as session:
                self.centre.gazetteer = await load_gazetteer(session)
            self._places = places

    async def _start(self, name: str, decided: Decided) -> None:
        found = self.found[name]
        if found.plugin is None or found.fault is not None:
            return await self.fail(name, found.fault or "It is not installed.")
        plugin = found.plugin
        try:
            await upgrade(self.centre.db.url.render_as_string(hide_password=False), plugin)
            settings = state.checked_settings(plugin, decided.settings)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # a plugin's migration may raise anything; it stays off
            _log.error("plugin_not_started", plugin=name, exc_info=error)
            return await self.fail(name, f"It could not be started: {in_words(error)}")
        running = Running(plugin, Workroom(plugin, self.centre, settings), decided)
        self._running[name] = running
        self._set_to_work(running)
        _log.info("plugin_on", plugin=name, version=plugin.version)

    def _set_to_work(self, running: Running) -> None:
        if self._group is not None and running.work is None:
            running.work = self._group.create_task(self._work(running), name=f"plugin {running.plugin.name}")

    async def _work(self, running: Running) -> None:
        """Its jobs, listeners and landmarks; what gets past their own boundaries switches it off."""
        room = running.room
        works: list[Coroutine[None, None, None]] = [
            run_jobs(room, self.reporter(running)),
            listen(room, self.reporter(running)),
            keep_landmarks(room, self.reporter(running)),
            sweep_files(room),
        ]
        try:
            async with asyncio.TaskGroup() as group:
                for work in works:
                    group.create_task(work)
        except Exception as error:  # noqa: BLE001  # nothing of a plugin may end the worker
            _log.error("plugin_work_failed", plugin=running.plugin.name, exc_info=error)
            await self._switch_off(running, f"Its work failed: {in_words(error)}")

    async def _stop(self, running: Running) -> None:
        self._running.pop(running.plugin.name, None)
        self.figures.forget(running.plugin.name)
        if running.work is not None and running.work is not asyncio.current_task():
            running.work.cancel()
            await asyncio.wait([running.work], timeout=STOP_S)
        _log.info("plugin_off", plugin=running.plugin.name)

    def _report_of(self, name: str) -> Callable[[BaseException], None]:
        return self.reporter(self._running[name]) if name in self._running else lambda _error: None

    def reporter(self, running: Running) -> Callable[[BaseException], None]:
        """Counts a plugin's faults; too many within a minute switch it off."""

        def report(error: BaseException) -> None:
            if running.faults.note(self.centre.db.clock(), in_words(error)):
                self._running.pop(running.plugin.name, None)  # at once; the database follows
                if self._group is not None:
                    self._group.create_task(self._switch_off(running, SWITCHED_OFF + running.faults.last))

        return report

    async def _switch_off(self, running: Running, message: str) -> None:
        name = running.plugin.name
        _log.error("plugin_switched_off", plugin=name, reason=message)
        async with self._turn:
            await self._stop(running)
            try:
                await self.fail(name, message)
            except SiagaError as error:
                _log.error("plugin_state_not_stored", plugin=name, reason=error.detail)

    def look(self) -> None:
        """Follow what was just decided without waiting for the next look."""
        self._look.set()

    async def fail(self, name: str, message: str) -> None:
        """Switch the plugin off by the centre itself, and say why. Raises Unavailable."""
        running = self._running.pop(name, None)
        async with self.centre.db.transaction() as tx:
            await state.put(tx, name, PluginState.FAILED, message)
            if await remove_landmarks(tx, name):
                await state.touch_places(tx, name)
        if running is not None:
            await self._stop(running)

    async def _begin_demo(self) -> None:
        """Switch on all that nobody switched yet, and let each fill its empty tables."""
        async with self.centre.db.transaction() as tx:
            decided = await state.read_all(tx.session)
            fresh = [one for name, one in self.found.items() if name not in decided]
            for one in fresh:
                await state.put(tx, one.name, PluginState.ON)
            await grant_to_demo_officers(tx, [name for one in fresh for name in _permissions(one)])
        await self.follow()
        for one in fresh:
            if self.is_on(one.name):
                await self._fill(self._running[one.name])

    async def _fill(self, running: Running) -> None:
        plugin = running.plugin
        if plugin.demo is None:
            return
        try:
            async with running.room.bench().working(DEMO_S, starting=True) as work:
                for table in metadata_of(plugin).sorted_tables:
                    if await work.session.scalar(select(func.count()).select_from(table)):
                        return
                await plugin.demo(work, Random(self.centre.settings.demo_seed))
        except Exception as error:  # noqa: BLE001  # without its demo content a plugin still works
            _log.error("plugin_demo_failed", plugin=plugin.name, exc_info=error)


def _permissions(found: Found) -> list[str]:
    """As they are granted."""
    return [f"{found.name}.{one.name}" for one in found.plugin.permissions] if found.plugin is not None else []
