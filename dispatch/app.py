"""Composition root of the server: opens a centre's parts, runs its background work, mounts its routes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from dispatch import health_api
from dispatch.api import install_error_handlers
from dispatch.assignments import api as assignments_api
from dispatch.assignments import service as assignments
from dispatch.calls import acts_api, callbacks, desk_rules
from dispatch.calls import api as calls_api
from dispatch.calls import desk_api as calls_desk_api
from dispatch.calls import ingest as calls_ingest
from dispatch.calls.ingest import Ingest
from dispatch.centre import Centre
from dispatch.clock import system_clock
from dispatch.db import Database, Transaction
from dispatch.effects import EffectRunner
from dispatch.incidents import api as incidents_api
from dispatch.incidents import service as incidents
from dispatch.kpis import api as kpis_api
from dispatch.migrate import upgrade
from dispatch.people import admin_api as people_admin_api
from dispatch.people import api as people_api
from dispatch.people import push
from dispatch.people import service as people
from dispatch.places import admin_api as places_admin_api
from dispatch.places import api as places_api
from dispatch.places import following
from dispatch.places import service as places
from dispatch.places.geocoders import Geocoders
from dispatch.plugins.host import PluginHost
from dispatch.plugins.mounting import install_plugins
from dispatch.plugins.registry import Found, installed
from dispatch.protocols import api as protocols_api
from dispatch.protocols import editor_api as protocols_editor_api
from dispatch.protocols import versions as protocol_versions
from dispatch.protocols.service import load_book
from dispatch.realtime import api as realtime_api
from dispatch.realtime.bus import LocalBus, RedisBus
from dispatch.realtime.hub import Hub
from dispatch.recommendation import api as recommendation_api
from dispatch.recommendation.geography import Geography
from dispatch.settings import Settings, SettingsError
from dispatch.timers import TimerRunner
from dispatch.units import api as units_api
from dispatch.units.seed import seed_demo_fleet
from dispatch.wake import Wake
from dispatch.web import install_faces
from telephony.fold_state import FoldConfig
from telephony.link import HttpCore
from telephony.plans import Dialplan
from telephony.run import AdapterConfig, run_adapter
from telephony.tls import BadTls
from telephony.tls import context as tls_context

_log = structlog.get_logger(__name__)

ROUTERS: tuple[APIRouter, ...] = (
    people_api.router,
    people_admin_api.router,
    calls_api.router,
    acts_api.router,
    calls_desk_api.router,
    protocols_api.router,
    protocols_editor_api.router,
    places_api.router,
    places_admin_api.router,
    recommendation_api.router,
    incidents_api.router,
    assignments_api.router,
    units_api.router,
    kpis_api.router,
    realtime_api.router,
)

Companion = Callable[[Centre], Coroutine[None, None, None]]
"""Background work that belongs to the process but not to every centre: a telephony adapter, the demo's city."""


async def open_centre(settings: Settings) -> Centre:
    """Migrate the database, load protocols and gazetteer, and wire the parts together. Close with `close_centre`."""
    url = settings.resolved_database_url()
    await upgrade(url)
    db = Database(url)
    async with db.transaction() as tx:
        await places.seed(tx)
        if settings.demo:
            await seed_demo_city(tx)
    async with db.reading() as session:
        gazetteer = await places.load_gazetteer(session)
    protocols = load_book()
    await protocol_versions.refresh(db, protocols)
    wake = Wake()
    bus = RedisBus(settings.redis_url, wake) if settings.redis_url else LocalBus(wake)
    hub = Hub(db, wake, db.clock, bus)
    db.on_commit(hub.committed)
    return Centre(
        settings=settings,
        db=db,
        wake=wake,
        protocols=protocols,
        gazetteer=gazetteer,
        hub=hub,
        ingest=Ingest(db, wake, settings, hub.health.report),
        geocoders=Geocoders.of(settings),
        geography=Geography.of(settings, gazetteer),
    )


async def seed_demo_city(tx: Transaction) -> None:
    """The demo's fleet and its accounts; what is there already is left alone."""
    units = await seed_demo_fleet(tx)
    await people.seed_demo(tx, [(unit.id, unit.callsign) for unit in units])


