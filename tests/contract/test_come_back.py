"""After a restore, on both databases: every sign-in is tried, and whoever must give it anew is told once, and truly."""

from collections.abc import Sequence
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.causes.settled import End, why_consent_ended
from chargekey.domain.evidence import ConsentEnded, Observation, ScopesGranted, Source
from chargekey.domain.grant import REQUIRED
from chargekey.domain.secret import Secret
from chargekey.journeys.come_back import ComeBack, Restored
from chargekey.journeys.standing import about_grant
from chargekey.ports.faults import ConsentGone, Fault, TeslaFails
from chargekey.ports.tesla import Tokens
from tests.contract.household import EUROPE, SIX, Household, at, keep_tokens
from tests.contract.test_vault import RING, CountingSignIn, StandingClock, never, pair

ANNA, BERT = 1, 2


class Tesla(CountingSignIn):
    """Refuses, or cannot answer, for some."""

    def __init__(self) -> None:
        super().__init__()
        self.fault_of: dict[int, Fault] = {}

    async def renew(self, grant_id: int, refresh: Secret) -> Tokens:
        if fault := self.fault_of.get(grant_id):
            raise fault
        return await super().renew(grant_id, refresh)


class Scene:
    """Both have allowed it; their tokens are those of the backup."""

    def __init__(self, store: KeptStore, engine: AsyncEngine) -> None:
        self.store, self.tesla, self.clock = store, Tesla(), StandingClock()
        self.vault = KeptVault(engine, RING, self.tesla, self.clock, never)
        self.told: list[int] = []
        self.come_back = ComeBack(store, self.clock, self.vault, self._told)

    async def _told(self, driver_id: int) -> None:
        self.told.append(driver_id)

    async def allows(self, who: Household) -> None:
        await keep_tokens(self.vault, who.grant.id, pair(1), EUROPE)
        await self.see(who, ScopesGranted(REQUIRED), minutes=0)

    async def see(self, who: Household, fact: ScopesGranted | ConsentEnded, minutes: float) -> None:
        async with self.store.unit() as unit:
            await unit.evidence.append([Observation(about_grant(who.grant.id), fact, at(minutes), Source.TESLA)])

    async def end_of(self, who: Household) -> End | None:
        async with self.store.unit() as unit:
            ended = (await unit.evidence.seen(about_grant(who.grant.id))).fact(ConsentEnded)
        return why_consent_ended(ended) if ended else None


@pytest.fixture
async def scene(store: KeptStore, engine: AsyncEngine, anna: Household, bert: Household) -> Scene:
    made = Scene(store, engine)
    for who in (anna, bert):
        await made.allows(who)
    made.clock.shows = at(5)
    return made


def found(**some: Sequence[int]) -> Restored:
    nothing: dict[str, tuple[int, ...]] = {"open": (), "lost": (), "ended": (), "silent": ()}
    return Restored(**nothing | {name: tuple(numbers) for name, numbers in some.items()})


async def test_passes_that_still_count_are_renewed_at_once_and_nobody_is_told(scene: Scene, anna: Household) -> None:
    assert await scene.come_back.look() == found(open=[ANNA, BERT])
    assert scene.tesla.spent == ["refresh 1", "refresh 1"]  # each his own
    assert (await scene.vault.access(anna.grant.id)).token.reveal() != "access 1"
    assert scene.told == []


LOGIN_REQUIRED: Final = ConsentGone("login_required")


async def test_a_pass_that_was_spent_since_is_ours_and_its_driver_is_told(
    scene: Scene, anna: Household, bert: Household
) -> None:
    scene.tesla.fault_of[ANNA] = LOGIN_REQUIRED
    assert await scene.come_back.look() == found(open=[BERT], lost=[ANNA])
    assert await scene.end_of(anna) is End.TOKENS_LOST
    assert await scene.end_of(bert) is None
    assert scene.told == [anna.driver.id]
    assert await scene.come_back.look() == found(open=[BERT], ended=[ANNA])  # called again
    assert scene.told == [anna.driver.id]


async def test_what_the_driver_took_back_is_not_called_ours(scene: Scene, anna: Household) -> None:
    scene.tesla.fault_of[ANNA] = ConsentGone("User revoked consent")
    assert (await scene.come_back.look()).lost == (ANNA,)
    assert await scene.end_of(anna) is End.REVOKED


async def test_what_had_ended_before_the_backup_is_left_as_it_is(scene: Scene, anna: Household) -> None:
    await scene.see(anna, ConsentEnded("login_required"), minutes=1)
    assert await scene.come_back.look() == found(open=[BERT], ended=[ANNA])
    assert await scene.end_of(anna) is End.NOT_RENEWED


async def test_without_an_answer_nothing_is_lost(scene: Scene, anna: Household) -> None:
    scene.tesla.fault_of[ANNA] = TeslaFails()
    assert await scene.come_back.look() == found(open=[BERT], silent=[ANNA])
    assert await scene.end_of(anna) is None
    scene.tesla.fault_of.clear()
    assert (await scene.come_back.look()).silent == ()


async def test_another_account_that_waits_for_its_driver_is_not_renewed(scene: Scene, anna: Household) -> None:
    async with scene.store.unit() as unit:
        other = await unit.undecided.add(anna.driver.id, "another account", EUROPE, SIX, at(60))
    await keep_tokens(scene.vault, other.id, pair(9), EUROPE)
    before = await scene.come_back.look()
    assert (before.lost, before.silent) == ((), ())
    assert "refresh 9" not in scene.tesla.spent
