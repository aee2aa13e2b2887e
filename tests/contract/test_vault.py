"""Tokens: sealed where they lie, renewed once however many ask, never handed out before they are saved."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.garage import KeptGarage
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.evidence import ScopesGranted, Subject, SubjectKind
from chargekey.domain.grant import Scope
from chargekey.domain.secret import Secret
from chargekey.ports.faults import ConsentGone, Fault, TeslaFails, Unreachable
from chargekey.ports.tesla import Tokens, UnverifiedClaims
from chargekey.ports.vault import AccessToken
from tests.contract.household import EUROPE, SIX, Household, keep_tokens

AMERICA: Final = "https://na.tesla.example"
RING: Final = KeyRing({1: bytes(32)})


def pair(nth: int, *, good_for: timedelta = timedelta(hours=8)) -> Tokens:
    claims = UnverifiedClaims("account", frozenset({"openid", "something_new"}), "EU", None)
    return Tokens(Secret(f"access {nth}"), Secret(f"refresh {nth}"), SIX + good_for, claims)


class StandingClock:
    """Shows six until it is moved."""

    def __init__(self) -> None:
        self.shows = SIX

    def now(self) -> datetime:
        return self.shows


async def at_once() -> None:
    """Tesla answers without delay."""


class CountingSignIn:
    """Tesla's token host: answers the nth renewal with pair n + 1, and remembers what was spent."""

    def __init__(self, meanwhile: Callable[[], Awaitable[None]] = at_once, fault: Fault | None = None) -> None:
        self.spent: list[str] = []
        self.meanwhile, self.fault = meanwhile, fault

    @property
    def revoke_url(self) -> str:
        raise NotImplementedError

    def consent_url(self, *, state: str, nonce: str, locale: str, repair: bool) -> str:
        raise NotImplementedError

    async def exchange(self, code: str) -> Tokens:
        raise NotImplementedError

    async def renew(self, grant_id: int, refresh: Secret) -> Tokens:
        self.spent.append(refresh.reveal())
        await self.meanwhile()
        if self.fault:
            raise self.fault
        return pair(len(self.spent) + 1)

    def issued_at(self, access: Secret) -> datetime | None:
        """Each a minute after the one before."""
        return SIX + timedelta(minutes=int(access.reveal().rpartition(" ")[2]))


async def never(_seconds: float) -> None:
    raise AssertionError("nobody should have to wait here")


@pytest.fixture
def tesla() -> CountingSignIn:
    return CountingSignIn()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
async def vault(engine: AsyncEngine, tesla: CountingSignIn, clock: StandingClock, anna: Household) -> KeptVault:
    """Holds pair 1 of Anna's grant, good until two in the morning."""
    made = KeptVault(engine, RING, tesla, clock, never)
    await keep_tokens(made, anna.grant.id, pair(1), EUROPE)
    return made


async def kept(engine: AsyncEngine, grant_id: int) -> tuple[str, str]:
    """The pair that lies in the database, opened."""
    async with engine.begin() as connection:
        row = (await connection.execute(select(tables.token).where(tables.token.c.grant_id == grant_id))).one()
    access = RING.open(row.access_sealed, f"token.access:{grant_id}")
    return access.reveal(), RING.open(row.refresh_sealed, f"token.refresh:{grant_id}").reveal()


# ── at rest ──────────────────────────────────────────────────────────────────────────────────────


async def test_what_lies_in_the_database_shows_no_token(vault: KeptVault, engine: AsyncEngine, anna: Household) -> None:
    async with engine.begin() as connection:
        row = (await connection.execute(select(tables.token))).one()
    for sealed in (row.access_sealed, row.refresh_sealed):
        assert b"access" not in sealed
        assert b"refresh" not in sealed
    assert await kept(engine, anna.grant.id) == ("access 1", "refresh 1")


