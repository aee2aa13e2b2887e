"""What came of a leg, seen from outside: what Tesla and its car have met, and what stands in the database.

An undisturbed run says what must come of it. A killed one is held to that.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from chargekey.domain.delivery import Delivery
from tests.kills.ground import Ground

SENT_IN_VAIN: Final = frozenset({"is_charging", "requested", "not_charging"})
"""Why a car refuses an order that it has obeyed already."""
JUST_NOW: Final = timedelta(seconds=5)
"""What fell due since the last look at the clock is not missed yet."""
UNSETTLED: Final = (Delivery.DRAFTED, Delivery.ON_ITS_WAY, Delivery.UNKNOWN)


@dataclass(frozen=True)
class Outcome:
    """Orders that the car obeyed, those it had obeyed already, and how all else stands."""

    obeyed: Counter[str]
    in_vain: int
    unsettled: int
    charging: str
    waits_for: frozenset[str]
    overdue: tuple[str, ...]
    tokens_refused: int
    has_grant: bool
    is_let_in: bool


@dataclass(frozen=True, slots=True)
class Harm:
    """What a kill did; all zeros, if all is well."""

    lost_grants: int = 0
    doubled_commands: int = 0
    lost_commands: int = 0
    missed_timers: int = 0
    burnt_tokens: int = 0

    def __bool__(self) -> bool:
        return any((self.lost_grants, self.doubled_commands, self.lost_commands, self.missed_timers, self.burnt_tokens))

    def __add__(self, other: "Harm") -> "Harm":
        return Harm(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True)
class Marks:
    """How much each log held when a leg began."""

    car_log: int
    calls: int


def marks(ground: Ground) -> Marks:
    return Marks(len(ground.car.log), len(ground.world.calls))


async def outcome(ground: Ground, since: Marks) -> Outcome:
    """At the end of a leg; Chargekey still runs, and all that was due is done."""
    log, calls = ground.car.log[since.car_log :], ground.world.calls[since.calls :]
    engine = open_engine(ground.database.url)
    async with engine.begin() as connection:
        timers = (await connection.execute(select(tables.timer))).all()
        unsettled = await connection.execute(
            select(tables.command.c.id).where(tables.command.c.delivery.in_(UNSETTLED))
        )
        tokens = (await connection.execute(select(tables.token.c.grant_id))).all()
        open_commands = len(unsettled.all())
    await engine.dispose()
    late = ground.world.now - JUST_NOW
    last_ask = next((call for call in reversed(calls) if call.site == "eu" and "/vehicles" in call.path), None)
    return Outcome(
        obeyed=Counter(one.name for one in log if one.kind == "command"),
        in_vain=sum(one.kind == "refused" and one.detail in SENT_IN_VAIN for one in log),
        unsettled=open_commands,
        charging=ground.car.charging_state,
        waits_for=frozenset(f"{one.work} {one.key}" for one in timers),
        overdue=tuple(f"{one.work} {one.key}" for one in timers if one.parked_at or one.due_at < late),
        tokens_refused=sum(call.site == "fleet-auth" and call.status == 401 for call in calls),
        has_grant=bool(tokens),
        is_let_in=last_ask is None or last_ask.status == 200,
    )


def harm(came: Outcome, must: Outcome) -> Harm:
    """How far what came is from what must have come."""
    lost = must.obeyed - came.obeyed
    return Harm(
        lost_grants=int(came.has_grant is not must.has_grant or (must.is_let_in and not came.is_let_in)),
        doubled_commands=(came.obeyed - must.obeyed).total() + max(0, came.in_vain - must.in_vain),
        lost_commands=lost.total() + max(0, came.unsettled - must.unsettled) + int(came.charging != must.charging),
        missed_timers=len(must.waits_for - came.waits_for) + len(came.overdue),
        burnt_tokens=came.tokens_refused,
    )


def told(came: Outcome, must: Outcome) -> Sequence[str]:
    """Where the two differ, for whoever looks into it."""
    names = Outcome.__dataclass_fields__
    return [
        f"{one}: {getattr(came, one)}, must be {getattr(must, one)}"
        for one in names
        if getattr(came, one) != getattr(must, one)
    ]
