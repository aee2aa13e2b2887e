"""What came of a leg, seen from outside: what Tesla and its car have met, and what stands in the database.

An undisturbed run says what must come of it. A killed one is held to that.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Final

from sqlalchemy import Table, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.ring_file import KeptRing
from chargekey.adapters.store.vault import place_of
from chargekey.domain.delivery import Delivery
from chargekey.ports.jobs import Work
from tesla_simulator.demo import CLIENT_ID, EMAIL
from tesla_simulator.tokens import TokenRefused
from tests.kills.ground import Ground

SENT_IN_VAIN: Final = frozenset({"is_charging", "requested", "not_charging"})
"""Why a car refuses an order that it has obeyed already."""
JUST_NOW: Final = timedelta(seconds=5)
"""What fell due since the last look at the clock is not missed yet."""
PUT_OFF: Final = timedelta(minutes=15)
"""By how much later than undisturbed anything may be waited for: no pause of a night is longer (`run_charge`)."""
BY_WHAT_IT_FINDS: Final = (Work.CHECK_OPERATOR,)
"""Again in a minute or in an hour, as our side was when it looked: of these it only counts that they are waited for."""
A_FEW_MINUTES_WH: Final = 600.0
"""What 11 kW are in three minutes: the most that a stop, a wait for the car to wake and another order may take."""
IN_FLIGHT: Final = 1
"""Of what is written down after it was done elsewhere, a kill may lose or repeat the one that was under way."""
UNSETTLED: Final = (Delivery.DRAFTED, Delivery.ON_ITS_WAY, Delivery.UNKNOWN)
ONCE: Final[Sequence[Table]] = (
    *(tables.driver, tables.vehicle, tables.tesla_grant, tables.token),
    *(tables.undecided_grant, tables.home_place, tables.charge_settings, tables.night, tables.notice),
)
"""Rows of which there must be as many as undisturbed, however often something was begun."""


@dataclass(frozen=True)
class Outcome:
    """Orders that were obeyed, those that were obeyed already, and how all else stands.

    `waits_for`: when each work is due, after the leg's beginning. `mails`: the driver's, by subject.
    `bill_lines_short`: what Tesla bills and we have not written down.
    """

    obeyed: Counter[str]
    in_vain: int
    unsettled: int
    charging: str
    drew_wh: float
    waits_for: Mapping[str, Sequence[timedelta]]
    overdue: Sequence[str]
    tokens_refused: int
    is_let_in: bool
    can_renew: bool
    rows: Mapping[str, int]
    mails: Counter[str]
    bill_lines_short: int


@dataclass(frozen=True, slots=True)
class Harm:
    """What a kill did; all zeros, if all is well."""

    lost_grants: int = 0
    doubled_commands: int = 0
    lost_commands: int = 0
    missed_timers: int = 0
    burnt_tokens: int = 0
    nights_wrong: int = 0
    rows_wrong: int = 0
    mails_wrong: int = 0
    bill_lines_wrong: int = 0

    def __bool__(self) -> bool:
        return any(astuple(self))

    def __add__(self, other: "Harm") -> "Harm":
        return Harm(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Marks:
    """When a leg began: the moment, how much each log held, and what was in the battery."""

    began_at: datetime
    car_log: int
    energy_wh: float
    calls: int
    mails: int
    bill_lines: int


async def marks(ground: Ground) -> Marks:
    """Chargekey does not run yet, and its database may be empty."""
    world, car = ground.world, ground.car
    car.settle()
    async with _reading(ground) as connection:
        is_new = not await connection.run_sync(lambda sync: inspect(sync).has_table(tables.outbox.name))
        mails, lines = [0 if is_new else await _count(connection, one) for one in (tables.outbox, tables.billed_call)]
    return Marks(world.now, len(car.log), car.record.energy_wh, len(world.calls), mails, lines)


async def outcome(ground: Ground, since: Marks) -> Outcome:
    """At the end of a leg; Chargekey still runs, and all that was due is done."""
    car, log, calls = ground.car, ground.car.log[since.car_log :], ground.world.calls[since.calls :]
    car.settle()
    async with _reading(ground) as connection:
        timers = (await connection.execute(select(tables.timer).order_by(tables.timer.c.due_at))).all()
        unsettled = select(func.count()).where(tables.command.c.delivery.in_(UNSETTLED))
        open_commands = (await connection.execute(unsettled)).scalar_one()
        tokens = (await connection.execute(select(tables.token))).all()
        rows = {one.name: await _count(connection, one) for one in ONCE}
        mails = select(tables.outbox).order_by(tables.outbox.c.id).offset(since.mails)
        subjects = Counter(one.subject for one in await connection.execute(mails) if one.to == EMAIL)
        bill_lines = await _count(connection, tables.billed_call) - since.bill_lines
    late = ground.world.now - JUST_NOW
    last_ask = next((call for call in reversed(calls) if call.site == "eu" and "/vehicles" in call.path), None)
    wakes = [call.billed_as for call in calls if call.billed_as == "wake"]
    return Outcome(
        obeyed=Counter([*(one.name for one in log if one.kind == "command"), *wakes]),
        in_vain=sum(one.kind == "refused" and one.detail in SENT_IN_VAIN for one in log),
        unsettled=open_commands,
        charging=car.charging_state,
        drew_wh=car.record.energy_wh - since.energy_wh,
        waits_for={
            work: [one.due_at - since.began_at for one in timers if one.work == work]
            for work in sorted({one.work for one in timers})
        },
        overdue=tuple(f"{one.work} {one.key}" for one in timers if one.parked_at or one.due_at < late),
        tokens_refused=sum(call.site == "fleet-auth" and call.status == 401 for call in calls),
        is_let_in=last_ask is None or last_ask.status == 200,
        can_renew=all(_is_honoured(ground, one.grant_id, one.refresh_sealed) for one in tokens),
        rows=rows,
        mails=subjects,
        bill_lines_short=sum(bool(call.billed_as) for call in calls) - bill_lines,
    )


def harm(came: Outcome, must: Outcome) -> Harm:
    """How far what came is from what must have come."""
    lost, doubled = must.obeyed - came.obeyed, came.obeyed - must.obeyed
    untold, told_again = must.mails - came.mails, came.mails - must.mails
    bill_lines = came.bill_lines_short - must.bill_lines_short
    return Harm(
        lost_grants=int(must.is_let_in and not came.is_let_in),
        doubled_commands=doubled.total() + max(0, came.in_vain - must.in_vain),
        lost_commands=lost.total() + max(0, came.unsettled - must.unsettled) + int(came.charging != must.charging),
        missed_timers=_put_off(came.waits_for, must.waits_for) + len(came.overdue),
        burnt_tokens=came.tokens_refused + int(not came.can_renew),
        nights_wrong=int(abs(came.drew_wh - must.drew_wh) > A_FEW_MINUTES_WH),
        rows_wrong=sum(came.rows[one] != must.rows[one] for one in must.rows),
        mails_wrong=untold.total() + max(0, told_again.total() - IN_FLIGHT),
        bill_lines_wrong=max(0, bill_lines - IN_FLIGHT, -bill_lines),
    )


def told(came: Outcome, must: Outcome) -> Sequence[str]:
    """Where the two differ, for whoever looks into it."""
    names = Outcome.__dataclass_fields__
    return [
        f"{one}: {getattr(came, one)}, must be {getattr(must, one)}"
        for one in names
        if getattr(came, one) != getattr(must, one)
    ]


def _put_off(came: Mapping[str, Sequence[timedelta]], must: Mapping[str, Sequence[timedelta]]) -> int:
    """How many are waited for no more, or too long. Keys are left out: PostgreSQL gives another after a rollback."""
    pairs = [(work, *pair) for work in must for pair in zip_longest(must[work], came.get(work, ()))]
    return sum(
        due is not None and (comes is None or (comes > due + PUT_OFF and work not in BY_WHAT_IT_FINDS))
        for work, due, comes in pairs
    )


def _is_honoured(ground: Ground, grant_id: int, sealed: bytes) -> bool:
    """Whether Tesla would take the refresh token that is kept."""
    kept = KeptRing(ground.data / "keyring.json").open(sealed, place_of("refresh", grant_id)).reveal()
    try:
        ground.world.tokens.grant_of(kept, CLIENT_ID)
    except TokenRefused:
        return False
    return True


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


@asynccontextmanager
async def _reading(ground: Ground) -> AsyncIterator[AsyncConnection]:
    engine = open_engine(ground.database.url)
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()