async def test_a_sealed_value_moved_to_another_grant_does_not_open(
    vault: KeptVault, engine: AsyncEngine, anna: Household, bert: Household
) -> None:
    await keep_tokens(vault, bert.grant.id, pair(7), EUROPE)
    async with engine.begin() as connection:
        stolen = (
            await connection.execute(
                select(tables.token.c.access_sealed).where(tables.token.c.grant_id == anna.grant.id)
            )
        ).scalar_one()
        await connection.execute(
            update(tables.token).where(tables.token.c.grant_id == bert.grant.id).values(access_sealed=stolen)
        )
    with pytest.raises(ConsentGone, match="does not open"):
        await vault.access(bert.grant.id)


async def test_a_refresh_token_in_the_place_of_the_access_token_does_not_open(
    vault: KeptVault, engine: AsyncEngine, anna: Household
) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(tables.token).values(access_sealed=tables.token.c.refresh_sealed))
    with pytest.raises(ConsentGone, match="does not open"):
        await vault.access(anna.grant.id)


# ── handing out ──────────────────────────────────────────────────────────────────────────────────


async def test_a_good_token_is_handed_out_as_it_is(vault: KeptVault, tesla: CountingSignIn, anna: Household) -> None:
    assert await vault.access(anna.grant.id) == AccessToken(Secret("access 1"), EUROPE)
    assert tesla.spent == []


@pytest.mark.parametrize(
    ("left", "renews"), [(timedelta(seconds=61), False), (timedelta(seconds=60), True), (timedelta(0), True)]
)
async def test_a_token_is_renewed_in_its_last_minute(
    vault: KeptVault, tesla: CountingSignIn, clock: StandingClock, anna: Household, left: timedelta, renews: bool
) -> None:
    clock.shows = pair(1).access_expires_at - left
    handed_out = await vault.access(anna.grant.id)
    assert handed_out.token == Secret("access 2" if renews else "access 1")
    assert tesla.spent == (["refresh 1"] if renews else [])


async def test_without_tokens_there_is_no_consent(vault: KeptVault, bert: Household) -> None:
    with pytest.raises(ConsentGone):
        await vault.access(bert.grant.id)
    with pytest.raises(ConsentGone):
        await vault.renewed(bert.grant.id, Secret("access 1"))


async def test_a_new_consent_replaces_the_pair(vault: KeptVault, engine: AsyncEngine, anna: Household) -> None:
    await keep_tokens(vault, anna.grant.id, pair(5), AMERICA)
    assert await vault.access(anna.grant.id) == AccessToken(Secret("access 5"), AMERICA)
    assert await kept(engine, anna.grant.id) == ("access 5", "refresh 5")


async def test_an_account_that_moved_is_asked_where_it_lives_now(vault: KeptVault, anna: Household) -> None:
    await vault.move(anna.grant.id, AMERICA)
    assert (await vault.access(anna.grant.id)).base_url == AMERICA


async def test_the_end_of_a_grant_erases_both_tokens_of_that_grant_alone(
    vault: KeptVault, store: KeptStore, engine: AsyncEngine, anna: Household, bert: Household
) -> None:
    await keep_tokens(vault, bert.grant.id, pair(7), EUROPE)
    async with store.unit() as unit:
        await unit.garage.end_grant(anna.grant.id, SIX)
    with pytest.raises(ConsentGone):
        await vault.access(anna.grant.id)
    assert await kept(engine, bert.grant.id) == ("access 7", "refresh 7")


# ── renewing ─────────────────────────────────────────────────────────────────────────────────────


async def test_ten_that_ask_at_once_renew_once(engine: AsyncEngine, clock: StandingClock, anna: Household) -> None:
    nine_wait, saved = asyncio.Event(), asyncio.Event()
    waiting: list[float] = []

    async def pause(seconds: float) -> None:
        waiting.append(seconds)
        if len(waiting) == 9:
            nine_wait.set()
        await saved.wait()

    tesla = CountingSignIn(meanwhile=lambda: until(nine_wait))
    vault = KeptVault(engine, RING, tesla, clock, pause)
    await keep_tokens(vault, anna.grant.id, pair(1), EUROPE)

    async def ask() -> AccessToken:
        answer = await vault.renewed(anna.grant.id, Secret("access 1"))
        saved.set()
        return answer

    answers = await asyncio.wait_for(asyncio.gather(*(ask() for _ in range(10))), 60)
    assert tesla.spent == ["refresh 1"]
    assert answers == [AccessToken(Secret("access 2"), EUROPE)] * 10


