"""What is kept. One unit of work is one transaction: all of it or nothing."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from chargekey.ports.charge_log import BillLog, CommandLog, NightLog, SettingsLog
from chargekey.ports.evidence_log import EvidenceLog
from chargekey.ports.jobs import Timers
from chargekey.ports.people import Garage, People


class Unit(Protocol):
    """The rooms of the store, within one transaction."""

    @property
    def people(self) -> People: ...
    @property
    def garage(self) -> Garage: ...
    @property
    def evidence(self) -> EvidenceLog: ...
    @property
    def settings(self) -> SettingsLog: ...
    @property
    def nights(self) -> NightLog: ...
    @property
    def commands(self) -> CommandLog: ...
    @property
    def bills(self) -> BillLog: ...
    @property
    def timers(self) -> Timers: ...


class Store(Protocol):
    """Opens units of work."""

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """Committed when the block ends well, rolled back when it raises. Never held across a call to Tesla."""

    async def erase_driver(self, driver_id: int) -> None:
        """Everything kept of a driver but the fact that nothing is kept."""
