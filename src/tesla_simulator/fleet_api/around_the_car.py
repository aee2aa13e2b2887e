"""What Tesla knows of a car without asking it: its visit to service, chargers nearby, warranty, options, past charging.

This world has no Superchargers along the way and no alerts; such lists are empty, in the shape of a full one.
"""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.cars import vins
from tesla_simulator.cars.car import Car
from tesla_simulator.fleet_api.answers import Refusal, answered
from tesla_simulator.fleet_api.gate import Gate

_SERVICE_TAKES: Final = timedelta(days=1)
_IN_SERVICE: Final = 8
_NEW_FOR: Final = timedelta(days=4 * 365 + 1)
_MILES_OF_WARRANTY: Final = 50_000
_MODEL_OPTION: Final = {"S": "$MTS03", "X": "$MTX03", "3": "$MT322", "Y": "$MTY13", "C": "$MTC01"}
_DISPLAY_NAME: Final = {"S": "Model S", "X": "Model X", "3": "Model 3", "Y": "Model Y", "C": "Cybertruck"}


class AroundTheCar:
    """None of it wakes the car."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def routes(self) -> list[Route]:
        one, dx = "/api/1/vehicles/{tag}", "/api/1/dx"
        return [
            Route(f"{one}/service_data", self.service),
            Route(f"{one}/recent_alerts", self.alerts),
            Route(f"{one}/nearby_charging_sites", self.nearby),
            Route(f"{dx}/vehicles/options", self.options),
            Route(f"{dx}/warranty/details", self.warranty),
            Route(f"{dx}/charging/history", self.charging),
        ]

    async def service(self, request: Request) -> Response:
        """Empty, but for a car that is there."""
        car = self._car(request)
        if not car.record.in_service:
            return answered({})
        ready = self._gate.world.now + _SERVICE_TAKES
        return answered(
            {
                "service_status": "in_service",
                "service_etc": ready.isoformat(timespec="seconds"),
                "service_visit_number": f"SV{car.record.number % 100_000_000}",
                "status_id": _IN_SERVICE,
            }
        )

    async def alerts(self, request: Request) -> Response:
        self._car(request)
        return answered({"recent_alerts": []})

    async def nearby(self, request: Request) -> Response:
        self._car(request)
        now = self._gate.world.now
        return answered(
            {
                "congestion_sync_time_utc_secs": int(now.timestamp()),
                "destination_charging": [],
                "superchargers": [],
                "timestamp": int(now.timestamp() * 1000),
            }
        )

    async def options(self, request: Request) -> Response:
        letter = self._car_asked_for(request).vin[3]
        code = {
            "code": _MODEL_OPTION.get(letter, "$MT322"),
            "displayName": _DISPLAY_NAME.get(letter, "Model 3"),
            "colorCode": None,
            "isActive": True,
        }
        return answered({"codes": [code]})

    async def warranty(self, request: Request) -> Response:
        """Four years from the first of January of the model year, or over."""
        car = self._car_asked_for(request)
        ends = vins.first_day(car.vin) + _NEW_FOR
        is_over = ends <= self._gate.world.now.date()
        warranty = {
            "warrantyType": "NEW_MFG_WARRANTY",
            "warrantyDisplayName": "Basic Vehicle Limited Warranty",
            "expirationDate": f"{ends.isoformat()}T00:00:00Z",
            "expirationOdometer": _MILES_OF_WARRANTY,
            "odometerUnit": "MI",
            "warrantyExpiredOn": f"{ends.isoformat()}T00:00:00Z" if is_over else None,
            "coverageAgeInYears": 4,
        }
        return answered(
            {
                "activeWarranty": [] if is_over else [warranty],
                "upcomingWarranty": [],
                "expiredWarranty": [warranty] if is_over else [],
            }
        )

    async def charging(self, request: Request) -> Response:
        """Of Superchargers, which nobody here has visited."""
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_charging_cmds")
        return answered(None, data=[], totalResults=0, hasMoreData=False)

    def _car(self, request: Request) -> Car:
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        return self._gate.car(request, caller)[0]

    def _car_asked_for(self, request: Request) -> Car:
        """By `?vin=`, where these calls have it; without one, the first of the account."""
        caller = self._gate.caller(request)
        caller.needs_one_of("vehicle_device_data")
        listed = [access.vin for access in caller.account.listed]
        vin = request.query_params.get("vin") or next(iter(listed), "")
        if vin not in listed:
            raise Refusal(404, "not_found")
        return self._gate.world.cars[vin]
