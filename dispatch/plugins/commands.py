"""`siaga plugin …`: what is installed, whether it holds together, a new one, and the end of one's data."""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dispatch.db import Database
from dispatch.migrate import upgrade
from dispatch.plugins import migrating, state
from dispatch.plugins.landmarks import remove_landmarks
from dispatch.plugins.model import PluginState
from dispatch.plugins.new import write_skeleton
from dispatch.plugins.registry import Found, installed
from dispatch.plugins.state import Decided
from dispatch.plugins.testing import check as faults_of
from dispatch.settings import SettingsError, load_settings

app = typer.Typer(no_args_is_help=True, help="Plugins: modules for other services.")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _url() -> str:
    try:
        return load_settings().resolved_database_url()
    except SettingsError as error:
        _fail(str(error))


def _find(name: str) -> Found:
    plugins = {one.name: one for one in installed()}
    if name not in plugins:
        _fail(f"No installed package carries a plugin '{name}'. There are: {', '.join(plugins) or 'none'}.")
    return plugins[name]


@app.command("list")
def list_() -> None:
    """Every installed plugin with its version and whether it is on."""
    decided = asyncio.run(_decided(_url()))
    for one in installed():
        version = one.plugin.version if one.plugin is not None else "?"
        known = decided.get(one.name)
        said = "failed" if one.fault else known.state.value if known else "off"
        message = one.fault or (known.message if known else "")
        typer.echo(f"{one.name:20} {version:10} {said:8} {message}".rstrip())


@app.command()
def check(name: str) -> None:
    """Print each fault of the plugin's declaration and of its migrations. Exit 1 when there are any."""
    found = _find(name)
    if found.plugin is None:
        typer.echo(found.fault)
        raise typer.Exit(1)
    faults = faults_of(found.plugin)
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(1)
    typer.echo("no faults")


@app.command()
def new(
    name: str,
    folder: Annotated[Path | None, typer.Option(help="Where to write it; default: a folder of its name.")] = None,
) -> None:
    """Write the skeleton of a plugin that works, with tests."""
    target = folder or Path(name.replace("_", "-"))
    try:
        written = write_skeleton(name, target)
    except (ValueError, FileExistsError) as error:
        _fail(str(error))
    for file in written:
        typer.echo(str(file))
    typer.echo(f"\nNext: python -m pip install -e {target} && siaga plugin check {name}")


@app.command("drop-data")
def drop_data(
    name: str, yes: Annotated[bool, typer.Option("--yes", help="Yes, remove all that the plugin stored.")] = False
) -> None:
    """Switch the plugin off and remove its tables with all that is in them."""
    found = _find(name)
    if found.plugin is None:
        _fail(f"Its migrations are needed to take its tables back, but: {found.fault}")
    url = _url()
    tables = asyncio.run(migrating.tables_of(url, name))
    if not yes:
        _fail(f"This removes {', '.join(tables) or 'nothing'} for good. Add --yes when you mean it.")
    asyncio.run(_drop(url, found))
    typer.echo(f"{name} is off and its data is gone: {', '.join(tables) or 'there was none'}")


async def _decided(url: str) -> dict[str, Decided]:
    await upgrade(url)
    db = Database(url)
    try:
        async with db.reading() as session:
            return await state.read_all(session)
    finally:
        await db.close()


async def _drop(url: str, found: Found) -> None:
    assert found.plugin is not None
    await upgrade(url)
    db = Database(url)
    try:
        async with db.transaction() as tx:
            await state.put(tx, found.name, PluginState.OFF)
            if await remove_landmarks(tx, found.name):
                await state.touch_places(tx, found.name)
    finally:
        await db.close()
    await migrating.drop(url, found.plugin)
