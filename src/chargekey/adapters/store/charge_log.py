"""Settings, nights, plans, commands and billed calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.shapes import remembered, write
from chargekey.adapters.store.upsert import adding
from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.delivery import OPEN, Delivery, Happening, after
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Command, Night, Order, Wish
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin
from chargekey.ports.charge_log import ChargeSettings, KeptPlan

_SETTINGS, _WATCH, _NIGHT = tables.charge_settings, tables.key_watch, tables.night
_PLAN, _COMMAND = tables.plan, tables.command
_WANTED: Final = select(_SETTINGS.c.settings).where(_SETTINGS.c.vehicle_id == bindparam("of_vehicle"))
_WATCHED: Final = select(_WATCH).where(_WATCH.c.vehicle_id == bindparam("of_vehicle"))
_OPEN_NIGHT: Final = (
    select(_NIGHT)
    .where(_NIGHT.c.vehicle_id == bindparam("of_vehicle"), _NIGHT.c.unplugged_at.is_(None))
    .order_by(_NIGHT.c.id.desc())
    .limit(1)
)
_LATEST_PLAN: Final = (
    select(_PLAN).where(_PLAN.c.night_id == bindparam("of_night")).order_by(_PLAN.c.id.desc()).limit(1)
)
_STILL_OPEN: Final = (
    select(_COMMAND)
    .where(_COMMAND.c.vehicle_id == bindparam("of_vehicle"), _COMMAND.c.delivery.in_([one.value for one in OPEN]))
    .order_by(_COMMAND.c.id)
)
_OF_NIGHT: Final = select(_COMMAND).where(_COMMAND.c.night_id == bindparam("of_night")).order_by(_COMMAND.c.id)


class KeptSettings:
    """`ports.charge_log.SettingsLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def settings(self, vehicle_id: int) -> ChargeSettings | None:
        text = (await self._connection.execute(_WANTED, {"of_vehicle": vehicle_id})).scalar_one_or_none()
        return None if text is None else remembered(ChargeSettings, text)

    async def save_settings(self, vehicle_id: int, settings: ChargeSettings, now: datetime) -> None:
        row = {"settings": write(ChargeSettings, settings), "saved_at": now}
        await self._replace(tables.charge_settings, vehicle_id, row)

    async def said_at(self, vehicle_id: int) -> datetime | None:
        table = tables.charge_settings
        found = await self._connection.execute(select(table.c.saved_at).where(table.c.vehicle_id == vehicle_id))
        return found.scalar_one_or_none()

    async def key_watch(self, vehicle_id: int) -> KeyWatch | None:
        row = (await self._connection.execute(_WATCHED, {"of_vehicle": vehicle_id})).one_or_none()
        return KeyWatch(row.opened_at, row.last_open_at, row.returned_at) if row else None

    async def save_key_watch(self, vehicle_id: int, watch: KeyWatch) -> None:
        row = {
            "opened_at": watch.opened_at,
            "last_open_at": watch.last_open_at,
            "returned_at": watch.returned_at,
        }
        await self._replace(tables.key_watch, vehicle_id, row)

    async def _replace(self, table: Any, vehicle_id: int, row: Mapping[str, object]) -> None:
        added = adding(self._connection, table).values(vehicle_id=vehicle_id, **row)
        await self._connection.execute(added.on_conflict_do_update(index_elements=[table.c.vehicle_id], set_=dict(row)))


class KeptNights:
    """`ports.charge_log.NightLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open_night(self, vehicle_id: int) -> Night | None:
        row = (await self._connection.execute(_OPEN_NIGHT, {"of_vehicle": vehicle_id})).one_or_none()
        return night_of(row) if row else None

    async def begin_night(self, vehicle_id: int, plugged_in_at: datetime) -> Night:
        added = await self._connection.execute(
            insert(tables.night)
            .values(
                vehicle_id=vehicle_id,
                plugged_in_at=plugged_in_at,
                wish=Wish.PLAN.value,
                wished_at=plugged_in_at,
            )
            .returning(tables.night)
        )
        return night_of(added.one())

    async def end_night(self, night_id: int, unplugged_at: datetime) -> None:
        await self._change(night_id, unplugged_at=unplugged_at)

    async def wish(self, night_id: int, wish: Wish, now: datetime) -> None:
        await self._change(night_id, wish=wish.value, wished_at=now)

    async def set_ready_by(self, night_id: int, ready_by: datetime) -> None:
        await self._change(night_id, ready_by=ready_by)

    async def night(self, night_id: int) -> Night | None:
        table = tables.night
        row = (await self._connection.execute(select(table).where(table.c.id == night_id))).one_or_none()
        return night_of(row) if row else None

    async def nights_of(self, vehicle_id: int, limit: int) -> Sequence[Night]:
        table = tables.night
        found = await self._connection.execute(
            select(table).where(table.c.vehicle_id == vehicle_id).order_by(table.c.id.desc()).limit(limit)
        )
        return [night_of(row) for row in found]

    async def first_night(self, vehicle_id: int) -> Night | None:
        table = tables.night
        found = await self._connection.execute(
            select(table).where(table.c.vehicle_id == vehicle_id).order_by(table.c.id).limit(1)
        )
        row = found.one_or_none()
        return night_of(row) if row else None

    async def nights_ended(self, vehicle_id: int, begins: datetime, ends: datetime) -> Sequence[Night]:
        table = tables.night
        ended_at = table.c.unplugged_at
        found = await self._connection.execute(
            select(table)
            .where(table.c.vehicle_id == vehicle_id, ended_at >= begins, ended_at < ends)
            .order_by(ended_at, table.c.id)
        )
        return [night_of(row) for row in found]

    async def keep_plan(self, night_id: int, problem: PlanProblem, plan: ChargePlan, now: datetime) -> KeptPlan:
        added = await self._connection.execute(
            insert(tables.plan)
            .values(
                night_id=night_id,
                made_at=now,
                problem=write(PlanProblem, problem),
                plan=write(ChargePlan, plan),
            )
            .returning(tables.plan.c.id)
        )
        return KeptPlan(added.scalar_one(), night_id, now, problem, plan)

    async def plan_of(self, night_id: int) -> KeptPlan | None:
        row = (await self._connection.execute(_LATEST_PLAN, {"of_night": night_id})).one_or_none()
        return _plan(row) if row else None

    async def plans_of(self, night_id: int) -> tuple[KeptPlan | None, KeptPlan | None]:
        table = tables.plan
        ends = [select(end(table.c.id)).where(table.c.night_id == night_id) for end in (func.min, func.max)]
        found = await self._connection.execute(
            select(table).where(or_(*(table.c.id == one.scalar_subquery() for one in ends))).order_by(table.c.id)
        )
        rows = found.all()
        return (_plan(rows[0]), _plan(rows[-1])) if rows else (None, None)

    async def every_plan(self, night_id: int) -> Sequence[KeptPlan | None]:
        table = tables.plan
        found = await self._connection.execute(select(table).where(table.c.night_id == night_id).order_by(table.c.id))
        return [_plan(row) for row in found]

    async def _change(self, night_id: int, **values: object) -> None:
        table = tables.night
        await self._connection.execute(update(table).where(table.c.id == night_id).values(**values))


class KeptCommands:
    """`ports.charge_log.CommandLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def draft(
        self,
        vehicle_id: int,
        night_id: int | None,
        order: Order,
        current_a: int | None,
        now: datetime,
        schedule: CarSchedule | None = None,
    ) -> Command:
        added = await self._connection.execute(
            insert(tables.command)
            .values(
                vehicle_id=vehicle_id,
                night_id=night_id,
                order=order.value,
                current_a=current_a,
                delivery=Delivery.DRAFTED.value,
                wanted_at=now,
                detail="",
                schedule=write(CarSchedule, schedule) if schedule else None,
            )
            .returning(tables.command)
        )
        return _command(added.one())

    async def happened(self, command_id: int, happening: Happening, now: datetime, detail: str = "") -> Command:
        table = tables.command
        query = select(table).where(table.c.id == command_id).with_for_update()  # two must not both find it drafted
        present = (await self._connection.execute(query)).one()
        delivery = after(Delivery(present.delivery), happening)
        values: dict[str, object] = {"delivery": delivery.value, "detail": detail[:200] or present.detail}
        if happening is Happening.SENT:
            values["sent_at"] = now
        elif delivery not in OPEN:
            values["settled_at"] = now
        changed = await self._connection.execute(
            update(table).where(table.c.id == command_id).values(**values).returning(table)
        )
        return _command(changed.one())

    async def open_commands(self, vehicle_id: int) -> Sequence[Command]:
        found = await self._connection.execute(_STILL_OPEN, {"of_vehicle": vehicle_id})
        return [_command(row) for row in found]

    async def commands_of(self, night_id: int) -> Sequence[Command]:
        found = await self._connection.execute(_OF_NIGHT, {"of_night": night_id})
        return [_command(row) for row in found]


class KeptBills:
    """`ports.charge_log.BillLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_call(self, vin: Vin, billed: Billed, at: datetime) -> None:
        cars = tables.vehicle
        latest = select(cars.c.id).where(cars.c.vin == vin.whole).order_by(cars.c.id.desc()).limit(1)
        await self._connection.execute(
            insert(tables.billed_call).values(vehicle_id=latest.scalar_subquery(), category=billed.value, at=at)
        )

    async def calls(self, vehicle_id: int, start: datetime, end: datetime) -> Mapping[Billed, int]:
        table = tables.billed_call
        found = await self._connection.execute(
            select(table.c.category, func.count())
            .where(table.c.vehicle_id == vehicle_id, table.c.at >= start, table.c.at < end)
            .group_by(table.c.category)
        )
        return {Billed(category): count for category, count in found}


def night_of(row: Row[Any]) -> Night:
    """As the domain knows it."""
    return Night(
        row.id,
        row.vehicle_id,
        row.plugged_in_at,
        row.unplugged_at,
        Wish(row.wish),
        row.wished_at,
        row.ready_by,
    )


def _plan(row: Row[Any]) -> KeptPlan | None:
    problem, plan = remembered(PlanProblem, row.problem), remembered(ChargePlan, row.plan)
    return KeptPlan(row.id, row.night_id, row.made_at, problem, plan) if problem and plan else None


def _command(row: Row[Any]) -> Command:
    return Command(
        id=row.id,
        vehicle_id=row.vehicle_id,
        night_id=row.night_id,
        order=Order(row.order),
        current_a=row.current_a,
        delivery=Delivery(row.delivery),
        wanted_at=row.wanted_at,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        detail=row.detail,
        schedule=remembered(CarSchedule, row.schedule) if row.schedule else None,
    )
