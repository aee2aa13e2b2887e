"""A car is told to stream once, by what the log says; what became of it is written down, and it ends when it shall."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import (
    ChargeState,
    Charging,
    ChoseVehicle,
    ConsentEnded,
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
from chargekey.domain.streaming import LASTS, StreamConfig, StreamTo, config_for
from chargekey.domain.tariff import FlatTariff
from chargekey.domain.told_to_stream import HowFar, Stands, ToldToStream
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle
from chargekey.journeys.tell_to_stream import TellToStream, told_cars
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.faults import (
    AnswerLost,
    BudgetSpent,
    ConsentGone,
    Fault,
    OverLimit,
    Puzzling,
    Unreachable,
    VehicleGone,
)
from chargekey.ports.jobs import Work
from chargekey.ports.tesla import Answer
from tests.contract.household import SIX, Household, at
from tests.contract.test_vault import StandingClock

TO: Final = StreamTo("stream.example.org", 443, "PEM")
EVERY_DAY: Final = ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 20, "Europe/Amsterdam")
ONLINE: Final = Listed(Access.OWNER, Reach.ONLINE, "Car", in_service=False, mobile_access_off=False)
ASLEEP: Final = Listed(Access.OWNER, Reach.ASLEEP, "Car", in_service=False, mobile_access_off=False)
PAIRED: Final = KeyStatus(paired=True, must_sign=True, keys_on_car=1, firmware="2025.44.25")
SYNCED: Final = HowFar(is_synced=True, has_config=True, is_full=False)
CHARGE: Final = ChargeState(50, 80, Charging.UNPLUGGED, 0, 16, 16, 0, 3, 0, 0, None)
A_DAY_MIN: Final = 24 * 60


@dataclass
class Tesla:
    """`ports.tesla.TelemetrySettings`: the next answer to each call, or what it always says."""

    asked: list[str] = field(default_factory=list)
    tells: list[Stands | Fault] = field(default_factory=list)
    is_so_far: HowFar | Fault = SYNCED
    says: str = ""
    refuses: Fault | None = None
    config: StreamConfig | None = None

    async def tell(self, grant_id: int, vin: Vin, config: StreamConfig, until: datetime) -> Answer[Stands]:
        self.asked.append("tell")
        self.config = config
        answer = self.tells.pop(0) if self.tells else Stands.WAITS
        if isinstance(answer, Fault):
            raise answer
        return Answer(answer, None)

    async def how_far(self, grant_id: int, vin: Vin) -> Answer[HowFar]:
        self.asked.append("how_far")
        if isinstance(self.is_so_far, Fault):
            raise self.is_so_far
        return Answer(self.is_so_far, None)

    async def trouble(self, grant_id: int, vin: Vin, since: datetime) -> Answer[str]:
        self.asked.append("trouble")
        return Answer(self.says, None)

    async def take_back(self, grant_id: int, vin: Vin) -> Answer[bool]:
        self.asked.append("take_back")
        if self.refuses:
            raise self.refuses
        return Answer(True, None)


@dataclass
class Home:
    """Anna's car is ours to charge, awake, and to be told to stream."""

    store: KeptStore
    anna: Household
    tesla: Tesla = field(default_factory=Tesla)
    clock: StandingClock = field(default_factory=StandingClock)
    to: StreamTo | None = TO

    @property
    def journey(self) -> TellToStream:
        return TellToStream(self.store, self.clock, self.tesla, self.to)

    async def knows(self, subject: Subject, *facts: Fact, minutes: float = 0, source: Source = Source.CAR) -> None:
        async with self.store.unit() as unit:
            await unit.evidence.append([Observation(subject, fact, at(minutes), source) for fact in facts])

    async def sees(self, *facts: Fact, minutes: float, source: Source = Source.CAR) -> None:
        await self.knows(about_vehicle(self.anna.car.id), *facts, minutes=minutes, source=source)

    async def tends(self, minutes: float) -> float | None:
        """As the worker does; returns when the car is told something, in minutes after six."""

        async def nothing(_: int) -> None:
            """The tending itself is another's."""

        self.clock.shows = at(minutes)
        await self.journey.beside(nothing)(self.anna.car.id)
        return await self.due()

    async def tells(self, minutes: float) -> float | None:
        """The timer's work, as a worker does it: the timer is gone once it is done. Returns when it is set again."""
        self.clock.shows = at(minutes)
        async with self.store.unit() as unit:
            await unit.timers.cancel(Work.TELL_TO_STREAM, self.anna.car.id)
        await self.journey.tell(self.anna.car.id)
        return await self.due()

    async def due(self) -> float | None:
        async with self.store.unit() as unit:
            due = await unit.timers.due_at(Work.TELL_TO_STREAM, self.anna.car.id)
        return None if due is None else (due - SIX).total_seconds() / 60

    async def told(self) -> ToldToStream | None:
        async with self.store.unit() as unit:
            return (await unit.evidence.seen(about_vehicle(self.anna.car.id))).fact(ToldToStream)

    async def stands(self) -> Stands | None:
        told = await self.told()
        return told.stands if told else None

    async def lives(self, begins: float, days: float) -> Counter[str]:
        """For so long whatever is due is done; returns what Tesla was asked."""
        due, ends = begins, begins + days * A_DAY_MIN
        self.tesla.asked.clear()
        while due < ends:
            due = await self.tells(due) or await self.tends(due + 5) or ends
        return Counter(self.tesla.asked)


