"""What is kept. One unit of work is one transaction: all of it or nothing."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from chargekey.ports.call_log import CallLog
from chargekey.ports.carbon import CarbonLog
from chargekey.ports.charge_log import BillLog, CommandLog, NightLog, SettingsLog
from chargekey.ports.evidence_log import EvidenceLog
from chargekey.ports.hand_offs import HandOffs
from chargekey.ports.jobs import Timers
from chargekey.ports.ledger import Ledger
from chargekey.ports.notices import Notices
from chargekey.ports.outages import Outages
from chargekey.ports.passkeys import PasskeyBook
from chargekey.ports.people import Garage, People
from chargekey.ports.prices import PriceLog
from chargekey.ports.spending import SpendLog
from chargekey.ports.support import SupportCases
from chargekey.ports.surplus import SurplusKeys, SurplusLog
from chargekey.ports.undecided import UndecidedGrants


class Unit(Protocol):
    """The rooms of the store, within one transaction."""

    @property
    def people(self) -> People: ...
    @property
    def passkeys(self) -> PasskeyBook: ...
    @property
    def garage(self) -> Garage: ...
    @property
    def undecided(self) -> UndecidedGrants: ...
    @property
    def evidence(self) -> EvidenceLog: ...
    @property
    def settings(self) -> SettingsLog: ...
    @property
    def nights(self) -> NightLog: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def commands(self) -> CommandLog: ...
    @property
    def bills(self) -> BillLog: ...
    @property
    def spending(self) -> SpendLog: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def calls(self) -> CallLog: ...
    @property
    def outages(self) -> Outages: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def hand_offs(self) -> HandOffs: ...
    @property
    def support(self) -> SupportCases: ...
    @property
    def prices(self) -> PriceLog: ...
    @property
    def carbon(self) -> CarbonLog: ...
    @property
    def surplus(self) -> SurplusLog: ...
    @property
    def surplus_keys(self) -> SurplusKeys: ...


class Store(Protocol):
    """Opens units of work."""

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """Committed when the block ends well, rolled back when it raises. Never held across a call to Tesla."""

    async def erase_driver(self, driver_id: int) -> Mapping[str, int]:
        """Everything kept of a driver. Returns how many rows of which table went; tables without any are left out."""

    async def everything_of(self, driver_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """All rows kept of a driver, by table, without secrets and without what is sealed."""
