"""The operator's side, looked at as Tesla would: each hour while it is right, each minute while it is not.

What is found goes into the evidence about the operator, so that pages, causes and support all say the same.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import ChargeState, Fact, Observation, ScopesGranted, Source
from chargekey.domain.findings import (
    AppAtTesla,
    ConsentTrip,
    DiskSpace,
    FoundWrong,
    HostedKey,
    KeyFile,
    MailServer,
    MonthAtTesla,
    OperatorClock,
    OperatorsTold,
    Registered,
    RegisteredKeys,
    RegistrationRefused,
    TeslaReached,
    Trip,
)
from chargekey.domain.grant import ASKED, Scope
from chargekey.domain.operator_check import Check, Line, State, Stream, check, wrong
from chargekey.domain.streaming_check import streaming_lines
from chargekey.journeys.case_file import ABOUT_US
from chargekey.journeys.close_doors import CloseDoors
from chargekey.journeys.fetch_carbon import FetchCarbon
from chargekey.journeys.fetch_prices import FetchPrices
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.lost_key import BEFORE_ALL
from chargekey.journeys.tell_to_stream import told_cars
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault, NotRegistered
from chargekey.ports.jobs import Work
from chargekey.ports.notify import Notify
from chargekey.ports.public_eye import PublicEye
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import PartnerLook, TeslaRegistration
from chargekey.ports.upkeep import Upkeep
from chargekey.ports.wording import OperatorWording

HOME: Final = 0
AFTER_START: Final = timedelta(seconds=30)
"""The first look waits for our own door to be open."""
WHILE_RIGHT: Final = timedelta(hours=1)
SOONEST: Final = timedelta(minutes=1)
LATEST_WHILE_WRONG: Final = timedelta(minutes=15)
PART_OF_THE_WAIT: Final = 10
"""A look each tenth of the time since it was first seen wrong: what nobody mends is asked less and less."""
NEED_NO_LOOK_SOON: Final = frozenset({Check.PRICES, Check.BUDGET, Check.STREAMING})
"""Prices are fetched at a pace of their own, a budget lasts until the month ends or Chargekey starts anew, and a car
that does not stream is asked within days."""
AT_MOST: Final = timedelta(seconds=20)
"""However often the button is pressed: a look younger than this is answered from the evidence."""
WRONG_FOR_LONG: Final = timedelta(days=1)
"""After that long it is looked at as rarely as what is right."""
DRIVERS_TO_JUDGE: Final = 3
"""So many sign-ins without a permission before we suspect the portal: one driver may just have unticked it."""
TOKENS_READ: Final = 200
WORDS_READ: Final = 200
"""Of all cars, the newest: among so many is one that was streamed, if any is."""


@dataclass(frozen=True, slots=True)
class RegionChecked:
    """One region: whether Tesla holds our very key there, and what was in the way if not."""

    region: str
    is_right: bool
    fault: str


@dataclass(frozen=True, slots=True)
class OurSide:
    """Every line, and when it is looked at again."""

    lines: tuple[Line, ...]
    looked_at: datetime | None
    next_look_at: datetime | None
    told_at: datetime | None

    @property
    def is_right(self) -> bool:
        return not wrong(self.lines)


@dataclass(frozen=True, slots=True, repr=False)
class OurApp:
    """What we say of ourselves at Tesla. `public_key_hex` is the hosted key, uncompressed.

    `hears_cars`: a stream of what cars say is set; `tells_cars`: they are told to stream there.
    """

    domain: str
    regions: tuple[str, ...]
    public_key_hex: str
    operators: tuple[str, ...]
    hears_cars: bool = False
    tells_cars: bool = False


class CheckOperator:
    """Registration, and whether all of our own side holds."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        registration: TeslaRegistration,
        eye: PublicEye,
        notify: Notify,
        wording: OperatorWording,
        doors: CloseDoors,
        upkeep: Upkeep,
        budget: KeepToBudget,
        prices: FetchPrices,
        carbon: FetchCarbon,
        ours: OurApp,
    ) -> None:
        self._store, self._clock, self._registration, self._eye = store, clock, registration, eye
        self._notify, self._wording, self._doors, self._ours = notify, wording, doors, ours
        self._upkeep, self._budget, self._prices, self._carbon = upkeep, budget, prices, carbon

    # ── registering ──────────────────────────────────────────────

    async def register(self) -> Mapping[str, RegionChecked]:
        """Register in every region; registering again is harmless. A fault in one does not stop the others."""
        return {region: await self._registered(region) for region in self._ours.regions}

    async def _registered(self, region: str) -> RegionChecked:
        try:
            answer = await self._registration.register(region, self._ours.domain)
        except Fault as fault:
            if isinstance(fault, NotRegistered):
                await self._keep([RegistrationRefused(region, fault.why)])
            return RegionChecked(region, False, f"{type(fault).__name__}: {fault.detail}".rstrip(": "))
        is_right = answer.value.lower() == self._ours.public_key_hex.lower()
        return RegionChecked(region, is_right, "" if is_right else "Tesla holds another key for this domain")

    # ── looking ──────────────────────────────────────────────────

    async def begin(self) -> None:
        """At the start: look soon, and from then on for good."""
        async with self._store.unit() as unit:
            await unit.timers.set_no_later(Work.CHECK_OPERATOR, HOME, self._clock.now() + AFTER_START)

    async def shown(self) -> OurSide:
        """What is known, without a look."""
        async with self._store.unit() as unit:
            return await self._side(unit)

    async def key_file(self) -> KeyFile:
        """Our key file as Tesla would fetch it just now."""
        return await self._eye.key_file()

    async def look(self, *, anew: bool = False) -> OurSide:
        """Look at everything, and tell whom it concerns. Not again what was looked at a moment ago, unless `anew`."""
        before = await self.shown()
        if not anew and before.looked_at and self._clock.now() - before.looked_at < AT_MOST:
            return before
        await self._keep(await self._found())
        after = await self.shown()
        await self._keep_what_is_wrong(after)
        await self._tell(after)
        await self._doors.opened(after.lines)
        async with self._store.unit() as unit:
            await unit.timers.set(Work.CHECK_OPERATOR, HOME, await self._next_at(unit, after))
            return await self._side(unit)

    async def tend(self, _home: int) -> None:
        """The timer's work. It sets itself again, also when nothing was looked at."""
        side = await self.look()
        async with self._store.unit() as unit:
            await unit.timers.set_no_later(Work.CHECK_OPERATOR, HOME, await self._next_at(unit, side))

    async def _found(self) -> Sequence[Fact]:
        """All looks side by side: none of them raises, for what goes wrong is what they look for."""
        domain, regions = self._ours.domain, self._ours.regions
        (key_file, our_domain, takes_mail), kept, (is_reached, is_listed), looks = await asyncio.gather(
            asyncio.gather(self._eye.key_file(), self._eye.domain(), self._notify.is_open()),
            asyncio.gather(self._prices.stands(), self._carbon.stands()),
            self._registration.sign_in_page(),
            asyncio.gather(*(self._registration.look(region, domain) for region in regions)),
        )
        month = await self._budget.of_home()
        by_region: dict[str, PartnerLook] = dict(zip(regions, looks, strict=True))
        async with self._store.unit() as unit:
            missing = await _never_given(unit)
        app = AppAtTesla(
            _all_told([one.secret_is_right for one in looks]),
            is_listed,
            _all_told([one.within_limits for one in looks]),
            missing,
        )
        ahead = next((one.ahead for one in looks if one.ahead is not None), None)
        return [
            HostedKey(key_file),
            our_domain,
            DiskSpace(self._upkeep.free_bytes()),
            MonthAtTesla(month.home_micro_usd, month.budgets.home_micro_usd, month.cars_spent),
            RegisteredKeys({name: self._held(one.key) for name, one in by_region.items() if one.key is not None}),
            app,
            TeslaReached({name: one.reached for name, one in by_region.items()} | {"sign_in": is_reached}),
            MailServer(takes_mail),
            *kept,
            *([OperatorClock(round(ahead.total_seconds()))] if ahead is not None else []),
        ]

    def _held(self, key: str) -> Registered:
        if not key:
            return Registered.NOTHING
        return Registered.RIGHT if key.lower() == self._ours.public_key_hex.lower() else Registered.ANOTHER_KEY

    async def _keep(self, facts: Sequence[Fact]) -> None:
        now = self._clock.now()
        async with self._store.unit() as unit:
            await unit.evidence.append([Observation(ABOUT_US, fact, now, Source.US) for fact in facts])

    async def _side(self, unit: Unit) -> OurSide:
        seen = await unit.evidence.seen(ABOUT_US)
        streaming = streaming_lines(await told_cars(unit)) if self._ours.tells_cars else ()
        return OurSide(
            (*check(seen, self._ours.regions, self._clock.now(), await self._stream(unit)), *streaming),
            seen.when(TeslaReached),
            await unit.timers.due_at(Work.CHECK_OPERATOR, HOME),
            seen.when(OperatorsTold),
        )

    async def _stream(self, unit: Unit) -> Stream | None:
        if not self._ours.hears_cars:
            return None
        words = await unit.evidence.newest(ChargeState, WORDS_READ)
        heard = [one.observed_at for one in words if one.source is Source.TELEMETRY]
        return Stream(max(heard, default=None))

    async def _keep_what_is_wrong(self, side: OurSide) -> None:
        """Where it has changed, so that it is known since when, whether anybody could be told or not."""
        async with self._store.unit() as unit:
            before = (await unit.evidence.seen(ABOUT_US)).fact(FoundWrong)
        now_wrong = tuple(line.name for line in wrong(side.lines))
        if now_wrong != (before.wrong if before else ()):
            await self._keep([FoundWrong(now_wrong)])

    async def _next_at(self, unit: Unit, side: OurSide) -> datetime:
        now = self._clock.now()
        if all(line.check in NEED_NO_LOOK_SOON for line in wrong(side.lines)):
            return now + WHILE_RIGHT
        wrong_since = (await unit.evidence.seen(ABOUT_US)).when(FoundWrong)
        wrong_for = now - wrong_since if wrong_since else timedelta(0)
        if wrong_for > WRONG_FOR_LONG:
            return now + WHILE_RIGHT
        return now + min(max(SOONEST, wrong_for / PART_OF_THE_WAIT), LATEST_WHILE_WRONG)

    # ── telling ──────────────────────────────────────────────────

    async def _tell(self, side: OurSide) -> None:
        """One mail to each operator when what is wrong has changed. One that cannot leave is tried at the next look."""
        async with self._store.unit() as unit:
            told = (await unit.evidence.seen(ABOUT_US)).fact(OperatorsTold)
        now_wrong = tuple(line.name for line in wrong(side.lines))
        if now_wrong == (told.wrong if told else ()) or not _is_certain(side.lines, told):
            return
        try:
            for address in self._ours.operators:
                await self._notify.send(self._wording.our_side(address, side.lines))
        except Fault:
            return
        await self._keep([OperatorsTold(now_wrong)])


