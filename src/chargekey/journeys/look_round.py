"""Looking at what could settle a diagnosis: cheapest first, each thing only when its last look is too old.

Every look is one free question to Tesla or to our own side. A look that fails ends the round: what it would have
told stays unknown, and nobody asks again before the pause is over.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from chargekey.domain.causes.looks import Look
from chargekey.domain.evidence import Listed, Observation, Source
from chargekey.domain.findings import AccountAnswered, HostedKey
from chargekey.domain.vehicle import Reach
from chargekey.journeys.account_list import told_of_cars
from chargekey.journeys.case_file import ABOUT_US, CaseFile
from chargekey.journeys.lasting_faults import told_for_good, told_of_account
from chargekey.journeys.standing import about_grant, about_vehicle
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Asleep, ConsentGone, Fault, VehicleGone
from chargekey.ports.people import Vehicle
from chargekey.ports.public_eye import PublicEye
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles

News = Sequence[Observation]
MOST_LOOKS: Final = 4
"""One of each kind that can be done here and now: list, key status, mobile access, our own key file."""


class LookRound:
    """One round of looks for one driver's case."""

    def __init__(self, store: Store, clock: Clock, vehicles: TeslaVehicles, eye: PublicEye | None) -> None:
        self._store, self._clock, self._vehicles, self._eye = store, clock, vehicles, eye

    def can(self, look: Look, file: CaseFile) -> bool:
        """Whether that look can be done here and now. A car that is not awake is not asked for its switch."""
        listed = file.here.vehicle_seen.fact(Listed)
        return {
            Look.OWN_KEY_FILE: self._eye is not None,
            Look.LIST: file.here.grant is not None,
            Look.KEY_STATUS: file.here.grant is not None,
            Look.MOBILE_ACCESS: listed is not None and listed.reach is Reach.ONLINE,
        }.get(look, False)

    async def look(self, file: CaseFile, wanted: Sequence[Look]) -> Fault | None:
        """Do those of the wanted looks that can be done here; returns what ended the round before its end."""
        how: dict[Look, Callable[[CaseFile], Awaitable[News]]] = {
            Look.LIST: self._list,
            Look.KEY_STATUS: self._key_status,
            Look.MOBILE_ACCESS: self._mobile_access,
        }
        if self._eye is not None:
            how[Look.OWN_KEY_FILE] = self._own_key_file(self._eye)
        for look in [one for one in Look if one in wanted and one in how][:MOST_LOOKS]:
            try:
                news = await how[look](file)
            except (ConsentGone, VehicleGone) as gone:
                if file.here.vehicle:
                    await self._keep([told_for_good(gone, file.here.vehicle, self._clock.now())])
                return gone
            except Fault as fault:
                if file.here.grant:
                    await self._keep(told_of_account(fault, file.here.grant.id, self._clock.now()))
                return fault
            await self._keep(news)
        return None

    async def _keep(self, news: News) -> None:
        async with self._store.unit() as unit:
            await unit.evidence.append(news)

    def _own_key_file(self, eye: PublicEye) -> Callable[[CaseFile], Awaitable[News]]:
        async def look(_file: CaseFile) -> News:
            found = await eye.key_file()
            return [Observation(ABOUT_US, HostedKey(found), self._clock.now(), Source.US)]

        return look

    async def _list(self, file: CaseFile) -> News:
        """The whole list, so that a car that is gone from it is seen to be gone."""
        cars, grant = await self._cars(file), file.here.grant
        if grant is None:
            return []
        listing = await self._vehicles.listing(grant.id)
        now, answered = self._clock.now(), AccountAnswered(len(listing.value))
        of_account = Observation(about_grant(grant.id), answered, now, Source.TESLA, listing.request_id)
        return [of_account, *told_of_cars(cars, listing, now)]

    async def _key_status(self, file: CaseFile) -> News:
        cars, grant = await self._cars(file), file.here.grant
        if grant is None or not cars:
            return []
        keys = await self._vehicles.key_statuses(grant.id, [car.vin for car in cars])
        now = self._clock.now()
        return [
            Observation(about_vehicle(car.id), keys.value[car.vin], now, Source.TESLA, keys.request_id) for car in cars
        ]

    async def _mobile_access(self, file: CaseFile) -> News:
        """Asked only of a car that is awake: of another, Tesla may have nothing to say."""
        vehicle, listed = file.here.vehicle, file.here.vehicle_seen.fact(Listed)
        if vehicle is None or listed is None or listed.reach is not Reach.ONLINE:
            return []
        try:
            answer = await self._vehicles.mobile_access(vehicle.grant_id, vehicle.vin)
        except Asleep:
            return []
        return [
            Observation(about_vehicle(vehicle.id), answer.value, self._clock.now(), Source.TESLA, answer.request_id)
        ]

    async def _cars(self, file: CaseFile) -> Sequence[Vehicle]:
        if file.here.grant is None:
            return []
        async with self._store.unit() as unit:
            return await unit.garage.vehicles_of(file.here.grant.id)
