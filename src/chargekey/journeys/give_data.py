"""A driver gets all that is kept of him, as one file: settings, evidence, nights, orders, bills and messages.

Rules of this room:

1. No token, cookie or hash of one: they are ours and Tesla's, and in a file they would be keys lying about.
2. His own whole VIN, mail address and place of home are in it: they are his, and nobody else gets the file.
3. Of others who had to do with him there is nothing but what they wrote to him.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from chargekey.journeys.show_learnt import ShowLearnt
from chargekey.ports.clock import Clock
from chargekey.ports.homes import Homes
from chargekey.ports.store import Store
from chargekey.ports.support import Envelope

WHAT_IT_IS: Final = "All that this service keeps about you. Secrets such as tokens are left out."


class GiveData:
    """The export of one's data."""

    def __init__(self, store: Store, clock: Clock, homes: Homes, envelope: Envelope, learnt: ShowLearnt) -> None:
        self._store, self._clock, self._homes, self._envelope = store, clock, homes, envelope
        self._learnt = learnt

    async def all_of(self, driver_id: int) -> Mapping[str, object]:
        """Everything, by table; what is kept sealed is opened for him."""
        kept = await self._store.everything_of(driver_id)
        return {
            "what_this_is": WHAT_IT_IS,
            "made_at": self._clock.now(),
            "kept": kept,
            "home": await self._his_homes(driver_id),
            "learnt": [{"vehicle_id": car.id, **asdict(one)} for car, one in await self._learnt.of_all(driver_id)],
            "messages": await self._his_messages(kept),
        }

    async def _his_homes(self, driver_id: int) -> list[dict[str, object]]:
        async with self._store.unit() as unit:
            grant = await unit.garage.grant_of(driver_id)
            cars = await unit.garage.vehicles_of(grant.id) if grant else []
        found = [(car, await self._homes.home_of(car.id)) for car in cars]
        return [
            {
                "vehicle_id": car.id,
                "latitude_deg": home.place.latitude_deg,
                "longitude_deg": home.place.longitude_deg,
                "learnt_from": home.learnt_from.value,
            }
            for car, home in found
            if home
        ]

    async def _his_messages(self, kept: Mapping[str, Sequence[Mapping[str, object]]]) -> list[dict[str, object]]:
        async with self._store.unit() as unit:
            cases = [await unit.support.by_id(int(str(row["id"]))) for row in kept.get("support_case", ())]
            found = [(case, await unit.support.messages(case.id)) for case in cases if case]
        return [
            {"at": one.at, "by": one.by.value, "text": self._envelope.open_text(one.text, case.code, one.at)}
            for case, messages in found
            for one in messages
        ]
