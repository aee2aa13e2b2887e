"""Which app has told which car what to stream, and what cars have said against it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tesla_simulator.cars.car import Car
from tesla_simulator.clock import TurnedClock
from tesla_simulator.telemetry.record import TelemetryRecord
from tesla_simulator.telemetry.settings import (
    BAD_SIGNATURE,
    MOST_APPS,
    TelemetryError,
    TelemetrySettings,
    is_rightly_signed,
)


class Telemetry:
    """`may_stream` is asked for a client id: not when the app is over its limit."""

    def __init__(
        self,
        record: TelemetryRecord,
        cars: Mapping[str, Car],
        clock: TurnedClock,
        may_stream: Callable[[str], bool],
    ) -> None:
        self._record = record
        self._cars = cars
        self._clock = clock
        self._may_stream = may_stream

    def tell(self, vin: str, client_id: str, settings: TelemetrySettings) -> None:
        """Replaces what this app has told the car before."""
        self._cars[vin].settle()
        self._record.settings.setdefault(vin, {})[client_id] = settings

    def forget(self, vin: str, client_id: str) -> bool:
        """False: there was nothing."""
        if client_id not in self._record.settings.get(vin, {}):
            return False
        self._cars[vin].settle()
        return self._record.settings.get(vin, {}).pop(client_id, None) is not None

    def forget_what_needs(self, scopes: frozenset[str], vin: str, client_id: str) -> None:
        """Nothing, where the settings do without these scopes."""
        settings = self._record.settings.get(vin, {}).get(client_id)
        if settings is not None and settings.needs & scopes:
            self.forget(vin, client_id)

    def of(self, vin: str, client_id: str) -> TelemetrySettings | None:
        self._settle_now(vin)
        return self._record.settings.get(vin, {}).get(client_id)

    def is_told(self, vin: str) -> bool:
        """Whether any app has told this car anything, taken or not."""
        return bool(self._record.settings.get(vin))

    def taken(self, vin: str, at: datetime) -> Mapping[str, TelemetrySettings]:
        """By client id, what this car streams by at this moment of its life."""
        self._settle(vin, at)
        told = self._record.settings.get(vin, {})
        return {app: settings for app, settings in told.items() if settings.synced and settings.config is not None}

    def has_room_for(self, vin: str, client_id: str) -> bool:
        self._settle_now(vin)
        told = self._record.settings.get(vin, {})
        return client_id in told or len(told) < MOST_APPS

    def errors(self, client_id: str, vin: str = "") -> Sequence[tuple[str, TelemetryError]]:
        """With the VIN of the car that says it, newest first; `vin` limits them to one car."""
        for one in list(self._record.settings):
            self._settle_now(one)
        said = [(car, error) for car, errors in self._record.errors.items() for error in errors]
        own = [(car, error) for car, error in said if error.name == client_id and vin in ("", car)]
        return sorted(own, key=lambda one: one[1].created_at, reverse=True)

    def _settle_now(self, vin: str) -> None:
        """The car has lived until now, and streamed what it was told to until then."""
        self._cars[vin].settle()
        self._settle(vin, self._clock.now())

    def _settle(self, vin: str, at: datetime) -> None:
        """What has ended is gone; what is new has been taken or refused by a car that is online."""
        told, car = self._record.settings.get(vin, {}), self._cars[vin]
        for client_id, settings in list(told.items()):
            if settings.ends_at <= at.timestamp() or not self._may_stream(client_id):
                del told[client_id]
            elif car.state == "online" and not settings.synced:
                settings.synced = True
                keys = [bytes.fromhex(key.public_key_hex) for key in car.keys] if car.can_have_keys else None
                if not is_rightly_signed(settings, keys):
                    settings.config = None
                    refusal = TelemetryError(at, client_id, BAD_SIGNATURE, "config_manager_error")
                    self._record.errors.setdefault(vin, []).append(refusal)
