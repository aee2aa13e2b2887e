"""Telling cars what to stream: signed settings come in, and everybody may ask how far they got."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.cars import vins
from tesla_simulator.cars.car import Car
from tesla_simulator.fleet_api.answers import Refusal, answered
from tesla_simulator.fleet_api.gate import Caller, Gate, body_of
from tesla_simulator.telemetry.settings import Misset, TelemetryError, TelemetrySettings, settings_of

_INSTRUCTIONS: Final = (
    "Refer to https://developer.tesla.com/docs/fleet-api/fleet-telemetry for instructions setting up fleet-telemetry."
)
_FIRST_FIRMWARE: Final = (2024, 26)
_FIRST_FIRMWARE_OF_THE_ATOM: Final = (2025, 20)
_REASONS: Final = ("missing_key", "unsupported_hardware", "unsupported_firmware", "max_configs")


class TelemetryConfig:
    """Settings go by app and car; whose account asks makes no difference to them."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._telemetry = gate.world.telemetry

    def routes(self) -> list[Route]:
        config, one = "fleet_telemetry_config", "/api/1/vehicles/{tag}"
        partner = "/api/1/partner_accounts"
        return [
            Route(f"/api/1/vehicles/{config}", self.unsigned, methods=["POST"]),
            Route(f"/api/1/vehicles/{config}_jws", self.tell, methods=["POST"]),
            Route(f"{one}/{config}", self.told),
            Route(f"{one}/{config}", self.forget, methods=["DELETE"]),
            Route(f"{one}/fleet_telemetry_errors", self.errors_of_car),
            Route(f"{partner}/fleet_telemetry_errors", self.errors),
            Route(f"{partner}/fleet_telemetry_error_vins", self.error_vins),
        ]

    async def unsigned(self, request: Request) -> Response:
        """What the vehicle-command proxy would have signed has come without it."""
        caller = self._gate.caller(request)
        await body_of(request)
        caller.needs_one_of("vehicle_device_data")
        raise Refusal(412, _INSTRUCTIONS)

    async def tell(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        body = await body_of(request)
        caller.needs_one_of("vehicle_device_data")
        asked, token = body.get("vins"), body.get("token")
        if not isinstance(asked, list) or not asked or not isinstance(token, str):
            raise Refusal(400, "invalid_field")
        try:
            cars = [self._car(caller, vin) for vin in asked]
            skipped: dict[str, list[str]] = {reason: [] for reason in _REASONS}
            updated = 0
            for car in cars:
                settings = self._settings(caller, token)
                if reason := self._is_skipped(caller, car):
                    skipped[reason].append(car.vin)
                else:
                    self._telemetry.tell(car.vin, caller.client_id, settings)
                    updated += 1
        except Misset as error:
            raise Refusal(400, _INSTRUCTIONS) from error
        return answered({"updated_vehicles": updated, "skipped_vehicles": skipped})

    async def told(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        car, _ = self._gate.car(request, caller)
        settings = self._telemetry.of(car.vin, caller.client_id)
        return answered(
            {
                "synced": settings is not None and settings.synced,
                "config": settings.config if settings else None,
                "limit_reached": not self._telemetry.has_room_for(car.vin, caller.client_id),
                "key_paired": self._has_key(caller, car),
            }
        )

    async def forget(self, request: Request) -> Response:
        """A partner may do it for any car, an account for its own."""
        if self._gate.speaks_for_itself(request):
            client_id = self._gate.partner(request, must_be_registered=True)
            car = self._gate.world.car_by_tag(request.path_params["tag"])
            if car is None:
                raise Refusal(404, "not_found")
        else:
            caller = self._gate.caller(request)
            caller.needs_one_of("vehicle_device_data")
            car, client_id = self._gate.car(request, caller)[0], caller.client_id
        return answered({"updated_vehicles": int(self._telemetry.forget(car.vin, client_id))})

    async def errors_of_car(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        car, _ = self._gate.car(request, caller)
        said = self._telemetry.errors(caller.client_id, car.vin)
        return answered({"fleet_telemetry_errors": [_error(vin, one) for vin, one in said]})

    async def errors(self, request: Request) -> Response:
        client_id = self._gate.partner(request, must_be_registered=True)
        said = self._telemetry.errors(client_id)
        return answered({"fleet_telemetry_errors": [_error(vin, one) for vin, one in said]})

    async def error_vins(self, request: Request) -> Response:
        client_id = self._gate.partner(request, must_be_registered=True)
        said = self._telemetry.errors(client_id)
        return answered({"fleet_telemetry_error_vins": list(dict.fromkeys(vin for vin, _ in said))})

    def _settings(self, caller: Caller, token: str) -> TelemetrySettings:
        """Raises `Misset`, also for a host that is not of the app's own domain."""
        settings = settings_of(token)
        partner = self._gate.world.portal.registration(caller.client_id, caller.region)
        if partner is None or not partner.shares_root_with(str((settings.config or {}).get("hostname"))):
            raise Misset("the hostname is not of the registered domain")
        return settings

    def _car(self, caller: Caller, vin: object) -> Car:
        if not isinstance(vin, str) or vin not in self._gate.world.cars or caller.account.access_to(vin) is None:
            raise Refusal(404, f"{vin} not_found")
        car = self._gate.world.cars[vin]
        car.settle()
        return car

    def _is_skipped(self, caller: Caller, car: Car) -> str:
        """Why this car is told nothing; empty: it is told."""
        is_old = not car.can_have_keys
        if is_old and not vins.has_the_streaming_switch(car.vin):
            return "unsupported_hardware"
        if _version(car.record.firmware) < (_FIRST_FIRMWARE_OF_THE_ATOM if is_old else _FIRST_FIRMWARE):
            return "unsupported_firmware"
        if not is_old and not self._has_key(caller, car):
            return "missing_key"
        return "" if self._telemetry.has_room_for(car.vin, caller.client_id) else "max_configs"

    def _has_key(self, caller: Caller, car: Car) -> bool:
        partner = self._gate.world.portal.registration(caller.client_id, caller.region)
        return partner is not None and car.knows_key(bytes.fromhex(partner.public_key_hex))


def _error(vin: str, one: TelemetryError) -> dict[str, Any]:
    return {
        "created_at": one.created_at.isoformat().replace("+00:00", "Z"),
        "error": one.error,
        "error_name": one.error_name,
        "name": one.name,
        "txID": one.tx_id,
        "vin": vin,
    }


def _version(firmware: str) -> tuple[int, ...]:
    return tuple(int(part) for part in firmware.split(".") if part.isdigit())
