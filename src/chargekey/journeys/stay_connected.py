"""A car that is ours stays ours: whatever ends that at Tesla is noticed, named to its driver once, and mended.

Rules of this room:

1. Most of it is noticed by looks that happen anyway. What these cannot see (a car sold, a key deleted while the car
   sleeps) a look a day finds: the list and fleet status, both free, at a time of day of each account's own.
2. That look also keeps an account that nobody uses from running out: Tesla ends a sign-in unused for three months.
3. Nobody is told twice of one event, and nobody of what he did here himself. What was seen before stays in the log.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.settled import End, why_consent_ended
from chargekey.domain.evidence import (
    ChargeState,
    ChoseVehicle,
    ConsentEnded,
    Listed,
    NotListed,
    Observation,
    ScopesGranted,
    Source,
)
from chargekey.domain.findings import AccountAnswered, ConsentTrip, MobileAccess
from chargekey.domain.journey import Step
from chargekey.journeys.account_list import read_account
from chargekey.journeys.daily_turn import A_DAY, WITHOUT_A_CAR, next_look_for_a_car, next_turn
from chargekey.journeys.lost_key import lost_key
from chargekey.journeys.standing import (
    Whereabouts,
    about_driver,
    about_grant,
    about_vehicle,
    tend_if_ready,
    whereabouts,
)
from chargekey.journeys.tell_once import tell
from chargekey.journeys.watch_tesla import HOME, WatchTesla
from chargekey.ports import call_log, surplus
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import ConsentGone, Fault
from chargekey.ports.jobs import Key, Work, key_of
from chargekey.ports.notices import ABOUT_BUDGET, CALLS_BACK, Notice, NoticeKind
from chargekey.ports.people import Grant, Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TeslaVehicles

AFTER_A_FAULT: Final = timedelta(hours=1)
HELD_BACK_FOR: Final = timedelta(hours=1)
LONGEST_HELD_BACK: Final = timedelta(hours=12)
"""A mass revocation that Tesla has not taken back by then is for the drivers to mend."""
TOLD_UNTIL_READ: Final = (
    CALLS_BACK
    | ABOUT_BUDGET
    | {
        NoticeKind.TESLA_IS_BACK,
        NoticeKind.OTHER_ACCOUNT_LET_GO,
        NoticeKind.CAR_LISTED,
    }
)
"""What happened once, so that nothing seen later takes it back."""


class StayConnected:
    """Looks once a day, and tells what was lost."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, vehicles: TeslaVehicles, tesla: WatchTesla) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._tesla = vehicles, tesla

    async def begin(self) -> None:
        """At the start: every account has its daily look, and the log of calls its end."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            for grant in await unit.garage.live_grants():
                if await unit.timers.due_at(Work.STAY_CONNECTED, grant.id) is None:
                    await unit.timers.set(Work.STAY_CONNECTED, grant.id, next_turn(grant.id, now))
            await unit.timers.set_no_later(Work.FORGET_CALLS, HOME, now + A_DAY)

    async def forget_calls(self, _home: int) -> None:
        """The timer's work: what is older than it may grow goes, once a day: calls, surplus, browsers and links."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            await unit.calls.forget(now - call_log.KEPT_FOR)
            await unit.surplus.forget(now - surplus.KEPT_FOR)
            await unit.people.forget_expired(now)
            await unit.timers.set(Work.FORGET_CALLS, HOME, now + A_DAY)

    # ── the look a day ───────────────────────────────────────────

    async def look(self, grant_id: int) -> None:
        """The timer's work. An account whose consent has ended is asked no more: only its driver can begin anew."""
        async with self._store.unit() as unit:
            grant = await unit.garage.grant(grant_id)
            here = await whereabouts(unit, grant.driver_id)
            car = await _chosen(unit, grant.driver_id, here)
        if here.grant != grant or here.step is Step.GRANT_PERMISSIONS:
            return
        again_at = next_turn(grant_id, self._clock.now(), A_DAY if car else WITHOUT_A_CAR)
        had = here.grant_seen.fact(AccountAnswered)
        try:
            await read_account(self._store, self._clock, self._vehicles, grant)
        except ConsentGone as gone:
            await self._write_end(grant, gone)
        except Fault:
            again_at = self._clock.now() + AFTER_A_FAULT
        async with self._store.unit() as unit:
            has = (await unit.evidence.seen(about_grant(grant_id))).fact(AccountAnswered)
            if car is None:
                trip_at = (await unit.evidence.seen(about_driver(grant.driver_id))).when(ConsentTrip)
                again_at = min(again_at, next_look_for_a_car(grant_id, trip_at, self._clock.now()))
            if car is None and has and had and has.cars > had.cars:
                event = f"car_listed:{grant_id}:{self._clock.now().isoformat()}"
                await tell(unit, grant.driver_id, NoticeKind.CAR_LISTED, event, {}, self._clock.now())
            await unit.timers.set(Work.STAY_CONNECTED, grant_id, again_at)
            if car and await unit.timers.due_at(Work.TEND_VEHICLE, car.id) is None:  # it is back
                await tend_if_ready(unit, grant.driver_id, self._clock.now())
        await self.notice(grant.driver_id)

    async def _write_end(self, grant: Grant, gone: ConsentGone) -> None:
        ended = ConsentEnded(gone.detail)
        seen = Observation(about_grant(grant.id), ended, self._clock.now(), Source.TESLA, gone.request_id)
        async with self._store.unit() as unit:
            await unit.evidence.append([seen])

    # ── what was lost ────────────────────────────────────────────

    def afterwards(self, work: Work, do: Callable[[int], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
        """The work, and then a glance at whether its looks found something lost."""

        async def watched(key: int) -> None:
            await do(key)
            async with self._store.unit() as unit:
                if key_of(work) is Key.GRANT:
                    driver_id = (await unit.garage.grant(key)).driver_id
                else:
                    driver_id = (await unit.garage.vehicle(key)).driver_id
                is_news = await self._notice(unit, driver_id)
            if is_news:
                self._bus.changed(driver_id)

        return watched

    async def notice(self, driver_id: int) -> None:
        """Tell what was lost since it last was as it should be; take back what is found again."""
        async with self._store.unit() as unit:
            is_news = await self._notice(unit, driver_id)
        if is_news:
            self._bus.changed(driver_id)

    async def _notice(self, unit: Unit, driver_id: int) -> bool:
        """Whether there is anything new to see on his pages."""
        now, here = self._clock.now(), await whereabouts(unit, driver_id)
        found = [await find(unit, driver_id, here) for find in (_consent, _car, _key, _mobile_access)]
        lost = [one for one in found if one]
        is_news = [await tell(unit, driver_id, kind, event, values, now) for kind, event, values in lost]
        there = {kind for kind, _, _ in lost} | TOLD_UNTIL_READ
        mended = {one.kind for one in await unit.notices.unread(driver_id)} - there
        for kind in mended:
            await unit.notices.read(driver_id, now, kind)
        return any(is_news) or bool(mended)

    async def holds_back(self, notice: Notice) -> datetime | None:
        """Where Tesla ends many sign-ins at once, nobody did it himself: the mails wait, for Tesla may mend it."""
        now = self._clock.now()
        if notice.kind is not NoticeKind.SIGN_IN_ENDED or now - notice.made_at >= LONGEST_HELD_BACK:
            return None
        return now + HELD_BACK_FOR if (await self._tesla.health()).ends_sign_ins_in_masses else None


Lost = tuple[NoticeKind, str, dict[str, str]]


async def _consent(_unit: Unit, _driver_id: int, here: Whereabouts) -> Lost | None:
    """Tesla no longer honours it. The event is named by the last token that was good."""
    ended, good_at = here.grant_seen.fact(ConsentEnded), here.grant_seen.when(ScopesGranted)
    if here.grant is None or ended is None or not here.grant_seen.is_later(ConsentEnded, than=ScopesGranted):
        return None
    why = why_consent_ended(ended)
    if why is End.LEFT:
        return None
    return NoticeKind.SIGN_IN_ENDED, f"consent:{here.grant.id}:{_stamp(good_at)}", {"why": why.value}


async def _car(unit: Unit, driver_id: int, here: Whereabouts) -> Lost | None:
    """The car we charged is no longer in the account's list: sold, given back, or hidden."""
    car = None if here.vehicle else await _chosen(unit, driver_id, here)
    if car is None or await unit.settings.settings(car.id) is None:
        return None
    seen = await unit.evidence.seen(about_vehicle(car.id))
    if not seen.is_later(NotListed, than=Listed):
        return None
    return NoticeKind.CAR_GONE, f"car:{car.id}:{_stamp(seen.when(Listed))}", {"car": car.vin.last_four}


async def _key(unit: Unit, _driver_id: int, here: Whereabouts) -> Lost | None:
    """A key that the car itself has proved, and that is gone since."""
    car, seen = here.vehicle, here.vehicle_seen
    lost = await lost_key(unit, car, seen) if car else None
    if car is None or lost is None:
        return None
    return NoticeKind.KEY_GONE, f"key:{car.id}:{_stamp(lost.known_at)}", {"car": car.vin.last_four}


async def _mobile_access(unit: Unit, _driver_id: int, here: Whereabouts) -> Lost | None:
    """Off for a car that we have charged or looked at before. The event is named by the last time it let us in."""
    car, seen = here.vehicle, here.vehicle_seen
    listed, access, let_in_at = seen.fact(Listed), seen.fact(MobileAccess), seen.when(ChargeState)
    refused = access is not None and not access.allowed and seen.is_later(MobileAccess, than=ChargeState)
    if car is None or let_in_at is None or not (refused or (listed and listed.mobile_access_off)):
        return None
    return NoticeKind.MOBILE_ACCESS_OFF, f"mobile_access:{car.id}:{_stamp(let_in_at)}", {"car": car.vin.last_four}


async def _chosen(unit: Unit, driver_id: int, here: Whereabouts) -> Vehicle | None:
    chosen = (await unit.evidence.seen(about_driver(driver_id))).fact(ChoseVehicle)
    car = await unit.garage.vehicle(chosen.vehicle_id) if chosen else None
    return car if car and here.grant and car.grant_id == here.grant.id else None


def _stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "never"
