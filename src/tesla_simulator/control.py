"""The world played from outside: what there is, as JSON, and every verb by its name.

Rules of this room:

1. Only for this machine: the Host must be a loopback name, so that no page of the Internet can rebind its way in.
2. Only JSON is taken, and no other origin is let in: a form or script of another page cannot reach it.
3. A verb about a car is told its `vin`, one about an account its `email`; all other members are its arguments.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError, validate_call
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tesla_simulator.accounts import Account
from tesla_simulator.cars import charging
from tesla_simulator.cars.car import Car
from tesla_simulator.followers import FollowerLost
from tesla_simulator.phone import Phone
from tesla_simulator.world import World

Verb = Callable[..., object]
_NEWEST_CALLS: Final = 50

_OF_CARS: Final = (
    Car.falls_asleep, Car.wakes_up, Car.loses_reception, Car.has_reception_again, Car.plugs_in, Car.unplugs,
    Car.somebody_starts_charging, Car.somebody_stops_charging, Car.somebody_sets_the_limit,
    Car.charger_loses_power, Car.charger_has_power_again, Car.charger_offers, Car.drives, Car.drives_away,
    Car.has_in_its_battery, Car.goes_to_service, Car.comes_back_from_service,
    Car.somebody_turns_mobile_access_off, Car.somebody_turns_mobile_access_on, Car.somebody_deletes_our_key,
    Car.fills_its_key_list, Car.somebody_makes_room_in_its_key_list, Car.is_missing_from_both_lists,
    Car.is_wrongly_told_to_need_no_key,
)  # fmt: skip
_OF_ACCOUNTS: Final = (
    Account.revokes_consent, Account.unticks, Account.ticks, Account.resets_its_password,
    Account.has_never_used_the_app, Account.uses_the_app_once, Account.sells, Account.gets,
)  # fmt: skip
_OF_PHONES: Final = (
    Phone.signs_in, Phone.signs_out, Phone.swipes_to, Phone.ignores_vin, Phone.swallows_the_next_prompt,
    Phone.goes_home, Phone.opens_pairing_link, Phone.allows, Phone.cancels, Phone.taps_key_card,
)  # fmt: skip
_OF_THE_WORLD: Final = (
    World.tesla_goes_down, World.is_well_again, World.meets, World.tells_keys_after,
    World.removes_keys_on_revocation, World.domain_lives_at, World.forgets_registration,
)  # fmt: skip


class Control:
    """The JSON side of the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._verbs: dict[str, Callable[[dict[str, Any]], Verb]] = {
            **{verb.__name__: _bound(verb, self._car) for verb in _OF_CARS},
            **{verb.__name__: _bound(verb, self._account) for verb in _OF_ACCOUNTS},
            **{verb.__name__: _bound(verb, lambda _: world.phone) for verb in _OF_PHONES},
            **{verb.__name__: _bound(verb, lambda _: world) for verb in _OF_THE_WORLD},
        }

    def routes(self) -> list[Route]:
        return [
            Route("/control/world", self.world),
            Route("/control/clock", self.clock, methods=["POST"]),
            Route("/control/{verb}", self.verb, methods=["POST"]),
        ]

    async def world(self, _: Request) -> Response:
        return JSONResponse(summary(self._world))

    async def clock(self, request: Request) -> Response:
        """{"advance_s": seconds} or {"until": ISO}. Answers when every follower has done what was due."""
        body = await _object(request)
        try:
            if "until" in body:
                moment = _MOMENT.validate_python(body["until"])
            else:
                moment = self._world.now + _SECONDS.validate_python(body.get("advance_s"))
            await self._world.until(moment)
        except ValidationError as error:
            raise _Misspoken(422, str(error)) from error
        except FollowerLost as lost:
            raise _Misspoken(503, f"{lost} did not do what was due") from lost
        return JSONResponse({"now": self._world.now.isoformat()})

    async def verb(self, request: Request) -> Response:
        arguments = await _object(request)
        found = self._verbs.get(request.path_params["verb"])
        if found is None:
            raise _Misspoken(404, "no such verb; there are: " + ", ".join(sorted(self._verbs)))
        try:
            said = validate_call(found(arguments))(*arguments.pop("args", ()), **arguments)
            result = await said if isinstance(said, Awaitable) else said
        except LookupError as error:
            raise _Misspoken(404, f"there is no {error}") from error
        except ValidationError as error:
            raise _Misspoken(422, str(error)) from error
        return JSONResponse({"said": str(result) if result is not None else None})

    def _car(self, arguments: dict[str, Any]) -> Car:
        key = arguments.get("public_key")
        if isinstance(key, str):
            try:
                arguments["public_key"] = bytes.fromhex(key)
            except ValueError as error:
                raise _Misspoken(422, "public_key is hex") from error
        return self._world.cars[str(arguments.pop("vin", ""))]

    def _account(self, arguments: dict[str, Any]) -> Account:
        return self._world.accounts[str(arguments.pop("email", ""))]


