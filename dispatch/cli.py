"""The command `siaga`: composition root of everything that is started from a shell."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import structlog
import typer

from dispatch import log
from dispatch.app import Companion, create_app, run_remote_telephony, telephony_companion
from dispatch.centre import Centre
from dispatch.clock import system_clock
from dispatch.db import Database
from dispatch.demo.start import demo_companions, until_served
from dispatch.errors import SiagaError
from dispatch.migrate import upgrade
from dispatch.people import service as people
from dispatch.plugins.commands import app as plugin_app
from dispatch.protocols.service import check as check_protocols
from dispatch.realtime.server import serve as serve_forever
from dispatch.realtime.server import uvicorn_config
from dispatch.settings import Settings, SettingsError, load_settings
from dispatch.units import service as units
from dispatch.units.seed import import_fleet
from dispatch.words import Role

SHOWN_ACCOUNTS = 8
"""Of the demo's accounts; the sign-in page lists the rest."""

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True,
    help="Siaga 112: emergency call handling and dispatch.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
protocols_app = typer.Typer(no_args_is_help=True, help="Protocols: the question trees.")
users_app = typer.Typer(no_args_is_help=True, help="Accounts of the centre's people.")
app.add_typer(protocols_app, name="protocols")
app.add_typer(users_app, name="users")
fleet_app = typer.Typer(no_args_is_help=True, help="Stations and units.")
app.add_typer(fleet_app, name="fleet")
routing_app = typer.Typer(no_args_is_help=True, help="Travel times by road.")
app.add_typer(routing_app, name="routing")
app.add_typer(plugin_app, name="plugin")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _settings(**overrides: object) -> Settings:
    try:
        return load_settings(**overrides)
    except SettingsError as error:
        _fail(str(error))


def _with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Do `work` on the migrated database of the settings; what it refuses ends the command with a sentence."""

    async def run(url: str) -> T:
        await upgrade(url)
        db = Database(url)
        try:
            return await work(db)
        finally:
            await db.close()

    try:
        return asyncio.run(run(_settings().resolved_database_url()))
    except SiagaError as error:
        _fail(error.detail)


def _configure_logging(settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@app.command()
def serve() -> None:
    """Serve the centre with the settings of the environment, and the PBX of SIAGA_AMI_HOST when one is named."""
    settings = _settings()
    _configure_logging(settings)
    try:
        companions = [telephony_companion(settings)] if settings.ami_host else []
    except SettingsError as error:
        _fail(str(error))
    server = create_app(settings, companions)
    config = uvicorn_config(
        server,
        settings.host,
        settings.port,
        log_level=settings.log_level,
        trusted_proxies=settings.trusted_proxies,
    )
    serve_forever(config)


@app.command()
def demo(port: Annotated[int, typer.Option(help="Port on loopback.")] = 8112) -> None:
    """Start a demo centre: a simulated PBX and city, demo accounts with one-click sign-in."""
    settings = _settings(demo=True, port=port)
    settings = settings.model_copy(update={"data_dir": settings.data_dir / "demo"})
    _configure_logging(settings)
    server = create_app(settings, [*demo_companions(settings), _welcome(settings)])
    serve_forever(uvicorn_config(server, settings.host, settings.port))


def _welcome(settings: Settings) -> Companion:
    """Says where the demo is once it answers."""

    async def run(centre: Centre) -> None:
        address = f"http://{settings.host}:{settings.port}"
        await until_served(address)
        async with centre.db.reading() as session:
            accounts = await people.demo_accounts(session)
        typer.echo(f"\n  Siaga 112 demo: {address}\n")
        for account in accounts[:SHOWN_ACCOUNTS]:
            typer.echo(f"    {account.username:8} {account.display_name:20} {', '.join(account.roles)}")
        typer.echo("    One click on that page signs you in; no passwords. Ctrl+C ends the demo.\n")

    return run


@app.command()
def telephony() -> None:
    """Run the telephony adapter by itself, beside its PBX, handing facts to the core at SIAGA_CORE_URL."""
    settings = _settings()
    _configure_logging(settings)
    try:
        asyncio.run(run_remote_telephony(settings))
    except SettingsError as error:
        _fail(str(error))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    asyncio.run(upgrade(_settings().resolved_database_url()))


@app.command("verify-log")
def verify_log() -> None:
    """Check the event log's chain. Exit 1 and the first fault when anything was altered, added or removed."""

    async def verify(db: Database) -> log.Verdict:
        async with db.reading() as session:
            return await log.verify(session)

    verdict = _with_database(verify)
    if verdict.fault is None:
        typer.echo(f"{verdict.events} events, the chain holds")
        return
    typer.echo(f"FAULT at {verdict.at_seq}: {verdict.fault} ({verdict.events} events before it are sound)")
    raise typer.Exit(1)


@protocols_app.command("check")
def protocols_check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of YAML files; default: those shipped.")] = None,
) -> None:
    """Check protocol files; each fault with its file, line, key and what was expected."""
    faults = check_protocols(folder)
    for fault in faults:
        typer.echo(str(fault))
    if faults:
        raise typer.Exit(1)
    typer.echo("no faults")


@users_app.command("add")
def users_add(
    username: str,
    name: Annotated[str, typer.Option(help="The name that others see.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)],
    unit: Annotated[str | None, typer.Option(help="A responder's unit, by its callsign.")] = None,
) -> None:
    """Make an account."""

    async def add(db: Database) -> None:
        hashed = await people.hash_password(password, username)
        async with db.transaction() as tx:
            unit_id = await units.id_of_callsign(tx.session, unit) if unit else None
            new = people.NewUser(username=username, display_name=name, roles=tuple(role), unit_id=unit_id)
            await people.create_user(tx, new, hashed)

    _with_database(add)
    typer.echo(f"{username} may sign in now")


@fleet_app.command("import")
def fleet_import(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]) -> None:
    """Add stations and units from a YAML file in the form of dispatch/units/data/demo-fleet.yaml."""

    async def add(db: Database) -> int:
        async with db.transaction() as tx:
            return await import_fleet(tx, file.read_text(encoding="utf-8"))

    typer.echo(f"{_with_database(add)} units imported")


@routing_app.command("build")
def routing_build(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]) -> None:
    """Build the road graph from an OpenStreetMap extract (.osm, .osm.bz2, .osm.pbf); a running centre takes it."""
    from dispatch.recommendation import build  # osmium is slow to load and needed here alone

    try:
        typer.echo(build.build(file, _settings().data_dir, system_clock()))
    except build.BrokenExtract as error:
        _fail(str(error))


def main() -> None:
    """Entry point of the console script."""
    app()