@pytest.fixture
async def home(store: KeptStore, anna: Household) -> Home:
    made = Home(store, anna)
    await made.knows(about_driver(anna.driver.id), ChoseVehicle(anna.car.id))
    await made.knows(about_grant(anna.grant.id), ScopesGranted(REQUIRED | {Scope.VEHICLE_LOCATION}))
    await made.knows(about_vehicle(anna.car.id), PAIRED, Handshake(proved=True), ONLINE)
    async with store.unit() as unit:
        await unit.settings.save_settings(anna.car.id, ChargeSettings(EVERY_DAY, FlatTariff(1), None), SIX)
    return made


# ── told once ────────────────────────────────────────────────────────


async def test_a_car_is_told_once_and_known_to_have_taken_it(home: Home) -> None:
    assert await home.tends(1) == 1
    assert await home.tells(1) == 6
    assert home.tesla.config == config_for(TO, with_place=True)
    told = await home.told()
    assert told == ToldToStream(Stands.WAITS, home.tesla.config.name, at(1), at(1) + LASTS)
    assert await home.tends(2) == 6, "and nothing more is set meanwhile"
    assert await home.tells(6) == 6 + A_DAY_MIN
    assert await home.stands() is Stands.TAKEN
    assert home.tesla.asked == ["tell", "how_far"]


async def test_a_car_that_is_heard_is_asked_about_no_more_and_told_again_before_it_ends(home: Home) -> None:
    for day in range(80):
        await home.sees(CHARGE, minutes=day * A_DAY_MIN, source=Source.TELEMETRY)
    assert await home.lives(1, days=60) == {"tell": 1, "how_far": 1}
    assert await home.lives(60 * A_DAY_MIN, days=15) == {"tell": 1, "how_far": 1}


async def test_a_car_that_sleeps_is_waited_for_at_no_price(home: Home) -> None:
    home.tesla.is_so_far = HowFar(is_synced=False, has_config=True, is_full=False)
    await home.tells(1)
    await home.sees(ASLEEP, minutes=2)
    assert await home.lives(6, days=3) == {}
    await home.sees(ONLINE, minutes=4 * A_DAY_MIN)
    home.tesla.is_so_far = SYNCED
    await home.tells(4 * A_DAY_MIN)
    assert await home.stands() is Stands.TAKEN


async def test_where_it_is_is_asked_for_no_more_once_the_driver_takes_that_back(home: Home) -> None:
    await home.tells(1)
    await home.tells(6)
    await home.knows(about_grant(home.anna.grant.id), ScopesGranted(REQUIRED), minutes=10)
    await home.tells(11)
    assert home.tesla.config == config_for(TO, with_place=False)


# ── Tesla says no, or nothing ────────────────────────────────────────


async def test_after_a_lost_answer_it_is_looked_and_not_told_again(home: Home) -> None:
    home.tesla.tells = [AnswerLost()]
    assert await home.tells(1) == 16
    assert await home.stands() is Stands.ASKED
    await home.tells(16)
    assert await home.stands() is Stands.TAKEN
    assert home.tesla.asked == ["tell", "how_far"]


async def test_answers_that_are_always_lost_are_no_loop(home: Home) -> None:
    home.tesla.tells = [AnswerLost() for _ in range(99)]
    home.tesla.is_so_far = HowFar(is_synced=False, has_config=False, is_full=False)
    asked = await home.lives(1, days=30)
    assert asked["tell"] + asked["how_far"] < 60


@pytest.mark.parametrize(
    ("fault", "stands"),
    [
        (VehicleGone("not_found"), Stands.NOT_HIS),
        (Puzzling("400 Refer to the page"), Stands.REFUSED),
        (Unreachable(), Stands.NOTHING),
        (BudgetSpent(wait=timedelta(days=3)), Stands.NOTHING),
        (OverLimit(), Stands.NOTHING),
    ],
)
async def test_a_no_is_written_down_and_asked_again_later(home: Home, fault: Fault, stands: Stands) -> None:
    home.tesla.tells = [fault]
    again_at = await home.tells(1)
    assert await home.stands() is stands
    assert again_at and again_at >= 16
    assert home.anna.car.id  # it is listed still: a driver's config answers so (fleet-telemetry #126)
    await home.tells(max(again_at, 16))
    assert home.tesla.asked == ["tell", "tell"]


