"""Telling cars what to stream: signed, one car at a time, counted as looks, and every reason of Tesla's read."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.metering import billed
from chargekey.adapters.tesla.telemetry_settings import FleetTelemetry
from chargekey.domain.spend import Billed
from chargekey.domain.streaming import StreamTo, config_for
from chargekey.domain.told_to_stream import HowFar, Stands
from chargekey.ports.faults import AnswerLost, OperatorFault, Puzzling, VehicleGone
from tesla_simulator.telemetry.settings import is_rightly_signed, settings_of
from tests.adapters.tesla_side import GRANT, TRUSTED, VIN, PocketVault, Tesla, said

KEY: Final = CommandKey(ec.generate_private_key(ec.SECP256R1()))
UNTIL: Final = datetime(2025, 2, 1, tzinfo=UTC)
CONFIG: Final = config_for(StreamTo("stream.example.org", 4443, "PEM"), with_place=True)
TAKEN: Final = {"updated_vehicles": 1, "skipped_vehicles": {"missing_key": [], "max_configs": []}}
CONFIG_PATH: Final = f"/api/1/vehicles/{VIN.whole}/fleet_telemetry_config"


def telling(*answers: httpx2.Response | Exception) -> tuple[FleetTelemetry, Tesla]:
    tesla = Tesla(*answers)
    return FleetTelemetry(FleetApi(tesla.http, PocketVault("second"), TRUSTED), KEY, "our-app"), tesla


def response(body: object) -> httpx2.Response:
    return said(200, {"response": body}, x_txid="abc")


async def tell(*answers: httpx2.Response | Exception) -> Stands:
    telemetry, _ = telling(*answers)
    return (await telemetry.tell(GRANT, VIN, CONFIG, UNTIL)).value


# ── telling ──────────────────────────────────────────────────────────


async def test_a_config_is_signed_by_our_key_and_names_what_is_read() -> None:
    telemetry, tesla = telling(response(TAKEN))
    answer = await telemetry.tell(GRANT, VIN, CONFIG, UNTIL)
    assert (answer.value, answer.request_id) == (Stands.WAITS, "abc")
    assert tesla.asked[0].url.path.endswith("/api/1/vehicles/fleet_telemetry_config_jws")
    sent = tesla.body()
    assert sent["vins"] == [VIN.whole]
    assert is_rightly_signed(settings_of(sent["token"]), [KEY.public_bytes])
    config = _claims(sent["token"])
    assert (config["hostname"], config["port"], config["ca"]) == ("stream.example.org", 4443, "PEM")
    assert config["exp"] == UNTIL.timestamp()
    fields = config["fields"]
    assert fields["DetailedChargeState"] == {"interval_seconds": 1, "resend_interval_seconds": 840}
    assert fields["ACChargingPower"]["minimum_delta"] == 1  # in Tesla's kW
    assert fields["DCChargingEnergyIn"] == {"interval_seconds": 300}
    assert all(isinstance(asked["interval_seconds"], int) for asked in fields.values())


@pytest.mark.parametrize(
    ("reason", "stands"),
    [
        ("missing_key", Stands.NO_KEY),
        ("unsupported_hardware", Stands.HARDWARE),
        ("unsupported_firmware", Stands.FIRMWARE),
        ("max_configs", Stands.FULL),
    ],
)
async def test_a_car_that_is_left_out_is_left_out_for_a_reason(reason: str, stands: Stands) -> None:
    left_out = {"updated_vehicles": 0, "skipped_vehicles": {"missing_key": [], reason: [VIN.whole]}}
    assert await tell(response(left_out)) is stands


@pytest.mark.parametrize(
    "body",
    [
        {"updated_vehicles": 0, "skipped_vehicles": {"bad_weather": [VIN.whole]}},
        {"updated_vehicles": 0},
        {"updated_vehicles": "1"},
        {},
    ],
)
async def test_an_answer_that_nobody_can_read_is_puzzling(body: object) -> None:
    with pytest.raises(Puzzling) as puzzling:
        await tell(response(body))
    assert VIN.whole not in puzzling.value.detail


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (said(404, {"error": f"{VIN.whole} not_found"}), VehicleGone),
        (said(400, {"error": "Refer to https://developer.tesla.com/docs"}), Puzzling),
        (said(412, {"error": "Account must be registered"}), OperatorFault),
        (said(503, {"error": "busy"}), AnswerLost),
        (httpx2.ReadTimeout("silence"), AnswerLost),
    ],
)
async def test_a_no_goes_by_the_one_table(answer: httpx2.Response | Exception, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        await tell(answer)


# ── how far ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "how_far"),
    [
        (
            {"synced": True, "config": {"hostname": "a", "fields": {}}, "limit_reached": False},
            HowFar(True, True, False),
        ),
        ({"synced": False, "config": {}, "limit_reached": None, "key_paired": True}, HowFar(False, True, False)),
        ({"synced": True, "config": None, "limit_reached": True}, HowFar(True, False, True)),
        ({}, HowFar(False, False, False)),
    ],
)
async def test_how_far_it_got_is_read(body: object, how_far: HowFar) -> None:
    telemetry, tesla = telling(response(body))
    assert (await telemetry.how_far(GRANT, VIN)).value == how_far
    assert tesla.asked[0].url.path.endswith(CONFIG_PATH)


def against(minutes: float, error: str, name: str = "our-app") -> dict[str, Any]:
    at = UNTIL + timedelta(minutes=minutes)
    return {"created_at": at.isoformat(), "name": name, "error": error, "error_name": "stream", "vin": VIN.whole}


@pytest.mark.parametrize(
    ("said_by_car", "told"),
    [
        ([], ""),
        (None, ""),
        ([against(-1, "old")], ""),
        ([against(2, "newest"), against(1, "newer")], "stream newest"),
        ([against(2, "another's", name="other-app"), against(1, "ours")], "stream ours"),
        ([{"name": "our-app", "error": f"no way to {VIN.whole}"}], f"no way to …{VIN.last_four}"),
    ],
)
async def test_the_cars_newest_word_against_it_is_read_without_its_number(said_by_car: object, told: str) -> None:
    telemetry, _ = telling(response({"fleet_telemetry_errors": said_by_car}))
    assert (await telemetry.trouble(GRANT, VIN, UNTIL)).value == told


@pytest.mark.parametrize(("updated", "there_was"), [(1, True), (0, False)])
async def test_it_is_taken_back(updated: int, there_was: bool) -> None:
    telemetry, tesla = telling(response({"updated_vehicles": updated}))
    assert (await telemetry.take_back(GRANT, VIN)).value is there_was
    assert (tesla.asked[0].method, tesla.asked[0].url.path.endswith(CONFIG_PATH)) == ("DELETE", True)


# ── what it costs ────────────────────────────────────────────────────


def test_each_is_counted_as_a_look_of_the_car_that_it_is_about() -> None:
    look = (VIN, Billed.DATA)
    assert billed("/api/1/vehicles/fleet_telemetry_config_jws", VIN) == look
    assert billed(CONFIG_PATH) == look
    assert billed(f"/api/1/vehicles/{VIN.whole}/fleet_telemetry_errors") == look


def _claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims
