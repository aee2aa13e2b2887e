"""Whichever account a driver chooses, the other leaves nothing that acts; at once or twice, it is chosen once."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.evidence import ChoseVehicle, KeyStatus, Listed, Observation, ScopesGranted, Source
from chargekey.domain.findings import ConsentTrip, MobileAccess, Trip
from chargekey.domain.grant import REQUIRED
from chargekey.domain.other_account import DECIDE_WITHIN
from chargekey.domain.place import Home, LearntFrom, Place
from chargekey.domain.secret import Secret
from chargekey.domain.support import HappenedLine
from chargekey.domain.tariff import FlatTariff
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.journeys.case_file import CaseFiles
from chargekey.journeys.choose_account import ChooseAccount
from chargekey.journeys.connect_account import Arrival, ConnectAccount
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle
from chargekey.journeys.support_bundle import SupportBundles
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.faults import ConsentGone, TeslaFails
from chargekey.ports.jobs import Work
from chargekey.ports.people import Grant, WebSession
from chargekey.ports.store import Store
from chargekey.ports.tesla import Answer, Look, Tokens, UnverifiedClaims
from tests.contract.household import EUROPE, SIX, Household, at, keep_tokens
from tests.contract.test_charge_log import GOAL
from tests.contract.test_vault import RING, CountingSignIn, StandingClock, never, pair

WELL: Final = Listed(Access.OWNER, Reach.ONLINE, None, in_service=False, mobile_access_off=False)
UNPAIRED: Final = KeyStatus(paired=False, must_sign=True, keys_on_car=1, firmware=None)
OTHER_CAR: Final = Vin("5YJYE7EA1PF0077C0")


class OneList:
    """Tesla, which lists the same cars for whoever asks. `asked`: how often."""

    def __init__(self, *lists: Vin, fails: bool = False) -> None:
        self.lists, self.fails, self.asked = lists, fails, 0

    async def listing(self, grant_id: int) -> Answer[Sequence[tuple[Vin, Listed]]]:
        self.asked += 1
        if self.fails:
            raise TeslaFails("down")
        return Answer([(vin, WELL) for vin in self.lists], None)

    async def key_statuses(self, grant_id: int, vins: Sequence[Vin]) -> Answer[Mapping[Vin, KeyStatus]]:
        return Answer(dict.fromkeys(vins, UNPAIRED), None)

    async def find_region(self, grant_id: int) -> Answer[str]:
        return Answer(EUROPE, None)

    async def glance(self, grant_id: int, vin: Vin) -> Answer[Listed]:
        raise NotImplementedError

    async def mobile_access(self, grant_id: int, vin: Vin) -> Answer[MobileAccess]:
        raise NotImplementedError

    async def look(self, grant_id: int, vin: Vin, *, with_place: bool, for_order: bool = False) -> Answer[Look]:
        raise NotImplementedError

    async def wake(self, grant_id: int, vin: Vin) -> Answer[Reach]:
        raise NotImplementedError


class AsAccount(CountingSignIn):
    """Tesla's sign-in page, at which this account is signed in."""

    def __init__(self, account: str) -> None:
        super().__init__()
        self.account = account

    def consent_url(self, *, state: str, nonce: str, locale: str, repair: bool) -> str:
        return state

    async def exchange(self, code: str) -> Tokens:
        claims = UnverifiedClaims(self.account, frozenset(REQUIRED), "EU", None)
        return Tokens(Secret(f"access {code}"), Secret(f"refresh {code}"), at(480), claims)


