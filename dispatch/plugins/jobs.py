"""A plugin's scheduled jobs: each run is done by one of the workers, has a deadline, and leaves how it ended."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update

from dispatch.errors import SiagaError
from dispatch.plugins.contract import Job
from dispatch.plugins.faults import in_words
from dispatch.plugins.model import PluginJobRow
from dispatch.plugins.work import Refused
from dispatch.plugins.workroom import Workroom, bounded
from dispatch.upsert import insert_new

_log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 30.0
"""Between two looks at when a job is due: another worker may have run it meanwhile."""

GRACE = timedelta(seconds=30)
"""After a run's deadline; then the worker that claimed it is taken for dead."""

Report = Callable[[BaseException], None]


async def run_jobs(room: Workroom, report: Report) -> None:
    """Run all jobs of the plugin when they are due, until cancelled."""
    async with asyncio.TaskGroup() as group:
        for job in room.plugin.jobs:
            group.create_task(_repeat(room, job, report), name=f"job {room.plugin.name}.{job.name}")


async def _repeat(room: Workroom, job: Job, report: Report) -> None:
    while True:
        try:
            pause_s = await step(room, job, report)
        except SiagaError as error:
            _log.warning("plugin_job_waits", plugin=room.plugin.name, job=job.name, reason=error.detail)
            pause_s = LONGEST_SLEEP_S
        await asyncio.sleep(min(max(pause_s, 0.05), LONGEST_SLEEP_S))


async def step(room: Workroom, job: Job, report: Report) -> float:
    """Run the job if it is due and no other worker does. Gives the seconds until it is due. Raises Unavailable."""
    due_at = await _due(room, job)
    now = room.centre.db.clock()
    if due_at <= now and await _claim(room, job):
        fault = await _run(room, job, report)
        return await _end(room, job, fault)
    return max((due_at - now).total_seconds(), 1.0)


async def _due(room: Workroom, job: Job) -> datetime:
    """When it is due; one that never ran is due at once."""
    mine = (PluginJobRow.plugin == room.plugin.name, PluginJobRow.job == job.name)
    async with room.centre.db.reading() as session:
        due_at = await session.scalar(select(PluginJobRow.due_at).where(*mine))
    if due_at is not None:
        return due_at
    async with room.centre.db.transaction() as tx:
        row = {"plugin": room.plugin.name, "job": job.name, "due_at": tx.now}
        await insert_new(tx.session, PluginJobRow, [row])
        return tx.now


async def _claim(room: Workroom, job: Job) -> bool:
    async with room.centre.db.transaction() as tx:
        claim = (
            update(PluginJobRow)
            .where(
                PluginJobRow.plugin == room.plugin.name,
                PluginJobRow.job == job.name,
                PluginJobRow.due_at <= tx.now,
                or_(PluginJobRow.claimed_until.is_(None), PluginJobRow.claimed_until <= tx.now),
            )
            .values(claimed_until=tx.now + timedelta(seconds=job.limit_s) + GRACE, started_at=tx.now)
            .returning(PluginJobRow.job)
        )
        return (await tx.session.execute(claim)).scalar_one_or_none() is not None


async def _run(room: Workroom, job: Job, report: Report) -> str | None:
    """What went wrong, in words; a busy database is nobody's fault."""
    try:
        async with bounded(job.limit_s, "The job"):
            await job.run(room.bench())
    except SiagaError as error:
        return error.detail
    except Refused as error:
        return error.message.en
    except Exception as error:  # noqa: BLE001  # whatever a job raises stays inside it
        _log.error("plugin_job_failed", plugin=room.plugin.name, job=job.name, exc_info=error)
        report(error)
        return in_words(error)
    return None


async def _end(room: Workroom, job: Job, fault: str | None) -> float:
    async with room.centre.db.transaction() as tx:
        mine = (PluginJobRow.plugin == room.plugin.name, PluginJobRow.job == job.name)
        due_at = tx.now + timedelta(seconds=job.every_s)
        ended = {"due_at": due_at, "claimed_until": None, "finished_at": tx.now, "fault": fault}
        await tx.session.execute(update(PluginJobRow).where(*mine).values(ended))
    return job.every_s
