"""Keys at rest are turned while everything goes on: no value is lost, whenever it is stopped and whoever renews."""

import asyncio
import json
import shutil
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.alone import Alone
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.ring_file import KeptRing, add_key, changed_at
from chargekey.adapters.store.rotation import LOCK, VALUES_AT_ONCE, CannotRotate, drop_old, rotate
from chargekey.adapters.store.sealed_columns import counted
from chargekey.adapters.store.sealing import SealBroken
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.support_cases import RingEnvelope
from chargekey.adapters.store.support_tables import support_message
from chargekey.adapters.store.tables import token
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.support import SupportCode
from tests.contract.household import at
from tests.contract.sealed_homes import RING, Street, build, opened, put, sealed_columns, values
from tests.contract.test_vault import CountingSignIn, StandingClock, never

LATER: Final = timedelta(hours=1)


@pytest.fixture
async def street(store: KeptStore, engine: AsyncEngine) -> Street:
    return await build(store, engine)


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    """The file with the key under which that street is sealed."""
    path = tmp_path / "keyring.json"
    path.write_text(json.dumps({"1": b64encode(bytes(32)).decode()}))
    return path


async def numbers(engine: AsyncEngine) -> dict[int, int]:
    async with engine.begin() as connection:
        return dict(await counted(connection))


def an_hour_on(ring: Path) -> datetime:
    return changed_at(ring) + LATER


async def test_everything_is_sealed_anew_and_reads_as_before(street: Street, ring: Path) -> None:
    before = await opened(street.engine, RING)
    assert await numbers(street.engine) == {1: 12}
    done = await rotate(street.engine, ring)
    assert (done.key, done.added, done.left, done.broken) == (2, True, {1: 0}, [])
    assert set(done.sealed_anew.values()) == {2}  # of each column both
    assert await numbers(street.engine) == {2: 12}
    assert await opened(street.engine, KeptRing(ring)) == before
    with pytest.raises(SealBroken):
        await opened(street.engine, RING)


async def test_called_again_it_adds_no_second_key(street: Street, ring: Path) -> None:
    await rotate(street.engine, ring)
    lay = [await values(street.engine, column) for column in sealed_columns()]
    again = await rotate(street.engine, ring)
    assert (again.key, again.added, set(again.sealed_anew.values())) == (2, False, {0})
    assert [await values(street.engine, column) for column in sealed_columns()] == lay
    assert KeptRing(ring).keys().keys() == {1, 2}


async def test_more_values_than_one_transaction_takes(street: Street, ring: Path) -> None:
    code, many = SupportCode("KEY-4F21-0001"), 2 * VALUES_AT_ONCE + 1
    sealed = [RingEnvelope(RING).seal_text(f"line {nth}", code, at(nth + 1)) for nth in range(many)]
    async with street.engine.begin() as connection:
        rows = [{"case_id": 1, "at": at(nth + 1), "by": "driver", "text_sealed": one} for nth, one in enumerate(sealed)]
        await connection.execute(insert(support_message), rows)
    assert (await rotate(street.engine, ring)).sealed_anew["support_message.text_sealed"] == many + 2
    assert await numbers(street.engine) == {2: many + 12}
    assert len(await opened(street.engine, KeptRing(ring))) == many + 12


# ── old keys ─────────────────────────────────────────────────────────────────────────────────────


async def test_an_old_key_is_forgotten_after_an_hour_and_not_before(street: Street, ring: Path) -> None:
    await rotate(street.engine, ring)
    with pytest.raises(CannotRotate, match="less than an hour"):
        await drop_old(street.engine, ring, an_hour_on(ring) - timedelta(seconds=1))
    assert await drop_old(street.engine, ring, an_hour_on(ring)) == [1]
    assert KeptRing(ring).keys().keys() == {2}
    assert len(await opened(street.engine, KeptRing(ring))) == 12
    assert await drop_old(street.engine, ring, an_hour_on(ring)) == []
    assert (await rotate(street.engine, ring)).key == 3


