"""The demo's clock, turned by the simulator. It exists in the demo alone, on loopback."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict


class Turned(BaseModel):
    """What time it is from now on."""

    model_config = ConfigDict(extra="forbid")
    now: AwareDatetime


class CaughtUp(BaseModel):
    """All that was due by then is done; `next_due` is when something is due again, None: nothing is."""

    next_due: datetime | None


def routes(turn: Callable[[datetime], Awaitable[datetime | None]]) -> APIRouter:
    """`turn` sets the clock, does all that is due by then, and says when something is due again.

    Only a JSON body is taken, so no page of another site can post here without asking first.
    """
    router = APIRouter()

    @router.post("/demo/clock", include_in_schema=False)
    async def turned(to: Turned) -> CaughtUp:
        return CaughtUp(next_due=await turn(to.now.astimezone(UTC)))

    return router
