"""Passkeys and the challenges that wait for them: whose they are, for how long, and that each is used up once."""

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.passkey_tables import passkey_challenge
from chargekey.adapters.store.passkeys import WAITING_IN_ONE_SESSION
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.secret import Secret
from chargekey.ports.passkeys import NewPasskey, Passkey, Purpose, Use
from tests.contract.household import SIX, Household, at

ANNAS, BERTS = b"handle of anna", b"handle of bert"
MADE: Final = NewPasskey(b"\x00credential\xff", b"\xa5key\x00", 0, is_synced=True, transports=("hybrid", "internal"))
STICK: Final = NewPasskey(b"a stick", b"another key", 7, is_synced=False, transports=())


async def a_session(store: KeptStore, name: str) -> int:
    async with store.unit() as unit:
        return (await unit.people.open_session(name, Secret("csrf"), SIX, at(90))).id


async def waits(store: KeptStore, session_id: int, challenge: str, until: float = 5) -> None:
    async with store.unit() as unit:
        await unit.passkeys.open_challenge(session_id, Purpose.SIGN_IN, challenge, at(until))


async def uses(
    store: KeptStore, session_id: int, challenge: str, after: float = 1, purpose: Purpose = Purpose.SIGN_IN
) -> bool:
    async with store.unit() as unit:
        return await unit.passkeys.use_challenge(session_id, purpose, challenge, at(after))


async def keeps(store: KeptStore, who: Household, made: NewPasskey = MADE, handle: bytes = ANNAS) -> Passkey:
    async with store.unit() as unit:
        await unit.passkeys.user_handle(who.driver.id, handle)
        kept = await unit.passkeys.add(who.driver.id, made, "Chrome, Android", SIX)
    assert kept
    return kept


# ── challenges ───────────────────────────────────────────────────────────────────────────────────


async def test_a_challenge_is_used_up_by_the_first_answer(store: KeptStore) -> None:
    session_id = await a_session(store, "browser")
    await waits(store, session_id, "challenge")
    assert await uses(store, session_id, "challenge")
    assert not await uses(store, session_id, "challenge")


async def test_a_challenge_of_another_session_does_not_count_and_goes_on_waiting(store: KeptStore) -> None:
    mine, thiefs = await a_session(store, "mine"), await a_session(store, "a thief's")
    await waits(store, mine, "challenge")
    assert not await uses(store, thiefs, "challenge")
    assert await uses(store, mine, "challenge")


async def test_a_challenge_counts_for_what_it_was_made_for(store: KeptStore) -> None:
    session_id = await a_session(store, "browser")
    await waits(store, session_id, "challenge")
    assert not await uses(store, session_id, "challenge", purpose=Purpose.ADD)
    assert await uses(store, session_id, "challenge")


async def test_a_challenge_that_waited_too_long_is_worth_nothing(store: KeptStore) -> None:
    session_id = await a_session(store, "browser")
    await waits(store, session_id, "challenge", until=5)
    assert not await uses(store, session_id, "challenge", after=5)
    assert not await uses(store, session_id, "challenge", after=4)  # it was used up by the look


async def test_of_many_challenges_in_one_session_the_latest_wait(store: KeptStore, engine: AsyncEngine) -> None:
    session_id, other = await a_session(store, "browser"), await a_session(store, "another")
    await waits(store, other, "of another", until=1)
    for nth in range(WAITING_IN_ONE_SESSION + 3):
        await waits(store, session_id, f"challenge {nth:02d}", until=5 + nth)
    async with engine.begin() as connection:
        found = (await connection.execute(select(passkey_challenge.c.challenge_hash))).scalars().all()
    assert sorted(found) == [*(f"challenge {nth:02d}" for nth in range(3, WAITING_IN_ONE_SESSION + 3)), "of another"]


async def test_a_session_that_ends_takes_its_challenges_along(store: KeptStore) -> None:
    session_id = await a_session(store, "browser")
    await waits(store, session_id, "challenge")
    async with store.unit() as unit:
        await unit.people.sign_out(session_id)
    assert not await uses(store, session_id, "challenge")


# ── passkeys ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_passkey_comes_back_as_it_was_kept(store: KeptStore, anna: Household) -> None:
    kept = await keeps(store, anna)
    assert (kept.made, kept.named, kept.added_at, kept.used_at) == (MADE, "Chrome, Android", SIX, None)
    async with store.unit() as unit:
        assert await unit.passkeys.of_driver(anna.driver.id) == [kept]
        assert await unit.passkeys.by_credential(MADE.credential_id, ANNAS) == kept


