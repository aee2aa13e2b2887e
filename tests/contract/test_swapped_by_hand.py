"""What somebody swaps by hand in the database is refused, in every sealed column, and has an honest consequence."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.push_devices import KeptDevices
from chargekey.adapters.store.sealed_columns import SEALED_COLUMNS, broken
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.support_cases import RingEnvelope
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.causes.settled import End, why_consent_ended
from chargekey.domain.evidence import ConsentEnded
from chargekey.ports.faults import ConsentGone
from tests.contract.household import SIX, Household
from tests.contract.sealed_homes import BUNDLE, RING, SAYS, Street, build, put, sealed_columns, values
from tests.contract.test_vault import CountingSignIn, StandingClock, never

COLUMNS: Final = {f"{column.table.name}.{column.key}": column for column in sealed_columns()}
NEVER_SEALED: Final = (b"", b"\x01", b"\x01\x01", bytes(64), b"\x01\x09" + bytes(40), b"not sealed at all")
every_column = pytest.mark.parametrize("name", COLUMNS)


@pytest.fixture
async def street(store: KeptStore, engine: AsyncEngine) -> Street:
    return await build(store, engine)


# ── what each reader says: it opens, or what is named instead ────────────────────────────────────


async def _access(street: Street, who: Household) -> bool:
    return await _token(street, lambda vault: vault.access(who.grant.id))


async def _renewal(street: Street, who: Household) -> bool:
    async def renewed(vault: KeptVault) -> object:
        return await vault.renewed(who.grant.id, (await vault.access(who.grant.id)).token)

    return await _token(street, renewed)


async def _token(street: Street, ask: Callable[[KeptVault], Awaitable[object]]) -> bool:
    """A token that does not open is a consent to be given anew, and not one that Tesla has ended."""
    try:
        await ask(KeptVault(street.engine, RING, CountingSignIn(), StandingClock(), never))
    except ConsentGone as gone:
        assert why_consent_ended(ConsentEnded(gone.detail)) is End.TOKENS_LOST
        return False
    return True


async def _home(street: Street, who: Household) -> bool:
    """A home that does not open is not and learnt at the next plug-in."""
    return await KeptHomes(street.engine, RING).home_of(who.car.id) is not None


async def _device(street: Street, who: Household) -> bool:
    devices = KeptDevices(street.engine, RING)
    (device,) = await devices.of_driver(who.driver.id, SIX)
    return await devices.subscription(device) is not None


async def _bundle(street: Street, who: Household) -> bool:
    async with street.store.unit() as unit:
        case = await unit.support.of_driver(who.driver.id)
    assert case
    return RingEnvelope(RING).open_bundle(case.contents, case.code) == BUNDLE


async def _message(street: Street, who: Household) -> bool:
    async with street.store.unit() as unit:
        case = await unit.support.of_driver(who.driver.id)
        assert case
        (message,) = await unit.support.messages(case.id)
    return RingEnvelope(RING).open_text(message.text, case.code, message.at) == SAYS


READERS: Final[Mapping[str, Callable[[Street, Household], Awaitable[bool]]]] = {
    "token.access_sealed": _access,
    "token.refresh_sealed": _renewal,
    "home_place.place_sealed": _home,
    "push_device.subscription_sealed": _device,
    "support_case.contents_sealed": _bundle,
    "support_message.text_sealed": _message,
}


def test_every_sealed_column_is_known_to_rotation_and_to_these_tests() -> None:
    assert len(COLUMNS) >= 6
    assert READERS.keys() == COLUMNS.keys()
    assert {one.name for one in SEALED_COLUMNS} == COLUMNS.keys()
    assert all(one.key.primary_key and len(one.column.table.primary_key) == 1 for one in SEALED_COLUMNS)


def test_what_is_named_as_sealed_is_of_that_type() -> None:
    tables = {column.table for column in COLUMNS.values()}
    named = {f"{table.name}.{one.key}" for table in tables for one in table.columns if one.key.endswith("_sealed")}
    assert named == COLUMNS.keys()


# ── swapped between rows, columns and tables ─────────────────────────────────────────────────────


async def _broken(street: Street) -> list[str]:
    async with street.engine.begin() as connection:
        return list(await broken(connection, RING))


@every_column
async def test_two_rows_swapped_open_for_neither_and_put_back_for_both(street: Street, name: str) -> None:
    column, reads = COLUMNS[name], READERS[name]
    assert await reads(street, street.anna)
    assert await reads(street, street.bert)
    first, second = (await values(street.engine, column)).items()
    await put(street.engine, column, first[0], second[1])
    await put(street.engine, column, second[0], first[1])
    assert not await reads(street, street.anna)
    assert not await reads(street, street.bert)
    assert await _broken(street) == [f"{name}:{first[0]}", f"{name}:{second[0]}"]
    await put(street.engine, column, *first)
    await put(street.engine, column, *second)
    assert await _broken(street) == []


@every_column
async def test_what_was_sealed_in_any_other_column_does_not_open(street: Street, name: str) -> None:
    column = COLUMNS[name]
    (row, _), *_ = (await values(street.engine, column)).items()
    for other in COLUMNS.values():
        if other is column:
            continue
        for value in (await values(street.engine, other)).values():
            await put(street.engine, column, row, value)
            assert await _broken(street) == [f"{name}:{row}"]
            assert not await READERS[name](street, street.anna)


@every_column
async def test_what_was_never_sealed_does_not_open(street: Street, name: str) -> None:
    (row, _), *_ = (await values(street.engine, COLUMNS[name])).items()
    for value in NEVER_SEALED:
        await put(street.engine, COLUMNS[name], row, value)
        assert await _broken(street) == [f"{name}:{row}"]
        assert not await READERS[name](street, street.anna)
    assert await READERS[name](street, street.bert)
