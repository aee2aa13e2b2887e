"""Where each car is at home, sealed in the database."""

from typing import Any, Final

import structlog
from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.adapters.store.upsert import adding
from chargekey.domain.place import Home, LearntFrom, NotOnEarth, Place
from chargekey.domain.secret import Secret

log = structlog.get_logger()
_HOME = tables.home_place
_OF_CAR: Final = select(_HOME).where(_HOME.c.vehicle_id == bindparam("vehicle_id"))


class KeptHomes:
    """`ports.homes.Homes` in SQLite or PostgreSQL."""

    def __init__(self, engine: AsyncEngine, ring: KeyRing) -> None:
        self._engine, self._ring = engine, ring

    async def home_of(self, vehicle_id: int) -> Home | None:
        async with self._engine.begin() as connection:
            row = (await connection.execute(_OF_CAR, {"vehicle_id": vehicle_id})).one_or_none()
        if row is None:
            return None
        try:
            place = _unwritten(self._ring.open(row.place_sealed, place_of(vehicle_id)), vehicle_id)
        except SealBroken:
            log.error("a sealed value does not open", where=place_of(vehicle_id))
            return None
        return Home(place, LearntFrom(row.learnt_from), row.learnt_at)

    async def keep(self, vehicle_id: int, home: Home) -> None:
        values: dict[str, Any] = {
            "place_sealed": self._ring.seal(_written(home.place), place_of(vehicle_id)),
            "learnt_from": home.learnt_from.value,
            "learnt_at": home.learnt_at,
        }
        async with self._engine.begin() as connection:
            added = adding(connection, _HOME).values(vehicle_id=vehicle_id, **values)
            await connection.execute(added.on_conflict_do_update(index_elements=[_HOME.c.vehicle_id], set_=values))

    async def forget(self, vehicle_id: int) -> bool:
        async with self._engine.begin() as connection:
            gone = await connection.execute(delete(_HOME).where(_HOME.c.vehicle_id == vehicle_id))
        return bool(gone.rowcount)


def place_of(vehicle_id: int) -> str:
    """What a car's home is bound to where it lies."""
    return f"home_place.place:{vehicle_id}"


def _written(place: Place) -> Secret:
    return Secret(f"{place.latitude_deg!r} {place.longitude_deg!r}")


def _unwritten(text: Secret, vehicle_id: int) -> Place:
    try:
        latitude, longitude = text.reveal().split(" ")
        return Place(float(latitude), float(longitude))
    except (ValueError, NotOnEarth):
        raise SealBroken(
            f"the sealed value at {place_of(vehicle_id)} is no place"
        ) from None  # the cause would print it
