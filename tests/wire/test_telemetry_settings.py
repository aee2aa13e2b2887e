"""Telemetry settings signed by Chargekey's signer, taken by the simulated Tesla and checked by its car."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.tesla.signing.telemetry_jws import schnorr, signed_settings
from tesla_simulator.demo import CLIENT_ID, DOMAIN, EMAIL, MODEL_3, MODEL_S
from tesla_simulator.telemetry.schnorr import is_signed_by
from tests.simulator.served import Tesla, tesla_on_a_socket

CONFIG: dict[str, Any] = {
    "hostname": f"stream.{DOMAIN}",
    "port": 443,
    "ca": "-----BEGIN CERTIFICATE-----",
    "fields": {"DetailedChargeState": {"interval_seconds": 1}, "Soc": {"interval_seconds": 60, "minimum_delta": 1}},
}
AT = f"vehicles/{MODEL_3}/fleet_telemetry_config"


@pytest.fixture
async def tesla() -> AsyncIterator[Tesla]:
    """The app is a partner, and its key is on the Model 3."""
    async with tesla_on_a_socket() as served:
        assert (await served.registers("na", "eu")).status_code == 200
        served.car.takes_key(served.partner.public, DOMAIN)
        yield served


async def _tells(tesla: Tesla, key: ec.EllipticCurvePrivateKey, *vins: str, **other: object) -> Any:
    token = (await tesla.connects())["access_token"]
    body = {"vins": list(vins), "token": signed_settings(key, {**CONFIG, **other})}
    answer = await tesla.posts(token, "vehicles/fleet_telemetry_config_jws", body)
    return answer.json()["response"] if answer.status_code == 200 else (answer.status_code, answer.json()["error"])


async def _told(tesla: Tesla) -> Any:
    return (await tesla.gets((await tesla.connects())["access_token"], AT)).json()["response"]


async def test_a_car_takes_what_its_apps_key_has_signed(tesla: Tesla) -> None:
    assert await _told(tesla) == {"synced": False, "config": None, "limit_reached": False, "key_paired": True}
    tesla.car.falls_asleep()
    said = await _tells(tesla, tesla.partner.key, MODEL_3)
    skipped: dict[str, list[str]] = {
        "missing_key": [],
        "unsupported_hardware": [],
        "unsupported_firmware": [],
        "max_configs": [],
    }
    assert said == {"updated_vehicles": 1, "skipped_vehicles": skipped}

    # ── asleep: at its next connection ───────────────────────────
    assert (await _told(tesla))["synced"] is False
    tesla.car.wakes_up()
    told = await _told(tesla)
    assert told["synced"] is True
    assert told["config"]["fields"] == CONFIG["fields"]
    assert told["config"]["aud"] == "com.tesla.fleet.TelemetryClient"

    # ── and takes it back ────────────────────────────────────────
    bearer = {"Authorization": f"Bearer {(await tesla.connects())['access_token']}"}
    gone = [await tesla.web.delete(f"{tesla.url}/eu/api/1/{AT}", headers=bearer) for _ in "12"]
    assert [one.json() for one in gone] == [{"response": {"updated_vehicles": number}} for number in (1, 0)]


async def test_another_key_is_taken_by_the_servers_and_refused_by_the_car(tesla: Tesla) -> None:
    said = await _tells(tesla, ec.generate_private_key(ec.SECP256R1()), MODEL_3)
    assert said["updated_vehicles"] == 1
    told = await _told(tesla)
    assert (told["synced"], told["config"]) == (True, None)

    partner = await tesla.partner_token()
    errors = (await tesla.gets(partner, "partner_accounts/fleet_telemetry_errors")).json()["response"]
    (error,) = errors["fleet_telemetry_errors"]
    assert error["error"] == "error loading config file: crypto/ecdsa: verification error"
    assert (error["name"], error["vin"]) == (CLIENT_ID, MODEL_3)
    vins = (await tesla.gets(partner, "partner_accounts/fleet_telemetry_error_vins")).json()["response"]
    assert vins == {"fleet_telemetry_error_vins": [MODEL_3]}


async def test_cars_that_cannot_stream_are_skipped_with_the_reason(tesla: Tesla) -> None:
    tesla.world.cars[MODEL_S].gets_firmware("2024.44.3")
    said = await _tells(tesla, tesla.partner.key, MODEL_S)
    assert said["skipped_vehicles"]["unsupported_firmware"] == [MODEL_S]
    tesla.car.somebody_deletes_our_key()
    said = await _tells(tesla, tesla.partner.key, MODEL_3)
    assert (said["updated_vehicles"], said["skipped_vehicles"]["missing_key"]) == (0, [MODEL_3])


async def test_an_old_car_without_keys_checks_the_signature_by_its_issuer(tesla: Tesla) -> None:
    tesla.world.cars[MODEL_S].wakes_up()
    assert (await _tells(tesla, tesla.partner.key, MODEL_S))["updated_vehicles"] == 1
    token = (await tesla.connects())["access_token"]
    told = (await tesla.gets(token, f"vehicles/{MODEL_S}/fleet_telemetry_config")).json()["response"]
    assert (told["synced"], told["config"]["port"]) == (True, 443)


async def test_a_car_streams_by_what_its_apps_key_has_signed_until_the_consent_is_gone(tesla: Tesla) -> None:
    async def stream() -> Any:
        world = (await tesla.web.get(f"{tesla.url}/control/world")).json()
        return world["cars"][MODEL_3]["streams"][CLIENT_ID]

    await tesla.control("telemetry_is_published", zmq="tcp://127.0.0.1:*")
    await _tells(tesla, tesla.partner.key, MODEL_3)
    await tesla.world.time_passes(timedelta(seconds=1))
    first = {"hostname": CONFIG["hostname"], "is_open": True, "signals": 2, "records_waiting": 0}
    assert await stream() == first

    tesla.world.accounts[EMAIL].revokes_consent(CLIENT_ID)
    tesla.car.plugs_in()
    await tesla.world.time_passes(timedelta(hours=1))
    assert await stream() == {**first, "is_open": False}


@pytest.mark.parametrize(
    "odd",
    [
        {"fields": {"DetailedChargeStat": {"interval_seconds": 1}}},
        {"fields": {"Soc": {"interval_seconds": 0}}},
        {"fields": {}},
        {"hostname": 7},
        {"hostname": "stream.example.org"},
    ],
)
async def test_settings_that_say_nothing_are_refused(tesla: Tesla, odd: dict[str, object]) -> None:
    status, error = await _tells(tesla, tesla.partner.key, MODEL_3, **odd)
    assert (status, error.startswith("Refer to https://developer.tesla.com/docs")) == (400, True)


async def test_unsigned_settings_are_refused_with_412(tesla: Tesla) -> None:
    token = (await tesla.connects())["access_token"]
    answer = await tesla.posts(token, "vehicles/fleet_telemetry_config", {"vins": [MODEL_3], "config": CONFIG})
    assert answer.status_code == 412


async def test_settings_end_with_the_consent_with_the_bill_and_at_their_end(tesla: Tesla) -> None:
    async def is_told() -> bool:
        return tesla.world.telemetry.of(MODEL_3, CLIENT_ID) is not None

    await _tells(tesla, tesla.partner.key, MODEL_3)
    tesla.world.accounts[EMAIL].revokes_consent(CLIENT_ID)
    assert not await is_told()

    await _tells(tesla, tesla.partner.key, MODEL_3)
    tesla.world.portal.app_exceeds_its_limit(CLIENT_ID)
    assert not await is_told()
    tesla.world.portal.app_has_paid(CLIENT_ID)
    assert not await is_told()

    ends = tesla.world.now + timedelta(hours=1)
    await _tells(tesla, tesla.partner.key, MODEL_3, exp=int(ends.timestamp()))
    assert await is_told()
    tesla.world.clock.turn_to(ends)
    assert not await is_told()


def test_a_bit_flipped_anywhere_in_a_signature_is_noticed(partner_key: ec.EllipticCurvePrivateKey) -> None:
    numbers = partner_key.public_key().public_numbers()
    public = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    signature = schnorr(partner_key, b"hello world")
    assert is_signed_by(public, b"hello world", signature)
    assert not is_signed_by(public, b"hello worle", signature)
    for place in (0, 31, 32, 63, 64, 95):
        flipped = bytearray(signature)
        flipped[place] ^= 1
        assert not is_signed_by(public, b"hello world", bytes(flipped)), place
    assert not is_signed_by(public, b"hello world", signature[:-1])


@pytest.fixture
def partner_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(b"\x03" + b"\x00" * 31, "big"), ec.SECP256R1())


def test_the_published_signature_is_right(partner_key: ec.EllipticCurvePrivateKey) -> None:
    published = bytes.fromhex(
        "7cfdbeb5baa730540401550bdefa20976453e8539ae4b2f26ce33125801a08f90ed20c3d846497ff82cc9772e3db4703"
        "982f47bd0b0b89dfb9a49cd2e524054602b1e05fbf95f5686faea7a5809eb92f5ecc22eae74ceccc5e2a65dd67ff20fc"
    )
    numbers = partner_key.public_key().public_numbers()
    public = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    assert is_signed_by(public, b"hello world", published)