async def test_a_driver_keeps_the_number_by_which_authenticators_know_him(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        assert await unit.passkeys.user_handle(anna.driver.id, ANNAS) == ANNAS
    async with store.unit() as unit:
        assert await unit.passkeys.user_handle(anna.driver.id, b"another") == ANNAS


async def test_a_passkey_is_found_for_its_own_driver_alone(store: KeptStore, anna: Household, bert: Household) -> None:
    await keeps(store, anna)
    await keeps(store, bert, STICK, BERTS)
    async with store.unit() as unit:
        assert await unit.passkeys.by_credential(MADE.credential_id, BERTS) is None
        assert await unit.passkeys.by_credential(MADE.credential_id, b"") is None
        assert await unit.passkeys.by_credential(b"unknown", ANNAS) is None


async def test_a_credential_is_kept_once_whoever_comes_with_it(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    await keeps(store, anna)
    async with store.unit() as unit:
        assert await unit.passkeys.add(bert.driver.id, MADE, "stolen", SIX) is None
        assert await unit.passkeys.of_driver(bert.driver.id) == []


async def test_nobody_names_or_removes_the_passkey_of_another(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    kept = await keeps(store, anna)
    async with store.unit() as unit:
        await unit.passkeys.rename(bert.driver.id, kept.id, "bert's")
        assert await unit.passkeys.remove(bert.driver.id, kept.id) is None
        assert await unit.passkeys.of_driver(anna.driver.id) == [kept]
        await unit.passkeys.rename(anna.driver.id, kept.id, "my phone")
        assert await unit.passkeys.remove(anna.driver.id, kept.id) == replace(kept, named="my phone")
        assert await unit.passkeys.remove(anna.driver.id, kept.id) is None


async def test_a_use_is_noted_once_for_each_count(store: KeptStore, anna: Household) -> None:
    kept = await keeps(store, anna, STICK)
    async with store.unit() as unit:
        assert await unit.passkeys.note_use(kept, Use(8, is_synced=True), at(3))
        assert not await unit.passkeys.note_use(kept, Use(9, is_synced=True), at(4))  # counted on meanwhile
        (now,) = await unit.passkeys.of_driver(anna.driver.id)
    assert (now.made.sign_count, now.made.is_synced, now.used_at) == (8, True, at(3))


async def test_no_use_is_noted_of_what_was_removed(store: KeptStore, anna: Household) -> None:
    kept = await keeps(store, anna)
    async with store.unit() as unit:
        await unit.passkeys.remove(anna.driver.id, kept.id)
        assert not await unit.passkeys.note_use(kept, Use(0, is_synced=True), at(3))


# ── refusals, and the offer ──────────────────────────────────────────────────────────────────────


async def test_refusals_are_counted_by_network_and_forgotten(store: KeptStore) -> None:
    async with store.unit() as unit:
        for minutes in (0, 10, 20):
            await unit.passkeys.add_refusal("here", at(minutes))
        await unit.passkeys.add_refusal("there", at(5))
        assert await unit.passkeys.refusals_from("here", at(10)) == 2
        await unit.passkeys.forget_refusals(at(15))
        assert await unit.passkeys.refusals_from("here", SIX) == 1
        assert await unit.passkeys.refusals_from("there", SIX) == 0


async def test_it_is_offered_to_whoever_has_none_and_never_saw_the_offer(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    async with store.unit() as unit:
        assert await unit.passkeys.may_be_offered(anna.driver.id)
        await unit.passkeys.was_offered(anna.driver.id, ANNAS, SIX)
        assert not await unit.passkeys.may_be_offered(anna.driver.id)
        assert await unit.passkeys.user_handle(anna.driver.id, b"another") == ANNAS
    await keeps(store, bert, STICK, BERTS)
    async with store.unit() as unit:
        assert not await unit.passkeys.may_be_offered(bert.driver.id)


async def test_a_browser_offers_it_for_a_while(store: KeptStore) -> None:
    session_id = await a_session(store, "browser")
    for until in (at(10), None):
        async with store.unit() as unit:
            await unit.passkeys.offer(session_id, until)
            session = await unit.people.session("browser", SIX)
        assert session
        assert session.offers_passkey_until == until


@pytest.mark.parametrize("length", [1, 1023])
async def test_a_credential_may_be_as_long_as_the_standard_allows(
    store: KeptStore, anna: Household, length: int
) -> None:
    made = replace(MADE, credential_id=b"\xff" * length, public_key=b"k" * 2048, sign_count=2**32 - 1)
    await keeps(store, anna, made)
    async with store.unit() as unit:
        found = await unit.passkeys.by_credential(made.credential_id, ANNAS)
    assert found
    assert found.made == made
