"""The link that opens the Tesla app and asks for our key."""

import httpx2

from chargekey.domain.vehicle import Vin


class TeslaPairingLink:
    """`ports.tesla.PairingLink`: the host is a setting, the domain is ours, the VIN names the car."""

    def __init__(self, pairing_url: str, domain: str) -> None:
        self._url = httpx2.URL(f"{pairing_url}/{domain}")

    def for_vehicle(self, vin: Vin) -> str:
        return str(self._url.copy_with(params={"vin": vin.whole}))

    def shown(self, vin: Vin) -> str:
        return f"{self._url.host}{self._url.path}?vin={vin}"
