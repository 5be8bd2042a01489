"""The board: all projects and films that one may see, and what waits for whom."""

import time
from typing import Annotated

from fastapi import APIRouter, Query

from api.board_schemas import LineList, LineOut, Move, waits_of
from api.dependencies import Caller, SeenAgency, UseCases
from api.paging import Cursor, Limit, page_of
from api.turns import OneTurn
from pipeline.board import Stage, chosen

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Jobs"])


@router.get("/board", operation_id="readBoard", summary="What waits for whom")
def read_board(
    service: UseCases,
    caller: Caller,
    agency: SeenAgency,
    stage: Annotated[Stage | None, Query()] = None,
    waits: Annotated[Move | None, Query(description="Whose move it is; `me` for one's own.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LineList:
    """Every film, and every project without one: what waits for oneself first, then by urgency and the longest wait."""
    lines = chosen(service.board.lines(agency), stage, waits_of(waits, caller))
    page, following = page_of(lines, cursor, limit)
    now = time.time()
    return LineList(items=[LineOut.of(line, caller, now) for line in page], next=following)
