"""What a car streams is written down where something turned, never over a newer word, and brings a look where due."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.car_schedules import EVERY_DAY as EVERY_DAY_OF_IT
from chargekey.domain.car_schedules import OUR_NUMBERS, CarSchedule, SchedulesInCar
from chargekey.domain.delivery import Happening
from chargekey.domain.evidence import (
    ChargeState,
    Charging,
    ChoseVehicle,
    Fact,
    Handshake,
    KeyStatus,
    Listed,
    Observation,
    ScopesGranted,
    Source,
    Subject,
)
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.grant import REQUIRED, Scope
from chargekey.domain.night import Order
from chargekey.domain.place import Home, LearntFrom, Place
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.spend import Degree
from chargekey.domain.tariff import FlatTariff
from chargekey.domain.telemetry import Reading, Signal, Value
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.journeys.listen import Listen
from chargekey.journeys.look_at_car import LookAtCar
from chargekey.journeys.scene import Scene, load, outlook_of
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle
from chargekey.journeys.worth_a_look import LookFor, glanced_at_after, why_look
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from tests.contract.household import SIX, Household, at
from tests.contract.test_charge_log import problem
from tests.contract.test_choose_account import OneList
from tests.contract.test_vault import StandingClock

EVERY_DAY: Final = ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 20, "Europe/Amsterdam")
LOOKED: Final = ChargeState(50, 90, Charging.UNPLUGGED, 0, 16, 16, 0, 3, 0, 0, None)
ONLINE: Final = Listed(Access.OWNER, Reach.ONLINE, "Car", in_service=False, mobile_access_off=False)
HOME, AWAY = Place(52.0, 5.0), Place(52.1, 5.0)


@dataclass
class Listening:
    """A car that is ours to charge was looked at at six, unplugged; since then it streams."""

    store: KeptStore
    engine: AsyncEngine
    anna: Household
    clock: StandingClock = field(default_factory=StandingClock)

    def __post_init__(self) -> None:
        self.homes = KeptHomes(self.engine, KeyRing({1: bytes(32)}))
        self.starts_anew()

    def starts_anew(self) -> None:
        """As after a restart: what was heard is forgotten."""
        look = LookAtCar(self.clock, OneList(), self.homes)
        self.listen = Listen(self.store, self.clock, InProcessBus(), look)

    async def knows(self, subject: Subject, *facts: Fact, minutes: float = 0, source: Source = Source.CAR) -> None:
        async with self.store.unit() as unit:
            await unit.evidence.append([Observation(subject, fact, at(minutes), source) for fact in facts])

    async def looks(self, charge: ChargeState, minutes: float) -> None:
        await self.knows(about_vehicle(self.anna.car.id), charge, minutes=minutes)

    async def hears(self, minutes: float, *, arrives: float | None = None, **values: Value) -> None:
        """At its own moment, or late."""
        self.clock.shows = at(minutes if arrives is None else arrives)
        said = {Signal[name.upper()]: value for name, value in values.items()}
        await self.listen.hear(Reading(self.anna.car.vin, at(minutes), said))

    async def words(self) -> list[Observation]:
        async with self.store.unit() as unit:
            seen = await unit.evidence.since(about_vehicle(self.anna.car.id), ChargeState, at(-1))
        return [one for one in seen if one.source is Source.TELEMETRY]

    async def last(self) -> ChargeState:
        async with self.store.unit() as unit:
            charge = (await unit.evidence.seen(about_vehicle(self.anna.car.id))).fact(ChargeState)
        assert charge
        return charge

    async def tend_at(self) -> float | None:
        """Minutes after six; then it is done."""
        async with self.store.unit() as unit:
            due = await unit.timers.due_at(Work.TEND_VEHICLE, self.anna.car.id)
            await unit.timers.cancel(Work.TEND_VEHICLE, self.anna.car.id)
        return None if due is None else (due - SIX).total_seconds() / 60

    async def plans(self, minutes: float) -> None:
        """The night has begun and is planned."""
        async with self.store.unit() as unit:
            night = await unit.nights.begin_night(self.anna.car.id, at(minutes))
            await unit.nights.keep_plan(night.id, problem(), cheapest(problem()), at(minutes))

    async def wants(self, minutes: float) -> LookFor | None:
        """What a billed look at the awake car would be for."""
        scene = await self._scene()
        return why_look(scene, outlook_of(scene, at(minutes)), None, Degree.PLENTY)

    async def glanced_at_after(self, minutes: float) -> timedelta:
        """How long until the free look, where one at a car that does not stream is in five minutes."""
        return glanced_at_after(await self._scene(), at(minutes), timedelta(minutes=5))

    async def _scene(self) -> Scene:
        async with self.store.unit() as unit:
            scene = await load(unit, self.anna.car.id)
        assert scene
        return scene


@pytest.fixture
async def streams(store: KeptStore, engine: AsyncEngine, anna: Household) -> AsyncIterator[Listening]:
    made = Listening(store, engine, anna)
    scopes = ScopesGranted(REQUIRED | {Scope.VEHICLE_LOCATION})
    await made.knows(about_driver(anna.driver.id), ChoseVehicle(anna.car.id))
    await made.knows(about_grant(anna.grant.id), scopes)
    key = KeyStatus(paired=True, must_sign=True, keys_on_car=1, firmware=None)
    await made.knows(about_vehicle(anna.car.id), key, Handshake(proved=True), ONLINE, LOOKED)
    async with store.unit() as unit:
        await unit.settings.save_settings(anna.car.id, ChargeSettings(EVERY_DAY, FlatTariff(1), None), SIX)
    yield made


async def test_a_plug_in_is_known_at_once_looked_at_once_and_then_not_again(streams: Listening) -> None:
    await streams.homes.keep(streams.anna.car.id, Home(HOME, LearntFrom.PLUG_IN, SIX))
    await streams.hears(10, place=HOME)
    assert await streams.tend_at() == 10, "it has come home"
    await streams.hears(20, charging=Charging.STARTING)
    assert await streams.last() == replace(LOOKED, charging=Charging.STARTING, at_home=True)
    assert await streams.tend_at() == 20
    assert await streams.wants(21) is LookFor.NEWS

    # ── looked at, and the night has begun ───────────────────────
    await streams.looks(await streams.last(), 21)
    async with streams.store.unit() as unit:
        await unit.nights.begin_night(streams.anna.car.id, at(21))
    await streams.hears(30, soc=50)
    assert await streams.wants(31) is None
    assert await streams.wants(59) is None
    assert await streams.wants(60) is LookFor.NEWS, "it has been silent for half an hour"


async def test_a_night_that_began_without_a_look_has_its_look_all_the_same(streams: Listening) -> None:
    """The free look said that it slept when its word came: then nothing was billed, and the night began."""
    await streams.homes.keep(streams.anna.car.id, Home(HOME, LearntFrom.PLUG_IN, SIX))
    await streams.hears(10, place=HOME)
    await streams.hears(20, charging=Charging.STOPPED)
    await streams.plans(20)
    assert await streams.wants(21) is LookFor.NEWS
    await streams.looks(await streams.last(), 21)
    await streams.hears(30, soc=51)
    assert await streams.wants(31) is None, "once, even where it has told of no schedule"


GUARD: Final = SchedulesInCar((CarSchedule(OUR_NUMBERS[0], EVERY_DAY_OF_IT, 120, None, one_time=False),))


@pytest.mark.parametrize(
    ("says", "days_ago", "wants"),
    [
        (Charging.STOPPED, 1, None),
        (Charging.STOPPED, 8, LookFor.NEWS),
        (Charging.STARTING, 1, LookFor.NEWS),  # it should wait: somebody changed them
    ],
)
async def test_schedules_that_were_told_lately_are_trusted_until_the_car_does_otherwise(
    streams: Listening, says: Charging, days_ago: int, wants: LookFor | None
) -> None:
    await streams.homes.keep(streams.anna.car.id, Home(HOME, LearntFrom.PLUG_IN, SIX))
    await streams.knows(about_vehicle(streams.anna.car.id), GUARD, minutes=-days_ago * 24 * 60)
    await streams.hears(10, place=HOME)
    await streams.hears(20, charging=says)
    assert await streams.wants(21) is wants


async def test_where_its_driver_hides_it_no_look_would_tell_of_schedules(streams: Listening) -> None:
    await streams.knows(about_grant(streams.anna.grant.id), ScopesGranted(REQUIRED), minutes=1)
    await streams.hears(20, charging=Charging.STOPPED)
    assert await streams.wants(21) is None


async def test_a_schedule_that_a_car_agreed_to_is_not_looked_after_where_it_streams(streams: Listening) -> None:
    await streams.homes.keep(streams.anna.car.id, Home(HOME, LearntFrom.PLUG_IN, SIX))
    await streams.knows(about_vehicle(streams.anna.car.id), GUARD, minutes=0)
    await streams.hears(10, place=HOME)
    await streams.hears(20, charging=Charging.STOPPED)
    await streams.plans(20)
    async with streams.store.unit() as unit:
        night = await unit.nights.open_night(streams.anna.car.id)
        assert night
        [schedule] = GUARD.at_home
        order = await unit.commands.draft(
            streams.anna.car.id, night.id, Order.ADD_SCHEDULE, None, at(20.1), replace(schedule, start_minute=240)
        )
        await unit.commands.happened(order.id, Happening.SENT, at(20.1))
        await unit.commands.happened(order.id, Happening.CAR_AGREED, at(20.2))
    assert await streams.wants(21) is None


async def test_a_car_that_wakes_speaks_first_and_is_looked_at_if_it_does_not(streams: Listening) -> None:
    await streams.hears(10, charging=Charging.UNPLUGGED)
    await streams.knows(about_vehicle(streams.anna.car.id), replace(ONLINE, reach=Reach.ASLEEP), minutes=60)
    assert await streams.wants(300) is None
    await streams.knows(about_vehicle(streams.anna.car.id), ONLINE, minutes=300)
    assert await streams.wants(305) is LookFor.NEWS


async def test_even_the_free_look_is_rare_at_a_car_that_streams_but_not_so_that_a_plug_in_is_missed(
    streams: Listening,
) -> None:
    assert await streams.glanced_at_after(5) == timedelta(minutes=5), "it was never heard"
    await streams.hears(10, charging=Charging.UNPLUGGED)
    assert await streams.glanced_at_after(11) == timedelta(minutes=10)
    await streams.hears(12, charging=Charging.STOPPED)
    assert await streams.glanced_at_after(13) == timedelta(hours=1)
    assert await streams.glanced_at_after(42) == timedelta(minutes=5), "awake, and silent for half an hour"
    await streams.knows(about_vehicle(streams.anna.car.id), replace(ONLINE, reach=Reach.ASLEEP), minutes=42)
    assert await streams.glanced_at_after(300) == timedelta(hours=1), "it sleeps, and its line tells when it wakes"


async def test_a_car_that_says_the_same_as_before_it_slept_is_heard(streams: Listening) -> None:
    await streams.hears(10, charging=Charging.UNPLUGGED, soc=50)
    streams.clock.shows = at(300)
    await streams.listen.hear(Reading(streams.anna.car.vin, at(300), {}, is_connected=True))
    await streams.hears(300.1, charging=Charging.UNPLUGGED, soc=50)
    assert [one.observed_at for one in await streams.words()] == [at(10), at(300.1)]


async def test_the_log_stays_small_while_nothing_turns(streams: Listening) -> None:
    await streams.hears(1, charging=Charging.CHARGING, soc=50)
    await streams.tend_at()
    for second in range(60, 1260):
        await streams.hears(second / 60, power=11_000 + second, current=second % 17, soc=50 + second // 180)
    assert [one.observed_at for one in await streams.words()] == [at(minutes) for minutes in (1, 6, 12, 18)]
    assert await streams.tend_at() is None

    # ── but the target is known as soon as it is reached ─────────
    await streams.hears(21.5, soc=80)
    assert (await streams.last()).soc_percent == 80
    assert await streams.tend_at() == 21.5


async def test_what_comes_late_never_wins_over_a_look_nor_a_look_over_what_came_after_it(streams: Listening) -> None:
    plugged = replace(LOOKED, charging=Charging.STOPPED, at_home=True)
    await streams.looks(plugged, 10)
    await streams.hears(9, arrives=11, charging=Charging.CHARGING, limit=70)
    assert await streams.words() == []
    assert await streams.last() == plugged

    await streams.hears(12, limit=75)
    await streams.hears(11, arrives=13, limit=60, charging=Charging.CHARGING)
    assert await streams.last() == replace(plugged, limit_percent=75, charging=Charging.CHARGING)
    assert await streams.tend_at() == 12, "the earlier of two"


async def test_after_a_restart_the_last_word_stands_in_for_a_look(streams: Listening) -> None:
    await streams.hears(5, charging=Charging.CHARGING)
    await streams.hears(6, limit=70)
    streams.starts_anew()
    await streams.hears(4, arrives=7, limit=60)
    assert (await streams.last()).limit_percent == 70
    await streams.hears(8, soc=55, limit=75)
    known = await streams.last()
    assert (known.charging, known.limit_percent, known.soc_percent) == (Charging.CHARGING, 75, 55)


async def test_a_plug_in_at_a_place_that_is_not_told_is_looked_at_once(streams: Listening) -> None:
    await streams.hears(10, charging=Charging.STOPPED)
    assert await streams.wants(11) is LookFor.NEWS
    await streams.looks(replace(LOOKED, charging=Charging.STOPPED, at_home=False), 11)
    await streams.hears(17, soc=50)
    assert (await streams.last()).at_home is False
    assert await streams.wants(18) is None


async def test_home_is_learnt_and_told_from_away_and_the_place_goes_no_further(streams: Listening) -> None:
    car = streams.anna.car.id
    await streams.hears(10, place=HOME)
    await streams.hears(11, charging=Charging.STOPPED)
    kept = await streams.homes.home_of(car)
    assert kept is not None
    assert (kept.place, kept.learnt_from) == (HOME, LearntFrom.PLUG_IN)
    await streams.hears(20, charging=Charging.UNPLUGGED)
    await streams.hears(40, place=AWAY)
    await streams.hears(41, charging=Charging.CHARGING)
    assert (await streams.last()).at_home is False
    assert "52." not in str([one.fact for one in await streams.words()])


async def test_a_place_that_the_driver_does_not_allow_any_more_is_not_used(streams: Listening) -> None:
    await streams.knows(about_grant(streams.anna.grant.id), ScopesGranted(REQUIRED), minutes=1)
    await streams.hears(10, place=HOME)
    await streams.hears(11, charging=Charging.STOPPED)
    assert await streams.homes.home_of(streams.anna.car.id) is None
    assert (await streams.last()).at_home is None


async def test_of_an_order_only_the_cable_itself_or_a_look_says_what_became(streams: Listening) -> None:
    await streams.hears(1, charging=Charging.STOPPED, soc=50)
    async with streams.store.unit() as unit:
        night = await unit.nights.begin_night(streams.anna.car.id, at(1))
        order = await unit.commands.draft(streams.anna.car.id, night.id, Order.START, None, at(2))
        await unit.commands.happened(order.id, Happening.SENT, at(2))
        await unit.commands.happened(order.id, Happening.CAR_AGREED, at(2.1))
    await streams.hears(8, soc=51)
    assert len(await streams.words()) == 1, "whether it charges by then would be a guess"
    assert await streams.wants(8) is LookFor.ORDER
    await streams.hears(9, charging=Charging.CHARGING)
    assert (await streams.last()).charging is Charging.CHARGING
    assert await streams.wants(9.1) is None


async def test_signals_that_contradict_each_other_are_for_a_look(streams: Listening) -> None:
    await streams.hears(1, charging=Charging.STOPPED)
    await streams.hears(8, power=11_000, soc=52)
    assert len(await streams.words()) == 1
    await streams.hears(15, power=0, soc=52)
    assert len(await streams.words()) == 2


async def test_a_line_that_comes_or_goes_brings_a_free_look_and_one_that_flaps_not_more(streams: Listening) -> None:
    async def line(minutes: float, *, is_there: bool) -> float | None:
        streams.clock.shows = at(minutes)
        await streams.listen.hear(Reading(streams.anna.car.vin, at(minutes), {}, is_there))
        return await streams.tend_at()

    assert await line(0.5, is_there=False) is None
    assert await line(2, is_there=True) is None, "it was online by the last look"
    assert await line(3, is_there=False) == 3
    await streams.knows(about_vehicle(streams.anna.car.id), replace(ONLINE, reach=Reach.ASLEEP), minutes=3)
    assert await line(5, is_there=True) == 5

    # ── what it says then says that it is awake ──────────────────
    await streams.hears(6, charging=Charging.STOPPED)
    async with streams.store.unit() as unit:
        listed = (await unit.evidence.seen(about_vehicle(streams.anna.car.id))).fact(Listed)
    assert listed == ONLINE


async def test_a_car_that_is_not_ours_to_charge_is_not_written_about(streams: Listening, bert: Household) -> None:
    for vin in (bert.car.vin, Vin("5YJ3E7EA0KF004021")):
        await streams.listen.hear(Reading(vin, at(1), {Signal.CHARGING: Charging.CHARGING}))
        await streams.listen.hear(Reading(vin, at(1), {}, is_connected=True))
    async with streams.store.unit() as unit:
        assert (await unit.evidence.seen(about_vehicle(bert.car.id))).latest == {}
        await unit.garage.end_grant(streams.anna.grant.id, at(2))
    await streams.hears(3, charging=Charging.CHARGING)
    assert await streams.words() == []


async def test_a_car_in_two_accounts_is_found_in_both(store: KeptStore, anna: Household, bert: Household) -> None:
    async with store.unit() as unit:
        also = await unit.garage.add_vehicle(bert.driver.id, bert.grant.id, anna.car.vin)
        assert await unit.garage.vehicles_with(anna.car.vin) == [anna.car, also]
        await unit.garage.end_grant(anna.grant.id, at(1))
        assert await unit.garage.vehicles_with(anna.car.vin) == [also]
        assert await unit.garage.vehicles_with(Vin("5YJ3E7EA0KF004021")) == []
