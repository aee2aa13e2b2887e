"""Tesla in trouble as a whole: noticed from how our calls went, waited out for everybody at once, and told when over.

Rules of this room:

1. A call that fails by Tesla's fault asks for a judgement; nobody else does. So a quiet home asks nothing.
2. While a region is down, work that would call Tesla there waits, and one call a minute for the whole home looks
   whether it is over. It is made for a driver who waits, so it is one that he would have made. Once it is over the
   waiting work comes one after the other, for Tesla may be weak on its legs (20 renewals a second are its limit).
3. Each driver whom it held up is told once, when it is over, and nobody else. He is where he was: what he waited
   for was only moved.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.journey import Step
from chargekey.domain.tesla_health import (
    LOOKS_BACK,
    SIGN_INS_LOOK_BACK,
    How,
    TeslaHealth,
    Weather,
    Went,
    is_over,
    judge,
    regions_down,
)
from chargekey.journeys.standing import whereabouts
from chargekey.journeys.tell_once import tell
from chargekey.ports.bus import Bus
from chargekey.ports.call_log import SIGN_IN, Call
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.jobs import Key, Work, key_of
from chargekey.ports.notices import NoticeKind
from chargekey.ports.outages import Outage
from chargekey.ports.people import Grant
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TeslaVehicles

PROBE_EVERY: Final = timedelta(minutes=1)
PUT_OFF: Final = timedelta(hours=1)
"""How long work waits at a time; the end of the outage brings it forward."""
APART: Final = timedelta(seconds=0.1)
"""After an outage so far apart, the first of them at once."""
TOLD_AT_ONCE: Final = 20
"""Drivers in one unit of work: some 200 statements, a fifth of a second on SQLite (November 2026)."""
JUDGED_FOR: Final = timedelta(seconds=3)
HOME: Final = 0
OUR_SIDE: Final = frozenset({"OperatorFault", "OverLimit"})
"""Refused for what only the operator can mend: his check looks at once, and tells him."""
SILENCE: Final = frozenset({"Unreachable", "TeslaFails", "AnswerLost"})
ON_THE_WAY: Final = (Work.LOOK_FOR_KEY, Work.PROVE_KEY, Work.WAIT_OUT)
"""Work that somebody on his way to a car that obeys waits for."""
WAITED_FOR: Final = (*ON_THE_WAY, Work.TEND_VEHICLE)
ASKS_THE_CAR: Final = frozenset({"vehicle_data", "signed_command", "wake_up", "mobile_enabled"})
"""Behind these a car may be what fails or keeps silent; behind all others there is Tesla alone."""
SERVERS_FAIL: Final = range(500, 504)


def went(call: Call) -> Went | None:
    """What a call says of Tesla; None: nothing, or it was on nobody's behalf."""
    if call.grant_id is None or call.fault == "AccessExpired":
        return None
    how = How.ANSWERED
    if call.fault == "ConsentGone":
        how = How.SIGN_IN_ENDED
    elif call.fault in SILENCE:
        if not _is_teslas_own(call):
            return None
        how = How.TESLAS_FAULT
    return Went(call.grant_id, call.at, how, call.region)


def _is_teslas_own(call: Call) -> bool:
    if call.fault == "Unreachable" or call.status in SERVERS_FAIL:
        return True
    return call.what not in ASKS_THE_CAR and not call.what.startswith("charge_")


async def keep_call(unit: Unit, call: Call) -> None:
    """Write a call down; where it speaks against Tesla or us, ask for a judgement in the same unit of work."""
    await unit.calls.add(call)
    if call.grant_id is not None and call.fault in OUR_SIDE:
        await unit.timers.set_no_later(Work.CHECK_OPERATOR, HOME, call.at)
    spoken = went(call)
    if spoken is None or spoken.how is not How.TESLAS_FAULT:
        return
    if await unit.timers.due_at(Work.WATCH_TESLA, HOME) is None:
        await unit.timers.set(Work.WATCH_TESLA, HOME, call.at)


