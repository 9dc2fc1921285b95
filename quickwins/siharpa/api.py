"""The open data as JSON, for anybody: GET /api/plugins/siharpa/open/prices."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, PlainSerializer
from sqlalchemy import and_, or_

from dispatch.plugins import InWorkshop
from quickwins.siharpa import reports, rules
from quickwins.siharpa.model import Price

router = APIRouter()

LONGEST = timedelta(days=366)
"""Of one question; whoever wants years asks for each."""
AT_ONCE = 1000


def _plain(stock: Decimal | None) -> str | None:
    """Without the zeros that say nothing."""
    return None if stock is None else f"{stock.normalize():f}"


class OpenPrice(BaseModel):
    """One validated price, rupiah for one `unit`; `stock` in that unit, null where nobody counted."""

    day: date
    market: str
    commodity: str
    commodity_en: str
    unit: str
    quality: str | None
    level: str
    price_rupiah: int
    stock: Annotated[Decimal | None, PlainSerializer(_plain, return_type=str | None)]


class OpenPrices(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"licence": "CC BY 4.0", "source": "Dinas", "items": [], "next": None}]}
    )

    licence: str
    licence_link: str
    source: str
    as_of: datetime
    items: list[OpenPrice]
    next: str | None
    """Give it as `after` for the prices that follow; null at the end."""


@router.get("/open/prices")
async def open_prices(
    workshop: InWorkshop,
    first: date | None = None,
    last: date | None = None,
    level: Literal["retail", "wholesale", "producer"] | None = None,
    after: Annotated[str | None, Query(max_length=60)] = None,
) -> OpenPrices:
    """Validated prices from `first` to `last` (the last 30 days; at most 366 days), oldest first, 1,000 at once."""
    last = last or rules.local_date(workshop.now)
    first = first or last - timedelta(days=29)
    if not timedelta(0) <= last - first <= LONGEST:
        raise HTTPException(422, "Ask for 366 days at most, the first before the last.")
    asked = reports.open_prices().where(Price.day.between(first, last)).order_by(Price.day, Price.id)
    if level is not None:
        asked = asked.where(Price.level == level)
    if after is not None:
        day, id_ = _place(after)
        asked = asked.where(or_(Price.day > day, and_(Price.day == day, Price.id > id_)))
    async with workshop.reading() as reading:
        rows: list[Any] = list((await reading.session.execute(asked.limit(AT_ONCE + 1))).all())
    page, settings = rows[:AT_ONCE], workshop.settings
    return OpenPrices(
        licence=settings.licence,
        licence_link=settings.licence_link,
        source=settings.source,
        as_of=workshop.now,
        items=[OpenPrice(**dict(zip(reports.OPEN_COLUMNS, row[:-1], strict=True))) for row in page],
        next=f"{page[-1][0].isoformat()}~{page[-1][-1]}" if len(rows) > AT_ONCE else None,
    )


def _place(after: str) -> tuple[date, str]:
    day, _, id_ = after.partition("~")
    try:
        return date.fromisoformat(day), id_
    except ValueError:
        raise HTTPException(422, "'after' must be what 'next' said.") from None