def _is_certain(lines: Sequence[Line], told: OperatorsTold | None) -> bool:
    """What was wrong and could not be looked at just now is not yet right again."""
    unknown = {line.name for line in lines if line.state is State.UNKNOWN}
    return not told or not unknown & set(told.wrong)


def _all_told(said: Sequence[bool | None]) -> bool | None:
    """Wrong if wrong anywhere, right if right somewhere and wrong nowhere."""
    return False if False in said else True if True in said else None


async def _never_given(unit: Unit) -> frozenset[Scope] | None:
    """What we ask for and none of several drivers was ever given; None where there are too few to judge by.

    What keeps us signed in has no box that a driver could leave empty, so that a single driver tells of it.
    """
    given: set[Scope] = set()
    drivers, lasting_at = set(), BEFORE_ALL
    for one in await unit.evidence.newest(ScopesGranted, TOKENS_READ):
        if isinstance(one.fact, ScopesGranted):
            given |= one.fact.scopes
            drivers.add(one.subject)
            lasting_at = max(lasting_at, one.observed_at)
    trips = await unit.evidence.newest(ConsentTrip, TOKENS_READ)
    in_vain = [one for one in trips if isinstance(one.fact, ConsentTrip) and one.fact.came is Trip.NOTHING_RENEWS]
    never = frozenset(ASKED) - given if len(drivers) >= DRIVERS_TO_JUDGE else None
    if any(one.observed_at > lasting_at for one in in_vain):
        return (never or frozenset()) | {Scope.OFFLINE_ACCESS}
    return never
