"""What the pages are given from outside: the journeys they ask, and the few values that stand on them."""

from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from chargekey.domain.role import NOBODY, Staff
from chargekey.domain.tariff import Currency
from chargekey.journeys.answer_hand_off import AnswerHandOff
from chargekey.journeys.answer_support import AnswerSupport
from chargekey.journeys.check_operator import CheckOperator
from chargekey.journeys.choose_account import ChooseAccount
from chargekey.journeys.choose_vehicle import ChooseVehicle
from chargekey.journeys.close_doors import CloseDoors
from chargekey.journeys.connect_account import ConnectAccount
from chargekey.journeys.disconnect import Disconnect
from chargekey.journeys.get_support import GetSupport
from chargekey.journeys.give_data import GiveData
from chargekey.journeys.hand_off_to_owner import HandOffToOwner
from chargekey.journeys.keep_home import KeepHome
from chargekey.journeys.keep_passkeys import KeepPasskeys
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.look_after_home import LookAfterHome
from chargekey.journeys.pair_vehicle import PairVehicle
from chargekey.journeys.plan_charge import PlanCharge
from chargekey.journeys.run_charge import RunCharge
from chargekey.journeys.set_days_apart import SetDaysApart
from chargekey.journeys.set_surplus import SetSurplus
from chargekey.journeys.show_charging import ShowCharging
from chargekey.journeys.show_learnt import ShowLearnt
from chargekey.journeys.sign_in import SignIn
from chargekey.journeys.sign_in_with_passkey import SignInWithPasskey
from chargekey.journeys.standing import Standings
from chargekey.journeys.tell_devices import TellDevices
from chargekey.journeys.tell_once import TellOnce
from chargekey.journeys.troubleshoot import Troubleshoot
from chargekey.journeys.watch_tesla import WatchTesla

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class Journeys(Protocol):
    """All that pages may ask."""

    @property
    def sign_in(self) -> SignIn: ...
    @property
    def sign_in_with_passkey(self) -> SignInWithPasskey: ...
    @property
    def keep_passkeys(self) -> KeepPasskeys: ...
    @property
    def standings(self) -> Standings: ...
    @property
    def connect_account(self) -> ConnectAccount: ...
    @property
    def choose_account(self) -> ChooseAccount: ...
    @property
    def choose_vehicle(self) -> ChooseVehicle: ...
    @property
    def pair_vehicle(self) -> PairVehicle: ...
    @property
    def troubleshoot(self) -> Troubleshoot: ...
    @property
    def plan_charge(self) -> PlanCharge: ...
    @property
    def run_charge(self) -> RunCharge: ...
    @property
    def show_charging(self) -> ShowCharging: ...
    @property
    def show_learnt(self) -> ShowLearnt: ...
    @property
    def set_days_apart(self) -> SetDaysApart: ...
    @property
    def set_surplus(self) -> SetSurplus: ...
    @property
    def keep_home(self) -> KeepHome: ...
    @property
    def keep_to_budget(self) -> KeepToBudget: ...
    @property
    def hand_off_to_owner(self) -> HandOffToOwner: ...
    @property
    def answer_hand_off(self) -> AnswerHandOff: ...
    @property
    def get_support(self) -> GetSupport: ...
    @property
    def answer_support(self) -> AnswerSupport: ...
    @property
    def disconnect(self) -> Disconnect: ...
    @property
    def give_data(self) -> GiveData: ...
    @property
    def check_operator(self) -> CheckOperator: ...
    @property
    def close_doors(self) -> CloseDoors: ...
    @property
    def watch_tesla(self) -> WatchTesla: ...
    @property
    def tell_once(self) -> TellOnce: ...
    @property
    def tell_devices(self) -> TellDevices: ...
    @property
    def look_after(self) -> LookAfterHome: ...


@dataclass(frozen=True, slots=True)
class Site:
    """Values from the settings. `domain` is where the key is hosted; `stage_url` None outside of the demo.

    `staff`: who may do more here than drive. `sends_mail` False: sign-in links come from the operator's own hand.
    `currency`: that of its first market, in which drivers type what they pay.
    """

    operator: str
    base_url: str
    domain: str
    zone: str
    tesla_auth_url: str
    stage_url: str | None = None
    demo: bool = False
    staff: Staff = NOBODY
    sender: str = ""
    sends_mail: bool = True
    currency: Currency = "EUR"

    @property
    def contact(self) -> str:
        """Where somebody writes who cannot sign in."""
        return (*self.staff.agents, *self.staff.operators, self.sender)[0]

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    def is_own(self, url: str) -> bool:
        """Whether a page at that address is one of ours. The demo is opened by any name that leads to this machine."""
        own, said = urlsplit(self.base_url), _parts(url)
        if said is None or said.scheme != own.scheme:
            return False
        if self.demo:
            return (
                said.hostname in (*LOOPBACK, own.hostname)
                and said.netloc.rpartition(":")[2] == own.netloc.rpartition(":")[2]
            )
        return origin(url) == origin(self.base_url)

    @property
    def tesla_host(self) -> str:
        return urlsplit(self.tesla_auth_url).netloc


def _parts(url: str) -> SplitResult | None:
    """None for what is no address: browsers say such things in headers, too."""
    try:
        parts = urlsplit(url)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def origin(url: str) -> str:
    """Scheme, host and port of an address, as a browser compares them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
