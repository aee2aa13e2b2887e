"""A car is given its windows as charge schedules of its own while it is awake, so that it keeps them without us.

Each is an order like any other: written down, sent once, and known to be there only when the car agreed or said so.
A car that refuses one is charged from our side for the rest of the night.
"""

from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.car_schedules import Change, SchedulesInCar, next_change
from chargekey.domain.charging import BETWEEN_WAKES
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Listed
from chargekey.domain.goal import ends_a_rest
from chargekey.domain.journey import Proof, proof_of_key
from chargekey.domain.night import Command, Order, Wish
from chargekey.domain.place import Place
from chargekey.domain.vehicle import Reach
from chargekey.journeys.scene import Scene, given_now, keeps_guard, schedules_now
from chargekey.journeys.send_command import SendCommand
from chargekey.ports.clock import Clock
from chargekey.ports.homes import Homes

WAKES_TO_TELL: Final = 2
SUN_COMES_WITHIN: Final = timedelta(hours=1)
SUN_IS_GONE_AFTER: Final = timedelta(minutes=30)
ABOUT_SCHEDULES: Final = (Order.ADD_SCHEDULE, Order.REMOVE_SCHEDULE)


class TeachCar:
    """Brings the schedules in a car in line with its plan, change by change."""

    def __init__(self, clock: Clock, homes: Homes, sender: SendCommand) -> None:
        self._clock, self._homes, self._sender = clock, homes, sender

    async def teach(self, scene: Scene) -> bool:
        """Tell the car what it does not have yet; returns whether it was told anything. Raises what sending raises."""
        drafts = [one for one in scene.commands if one.delivery is Delivery.DRAFTED and one.order in ABOUT_SCHEDULES]
        present = _to_be_changed(scene, self._clock.now()) if may_teach(scene) else None
        home = await self._homes.home_of(scene.vehicle.id) if present else None
        told = False
        while present and home:
            given = given_now(scene, present, self._clock.now()) or ()
            change = next_change(given, present, keeps_guard=keeps_guard(scene))
            if change is None:
                break
            sent, told = await self._tell(scene, change, home.place, drafts), True
            if sent.delivery is not Delivery.DONE:
                break
            present = present.with_added(change.schedule) if change.adds else present.with_removed(change.schedule)
        for one in drafts:
            await self._sender.drop(one)
        return told

    async def _tell(self, scene: Scene, change: Change, place: Place, drafts: list[Command]) -> Command:
        """Takes one that never left off `drafts` where it asks for just this."""
        order = Order.ADD_SCHEDULE if change.adds else Order.REMOVE_SCHEDULE
        command = next((one for one in drafts if (one.order, one.schedule) == (order, change.schedule)), None)
        if command:
            drafts.remove(command)
        else:
            night_id = scene.night.id if scene.night else None
            command = await self._sender.draft(scene.vehicle, night_id, order, schedule=change.schedule)
        signed = proof_of_key(scene.vehicle.vin, scene.seen) is not Proof.NOT_NEEDED
        return await self._sender.send(scene.vehicle, command, signed=signed, place=place)


def may_teach(scene: Scene, reach: Reach = Reach.ONLINE) -> bool:
    """Awake (or whatever `reach` says), plugged in, surely at home, nothing of the kind refused in this night, and no
    answer lost.
    """
    listed = scene.seen.fact(Listed)
    lost = any(one.delivery is Delivery.UNKNOWN for one in scene.commands)
    return _takes_hours(scene) and listed is not None and listed.reach is reach and not lost


def _to_be_changed(scene: Scene, now: datetime) -> SchedulesInCar | None:
    """What it has, if that may be changed now: a car that follows the sun is led from hour to hour, and what it has of
    ours stays until the sun is down, since each new plan would be an order or two.
    """
    present = schedules_now(scene, now)
    gentle = scene.plan.plan.gentle if scene.plan and scene.night and scene.night.wish is Wish.PLAN else ()
    in_the_sun = any(one.start - SUN_COMES_WITHIN <= now < one.end + SUN_IS_GONE_AFTER for one in gentle)
    return None if present and present.ours and in_the_sun else present


def keeps_hours(scene: Scene) -> bool:
    """Whether it is to be reckoned with that the car begins by itself, sooner or later in this night."""
    return _takes_hours(scene) and schedules_now(scene) is not None


def _takes_hours(scene: Scene) -> bool:
    charge = scene.seen.fact(ChargeState)
    if charge is None or scene.night is None:
        return False
    refused = any(one.order in ABOUT_SCHEDULES and one.delivery is Delivery.REFUSED for one in scene.commands)
    return charge.plugged_in and charge.at_home is True and not refused


def is_to_be_woken(scene: Scene, now: datetime) -> bool:
    """Whether a sleeping car keeps hours that are not wanted any more, and has yet to be told so; or whether nobody
    knows what it holds, for it has slept since before the rest that is over.

    A plan that is not worth a wake does not come about (`plan_charge`), and what the driver wishes is worth one.
    """
    if scene.night is None or not (_keeps_what_is_over(scene, now) or _slept_through_a_rest(scene)):
        return False
    since = max(scene.night.wished_at, scene.plan.made_at if scene.plan else scene.night.wished_at)
    woken_at = [one.sent_at for one in scene.commands if one.order is Order.WAKE and one.sent_at]
    tries = [at for at in woken_at if at >= since]
    return len(tries) < WAKES_TO_TELL and all(now - at >= BETWEEN_WAKES for at in tries)


def _keeps_what_is_over(scene: Scene, now: datetime) -> bool:
    present = _to_be_changed(scene, now) if may_teach(scene, Reach.ASLEEP) else None
    if present is None or not any(one.enabled for one in present.ours):
        return False
    return next_change(given_now(scene, present, now) or (), present, keeps_guard=keeps_guard(scene)) is not None


def _slept_through_a_rest(scene: Scene) -> bool:
    listed, looked_at, night = scene.seen.fact(Listed), scene.seen.when(ChargeState), scene.night
    if night is None or listed is None or listed.reach is not Reach.ASLEEP or looked_at is None:
        return False
    is_after_one = not scene.rests and ends_a_rest(scene.settings.goal, night.plugged_in_at)
    return is_after_one and night.wish is Wish.PLAN and looked_at < night.plugged_in_at
