"""A lost key ring is never made anew in silence: a start stops, says so, and goes on only when the operator says it."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.ring_file import KeptRing, KeyRingUnreadable
from chargekey.adapters.store.ring_guard import KeyRingLost, fit_ring, go_on_without
from chargekey.adapters.store.rotation import rotate
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.tables import token
from chargekey.adapters.store.upkeep import cars_known
from chargekey.domain.secret import Secret
from tests.contract.sealed_homes import Street, build, opened, put, sealed_columns, values


@pytest.fixture
async def street(store: KeptStore, engine: AsyncEngine) -> Street:
    return await build(store, engine)


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    return tmp_path / "keyring.json"


def holds(ring: Path, **keys: bytes) -> None:
    ring.write_text(json.dumps({number[1:]: b64encode(key).decode() for number, key in keys.items()}))


def write(ring: Path, contents: bytes) -> None:
    ring.write_bytes(contents)


def read(ring: Path) -> bytes | None:
    return ring.read_bytes() if ring.exists() else None


def mode(ring: Path) -> int:
    return ring.stat().st_mode & 0o777


def lose(ring: Path) -> None:
    ring.unlink()


async def lies(engine: AsyncEngine) -> list[dict[int, bytes]]:
    return [await values(engine, column) for column in sealed_columns()]


async def test_a_home_with_nothing_sealed_gets_its_ring_and_keeps_it(engine: AsyncEngine, ring: Path) -> None:
    await fit_ring(engine, ring)
    made = read(ring)
    assert mode(ring) == 0o600
    await fit_ring(engine, ring)
    assert read(ring) == made


async def test_with_its_ring_a_home_goes_on(street: Street, ring: Path) -> None:
    holds(ring, _1=bytes(32))
    await fit_ring(street.engine, ring)
    await rotate(street.engine, ring)
    await fit_ring(street.engine, ring)
    assert KeptRing(ring).keys().keys() == {1, 2}


async def test_without_its_ring_nothing_is_made_and_the_line_says_who_does_what(street: Street, ring: Path) -> None:
    before = await lies(street.engine)
    with pytest.raises(KeyRingLost) as stopped:
        await fit_ring(street.engine, ring)
    said = str(stopped.value)
    assert "\n" not in said
    for word in ("keyring.json is missing", "12 values", "key 1", "Whoever runs this server", "--without-ring"):
        assert word in said
    assert read(ring) is None
    assert await lies(street.engine) == before


async def test_a_ring_of_another_home_is_refused_and_left_alone(street: Street, ring: Path) -> None:
    for keys in ({"_1": bytes(range(32))}, {"_2": bytes(32)}):  # the same number with another key, and another number
        holds(ring, **keys)
        had = read(ring)
        with pytest.raises(KeyRingLost, match=r"keyring\.json does not open 12 values sealed .* under key 1"):
            await fit_ring(street.engine, ring)
        assert read(ring) == had


async def test_an_older_ring_than_the_database_is_refused(street: Street, ring: Path) -> None:
    holds(ring, _1=bytes(32))
    old = read(ring) or b""
    await rotate(street.engine, ring)
    write(ring, old)
    with pytest.raises(KeyRingLost, match="under key 2"):
        await fit_ring(street.engine, ring)


async def test_what_is_no_ring_is_not_taken_for_a_lost_one(street: Street, ring: Path) -> None:
    write(ring, b"")
    for ask in (fit_ring, go_on_without):
        with pytest.raises(KeyRingUnreadable):
            await ask(street.engine, ring)
        assert read(ring) == b""


async def test_single_values_that_do_not_open_stop_nobody(street: Street, ring: Path) -> None:
    holds(ring, _1=bytes(32))
    lay = await values(street.engine, token.c.refresh_sealed)
    await put(street.engine, token.c.refresh_sealed, 2, lay[1])
    await put(street.engine, token.c.access_sealed, 2, b"")
    await fit_ring(street.engine, ring)
    assert KeptRing(ring).keys().keys() == {1}


# ── going on without it ──────────────────────────────────────────────────────────────────────────


async def test_given_up_for_lost_a_new_key_takes_no_old_number_and_the_home_starts(street: Street, ring: Path) -> None:
    before = await lies(street.engine)
    assert await go_on_without(street.engine, ring) == [1]
    assert KeptRing(ring).keys().keys() == {2}
    assert mode(ring) == 0o600
    await fit_ring(street.engine, ring)
    assert await lies(street.engine) == before  # a ring that turns up after all opens it still


async def test_no_key_of_a_ring_that_does_not_fit_is_lost_by_it(street: Street, ring: Path) -> None:
    holds(ring, _1=bytes(range(32)))
    assert await go_on_without(street.engine, ring) == [1]
    keys = KeptRing(ring).keys()
    assert keys.keys() == {1, 2}
    assert keys[1] == bytes(range(32))
    await fit_ring(street.engine, ring)


async def test_a_ring_that_fits_gains_nothing_by_it(street: Street, ring: Path) -> None:
    holds(ring, _1=bytes(32))
    had = read(ring)
    assert await go_on_without(street.engine, ring) == ()
    assert read(ring) == had
    assert len(await opened(street.engine, KeptRing(ring))) == 12


async def test_lost_a_second_time_it_is_said_again_and_the_first_loss_is_remembered(street: Street, ring: Path) -> None:
    await go_on_without(street.engine, ring)
    lay = await values(street.engine, token.c.access_sealed)
    fresh = KeptRing(ring).seal(Secret("access"), "token.access:1")
    await put(street.engine, token.c.access_sealed, min(lay), fresh)
    lose(ring)
    with pytest.raises(KeyRingLost, match=r"1 values .* under key 2"):
        await fit_ring(street.engine, ring)
    assert await go_on_without(street.engine, ring) == [2]
    assert KeptRing(ring).keys().keys() == {3}
    await fit_ring(street.engine, ring)


# ── the command key asks the same database ───────────────────────────────────────────────────────


async def test_how_many_cars_a_new_command_key_would_lock_out_is_known(street: Street) -> None:
    assert await cars_known(street.engine) == 2


async def test_a_home_without_cars_has_none_to_lock_out(engine: AsyncEngine) -> None:
    assert await cars_known(engine) == 0