async def until(event: asyncio.Event) -> None:
    await event.wait()


async def test_a_token_that_others_have_renewed_since_is_handed_out_as_it_is(
    vault: KeptVault, tesla: CountingSignIn, anna: Household
) -> None:
    await vault.renewed(anna.grant.id, Secret("access 1"))
    again = await vault.renewed(anna.grant.id, Secret("access 1"))
    assert again.token == Secret("access 2")
    assert tesla.spent == ["refresh 1"]


async def test_the_new_refresh_token_is_saved_before_its_access_token_is_handed_out(
    vault: KeptVault, engine: AsyncEngine, anna: Household
) -> None:
    answer = await vault.renewed(anna.grant.id, Secret("access 1"))
    assert await kept(engine, anna.grant.id) == (answer.token.reveal(), "refresh 2")


class DiskFull(Exception):
    """Something that no renewal can help."""


class RingThatBreaks(KeyRing):
    """Seals the first pair and nothing after it."""

    left = 2

    def seal(self, secret: Secret, place: str) -> bytes:
        if self.left == 0:
            raise DiskFull
        self.left -= 1
        return super().seal(secret, place)


async def test_a_token_that_could_not_be_saved_is_not_handed_out(
    engine: AsyncEngine, tesla: CountingSignIn, clock: StandingClock, anna: Household
) -> None:
    vault = KeptVault(engine, RingThatBreaks({1: bytes(32)}), tesla, clock, never)
    await keep_tokens(vault, anna.grant.id, pair(1), EUROPE)
    with pytest.raises(DiskFull):
        await vault.renewed(anna.grant.id, Secret("access 1"))
    assert await kept(engine, anna.grant.id) == ("access 1", "refresh 1")


async def test_after_each_renewal_the_newest_refresh_token_is_spent(
    vault: KeptVault, tesla: CountingSignIn, anna: Household
) -> None:
    for nth in range(1, 4):
        await vault.renewed(anna.grant.id, Secret(f"access {nth}"))
    assert tesla.spent == ["refresh 1", "refresh 2", "refresh 3"]


async def test_a_renewal_says_anew_what_is_granted(vault: KeptVault, store: KeptStore, anna: Household) -> None:
    await vault.renewed(anna.grant.id, Secret("access 1"))
    async with store.unit() as unit:
        seen = await unit.evidence.seen(Subject(SubjectKind.GRANT, anna.grant.id))
    assert seen.fact(ScopesGranted) == ScopesGranted(frozenset({Scope.OPENID}))


@pytest.mark.parametrize("fault", [Unreachable(), TeslaFails(), ConsentGone()], ids=lambda fault: type(fault).__name__)
async def test_a_renewal_that_failed_keeps_the_pair_and_can_be_tried_again(
    vault: KeptVault, engine: AsyncEngine, tesla: CountingSignIn, anna: Household, fault: Fault
) -> None:
    tesla.fault = fault
    with pytest.raises(type(fault)):
        await vault.renewed(anna.grant.id, Secret("access 1"))
    assert await kept(engine, anna.grant.id) == ("access 1", "refresh 1")
    tesla.fault = None
    assert (await vault.renewed(anna.grant.id, Secret("access 1"))).token.reveal() == "access 3"
    assert tesla.spent == ["refresh 1", "refresh 1"]