async def test_a_key_that_seals_one_value_stays(street: Street, ring: Path) -> None:
    lay = await values(street.engine, token.c.refresh_sealed)
    await rotate(street.engine, ring)
    await put(street.engine, token.c.refresh_sealed, 1, lay[1])  # on its way for a while, and written only now
    with pytest.raises(CannotRotate, match="key 1 still seals 1"):
        await drop_old(street.engine, ring, an_hour_on(ring))
    again = await rotate(street.engine, ring)
    assert again.sealed_anew["token.refresh_sealed"] == 1
    assert await drop_old(street.engine, ring, an_hour_on(ring)) == [1]


async def test_what_does_not_open_is_named_left_alone_and_keeps_its_key(street: Street, ring: Path) -> None:
    lay = await values(street.engine, token.c.refresh_sealed)
    await put(street.engine, token.c.refresh_sealed, 2, lay[1])
    done = await rotate(street.engine, ring)
    assert (done.left, done.broken) == ({1: 1}, ["token.refresh_sealed:2"])
    assert (await values(street.engine, token.c.refresh_sealed))[2] == lay[1]
    with pytest.raises(CannotRotate, match=r"token\.refresh_sealed:2"):
        await drop_old(street.engine, ring, an_hour_on(ring))


# ── stopped, and at once with others ─────────────────────────────────────────────────────────────


class Killed(BaseException):
    """The process ends here."""


async def test_killed_before_any_commit_it_goes_on_and_nothing_is_lost(street: Street, ring: Path) -> None:
    before, commits = await opened(street.engine, RING), 0

    def one_less(_connection: Any) -> None:
        nonlocal commits
        commits -= 1
        if commits < 0:
            raise Killed

    event.listen(street.engine.sync_engine, "commit", one_less)
    for survived in range(100):
        commits = survived
        try:
            done = await rotate(street.engine, ring)
        except Killed:
            commits = 2**20
            assert await opened(street.engine, KeptRing(ring)) == before
            continue
        break
    assert survived > len(sealed_columns())  # each column at least was cut, and gone on with
    commits = 2**20
    assert done.left == {1: 0}
    assert KeptRing(ring).keys().keys() == {1, 2}
    assert await numbers(street.engine) == {2: 12}
    assert await opened(street.engine, KeptRing(ring)) == before


async def test_a_file_of_keys_that_a_killed_one_left_is_removed(street: Street, ring: Path) -> None:
    left = ring.with_name(f"{ring.name}.4711")
    shutil.copy(ring, left)
    await rotate(street.engine, ring)
    assert not left.exists()


async def test_renewals_that_race_with_it_lose_no_token(street: Street, ring: Path) -> None:
    """Two engines are to the database what two processes are."""
    other = open_engine(street.engine.url.render_as_string(hide_password=False))
    tesla, grant_id, is_over = CountingSignIn(), street.anna.grant.id, asyncio.Event()
    vault = KeptVault(other, KeptRing(ring), tesla, StandingClock(), never)

    async def renew() -> str:
        held = await vault.access(grant_id)
        while not is_over.is_set():
            held = await vault.renewed(grant_id, held.token)
        return held.token.reveal()

    async def turn() -> None:
        for _ in range(8):
            add_key(ring)
            await rotate(street.engine, ring)
        is_over.set()

    last, _ = await asyncio.gather(renew(), turn())
    assert tesla.spent == [f"refresh {nth}" for nth in range(1, len(tesla.spent) + 1)]  # each once, none skipped
    kept = await opened(other, KeptRing(ring))
    assert kept[f"token.access:{grant_id}"].reveal() == last == f"access {len(tesla.spent) + 1}"
    assert kept[f"token.refresh:{grant_id}"].reveal() == f"refresh {len(tesla.spent) + 1}"
    await other.dispose()


async def test_two_do_not_turn_one_ring(street: Street, ring: Path) -> None:
    other = Alone(ring.with_name(LOCK))
    assert other.is_so()
    with pytest.raises(CannotRotate, match="somebody else"):
        await rotate(street.engine, ring)
    other.let_go()
    assert KeptRing(ring).keys().keys() == {1}
    await rotate(street.engine, ring)


async def test_a_database_of_another_version_is_left_alone(street: Street, ring: Path) -> None:
    async with street.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    with pytest.raises(CannotRotate, match="stands at 0004"):
        await rotate(street.engine, ring)
    assert KeptRing(ring).keys().keys() == {1}
