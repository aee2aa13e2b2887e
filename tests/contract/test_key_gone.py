"""That our key was gone is in the view for good, however often it was seen on the car since."""

from collections.abc import Sequence
from itertools import permutations

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import Fact, Handshake, KeyStatus, Observation, Source, Subject, SubjectKind, fold
from tests.contract.household import at

CAR, OTHER_CAR = Subject(SubjectKind.VEHICLE, 1), Subject(SubjectKind.VEHICLE, 2)
PAIRED = KeyStatus(paired=True, must_sign=True, keys_on_car=2, firmware="2024.2")
UNPAIRED = KeyStatus(paired=False, must_sign=True, keys_on_car=1, firmware="2024.2")
UNLISTED = KeyStatus(paired=None, must_sign=None, keys_on_car=None, firmware=None)


def told(facts: Sequence[Fact], about: Subject = CAR) -> list[Observation]:
    return [Observation(about, fact, at(minute), Source.TESLA) for minute, fact in enumerate(facts)]


async def test_when_the_key_was_last_gone_is_known_whatever_was_seen_since(store: KeptStore) -> None:
    facts: list[Fact] = [UNPAIRED, PAIRED, Handshake(True), UNPAIRED, PAIRED, UNLISTED, PAIRED]
    async with store.unit() as unit:
        await unit.evidence.append(told(facts))
        seen = await unit.evidence.seen(CAR)
    assert seen.key_gone_at == at(3)
    assert seen.fact(KeyStatus) == PAIRED
    assert seen.when(KeyStatus) == at(6)
    assert seen.when(Handshake) == at(2)


async def test_a_refusal_by_the_car_counts_like_a_list_that_lost_the_key(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.evidence.append(told([PAIRED, Handshake(True), Handshake(False), Handshake(True)]))
        seen = await unit.evidence.seen(CAR)
    assert seen.key_gone_at == at(2)
    assert seen.fact(Handshake) == Handshake(True)


async def test_one_car_that_lost_the_key_says_nothing_of_another(store: KeptStore) -> None:
    async with store.unit() as unit:
        await unit.evidence.append([*told([PAIRED, UNPAIRED]), *told([PAIRED, Handshake(True)], OTHER_CAR)])
        seen = await unit.evidence.seen_of_each([CAR, OTHER_CAR])
    assert seen[CAR].key_gone_at == at(1)
    assert seen[OTHER_CAR].key_gone_at is None


async def test_the_kept_view_is_the_folded_one_in_whatever_order_it_was_heard(store: KeptStore) -> None:
    facts = told([PAIRED, Handshake(True), UNPAIRED, PAIRED])
    for number, heard in enumerate(permutations(facts), start=10):
        about = Subject(SubjectKind.VEHICLE, number)
        there = [Observation(about, one.fact, one.observed_at, one.source) for one in heard]
        async with store.unit() as unit:
            await unit.evidence.append(there)
            assert await unit.evidence.seen(about) == fold(there)
