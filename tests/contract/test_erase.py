"""A driver who leaves leaves no row behind, in no table, and nobody else loses one."""

from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.push_devices import KeptDevices
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.spending import HOME, tesla_spend
from chargekey.adapters.store.store import KeptSessions, KeptStore, KeptUnit, Outbox
from chargekey.adapters.store.tables import metadata
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.evidence import ChoseVehicle, Handshake, Observation, ScopesGranted, Source, Subject, SubjectKind
from chargekey.domain.grant import REQUIRED
from chargekey.domain.hand_off import Course
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Order
from chargekey.domain.place import Home, LearntFrom, Place
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.secret import Secret
from chargekey.domain.spend import Billed
from chargekey.domain.support import SupportCode
from chargekey.domain.surplus import SurplusSlot
from chargekey.domain.tariff import FlatTariff
from chargekey.ports.call_log import Call
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Key, Work, key_of
from chargekey.ports.notices import NoticeKind
from chargekey.ports.notify import Mail
from chargekey.ports.passkeys import NewPasskey, Purpose
from chargekey.ports.push import Subscription
from chargekey.ports.support import By, LookedAs
from tests.contract.bookings import a_booking
from tests.contract.household import EUROPE, SIX, Household, at, keep_tokens
from tests.contract.test_charge_log import GOAL, problem
from tests.contract.test_vault import CountingSignIn, StandingClock, pair

NOT_ABOUT_DRIVERS = {
    "home",
    "tesla_outage",
    "cause_judged",
    "passkey_refusal",
    "page_change",
    "published_price",
    "price_asked",
    "published_carbon",
    "carbon_asked",
}

Rows = dict[str, set[tuple[Any, ...]]]


async def live(store: KeptStore, engine: AsyncEngine, who: Household) -> None:
    """Leave a row in every table."""
    email = who.driver.email
    async with store.unit() as unit:
        await unit.people.add_link(f"link of {email}", email, SIX, at(15), None)
        browser = await unit.people.open_session(f"before {email}", Secret("csrf"), SIX, at(90))
        await unit.people.sign_in(browser.id, who.driver.id, f"cookie of {email}", Secret("csrf"))
        await have_a_passkey(unit, who, browser.id)
        await unit.garage.begin_consent(f"state of {email}", browser.id, who.driver.id, Secret("nonce"), SIX)
        await unit.evidence.append(
            [
                Observation(Subject(SubjectKind.DRIVER, who.driver.id), ChoseVehicle(who.car.id), SIX, Source.DRIVER),
                Observation(Subject(SubjectKind.GRANT, who.grant.id), ScopesGranted(REQUIRED), SIX, Source.TOKEN),
                Observation(Subject(SubjectKind.VEHICLE, who.car.id), Handshake(proved=True), SIX, Source.CAR),
            ]
        )
        await unit.settings.save_settings(who.car.id, ChargeSettings(GOAL, FlatTariff(1), None), SIX)
        await tell_of_sun(unit, who)
        await unit.settings.save_key_watch(who.car.id, KeyWatch(SIX, SIX, None))
        night = await unit.nights.begin_night(who.car.id, SIX)
        await unit.nights.keep_plan(night.id, problem(), cheapest(problem()), SIX)
        await unit.ledger.book(night.id, a_booking(at(60)))
        await unit.commands.draft(who.car.id, night.id, Order.START, None, SIX)
        await unit.bills.add_call(who.car.vin, Billed.DATA, SIX)
        await unit.spending.add(who.car.vin, 2_000, "2024-01")
        await unit.calls.add(Call(SIX, who.grant.id, who.car.vin, "vehicle", 200, None, "x", 80, "eu"))
        notice = await unit.notices.add(who.driver.id, NoticeKind.CAR_GONE, "sold", {}, SIX)
        assert notice
        keys = {Key.VEHICLE: who.car.id, Key.GRANT: who.grant.id, Key.NOTICE: notice.id}
        keys |= await write_to_us(unit, who)
        await unit.hand_offs.add(who.driver.id, f"page of {email}", "Kim", [who.car.id], Course(SIX, at(60)))
        await unit.undecided.add(who.driver.id, f"other account of {email}", EUROPE, SIX, at(60))
        for work in Work:
            if key_of(work) in keys:
                await unit.timers.set(work, keys[key_of(work)], at(5))
    vault = KeptVault(engine, KeyRing({1: bytes(32)}), CountingSignIn(), StandingClock())
    await keep_tokens(vault, who.grant.id, pair(1), EUROPE)
    await KeptHomes(engine, KeyRing({1: bytes(32)})).keep(who.car.id, Home(Place(52.0, 5.0), LearntFrom.DRIVER, SIX))
    await be_told(engine, who, browser.id, notice.id)
    await KeptSessions(engine).save(who.car.vin, 3, b"session")
    await Outbox(engine, StandingClock()).send(Mail(email, "Sign in", "a link"))