class Scene:
    """Anna with her car in our care, at six; another account comes back."""

    def __init__(self, store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
        self.store, self.anna, self.clock, self.tesla = store, anna, StandingClock(), OneList()
        self.homes = KeptHomes(engine, RING)
        self.vault = KeptVault(engine, RING, CountingSignIn(), self.clock, never)

    @property
    def choose(self) -> ChooseAccount:
        return ChooseAccount(self.store, self.clock, InProcessBus(), self.tesla)

    async def begins(self) -> None:
        anna = self.anna
        await keep_tokens(self.vault, anna.grant.id, pair(1), EUROPE)
        await self.homes.keep(anna.car.id, Home(Place(52.0, 5.0), LearntFrom.DRIVER, SIX))
        async with self.store.unit() as unit:
            await unit.evidence.append(
                [
                    Observation(about_driver(anna.driver.id), ChoseVehicle(anna.car.id), SIX, Source.DRIVER),
                    Observation(about_grant(anna.grant.id), ScopesGranted(REQUIRED), SIX, Source.TOKEN),
                    Observation(about_vehicle(anna.car.id), WELL, SIX, Source.TESLA),
                ]
            )
            await unit.settings.save_settings(anna.car.id, ChargeSettings(GOAL, FlatTariff(1), None), SIX)
            await unit.timers.set(Work.TEND_VEHICLE, anna.car.id, at(5))
            await unit.timers.set(Work.STAY_CONNECTED, anna.grant.id, at(600))

    async def comes_back_as(self, account: str, code: str = "1", store: Store | None = None) -> Arrival:
        """To Tesla and back, in a browser of hers. `store`: the one that Chargekey has meanwhile."""
        connect = ConnectAccount(
            store or self.store, self.clock, InProcessBus(), AsAccount(account), self.tesla, self.vault, EUROPE
        )
        session = await self._browser(code)
        state = await connect.set_out(session, self.anna.driver.id, "en")
        return await connect.come_back(session, {"state": state, "code": code})

    async def _browser(self, code: str) -> WebSession:
        async with self.store.unit() as unit:
            opened = await unit.people.open_session(f"before {code}", Secret("csrf"), SIX, at(90))
            await unit.people.sign_in(opened.id, self.anna.driver.id, f"cookie {code}", Secret("csrf"))
            session = await unit.people.session(f"cookie {code}", SIX)
        assert session
        return session

    async def the_other(self) -> Grant:
        async with self.store.unit() as unit:
            found = await unit.undecided.of(self.anna.driver.id)
        assert found
        return found.grant

    async def due(self, work: Work, key: int) -> datetime | None:
        async with self.store.unit() as unit:
            return await unit.timers.due_at(work, key)

    async def has_tokens(self, grant: Grant) -> bool:
        try:
            await self.vault.access(grant.id)
        except ConsentGone:
            return False
        return True

    async def trip(self) -> Trip | None:
        async with self.store.unit() as unit:
            trip = (await unit.evidence.seen(about_driver(self.anna.driver.id))).fact(ConsentTrip)
        return trip.came if trip else None

    async def uses(self, grant: Grant) -> bool:
        async with self.store.unit() as unit:
            return (await unit.garage.grant_of(self.anna.driver.id)) == grant


@pytest.fixture
async def scene(store: KeptStore, engine: AsyncEngine, anna: Household) -> Scene:
    made = Scene(store, engine, anna)
    await made.begins()
    return made


async def test_another_account_changes_nothing_by_coming_back(scene: Scene) -> None:
    assert await scene.comes_back_as("another") is Arrival.OTHER_ACCOUNT
    other, anna = await scene.the_other(), scene.anna
    assert await scene.uses(anna.grant)
    assert await scene.has_tokens(anna.grant)
    assert await scene.has_tokens(other)
    assert await scene.due(Work.TEND_VEHICLE, anna.car.id) == at(5)
    assert await scene.due(Work.STAY_CONNECTED, anna.grant.id) == at(600)
    assert await scene.due(Work.LET_ACCOUNT_GO, other.id) == SIX + DECIDE_WITHIN
    assert await scene.due(Work.STAY_CONNECTED, other.id) is None
    assert await scene.trip() is Trip.OTHER_ACCOUNT


async def test_the_same_account_is_no_other(scene: Scene) -> None:
    assert await scene.comes_back_as(scene.anna.grant.account) is Arrival.CONNECTED
    assert await scene.choose.open_until(scene.anna.driver.id) is None
    assert await scene.uses(scene.anna.grant)


async def test_of_two_that_come_back_the_later_waits(scene: Scene) -> None:
    await scene.comes_back_as("another", "1")
    first = await scene.the_other()
    await scene.comes_back_as("a third", "2")
    second = await scene.the_other()
    assert second.account == "a third"
    assert not await scene.has_tokens(first)
    assert await scene.due(Work.LET_ACCOUNT_GO, first.id) is None
    await scene.comes_back_as(scene.anna.grant.account, "3")  # and the one in use ends the question
    assert await scene.choose.open_until(scene.anna.driver.id) is None
    assert not await scene.has_tokens(second)


async def test_its_cars_are_asked_for_once_however_often_the_page_is_opened(scene: Scene) -> None:
    scene.tesla = OneList(OTHER_CAR)
    await scene.comes_back_as("another")
    for _ in range(3):
        two = await scene.choose.look(scene.anna.driver.id)
    assert two is not None
    assert (two.cars.only_ours, two.cars.only_theirs) == ((scene.anna.car.vin,), (OTHER_CAR,))
    assert two.charged == scene.anna.car.vin
    assert not two.suggests_other
    assert scene.tesla.asked == 1


async def test_a_failure_is_kept_as_not_told(scene: Scene) -> None:
    scene.tesla = OneList(fails=True)
    await scene.comes_back_as("another")
    for _ in range(3):
        two = await scene.choose.look(scene.anna.driver.id)
    assert two is not None
    assert not two.cars.is_known
    assert scene.tesla.asked == 1


async def test_who_stays_keeps_all_and_the_other_is_gone(scene: Scene) -> None:
    await scene.comes_back_as("another")
    other, anna = await scene.the_other(), scene.anna
    await scene.choose.stay(anna.driver.id)
    assert await scene.uses(anna.grant)
    assert not await scene.has_tokens(other)
    assert await scene.due(Work.LET_ACCOUNT_GO, other.id) is None
    assert await scene.due(Work.TEND_VEHICLE, anna.car.id) == at(5)
    assert await scene.homes.home_of(anna.car.id)
    assert await scene.trip() is Trip.KEPT_ACCOUNT


async def test_who_goes_over_leaves_the_car_that_is_not_in_it(scene: Scene) -> None:
    scene.tesla = OneList(OTHER_CAR)
    await scene.comes_back_as("another")
    other, anna = await scene.the_other(), scene.anna
    await scene.choose.look(anna.driver.id)
    await scene.choose.go_over(anna.driver.id)
    assert await scene.uses(other)
    assert await scene.has_tokens(other)
    assert not await scene.has_tokens(anna.grant)
    assert await scene.due(Work.TEND_VEHICLE, anna.car.id) is None
    assert await scene.due(Work.STAY_CONNECTED, anna.grant.id) is None
    assert await scene.due(Work.LET_ACCOUNT_GO, other.id) is None
    assert await scene.due(Work.STAY_CONNECTED, other.id)
    assert await scene.homes.home_of(anna.car.id) is None
    assert await scene.trip() is Trip.CHANGED_ACCOUNT
    async with scene.store.unit() as unit:
        assert [car.vin for car in await unit.garage.vehicles_of(other.id)] == [OTHER_CAR]
        assert await unit.settings.settings(anna.car.id)  # history and settings stay


@pytest.mark.parametrize("was_shown", [True, False], ids=["after a look", "unlooked"])
async def test_who_goes_over_takes_along_the_car_that_is_in_both(scene: Scene, was_shown: bool) -> None:
    scene.tesla = OneList(scene.anna.car.vin)
    await scene.comes_back_as("another")
    other, anna = await scene.the_other(), scene.anna
    if was_shown:
        two = await scene.choose.look(anna.driver.id)
        assert two is not None
        assert two.cars.is_the_same
    await scene.choose.go_over(anna.driver.id)
    async with scene.store.unit() as unit:
        assert [car.id for car in await unit.garage.vehicles_of(other.id)] == [anna.car.id]
    assert await scene.due(Work.TEND_VEHICLE, anna.car.id) == at(5)
    assert await scene.homes.home_of(anna.car.id)


async def test_after_the_hour_only_the_timer_speaks_and_says_so_once(scene: Scene) -> None:
    await scene.comes_back_as("another")
    other, anna = await scene.the_other(), scene.anna
    scene.clock.shows = SIX + DECIDE_WITHIN
    await scene.choose.go_over(anna.driver.id)  # too late, though the timer has not come yet
    assert await scene.uses(anna.grant)
    for _ in range(2):
        await scene.choose.let_go(other.id)
    assert not await scene.has_tokens(other)
    assert await scene.trip() is Trip.KEPT_ACCOUNT
    async with scene.store.unit() as unit:
        assert len(await unit.notices.unread(anna.driver.id)) == 1


async def test_said_both_ways_at_once_it_is_one_of_the_two(scene: Scene) -> None:
    await scene.comes_back_as("another")
    other, anna = await scene.the_other(), scene.anna
    await asyncio.gather(scene.choose.stay(anna.driver.id), scene.choose.go_over(anna.driver.id))
    trip = await scene.trip()
    kept, left = (anna.grant, other) if trip is Trip.KEPT_ACCOUNT else (other, anna.grant)
    assert await scene.uses(kept)
    assert await scene.has_tokens(kept)
    assert not await scene.has_tokens(left)


async def test_what_goes_to_support_says_that_another_account_came_back(scene: Scene) -> None:
    scene.tesla = OneList(OTHER_CAR)
    await scene.comes_back_as("another")
    await scene.choose.look(scene.anna.driver.id)
    files = CaseFiles(scene.store, scene.clock, {"eu": EUROPE})
    _, bundle = await SupportBundles(scene.store, files, "0.1.0 0a1b2c3d").of(scene.anna.driver.id, None)
    trips = [str(line) for line in bundle.lines if isinstance(line, HappenedLine) and line.what.text == "consent_trip"]
    assert "other_account" in trips[-1]
    assert "0077C0" not in str(bundle)  # nothing of a car that is not his here
