"""What is written down of each call, where every answer and every silence passes."""

import asyncio
from contextlib import suppress
from typing import Final

import httpx2
import pytest

from chargekey.adapters.tesla.call_record import kind_of, recorded
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.domain.secret import Secret
from chargekey.ports.call_log import SIGN_IN, Call
from chargekey.ports.faults import Fault
from tests.adapters.tesla_side import EU, GRANT, NA, TRUSTED, VIN, PocketVault, Said, StillClock, Tesla, never, said

TOKENS: Final = "https://tokens.example"
REGIONS: Final = {"eu": EU, "na": NA}
GLANCE: Final = f"/api/1/vehicles/{VIN.whole}"


class Book:
    """Keeps lines in a list."""

    def __init__(self) -> None:
        self.lines: list[Call] = []
        self.record = recorded(self._keep, StillClock(), REGIONS, TOKENS)

    async def _keep(self, call: Call) -> None:
        self.lines.append(call)


async def asked(*answers: Said, path: str = GLANCE, whole_s: float = 30.0, command: bool = False) -> list[Call]:
    """What the log holds after one question, or command."""
    book = Book()
    api = FleetApi(Tesla(*answers).http, PocketVault("second"), TRUSTED, whole_s=whole_s, record=book.record)
    with suppress(Fault):
        await (api.command(GRANT, path, {}) if command else api.ask(GRANT, path))
    return book.lines


async def test_an_answer_is_a_line() -> None:
    [line] = await asked(said(200, {}, x_txid="tx-7"))
    assert (line.grant_id, line.vin, line.what, line.status, line.fault) == (GRANT, VIN, "vehicle", 200, None)
    assert (line.request_id, line.region) == ("tx-7", "eu")


async def test_no_line_holds_a_whole_vehicle_number() -> None:
    [line] = await asked(said(500, {"error": f"no car {VIN.whole}"}))
    assert VIN.whole not in repr(line)


@pytest.mark.parametrize(
    ("answer", "command", "status", "fault"),
    [
        (said(408, {"error": "vehicle unavailable"}), False, 408, "Asleep"),
        (said(500, {}), False, 500, "TeslaFails"),
        (said(500, {}), True, 500, "AnswerLost"),
        (said(540, {}), False, 540, "Refused"),
        (said(401, {"error": "login_required"}), False, 401, "ConsentGone"),
        (httpx2.ConnectError("no"), False, None, "Unreachable"),
        (httpx2.ReadTimeout("slow"), False, None, "TeslaFails"),
        (httpx2.ReadTimeout("slow"), True, None, "AnswerLost"),
    ],
)
async def test_what_went_wrong_is_named(answer: Said, command: bool, status: int | None, fault: str) -> None:
    [line] = await asked(answer, command=command)
    assert (line.status, line.fault) == (status, fault)


async def test_an_answer_that_never_comes_is_a_line_too() -> None:
    [line] = await asked(never, whole_s=0.01)
    assert (line.status, line.fault) == (None, "TeslaFails")
    assert line.took_ms >= 10


async def test_each_attempt_is_a_line_of_its_own() -> None:
    lines = await asked(said(401, {"error": "token expired"}), said(200, {}))
    assert [(line.status, line.fault) for line in lines] == [(401, "AccessExpired"), (200, None)]


async def test_being_stopped_ourselves_says_nothing_of_tesla() -> None:
    book = Book()
    api = FleetApi(Tesla(never).http, PocketVault("second"), TRUSTED, record=book.record)
    asking = asyncio.create_task(api.ask(GRANT, GLANCE))
    await asyncio.sleep(0)
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    assert book.lines == []


async def test_a_renewal_is_a_line_of_the_grant_it_was_for() -> None:
    book = Book()
    oauth = TeslaOAuth(
        Tesla(said(401, {"error": "login_required"})).http,
        StillClock(),
        auth_url="https://auth.example",
        token_url=TOKENS,
        client_id="us",
        client_secret=Secret("secret"),
        redirect_uri="https://us.example/back",
        audience=EU,
        record=book.record,
    )
    with suppress(Fault):
        await oauth.renew(GRANT, Secret("old"))
    [line] = book.lines
    assert (line.grant_id, line.what, line.region, line.fault) == (GRANT, "token", SIGN_IN, "ConsentGone")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/1/vehicles", "list"),
        ("/api/1/vehicles/fleet_status", "fleet_status"),
        (GLANCE, "vehicle"),
        (f"{GLANCE}/vehicle_data", "vehicle_data"),
        (f"{GLANCE}/signed_command", "signed_command"),
        (f"{GLANCE}/command/charge_start", "charge_start"),
        (f"{GLANCE}/wake_up", "wake_up"),
        (f"{GLANCE}/mobile_enabled", "mobile_enabled"),
        ("/api/1/users/region", "region"),
        ("/api/1/partner_accounts/public_key", "registration"),
        ("/api/1/something/new", "other"),
    ],
)
async def test_a_path_is_named_by_its_kind(path: str, kind: str) -> None:
    assert kind_of(EU + path) == kind