async def have_a_passkey(unit: KeptUnit, who: Household, session_id: int) -> None:
    """And be about to use it."""
    email = who.driver.email
    made = NewPasskey(f"credential of {email}".encode(), b"key", 0, is_synced=True, transports=("internal",))
    await unit.passkeys.user_handle(who.driver.id, f"handle of {email}".encode())
    await unit.passkeys.add(who.driver.id, made, "Firefox, Linux", SIX)
    await unit.passkeys.open_challenge(session_id, Purpose.SIGN_IN, f"challenge of {email}", at(5))


async def tell_of_sun(unit: KeptUnit, who: Household) -> None:
    """A home with a key, and with something to spare."""
    await unit.surplus_keys.keep(who.car.id, f"sealed key of {who.driver.email}", SIX)
    await unit.surplus.keep(who.car.id, [SurplusSlot(SIX, at(15), 2_500)], SIX, measured=True)


async def be_told(engine: AsyncEngine, who: Household, session_id: int, notice_id: int) -> None:
    """A device of his own was told something."""
    devices, email = KeptDevices(engine, KeyRing({1: bytes(32)})), who.driver.email
    push = Subscription(Secret(f"https://push.example/sealed of {email}"), Secret("sealed"), Secret("sealed"))
    await devices.keep(who.driver.id, session_id, push, "Firefox, Android", SIX)
    (device,) = await devices.of_driver(who.driver.id, SIX)
    assert await devices.claim(device.id, notice_id, SIX)


async def write_to_us(unit: KeptUnit, who: Household) -> dict[Key, int]:
    """A message that was read, in a case of its own."""
    case = await unit.support.draft(who.driver.id, SupportCode(f"KEY-4F21-{who.driver.id:04d}"), b"sealed", SIX)
    assert case
    message = await unit.support.write(case.id, By.DRIVER, b"sealed", SIX)
    await unit.support.log_look(case.id, who.driver.id, LookedAs.READ, SIX)
    return {Key.SUPPORT_CASE: case.id, Key.SUPPORT_MESSAGE: message.id}


async def rows(engine: AsyncEngine) -> Rows:
    """All there is about drivers, table by table. What the whole home has spent is about none."""
    async with engine.begin() as connection:
        return {
            table.name: {tuple(row) for row in await connection.execute(_of_drivers(table))}
            for table in metadata.sorted_tables
            if table.name not in NOT_ABOUT_DRIVERS
        }


def _of_drivers(table: Table) -> Select[Any]:
    return select(table).where(tesla_spend.c.vin != HOME) if table is tesla_spend else select(table)


async def test_who_leaves_leaves_no_row_in_any_table(store: KeptStore, engine: AsyncEngine, anna: Household) -> None:
    await live(store, engine, anna)
    assert [name for name, there in (await rows(engine)).items() if not there] == []  # every table is tried
    before = {name: len(there) for name, there in (await rows(engine)).items()}
    assert await store.erase_driver(anna.driver.id) == before  # the receipt counts every row of every table
    assert {name: there for name, there in (await rows(engine)).items() if there} == {}
    assert await store.everything_of(anna.driver.id) == {}


async def test_what_is_kept_of_a_driver_is_given_whole_and_without_secrets(
    store: KeptStore, engine: AsyncEngine, bert: Household, anna: Household
) -> None:
    await live(store, engine, bert)
    await live(store, engine, anna)
    given = await store.everything_of(anna.driver.id)
    assert given.keys() == (await rows(engine)).keys()  # of every table something
    text = str(given)
    assert anna.driver.email in text
    assert anna.car.vin.whole in text  # his own: the file is for him alone
    for foreign in (
        bert.driver.email,
        bert.car.vin.whole,
        "cookie of",
        "handle of",
        "credential of",
        "challenge of",
        "link of",
        "state of",
        "csrf",
        "nonce",
        "sealed",
    ):
        assert foreign not in text


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