class WatchTesla:
    """`regions`: base URLs by name."""

    def __init__(
        self, store: Store, clock: Clock, bus: Bus, vehicles: TeslaVehicles, regions: Mapping[str, str]
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._regions = vehicles, regions
        self._judged: TeslaHealth | None = None

    async def health(self) -> TeslaHealth:
        """How Tesla is just now, over all regions; a judgement is good for three seconds."""
        now = self._clock.now()
        if self._judged is None or not timedelta() <= now - self._judged.judged_at < JUDGED_FOR:
            async with self._store.unit() as unit:
                calls, lasting = await _lately(unit, now), await unit.outages.lasting()
            self._judged = _with_known(judge(calls, now), lasting)
        return self._judged

    async def outage_for(self, driver_id: int) -> Outage | None:
        """The outage that this driver feels; None: there is none, or he has no account at Tesla yet."""
        async with self._store.unit() as unit:
            lasting = await unit.outages.lasting()
            grant = await unit.garage.grant_of(driver_id) if lasting else None
            if grant is None:
                return None
            felt = {self._region_of(grant)}
            stalled = await _held_up(unit, [one for one in lasting if one.region == SIGN_IN])
        return next((one for one in lasting if one.region in felt or grant.id in stalled), None)

    # ── holding work back ────────────────────────────────────────

    def unless_down(self, work: Work, do: Callable[[int], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
        """The work, or its timer moved to after the next probe while Tesla is down for the driver it is for."""

        async def held_back(key: int) -> None:
            if not await self._is_put_off(work, key):
                await do(key)

        return held_back

    async def _is_put_off(self, work: Work, key: int) -> bool:
        now = self._clock.now()
        async with self._store.unit() as unit:
            lasting = await unit.outages.lasting()
            if not lasting:
                return False
            grant = await _grant_of(unit, work, key)
            regions = {one.region for one in lasting}
            if self._region_of(grant) not in regions:
                stalled = await _held_up(unit, [one for one in lasting if one.region == SIGN_IN])
                if grant.id not in stalled:
                    return False
            await unit.timers.set(work, key, now + PUT_OFF)
        return True

    # ── noticing, and noticing the end ───────────────────────────

    async def watch(self, _home: int) -> None:
        """The timer's work: judge, ask once while it lasts, and come again in a minute as long as it does."""
        async with self._store.unit() as unit:
            lasting = await self._notice(unit)
            asks_for = await _longest_unasked(unit, lasting) if lasting else None
            if lasting:
                await unit.timers.set(Work.WATCH_TESLA, HOME, self._clock.now() + PROBE_EVERY)
        self._judged = None
        if asks_for is None:
            return
        try:
            await self._vehicles.listing(asks_for)
        except Fault:
            return  # it is in the log of calls, which alone is judged
        async with self._store.unit() as unit:
            ended = [one for one in lasting if is_over(await _spoken(unit, one.since), one.region)]
        if ended:
            await self._end(ended, [one for one in lasting if one not in ended])
        self._judged = None

    async def _notice(self, unit: Unit) -> Sequence[Outage]:
        """The outages that last, one that has just been noticed among them."""
        now = self._clock.now()
        known = await unit.outages.lasting()
        down = regions_down(await _spoken(unit, now - LOOKS_BACK), now)
        news = [region for region in down if region not in {one.region for one in known}]
        for region in news:
            outage = await unit.outages.begin(region, down[region])
            await self._wake_pages(unit, await _held_up(unit, [outage]))
        return await unit.outages.lasting() if news else known

    async def _end(self, ended: Sequence[Outage], lasting: Sequence[Outage]) -> None:
        """Over: told, and then written down and the work begun. Whoever is stopped in between does it again.

        Nobody hears of it twice: what ended together is one event to a driver, and what still holds him up in another
        way is not over for him. Some are told at a time, or a large home would keep everybody else from the database.
        """
        now = self._clock.now()
        async with self._store.unit() as unit:
            grants = await unit.garage.live_grants()
            met = {one.id: await _held_up(unit, [one]) for one in (*ended, *lasting)}

        def felt_by(grant: Grant, outages: Sequence[Outage]) -> list[Outage]:
            return [one for one in outages if grant.id in met[one.id] or self._region_of(grant) == one.region]

        over = {grant: felt for grant in grants if (felt := felt_by(grant, ended))}
        to_tell = [grant for grant in over if not felt_by(grant, lasting)]
        held_up = frozenset[int]().union(*(met[one.id] for one in ended))
        for start in range(0, len(to_tell), TOLD_AT_ONCE):
            async with self._store.unit() as unit:
                await unit.timers.hold_on()
                for grant in to_tell[start : start + TOLD_AT_ONCE]:
                    if await _is_stalled(unit, grant, met_it=grant.id in held_up):
                        await _tell_that_it_is_over(unit, grant, over[grant][0], now)
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            for outage in ended:
                await unit.outages.end(outage.id, now)
            await _bring_forward(unit, list(over), self._clock.now())
            await self._wake_pages(unit, held_up)

    async def _wake_pages(self, unit: Unit, grants: frozenset[int]) -> None:
        for grant_id in grants:
            self._bus.changed((await unit.garage.grant(grant_id)).driver_id)

    def _region_of(self, grant: Grant) -> str:
        return next((name for name, base_url in self._regions.items() if base_url == grant.base_url), "")


async def _spoken(unit: Unit, since: datetime) -> Sequence[Went]:
    return [spoken for call in await unit.calls.since(since) if (spoken := went(call))]


async def _lately(unit: Unit, now: datetime) -> Sequence[Went]:
    """What a judgement rests on: all calls of the latest minutes, and what stands for those of two hours."""
    recent = await _spoken(unit, now - LOOKS_BACK)
    last = [spoken for call in await unit.calls.last_of_each(now - SIGN_INS_LOOK_BACK) if (spoken := went(call))]
    return [*(call for call in last if now - call.at > LOOKS_BACK), *recent]


async def _held_up(unit: Unit, outages: Sequence[Outage]) -> frozenset[int]:
    """The grants that met a fault of Tesla's in one of these outages."""
    if not outages:
        return frozenset()
    return _met(await _last_spoken(unit, outages), outages)


async def _last_spoken(unit: Unit, outages: Sequence[Outage]) -> Sequence[Went]:
    last = await unit.calls.last_of_each(min(one.since for one in outages))
    return [spoken for call in last if (spoken := went(call))]


def _met(calls: Sequence[Went], outages: Sequence[Outage]) -> frozenset[int]:
    regions = {one.region for one in outages}
    return frozenset(call.grant_id for call in calls if call.how is How.TESLAS_FAULT and call.region in regions)


async def _is_stalled(unit: Unit, grant: Grant, *, met_it: bool) -> bool:
    """Whether something of his stood still: a car that is plugged in, or his way to one that obeys.

    A car that is driving, or stands at home unplugged, missed nothing.
    """
    here = await whereabouts(unit, grant.driver_id)
    if here.vehicle is None or here.step is not Step.TONIGHT:
        waits = [await unit.timers.due_at(work, here.vehicle.id) for work in ON_THE_WAY] if here.vehicle else []
        return met_it or any(waits)
    return await unit.nights.open_night(here.vehicle.id) is not None


async def _tell_that_it_is_over(unit: Unit, grant: Grant, first: Outage, now: datetime) -> None:
    values = {"since": first.since.isoformat(), "over_at": now.isoformat()}
    await tell(unit, grant.driver_id, NoticeKind.TESLA_IS_BACK, f"outage:{first.id}", values, now)


async def _bring_forward(unit: Unit, grants: Sequence[Grant], now: datetime) -> None:
    """What these drivers waited for, one car after the other."""
    cars = await unit.garage.vehicles_of_each([grant.id for grant in grants])
    await unit.timers.bring_forward(WAITED_FOR, {car.id: now + turn * APART for turn, car in enumerate(cars)})


async def _longest_unasked(unit: Unit, outages: Sequence[Outage]) -> int | None:
    """Of those held up, whose turn it is to ask."""
    calls = sorted(await _last_spoken(unit, outages), key=lambda call: call.at)
    last = {call.grant_id: call.at for call in calls}
    return min(_met(calls, outages), key=lambda grant_id: (last[grant_id], grant_id), default=None)


async def _grant_of(unit: Unit, work: Work, key: int) -> Grant:
    number = key if key_of(work) is Key.GRANT else (await unit.garage.vehicle(key)).grant_id
    return await unit.garage.grant(number)


def _with_known(judged: TeslaHealth, lasting: Sequence[Outage]) -> TeslaHealth:
    """What was noticed stands until it is seen to be over, however few calls there are meanwhile."""
    if not lasting:
        return judged
    return TeslaHealth(
        Weather.OUTAGE,
        min(one.since for one in lasting),
        judged.asked,
        judged.failing,
        judged.sign_ins_ended,
        judged.judged_at,
        judged.signed_in,
    )