class _Misspoken(Exception):
    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


async def misspoken(_: Request, error: Exception) -> Response:
    """The answer to a request that makes no sense here."""
    if not isinstance(error, _Misspoken):
        raise error
    return JSONResponse({"error": str(error)}, status_code=error.status)


MISSPOKEN: Final[Mapping[Any, Any]] = {_Misspoken: misspoken}
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(datetime)
_SECONDS: Final[TypeAdapter[timedelta]] = TypeAdapter(timedelta)


def _bound(verb: Verb, of_whom: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], Verb]:
    """`of_whom` takes what names its subject out of the arguments."""

    def bind(arguments: dict[str, Any]) -> Verb:
        bound: Verb = getattr(of_whom(arguments), verb.__name__)
        return bound

    return bind


async def _object(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise _Misspoken(415, "only application/json is taken")
    try:
        body = await request.json()
    except ValueError as error:
        raise _Misspoken(400, "this is not JSON") from error
    if not isinstance(body, dict):
        raise _Misspoken(400, "a JSON object is wanted")
    return body


def summary(world: World) -> dict[str, object]:
    """What the world looks like now, without secrets: for the stage, for scripts, for tests in other processes."""
    world.settle()
    title, text = world.phone.words
    return {
        "now": world.now.isoformat(),
        "next_due": world.next_due.isoformat() if world.next_due else None,
        "is_turning": world.is_turning,
        "cars": {vin: _car_summary(car) for vin, car in world.cars.items()},
        "accounts": {
            email: {
                "region": account.region,
                "cars": {access.vin: access.access_type for access in account.record.cars},
                "consents": {app: consent.scopes for app, consent in account.record.consents.items()},
            }
            for email, account in world.accounts.items()
        },
        "phone": {
            "account": world.phone.record.email,
            "selected_vin": world.phone.record.selected_vin,
            "shows": world.phone.shows,
            "title": title,
            "text": text,
            "domain": world.phone.record.domain,
            "asked_vin": world.phone.record.asked_vin,
        },
        "calls": [{**vars(call), "at": call.at.isoformat()} for call in world.calls[-_NEWEST_CALLS:]],
        "faults": len(world.faults),
    }


def _car_summary(car: Car) -> dict[str, object]:
    record = car.record
    return {
        "name": record.name,
        "state": car.state,
        "soc_percent": round(car.soc_percent, 2),
        "usable_kwh": record.usable_wh / 1000,
        "charge_limit_percent": record.charge_limit_percent,
        "charging_state": car.charging_state,
        "wall_power_kw": round(charging.wall_power_kw(record), 3),
        "current_a": record.requested_current_a,
        "is_plugged_in": record.is_plugged_in,
        "needs_signing": car.needs_signing,
        "number_of_keys": car.number_of_keys,
        "keys": [{"domain": key.domain, "public_key": key.public_key_hex} for key in car.keys],
        "accepted_commands": car.accepted_commands,
        "log": [{**vars(entry), "at": entry.at.isoformat()} for entry in car.log],
        "meter": [
            {
                "start": reading.start.isoformat(),
                "end": reading.end.isoformat(),
                "wall_wh": reading.wall_wh,
                "battery_wh": reading.battery_wh,
            }
            for reading in car.meter
        ],
    }