def background(centre: Centre) -> dict[str, Coroutine[None, None, None]]:
    """The work that every centre does besides answering requests."""
    of_calls = {**calls_ingest.timers(centre.settings.unanswered_after_s), **desk_rules.desk_timers()}
    timers = TimerRunner(
        centre.db,
        {**of_calls, **incidents.timers(centre.settings), **assignments.timers(centre.settings, centre.geography)},
    )
    effects = EffectRunner(
        centre.db, centre.wake, [push.effect(centre), callbacks.effect(centre.db), desk_rules.effect(centre)]
    )
    return {
        "hub": centre.hub.run(),
        "timers": timers.run(),
        "effects": effects.run(),
        "checkpoints": centre.db.keep_checkpointed(),
        "gazetteer": following.follow(centre),
        "protocols": protocol_versions.follow(centre.db, centre.wake, centre.protocols),
    }


def create_app(
    settings: Settings, companions: Sequence[Companion] = (), plugins: Sequence[Found] | None = None
) -> FastAPI:
    """The whole server as one ASGI application; `plugins`: instead of those that are installed."""
    host = PluginHost(installed() if plugins is None else plugins)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        centre = await open_centre(settings)
        app.state.centre = centre
        await host.open(centre)
        jobs = (
            background(centre)
            | {"plugins": host.run()}
            | {f"companion-{n}": start(centre) for n, start in enumerate(companions)}
        )
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_vital(name, job), name=name) for name, job in jobs.items()]
            yield
            for task in tasks:
                task.cancel()
        await centre.geography.routing.close()
        await centre.db.close()

    app = FastAPI(
        title=settings.centre_name,
        version="0.1.0",
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    install_error_handlers(app)
    app.include_router(health_api.router)
    for router in ROUTERS:
        app.include_router(router, prefix="/api")
    install_plugins(app, host)
    app.add_middleware(GZipMiddleware, minimum_size=1400)
    install_faces(app)
    return app


async def _vital(name: str, job: Coroutine[None, None, None]) -> None:
    """Run background work; without it the process would lie about being alive, so its fault ends the process."""
    try:
        await job
    except Exception:
        _log.critical("background_work_failed", name=name, exc_info=True)
        os.kill(os.getpid(), signal.SIGTERM)
        raise


def adapter_config(settings: Settings, *, host: str, port: int, secret: str) -> AdapterConfig:
    """An adapter of the PBX at this address, with its spool in the data folder."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return AdapterConfig(
        pbx=settings.pbx,
        host=host,
        port=port,
        username=settings.ami_username,
        secret=secret,
        spool_path=settings.data_dir / f"spool-{settings.pbx}.db",
        fold=FoldConfig(caller_published=settings.ami_caller_published, own_desks=settings.desk_numbers),
        dialplan=Dialplan(
            desk_interface=settings.ami_desk_interface,
            desks_context=settings.ami_desks_context,
            callback_context=settings.ami_callback_context,
            conference_context=settings.ami_conference_context,
            helper_context=f"{settings.ami_conference_context}-helper",
            reach=settings.reach,
        ),
    )


def configured_pbx(settings: Settings) -> AdapterConfig:
    """The adapter of the PBX that the settings name. Raises SettingsError when its secret cannot be read."""
    if settings.ami_host is None:
        raise SettingsError("SIAGA_AMI_HOST: missing; it names the PBX.")
    config = adapter_config(settings, host=settings.ami_host, port=settings.ami_port, secret=settings.read_ami_secret())
    if not settings.ami_tls:
        return config
    try:
        tls = tls_context(settings.ami_tls_ca_file, verify=settings.ami_tls_verify)
    except BadTls as error:
        raise SettingsError(f"SIAGA_AMI_TLS_CA_FILE: {error}.") from error
    return replace(config, tls=tls, tls_name=settings.ami_tls_name)


def telephony_companion(settings: Settings) -> Companion:
    """The adapter in the same process as the core. Raises SettingsError."""
    config = configured_pbx(settings)

    async def run(centre: Centre) -> None:
        await run_adapter(config, centre.ingest, clock=centre.db.clock)

    return run


async def run_remote_telephony(settings: Settings) -> None:
    """The adapter in a process of its own, against the core's ingest endpoint. Raises SettingsError."""
    if settings.ingest_token is None:
        raise SettingsError("SIAGA_INGEST_TOKEN: missing; the core takes facts from nobody else.")
    config = configured_pbx(settings)
    async with HttpCore(settings.core_url, settings.ingest_token.get_secret_value()) as core:
        await run_adapter(config, core, clock=system_clock)
