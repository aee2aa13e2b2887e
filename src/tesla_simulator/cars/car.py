"""A simulated car and everything that can happen to it, as verbs.

Each verb first lets the car live until now; each may be called at any time, in any order.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.cars import charging, commands, vins
from tesla_simulator.cars.record import CarKey, CarRecord, LogEntry, MeterReading, Place
from tesla_simulator.clock import TurnedClock
from tesla_simulator.vehicle_protocol.car import CarProtocol
from tesla_simulator.vehicle_protocol.orders import Outcome

MOST_KEYS: Final = 20
_WAKING_TAKES_SECONDS: Final = (10.0, 60.0)
_SOMEWHERE_ELSE: Final = Place(51.9244, 4.4777)


class Car:
    """`record` is what is kept of it; `protocol` is the part of it that reads signed messages."""

    def __init__(self, record: CarRecord, clock: TurnedClock) -> None:
        self.record = record
        self._clock = clock
        self.protocol = CarProtocol(record.vin, clock.now, self.knows_key, self.execute, state=record.protocol)

    # ── what can be seen ─────────────────────────────────────────────────────

    @property
    def vin(self) -> str:
        return self.record.vin

    @property
    def needs_signing(self) -> bool:
        return not vins.is_before_signing(self.vin)

    @property
    def state(self) -> str:
        """`online`, `asleep` or `offline`, as Tesla's servers see it."""
        if not self.record.has_reception:
            return "offline"
        return "online" if self.record.is_awake else "asleep"

    @property
    def charging_state(self) -> str:
        return charging.charging_state(self.record)

    @property
    def soc_percent(self) -> float:
        return self.record.soc_percent

    @property
    def log(self) -> list[LogEntry]:
        return self.record.log

    @property
    def meter(self) -> list[MeterReading]:
        return self.record.meter

    @property
    def accepted_commands(self) -> list[str]:
        return [entry.name for entry in self.record.log if entry.kind == "command"]

    @property
    def keys(self) -> list[CarKey]:
        """Keys of apps that are on the car now."""
        return [key for key in self.record.keys if key.removed_at is None]

    @property
    def number_of_keys(self) -> int:
        return self.record.other_keys + len(self.keys)

    def knows_key(self, public_key: bytes) -> bool:
        return any(key.public_key_hex == public_key.hex() for key in self.keys)

    # ── time and orders ──────────────────────────────────────────────────────

    def settle(self) -> None:
        """Let the time until now pass for this car."""
        charging.live_until(self.record, self._clock.now())

    def execute(self, name: str, arguments: Mapping[str, object]) -> Outcome:
        self.settle()
        return commands.execute(self.record, name, arguments)

    def is_looked_at(self) -> None:
        """A live look keeps a car awake."""
        self.settle()
        self.record.last_active_at = self.record.settled_at

    def is_asked_to_wake(self) -> None:
        """It takes 10 to 60 seconds, the same ones whenever a world begins from the same seed."""
        self.settle()
        if self.state != "asleep" or self.record.wakes_at is not None:
            self.record.last_active_at = self.record.settled_at
            return
        self.record.wakes_asked += 1
        dice = random.Random(f"{self.vin} {self.record.wakes_asked}")  # noqa: S311 - a story's dice, no secret
        delay = timedelta(seconds=dice.uniform(*_WAKING_TAKES_SECONDS))
        self.record.wakes_at = self.record.settled_at + delay

    # ── what can happen to it ────────────────────────────────────────────────

    def falls_asleep(self) -> None:
        """A charging car does not: it stays as it is."""
        self.settle()
        if self.charging_state not in (charging.CHARGING, charging.STARTING):
            self.record.is_awake = False
            charging.note(self.record, "fell asleep")

    def wakes_up(self) -> None:
        self.settle()
        self.record.is_awake, self.record.wakes_at = True, None
        self.record.last_active_at = self.record.settled_at

    def loses_reception(self) -> None:
        self.settle()
        self.record.has_reception = False

    def has_reception_again(self) -> None:
        self.settle()
        self.record.has_reception = True

    def plugs_in(self) -> None:
        self.settle()
        if not self.record.is_plugged_in:
            self.record.place = None
            charging.plug_in(self.record)

    def unplugs(self) -> None:
        self.settle()
        if self.record.is_plugged_in:
            charging.unplug(self.record)

    def somebody_starts_charging(self) -> None:
        """On the car's screen or in Tesla's app: no command of ours."""
        self.settle()
        if self.charging_state == charging.STOPPED:
            charging.begin_to_charge(self.record)

    def somebody_stops_charging(self) -> None:
        self.settle()
        if self.charging_state in (charging.CHARGING, charging.STARTING):
            charging.stop_charging(self.record)

    def somebody_sets_the_limit(self, percent: int) -> None:
        self.settle()
        commands.change_limit(self.record, percent)

    def charger_loses_power(self) -> None:
        self.settle()
        self.record.supply_at_home = replace(self.record.supply_at_home, has_power=False)

    def charger_has_power_again(self) -> None:
        self.settle()
        self.record.supply_at_home = replace(self.record.supply_at_home, has_power=True)

    def charger_offers(self, phases: int, current_a: int) -> None:
        self.settle()
        offered = replace(self.record.supply_at_home, phases=phases, max_current_a=current_a)
        self.record.supply_at_home = offered

    def drives(self, km: float) -> None:
        """Unplugs, uses energy, and is back at home."""
        self.unplugs()
        self.wakes_up()
        used_wh = km * self.record.wh_per_km
        self.record.energy_wh = max(0.0, self.record.energy_wh - used_wh)
        self.record.odometer_km += km
        self.record.place = None
        charging.note(self.record, "drove", f"{km:g} km")

    def drives_away(self, km: float = 30.0) -> None:
        """As `drives`, but stays where it went."""
        self.drives(km)
        self.record.place = _SOMEWHERE_ELSE

    def has_in_its_battery(self, percent: float) -> None:
        self.settle()
        self.record.energy_wh = self.record.usable_wh * percent / 100

    def goes_to_service(self) -> None:
        self.record.in_service = True

    def comes_back_from_service(self) -> None:
        self.record.in_service = False

    def somebody_turns_mobile_access_off(self) -> None:
        self.record.allows_mobile_access = False

    def somebody_turns_mobile_access_on(self) -> None:
        self.record.allows_mobile_access = True

    # ── keys ─────────────────────────────────────────────────────────────────

    def takes_key(self, public_key: bytes, domain: str) -> None:
        """The caller has looked whether there is room."""
        self.settle()
        if not self.knows_key(public_key):
            self.record.keys.append(CarKey(public_key.hex(), domain, self.record.settled_at))
            charging.note(self.record, "took a key", domain)

    def somebody_deletes_our_key(self, public_key: bytes | None = None) -> None:
        """On the car's screen. Without a key given, the keys of all apps go."""
        self.settle()
        for key in self.keys:
            if public_key is None or key.public_key_hex == public_key.hex():
                key.removed_at = self.record.settled_at
                charging.note(self.record, "lost a key", key.domain)

    def fills_its_key_list(self) -> None:
        self.record.other_keys = MOST_KEYS - len(self.keys)

    def somebody_makes_room_in_its_key_list(self) -> None:
        self.record.other_keys = 2

    def reported_keys(self, as_of: datetime) -> list[str]:
        """Public keys as Tesla's servers tell them, who know the car as it was at `as_of`."""
        return [
            key.public_key_hex
            for key in self.record.keys
            if key.added_at <= as_of and (key.removed_at is None or key.removed_at > as_of)
        ]

    def is_missing_from_both_lists(self, missing: bool = True) -> None:
        self.record.is_in_no_list = missing

    def is_wrongly_told_to_need_no_key(self, wrongly: bool = True) -> None:
        self.record.protocol_wrongly_not_required = wrongly