async def test_tokens_erased_while_tesla_answers_stay_erased(
    vault: KeptVault, store: KeptStore, engine: AsyncEngine, tesla: CountingSignIn, anna: Household
) -> None:
    async def leaves() -> None:
        async with store.unit() as unit:
            await unit.garage.end_grant(anna.grant.id, SIX)

    tesla.meanwhile = leaves
    with pytest.raises(ConsentGone):
        await vault.renewed(anna.grant.id, Secret("access 1"))
    async with engine.begin() as connection:
        assert (await connection.execute(select(tables.token))).all() == []


async def test_a_consent_given_while_tesla_answers_is_the_one_that_counts(
    vault: KeptVault, engine: AsyncEngine, tesla: CountingSignIn, anna: Household
) -> None:
    tesla.meanwhile = lambda: keep_tokens(vault, anna.grant.id, pair(9), EUROPE)
    answer = await vault.renewed(anna.grant.id, Secret("access 1"))
    assert answer.token == Secret("access 9")
    assert await kept(engine, anna.grant.id) == ("access 9", "refresh 9")


async def test_of_two_who_spent_one_token_the_pair_that_tesla_made_last_is_kept(
    vault: KeptVault, engine: AsyncEngine, tesla: CountingSignIn, anna: Household
) -> None:
    async def is_overtaken(by: int) -> None:
        """Stopped while Tesla answers, for longer than the lease; another renews meanwhile."""
        tesla.meanwhile = at_once
        async with engine.begin() as connection:
            await KeptGarage(connection).keep_tokens(anna.grant.id, vault.sealed(anna.grant.id, pair(by)))

    tesla.meanwhile = lambda: is_overtaken(by=9)  # ours, pair 2, is older
    assert (await vault.renewed(anna.grant.id, Secret("access 1"))).token == Secret("access 9")
    assert await kept(engine, anna.grant.id) == ("access 9", "refresh 9")
    tesla.meanwhile = lambda: is_overtaken(by=2)  # ours, pair 3, is younger
    assert (await vault.renewed(anna.grant.id, Secret("access 9"))).token == Secret("access 3")
    assert await kept(engine, anna.grant.id) == ("access 3", "refresh 3")


async def test_a_token_that_another_spent_meanwhile_says_nothing_of_the_consent(
    vault: KeptVault, tesla: CountingSignIn, anna: Household
) -> None:
    tesla.fault = ConsentGone("login_required")
    tesla.meanwhile = lambda: keep_tokens(vault, anna.grant.id, pair(9), EUROPE)
    assert (await vault.renewed(anna.grant.id, Secret("access 1"))).token == Secret("access 9")


async def hold_lease(engine: AsyncEngine, until_ms: int) -> None:
    """Another worker renews just now, or died at it."""
    async with engine.begin() as connection:
        await connection.execute(update(tables.token).values(renewing="another", renewing_until_ms=until_ms))


async def test_a_renewal_that_another_never_finishes_is_given_up_on(
    engine: AsyncEngine, tesla: CountingSignIn, clock: StandingClock, anna: Household
) -> None:
    waited_s: list[float] = []

    async def pause(seconds: float) -> None:
        waited_s.append(seconds)

    vault = KeptVault(engine, RING, tesla, clock, pause)
    await keep_tokens(vault, anna.grant.id, pair(1), EUROPE)
    await hold_lease(engine, until_ms=2**52)
    with pytest.raises(TeslaFails):
        await vault.renewed(anna.grant.id, Secret("access 1"))
    assert sum(waited_s) == 45
    assert tesla.spent == []


async def test_a_renewal_whose_worker_died_is_taken_over(
    vault: KeptVault, engine: AsyncEngine, tesla: CountingSignIn, anna: Household
) -> None:
    await hold_lease(engine, until_ms=1)
    assert (await vault.renewed(anna.grant.id, Secret("access 1"))).token == Secret("access 2")
    assert tesla.spent == ["refresh 1"]


async def test_the_vaults_errors_show_no_token(vault: KeptVault, bert: Household) -> None:
    with pytest.raises(ConsentGone) as gone:
        await vault.renewed(bert.grant.id, Secret("access 1"))
    assert "access 1" not in str(gone.value)
