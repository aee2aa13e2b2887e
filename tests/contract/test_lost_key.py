"""A key is known by its fingerprint: what a car proved with one says whether we sign with another now."""

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import Handshake, KeyStatus, Observation, Source
from chargekey.journeys.lost_key import KeyLost, lost_key
from chargekey.journeys.standing import about_vehicle
from tests.contract.household import at, move_in

UNPAIRED = KeyStatus(paired=False, must_sign=True, keys_on_car=3, firmware=None)


@pytest.mark.parametrize(
    ("told", "lost"),
    [
        ([Handshake(True, "old"), UNPAIRED], KeyLost(at(0), at(1), False, True)),
        ([Handshake(True, "old"), Handshake(False, "new")], KeyLost(at(0), at(1), True, True)),
        ([Handshake(True, "new"), UNPAIRED], KeyLost(at(0), at(1), False, False)),
        ([Handshake(True), UNPAIRED], KeyLost(at(0), at(1), False, False)),  # of a version that wrote none down
        ([Handshake(True, "old"), Handshake(True, "new"), UNPAIRED], KeyLost(at(1), at(2), False, False)),
        ([Handshake(True, "old"), UNPAIRED, Handshake(True, "new")], None),
    ],
)
async def test_a_car_that_proved_an_older_key_of_ours_lost_it_by_our_doing(
    store: KeptStore, told: list[Handshake | KeyStatus], lost: KeyLost | None
) -> None:
    anna = await move_in(store, "anna@example.org", vin="5YJ3E7EA1PF123456")
    about = about_vehicle(anna.car.id)
    async with store.unit() as unit:
        await unit.evidence.append([Observation(about, one, at(nth), Source.CAR) for nth, one in enumerate(told)])
        seen = await unit.evidence.seen(about)
        assert await lost_key(unit, anna.car, seen, "new") == lost
        if lost:
            without = await lost_key(unit, anna.car, seen)
            assert without is not None
            assert not without.ours_changed  # asked for no key, it says nothing of it
