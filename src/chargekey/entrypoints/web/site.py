"""What the pages are given from outside: the journeys they ask, and the few values that stand on them."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from chargekey.journeys.choose_vehicle import ChooseVehicle
from chargekey.journeys.connect_account import ConnectAccount
from chargekey.journeys.disconnect import Disconnect
from chargekey.journeys.pair_vehicle import PairVehicle
from chargekey.journeys.plan_charge import PlanCharge
from chargekey.journeys.run_charge import RunCharge
from chargekey.journeys.show_charging import ShowCharging
from chargekey.journeys.sign_in import SignIn
from chargekey.journeys.standing import Standings


class Journeys(Protocol):
    """All that pages may ask."""

    @property
    def sign_in(self) -> SignIn: ...
    @property
    def standings(self) -> Standings: ...
    @property
    def connect_account(self) -> ConnectAccount: ...
    @property
    def choose_vehicle(self) -> ChooseVehicle: ...
    @property
    def pair_vehicle(self) -> PairVehicle: ...
    @property
    def plan_charge(self) -> PlanCharge: ...
    @property
    def run_charge(self) -> RunCharge: ...
    @property
    def show_charging(self) -> ShowCharging: ...
    @property
    def disconnect(self) -> Disconnect: ...


@dataclass(frozen=True, slots=True)
class Site:
    """Values from the settings. `domain` is where the key is hosted; `stage_url` None outside of the demo."""

    operator: str
    base_url: str
    domain: str
    zone: str
    tesla_auth_url: str
    stage_url: str | None = None
    demo: bool = False

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def tesla_host(self) -> str:
        return urlsplit(self.tesla_auth_url).netloc


def origin(url: str) -> str:
    """Scheme, host and port of an address, as a browser compares them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