async def test_a_car_that_is_left_out_is_named_and_told_when_it_can(home: Home) -> None:
    home.tesla.tells = [Stands.NO_KEY]
    assert await home.tells(1) == 16
    async with home.store.unit() as unit:
        [(car, told)] = await told_cars(unit)
    assert (car, told.stands) == (f"…{home.anna.car.vin.last_four}", Stands.NO_KEY)
    await home.tells(16)
    assert await home.stands() is Stands.WAITS


async def test_a_firmware_that_is_too_old_costs_nothing(home: Home) -> None:
    await home.sees(KeyStatus(True, True, 1, "2024.20.9"), minutes=1)
    assert await home.lives(2, days=30) == {}
    assert await home.stands() is Stands.FIRMWARE
    await home.sees(PAIRED, minutes=31 * A_DAY_MIN)
    assert (await home.lives(31 * A_DAY_MIN, days=8))["tell"] == 1


async def test_what_a_car_says_against_it_is_read(home: Home) -> None:
    home.tesla.says = "config_manager_error: verification error"
    home.tesla.is_so_far = HowFar(is_synced=True, has_config=False, is_full=False)
    await home.tells(1)
    await home.tells(6)
    told = await home.told()
    assert told and (told.stands, told.trouble) == (Stands.REJECTED, home.tesla.says)
    assert sum((await home.lives(7, days=30)).values()) < 25


async def test_a_car_that_took_it_and_stays_silent_is_asked_why(home: Home) -> None:
    home.tesla.says = "tls: bad certificate"
    await home.tells(1)
    await home.tells(6)
    await home.tells(6 + A_DAY_MIN)
    told = await home.told()
    assert told and (told.stands, told.trouble) == (Stands.TAKEN, "tls: bad certificate")
    assert sum((await home.lives(7 + A_DAY_MIN, days=30)).values()) < 20


async def test_a_config_that_tesla_took_out_is_put_back(home: Home) -> None:
    await home.tells(1)
    await home.tells(6)
    home.tesla.is_so_far = HowFar(is_synced=False, has_config=False, is_full=False)
    due = await home.tells(6 + A_DAY_MIN)
    assert await home.stands() is Stands.NOTHING
    home.tesla.is_so_far = SYNCED
    assert due
    await home.tells(due)
    assert await home.stands() is Stands.WAITS


# ── no more ──────────────────────────────────────────────────────────


async def test_with_no_host_what_was_told_is_taken_back(home: Home) -> None:
    await home.tells(1)
    home.to = None
    home.clock.shows = at(20)
    await home.journey.begin()
    assert await home.due() == 6
    assert await home.tells(20) is None
    assert (home.tesla.asked[-1], await home.stands()) == ("take_back", Stands.NOTHING)
    assert await home.tells(21) is None
    assert home.tesla.asked == ["tell", "take_back"]
    async with home.store.unit() as unit:
        assert await told_cars(unit) == []


async def test_without_a_host_nobody_is_asked_anything(home: Home) -> None:
    home.to = None
    await home.journey.begin()
    assert await home.tends(1) is None
    assert await home.tells(1) is None
    assert home.tesla.asked == []


async def test_a_car_that_is_not_chosen_any_more_streams_no_more(home: Home) -> None:
    await home.tells(1)
    async with home.store.unit() as unit:
        other = await unit.garage.add_vehicle(home.anna.driver.id, home.anna.grant.id, Vin("5YJ3E7EA1PF000009"))
    await home.knows(about_driver(home.anna.driver.id), ChoseVehicle(other.id), minutes=2)
    assert await home.tells(6) is None
    assert home.tesla.asked == ["tell", "take_back"]


async def test_a_car_that_is_not_ours_to_charge_is_left_alone(home: Home) -> None:
    await home.sees(Handshake(proved=False), minutes=1)
    assert await home.tends(2) is None
    assert await home.tells(2) is None
    await home.knows(about_grant(home.anna.grant.id), ConsentEnded("401 revoked"), minutes=3)
    assert await home.tells(4) is None
    assert home.tesla.asked == []


async def test_a_consent_that_is_gone_is_written_down(home: Home) -> None:
    home.tesla.tells = [ConsentGone("revoked")]
    assert await home.tells(1) is None
    async with home.store.unit() as unit:
        assert (await unit.evidence.seen(about_grant(home.anna.grant.id))).fact(ConsentEnded)


@pytest.mark.parametrize(
    ("refuses", "is_gone"), [(None, True), (VehicleGone(), True), (Unreachable(), False), (AnswerLost(), False)]
)
async def test_whoever_leaves_knows_whether_it_was_taken_back(home: Home, refuses: Fault | None, is_gone: bool) -> None:
    assert not await home.journey.was_told(home.anna.car)
    await home.tells(1)
    home.tesla.refuses = refuses
    assert await home.journey.was_told(home.anna.car)
    assert await home.journey.leave(home.anna.car) is is_gone
    assert await home.journey.was_told(home.anna.car) is not is_gone
