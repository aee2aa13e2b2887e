"""Keeping watch for a key while somebody is at it: the driver on his page, or the owner on his.

A page that is open, of either, keeps the looks of `domain/key_watch` going for one car of the account. One look
asks for every car of the account at once, so a page for the owner that lists several is watched through one of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chargekey.domain.evidence import KeyStatus
from chargekey.domain.hand_off import has_key, is_open, waits_for_key
from chargekey.domain.key_watch import KeyWatch, next_look
from chargekey.domain.key_watch import is_open as is_watched
from chargekey.journeys.standing import about_vehicle, whereabouts
from chargekey.ports.hand_offs import OwnersPage
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Unit


async def page_shows_key(unit: Unit, vehicle_id: int, now: datetime, *, returned: bool) -> datetime:
    """Some page that waits for this car's key is open just now; returns when the next look is due."""
    watch = await unit.settings.key_watch(vehicle_id)
    if watch is None or not is_watched(watch, now):
        watch = KeyWatch(opened_at=now, last_open_at=now, returned_at=None)
    watch = replace(watch, last_open_at=now, returned_at=now if returned else watch.returned_at)
    await unit.settings.save_key_watch(vehicle_id, watch)
    looked_at = (await unit.evidence.seen(about_vehicle(vehicle_id))).when(KeyStatus)
    return max(next_look(watch, looked_at or now) or now, now)


async def watch_for_owner(unit: Unit, page: OwnersPage, now: datetime, *, returned: bool = False) -> None:
    """The owner said yes: from now on his page counts as one that waits for the key."""
    if not waits_for_key(page.course, now):
        return
    number = await _watched_through(unit, page)
    due = await page_shows_key(unit, number, now, returned=returned)
    await unit.timers.set_no_later(Work.LOOK_FOR_KEY, number, due)


async def owner_is_at_it(unit: Unit, vehicle: Vehicle, now: datetime) -> bool:
    """Whether an owner said yes about this car, and perhaps others, and not all of them have their keys yet."""
    pages = await unit.hand_offs.of_driver(vehicle.driver_id)
    return any(vehicle.id in page.vehicles and waits_for_key(page.course, now) for page in pages)


async def finish_pages(unit: Unit, driver_id: int, now: datetime) -> None:
    """After a look: pages whose every car has its key are done, and the driver is told."""
    for page in await unit.hand_offs.of_driver(driver_id):
        if is_open(page.course, now) and await _all_have_keys(unit, page.vehicles):
            await unit.hand_offs.finish(page.id, now)
            if page.course.agreed_at:
                await unit.timers.set(Work.TELL_OF_OWNER, page.vehicles[0], now)


async def _all_have_keys(unit: Unit, vehicles: Sequence[int]) -> bool:
    seen = await unit.evidence.seen_of_each([about_vehicle(number) for number in vehicles])
    cars = [await unit.garage.vehicle(number) for number in vehicles]
    return all(has_key(car.vin, seen[about_vehicle(car.id)]) for car in cars)


async def _watched_through(unit: Unit, page: OwnersPage) -> int:
    """The driver's chosen car if the page lists it, so that his page and the owner's watch together."""
    chosen = (await whereabouts(unit, page.driver_id)).vehicle
    return chosen.id if chosen and chosen.id in page.vehicles else page.vehicles[0]
