"""A driver who leaves leaves no row behind, in no table, and nobody else loses one."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptSessions, KeptStore, Outbox
from chargekey.adapters.store.tables import metadata
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.evidence import ChoseVehicle, Handshake, Observation, ScopesGranted, Source, Subject, SubjectKind
from chargekey.domain.grant import REQUIRED
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Order
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.secret import Secret
from chargekey.domain.spend import Billed
from chargekey.domain.tariff import FlatTariff
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from chargekey.ports.notify import Mail
from tests.contract.household import EUROPE, SIX, Household, at
from tests.contract.test_charge_log import GOAL, problem
from tests.contract.test_vault import CountingSignIn, StandingClock, pair

NOT_ABOUT_DRIVERS = {"home"}

Rows = dict[str, set[tuple[Any, ...]]]


async def live(store: KeptStore, engine: AsyncEngine, who: Household) -> None:
    """Leave a row in every table."""
    email = who.driver.email
    async with store.unit() as unit:
        await unit.people.add_link(f"link of {email}", email, SIX, at(15))
        browser = await unit.people.open_session(f"before {email}", Secret("csrf"), SIX, at(90))
        await unit.people.sign_in(browser.id, who.driver.id, f"cookie of {email}", Secret("csrf"))
        await unit.garage.begin_consent(f"state of {email}", browser.id, who.driver.id, Secret("nonce"), SIX)
        await unit.evidence.append(
            [
                Observation(Subject(SubjectKind.DRIVER, who.driver.id), ChoseVehicle(who.car.id), SIX, Source.DRIVER),
                Observation(Subject(SubjectKind.GRANT, who.grant.id), ScopesGranted(REQUIRED), SIX, Source.TOKEN),
                Observation(Subject(SubjectKind.VEHICLE, who.car.id), Handshake(proved=True), SIX, Source.CAR),
            ]
        )
        await unit.settings.save_settings(who.car.id, ChargeSettings(GOAL, FlatTariff(1), None), SIX)
        await unit.settings.save_key_watch(who.car.id, KeyWatch(SIX, SIX, None))
        night = await unit.nights.begin_night(who.car.id, SIX)
        await unit.nights.keep_plan(night.id, problem(), cheapest(problem()), SIX)
        await unit.commands.draft(who.car.id, night.id, Order.START, None, SIX)
        await unit.bills.add_call(who.car.vin, Billed.DATA, SIX)
        for work in Work:
            await unit.timers.set(work, who.car.id, at(5))
    await KeptVault(engine, KeyRing({1: bytes(32)}), CountingSignIn(), StandingClock()).keep(
        who.grant.id, pair(1), EUROPE
    )
    await KeptSessions(engine).save(who.car.vin, 3, b"session")
    await Outbox(engine, StandingClock()).send(Mail(email, "Sign in", "a link"))


async def rows(engine: AsyncEngine) -> Rows:
    """All there is, table by table."""
    async with engine.begin() as connection:
        return {
            table.name: {tuple(row) for row in await connection.execute(select(table))}
            for table in metadata.sorted_tables
            if table.name not in NOT_ABOUT_DRIVERS
        }


async def test_who_leaves_leaves_no_row_in_any_table(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    await live(store, engine, anna)
    assert [name for name, there in (await rows(engine)).items() if not there] == []  # every table is tried
    await store.erase_driver(anna.driver.id)
    assert {name: there for name, there in (await rows(engine)).items() if there} == {}


async def test_nobody_else_loses_a_row(store: KeptStore, engine: AsyncEngine, bert: Household, anna: Household) -> None:
    await live(store, engine, bert)
    before = await rows(engine)
    await live(store, engine, anna)
    await store.erase_driver(anna.driver.id)
    after = await rows(engine)
    lost = {name: before[name] - after[name] for name in before if name not in ("driver", "tesla_grant", "vehicle")}
    assert {name: there for name, there in lost.items() if there} == {}
    async with store.unit() as unit:
        assert await unit.people.driver(bert.driver.id) == bert.driver
        assert await unit.garage.grant_of(bert.driver.id) == bert.grant
        assert await unit.garage.vehicle(bert.car.id) == bert.car


async def test_erasing_nobody_is_fine(store: KeptStore) -> None:
    await store.erase_driver(999)
