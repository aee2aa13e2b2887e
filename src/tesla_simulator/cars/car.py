"""A simulated car and everything that can happen to it, as verbs.

Each verb first lets the car live until now; each may be called at any time, in any order.
"""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tesla_protocol.command import universal_message_pb2 as messages

from tesla_simulator.cars import charging, commands, vins
from tesla_simulator.cars.record import CarKey, CarRecord, LogEntry, MeterReading, Place
from tesla_simulator.cars.watching import Watcher, live_watched
from tesla_simulator.clock import TurnedClock
from tesla_simulator.vehicle_protocol.car import CarProtocol
from tesla_simulator.vehicle_protocol.orders import Outcome

BUSY: Final[int] = messages.MESSAGEFAULT_ERROR_BUSY
NOT_UP_YET: Final[int] = messages.MESSAGEFAULT_ERROR_INTERNAL
MOBILE_ACCESS_OFF: Final[int] = messages.MESSAGEFAULT_ERROR_REMOTE_ACCESS_DISABLED
_WAKING_TAKES_SECONDS: Final = (10.0, 60.0)
_WARMING_TAKES: Final = timedelta(minutes=30)
"""The middle of what is told of winter: 15 to 45 minutes."""
_SOMEWHERE_ELSE: Final = Place(51.9244, 4.4777)


class Car:
    """`record` is what is kept of it; `protocol` is the part of it that reads signed messages.

    `watcher` is shown how it is whenever time passes for it.
    """

    def __init__(self, record: CarRecord, clock: TurnedClock, watcher: Watcher | None = None) -> None:
        self.record = record
        self._clock = clock
        self._watcher = watcher
        self.protocol = CarProtocol(
            record.vin, clock.now, self.knows_key, self.execute, record.protocol, self.standing_fault
        )

    # ── what can be seen ─────────────────────────────────────────────────────

    @property
    def vin(self) -> str:
        return self.record.vin

    @property
    def can_have_keys(self) -> bool:
        """Also whether it understands signed commands."""
        return not vins.is_before_signing(self.vin)

    @property
    def needs_signing(self) -> bool:
        return self.can_have_keys and not self.record.is_exempt_from_signing

    @property
    def is_full_of_keys(self) -> bool:
        return self.number_of_keys >= self.record.most_keys

    @property
    def mobile_access_as_told(self) -> bool:
        """As Tesla's servers have it."""
        return self.record.allows_mobile_access or not self.record.tesla_knows_of_mobile_access

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

    def standing_fault(self) -> int | None:
        """What it answers to every signed command as things are: mobile access is off, or it is not up yet."""
        now, record = self._clock.now(), self.record
        if not record.allows_mobile_access:
            return MOBILE_ACCESS_OFF
        if record.boots_until is not None and now < record.boots_until:
            return NOT_UP_YET
        return BUSY if record.busy_until is not None and now < record.busy_until else None

    # ── time and orders ──────────────────────────────────────────────────────

    def settle(self) -> None:
        """Let the time until now pass for this car; whoever watches it sees how it was on the way."""
        if self._watcher is not None and self._watcher.watches(self.vin):
            live_watched(self.record, self._clock.now(), self._watcher)
        else:
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
        if self.record.sleeps_deeply:
            return
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
        self.record.is_awake, self.record.wakes_at, self.record.sleeps_deeply = True, None, False
        self.record.last_active_at = self.record.settled_at

    def sleeps_deeply(self) -> None:
        """Nothing from afar wakes it; whoever opens a door does."""
        self.falls_asleep()
        self.record.sleeps_deeply, self.record.wakes_at = not self.record.is_awake, None

    def somebody_opens_a_door(self) -> None:
        self.wakes_up()

    def is_busy_for(self, duration: timedelta) -> None:
        """Signed commands meet fault 1 meanwhile."""
        self.record.busy_until = self._clock.now() + duration

    def boots_for(self, duration: timedelta) -> None:
        """Awake, but signed commands meet fault 11 meanwhile."""
        self.wakes_up()
        self.record.boots_until = self._clock.now() + duration

    def gets_firmware(self, version: str) -> None:
        self.record.firmware = version

    def loses_reception(self) -> None:
        self.settle()
        self.record.has_reception = False

    def has_reception_again(self) -> None:
        self.settle()
        self.record.has_reception = True

    def plugs_in(self) -> None:
        """At home, wherever it was."""
        self.settle()
        if not self.record.is_plugged_in:
            self.record.place = None
            charging.plug_in(self.record)

    def plugs_in_elsewhere(self) -> None:
        """Driven off to a public charger, one with alternating current as at home."""
        self.drives_away()
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

    def gps_goes_stale(self) -> None:
        """In a garage: it does not know where it is, so no schedule that belongs to a place counts."""
        self.settle()
        self.record.gps_lost_at = self.record.gps_lost_at or self.record.settled_at

    def gps_is_fresh_again(self) -> None:
        self.settle()
        self.record.gps_lost_at = None

    def has_in_its_battery(self, percent: float) -> None:
        self.settle()
        self.record.energy_wh = self.record.usable_wh * percent / 100

    def battery_gets_cold(self, warming: timedelta = _WARMING_TAKES) -> None:
        """When it charges next, its battery is heated first, for so long."""
        self.settle()
        self.record.warming_left = warming

    def battery_is_warm(self) -> None:
        self.settle()
        self.record.warming_left = timedelta()

    def goes_to_service(self) -> None:
        self.record.in_service = True

    def comes_back_from_service(self) -> None:
        self.record.in_service = False

    def has_its_security_parts_replaced(self) -> None:
        """In the workshop: the new part knows no app's key."""
        self.goes_to_service()
        self.somebody_deletes_our_key()

    def is_lent_in_valet_mode(self) -> None:
        """Only the car's screen shows it; no key is taken meanwhile."""
        self.record.mode = "valet"

    def is_lent_in_guest_mode(self) -> None:
        """The keys on its screen are grey."""
        self.record.mode = "guest"

    def leaves_its_mode(self) -> None:
        self.record.mode = ""

    def somebody_turns_mobile_access_off(self, tesla_knows: bool = True) -> None:
        """Tesla's servers may not know yet; then it is the car that refuses."""
        self.record.allows_mobile_access, self.record.tesla_knows_of_mobile_access = False, tesla_knows

    def somebody_turns_mobile_access_on(self) -> None:
        self.record.allows_mobile_access = True

    def somebody_turns_third_party_streaming_off(self) -> None:
        """The switch that Intel Atom cars have instead of a key."""
        self.record.lets_third_parties_stream = False

    def somebody_turns_third_party_streaming_on(self) -> None:
        self.record.lets_third_parties_stream = True

    def works_for_a_business(self) -> None:
        """Plain commands do, no key is needed."""
        self.record.is_exempt_from_signing = True

    def switches_to_the_protocol(self) -> None:
        """From now on it wants signed commands; nobody can switch it back from afar."""
        self.record.is_exempt_from_signing = False

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

    def fills_its_key_list(self, most_keys: int = 20) -> None:
        """Some cars take 20, some 19."""
        self.record.most_keys = most_keys
        self.record.other_keys = most_keys - len(self.keys)

    def somebody_makes_room_in_its_key_list(self) -> None:
        self.record.other_keys = 2

    def its_keys_are_told_after(self, lag: timedelta | None = None) -> None:
        """In fleet_status, for this car; None: as for all cars."""
        self.record.key_lag = lag

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
