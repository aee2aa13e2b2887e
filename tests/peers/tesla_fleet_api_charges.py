"""tesla-fleet-api 1.5.0 as its user would use it: sign in, list, add the key, charge. A process of its own.

python -m tests.peers.tesla_fleet_api_charges FOLDER CONTROL_URL     (with the two variables)
"""

import asyncio
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
from tesla_fleet_api import TeslaFleetApi, TeslaFleetOAuth
from tesla_fleet_api.const import Scope
from tesla_fleet_api.exceptions import NotOnWhitelistFault, TeslaFleetError

from tests.peers.browser import goes_through
from tests.peers.tesla import CLIENT_ID, CLIENT_SECRET, DOMAIN, SCOPES, VIN, Tesla

CALLBACK = "https://peer.example/callback"


async def charges(tesla: Tesla, folder: Path) -> None:
    async with aiohttp.ClientSession(trust_env=True) as session:
        owner = TeslaFleetOAuth(session, "eu", CLIENT_ID, CLIENT_SECRET, CALLBACK)
        await owner.get_private_key(str(folder / "fleet-api.pem"))
        tesla.hosts(owner.public_pem)
        for region in ("na", "eu"):
            stranger = TeslaFleetApi(session, access_token="", region=region)
            login = await stranger.partner_login(CLIENT_ID, CLIENT_SECRET, [Scope(one) for one in SCOPES])
            partner = TeslaFleetApi(session, access_token=login["access_token"], region=region)
            made = await partner.partner.register(DOMAIN)
            assert made["response"]["public_key"] == owner.public_uncompressed_point
            known = await partner.partner.public_key(DOMAIN)
            assert known["response"]["public_key"] == owner.public_uncompressed_point
    print("is a partner in both regions")

    async with aiohttp.ClientSession(trust_env=True) as session:
        owner = TeslaFleetOAuth(session, "na", CLIENT_ID, CLIENT_SECRET, CALLBACK)
        await owner.get_private_key(str(folder / "fleet-api.pem"))
        back = goes_through(owner.get_login_url([Scope(one) for one in SCOPES]), follow_back=False)
        await owner.get_refresh_token(parse_qs(urlsplit(back).query)["code"][0])
        assert await owner.find_server() == "eu"
        print("signed in, and was led to the account's region")
        await _drives(owner, tesla)
        await owner.refresh_access_token()
        assert (await owner.products())["count"] == 1
    print("renewed its token")


async def _drives(owner: TeslaFleetOAuth, tesla: Tesla) -> None:
    car = owner.vehicles.createSigned(VIN)
    assert [one["vin"] for one in (await car.list())["response"]] == [VIN]
    assert (await owner.products())["count"] == 1
    assert (await car.fleet_status([VIN]))["response"]["unpaired_vins"] == [VIN]
    try:
        await car.charge_stop()
    except NotOnWhitelistFault:
        print("a car that does not know the key says so")
    else:
        raise AssertionError("an order without a key was taken")

    tesla.lets("opens_pairing_link", domain=DOMAIN, vin=VIN)
    tesla.lets("allows")
    tesla.time_passes(3)  # Tesla's servers hear of a key after some seconds
    assert (await car.fleet_status([VIN]))["response"]["key_paired_vins"] == [VIN]
    print("paired")

    assert (await car.charge_stop())["response"]["result"] is True
    assert tesla.car["charging_state"] == "Stopped"
    for order in (car.set_charging_amps(8), car.set_charge_limit(90), car.charge_start(), car.flash_lights()):
        assert (await order)["response"]["result"] is True
    assert (await car.door_lock())["response"]["result"] is True
    tesla.time_passes(4)  # the contactor takes its time
    told = (await car.vehicle_data(["charge_state", "location_data"]))["response"]
    assert (told["charge_state"]["charging_state"], told["charge_state"]["charge_amps"]) == ("Charging", 8)
    assert told["charge_state"]["charge_limit_soc"] == 90
    again = (await car.charge_start())["response"]
    assert (again["result"], again["reason"]) == (False, "is_charging"), again
    print("charges")


if __name__ == "__main__":
    try:
        asyncio.run(charges(Tesla(sys.argv[2], {}, Path(sys.argv[1]) / "site"), Path(sys.argv[1])))
    except TeslaFleetError as error:
        sys.exit(f"{type(error).__name__}: {error}")
