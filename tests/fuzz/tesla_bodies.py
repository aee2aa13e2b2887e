"""Every body that is read from Tesla, at the adapter that reads it: over the client's own transport seam."""

from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import httpx2

from chargekey.adapters.tesla.call_record import recorded
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.adapters.tesla.patience import Patience
from chargekey.adapters.tesla.public_eye import OwnDomain
from chargekey.adapters.tesla.registration import PartnerRegistration
from chargekey.adapters.tesla.vehicle_commands import SignedCommands
from chargekey.adapters.tesla.vehicles import FleetVehicles
from chargekey.domain.secret import Secret
from chargekey.ports.call_log import Call
from tests.adapters.tesla_road import OURS
from tests.adapters.tesla_side import (
    EU,
    GRANT,
    OTHER_VIN,
    TRUSTED,
    VIN,
    PocketSessions,
    PocketVault,
    StillClock,
)
from tests.fuzz import bodies
from tests.fuzz.answers import Answer, an_answer
from tests.fuzz.dice import Dice
from tests.fuzz.door import Door, must_be_keepable, only_faults
from tests.fuzz.odd import a_word, spoiled, written

REGIONS: Final = {"eu": EU, "na": "https://na.example/base"}
AUTH, TOKEN_HOST = "https://auth.example", "https://token.example"


class Wire:
    """All that our Tesla adapters ask, and each is answered by the next of the answers; the last one stays."""

    def __init__(self, *said: Answer) -> None:
        self._said, self._clock = list(said), StillClock()
        self.http = httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))
        record = recorded(self._keep, self._clock, REGIONS, TOKEN_HOST)
        self.api = FleetApi(
            self.http, PocketVault("second", "third"), TRUSTED, record=record, patience=Patience(self._clock)
        )
        self.vehicles = FleetVehicles(self.api, TRUSTED)
        self.commands = SignedCommands(self.api, OURS, PocketSessions(), self._clock, self._pause)
        self.oauth = TeslaOAuth(
            self.http,
            self._clock,
            auth_url=AUTH,
            token_url=TOKEN_HOST,
            client_id="id",
            client_secret=Secret("secret"),
            redirect_uri="https://charge.example/connect/callback",
            audience=EU,
            record=record,
        )
        self.registration = PartnerRegistration(self.http, self.oauth, REGIONS, self._clock, record)
        self.domain = OwnDomain(self.http, "https://charge.example", "04" + "ab" * 64)

    async def _answer(self, _: httpx2.Request) -> httpx2.Response:
        answer = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        return answer.response()

    async def _keep(self, call: Call) -> None:
        must_be_keepable(call)

    async def _pause(self, seconds: float) -> None:
        self._clock.moment += timedelta(seconds=seconds)


Asks = Callable[[Wire], Awaitable[object]]
VEHICLES: Final[dict[str, tuple[Asks, list[Any]]]] = {
    "region": (lambda on: on.vehicles.find_region(GRANT), [bodies.REGION]),
    "list": (lambda on: on.vehicles.listing(GRANT), [bodies.LIST]),
    "one vehicle": (lambda on: on.vehicles.glance(GRANT, VIN), [bodies.ONE]),
    "fleet_status": (lambda on: on.vehicles.key_statuses(GRANT, [VIN, OTHER_VIN]), [bodies.STATUS]),
    "mobile_enabled": (lambda on: on.vehicles.mobile_access(GRANT, VIN), [bodies.MOBILE]),
    "vehicle_data": (lambda on: on.vehicles.look(GRANT, VIN, with_place=True), [bodies.DATA]),
    "wake_up": (lambda on: on.vehicles.wake(GRANT, VIN), [bodies.WOKEN]),
    "plain command": (
        lambda on: on.commands.start_charging(GRANT, VIN, signed=False),
        [bodies.AGREED, bodies.DECLINED],
    ),
}
TOKENS: Final[dict[str, Asks]] = {
    "a code's tokens": lambda on: on.oauth.exchange("code"),
    "a renewal's tokens": lambda on: on.oauth.renew(GRANT, Secret("refresh")),
    "a partner's token": lambda on: on.oauth.partner_token(EU),
}
PARTNER: Final[dict[str, Asks]] = {
    "registration": lambda on: on.registration.register("eu", "charge.example"),
    "registered key": lambda on: on.registration.registered_key("eu", "charge.example"),
    "a look at our side": lambda on: on.registration.look("eu", "charge.example"),
}
BEFORE_SIGN_IN: Final[dict[str, Asks]] = {
    "sign-in page": lambda on: on.oauth.takes_our_way_back(),
    "key file": lambda on: on.domain.key_file(),
    "our domain": lambda on: on.domain.domain(),
}


def doors() -> list[Door]:
    """With their shares."""
    return [
        *(Door(name, 56, partial(_answers_to, sound), partial(_one, ask)) for name, (ask, sound) in VEHICLES.items()),
        *(Door(name, 56, _token_answer, partial(_one, ask)) for name, ask in TOKENS.items()),
        *(Door(name, 28, _after_a_token, partial(_several, ask)) for name, ask in PARTNER.items()),
        *(
            Door(name, 14, partial(_answers_to, [bodies.ONE]), partial(_one, ask))
            for name, ask in BEFORE_SIGN_IN.items()
        ),
    ]


async def _one(ask: Asks, answer: Answer) -> None:
    await _several(ask, (answer,))


async def _several(ask: Asks, said: tuple[Answer, ...]) -> None:
    await only_faults(ask(Wire(*said)))


def _answers_to(sound: list[Any], dice: Dice) -> Answer:
    return an_answer(dice, dice.one_of(sound))


def _token_answer(dice: Dice) -> Answer:
    """Tokens whose claims are spoiled, or that are none."""
    claims = urlsafe_b64encode(written(spoiled(dice, bodies.CLAIMS))).decode().rstrip("=")
    token = ".".join(["e30", claims, dice.one_of(["c2ln", "", "é"])])
    access = a_word(dice) if dice.rarely(10) else token
    return an_answer(dice, {**bodies.TOKENS, "access_token": access, "id_token": dice.one_of([token, None, access])})


def _after_a_token(dice: Dice) -> tuple[Answer, Answer]:
    good = Answer(200, written({**bodies.TOKENS, "access_token": "e30.e30.c2ln"}))
    first = _token_answer(dice) if dice.rarely(10) else good
    return first, an_answer(dice, bodies.REGISTERED)
