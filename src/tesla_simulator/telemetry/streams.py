"""Which car streams what to whom, from bucket to bucket of its life.

Rules of this room:

1. A car streams while it is awake. When it falls asleep its collectors are gone: awake again, every field has a first
   value.
2. Without reception it goes on collecting, and its lines are down.
3. It streams to each app by that app's config alone, from the moment it has taken it to the moment it is gone: ended,
   taken back, its consent revoked, its billing limit reached.
4. Where the car is, it streams to an app that may know it, and as if it had no such sensor to all others.
5. All of this is of the moment: a simulation that is started again begins with first values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data

from tesla_simulator.cars import charging, vins
from tesla_simulator.cars.record import CarRecord
from tesla_simulator.cars.watching import NEVER, bucket_end
from tesla_simulator.telemetry.board import Telemetry
from tesla_simulator.telemetry.collector import Asked, Collector
from tesla_simulator.telemetry.lines import Closed, Line, Opened, Record, Said
from tesla_simulator.telemetry.settings import OF_THE_PLACE, TelemetrySettings
from tesla_simulator.telemetry.signals import FLOWING, OF_THE_POWER, SENSED, Reading, readings


@dataclass
class _Stream:
    """`connection` is the id of the open one, or nothing."""

    settings: TelemetrySettings
    line: Line
    collector: Collector
    connection: str = ""


class Streams:
    """`may_tell_place` is asked for a VIN and a client id; `say` is told what is said on which line."""

    def __init__(
        self,
        board: Telemetry,
        may_tell_place: Callable[[str, str], bool],
        say: Callable[[Line, Said], None],
    ) -> None:
        self._board = board
        self._may_tell_place = may_tell_place
        self._say = say
        self._streams: dict[str, dict[str, _Stream]] = {}

    def watches(self, vin: str) -> bool:
        return bool(self._streams.get(vin)) or self._board.is_told(vin)

    def looks(self, car: CarRecord, has_happened: bool) -> datetime:
        at = car.settled_at
        taken = self._board.taken(car.vin, at) if car.is_awake and _lets_stream(car) else {}
        streams = self._streams.setdefault(car.vin, {})
        for client_id in [app for app, stream in streams.items() if taken.get(app) is not stream.settings]:
            self._hang_up(streams.pop(client_id), at)
        for client_id, settings in taken.items():
            if client_id not in streams:
                streams[client_id] = _begun(car.vin, client_id, settings)
        return min((self._streams_on(car, stream, has_happened) for stream in streams.values()), default=NEVER)

    def _streams_on(self, car: CarRecord, stream: _Stream, has_happened: bool) -> datetime:
        """Returns when to look at it next."""
        at, line, collector = car.settled_at, stream.line, stream.collector
        if car.has_reception and not stream.connection:
            stream.connection = _connection_id(line, at)
            self._say(line, Opened(at, stream.connection))
        elif not car.has_reception:
            self._hang_up(stream, at)
        flowing = _flowing(car)
        wanted = collector.wanted(at, flowing, has_happened)
        pushed = collector.collect(at, readings(car, self._told_to(line, wanted)))
        if pushed:
            self._say(line, Record(_payload(car.vin, at, pushed)))
        return min(collector.next_look(at, flowing), _end_of(stream.settings))

    def _told_to(self, line: Line, names: list[str]) -> list[str]:
        may_tell_place = OF_THE_PLACE.isdisjoint(names) or self._may_tell_place(line.vin, line.client_id)
        return [name for name in names if may_tell_place or name not in OF_THE_PLACE]

    def _hang_up(self, stream: _Stream, at: datetime) -> None:
        if stream.connection:
            self._say(stream.line, Closed(at, stream.connection))
            stream.connection = ""


def _lets_stream(car: CarRecord) -> bool:
    """Cars with an Intel Atom have a switch for it."""
    return car.lets_third_parties_stream or not vins.has_the_streaming_switch(car.vin)


def _begun(vin: str, client_id: str, settings: TelemetrySettings) -> _Stream:
    config: Mapping[str, Any] = settings.config or {}
    line = Line(
        vin, client_id, config["hostname"], config["port"], config["ca"], config.get("delivery_policy") == "latest"
    )
    fields: Mapping[str, Mapping[str, object]] = config["fields"]
    asked = {name: Asked.read(name, said) for name, said in fields.items() if name in SENSED}
    return _Stream(settings, line, Collector(asked))


def _flowing(car: CarRecord) -> frozenset[str]:
    if charging.charging_state(car) != charging.CHARGING:
        return frozenset()
    return FLOWING | OF_THE_POWER if charging.tapers(car) else FLOWING


def _connection_id(line: Line, opened_at: datetime) -> str:
    """The same one whenever the same connection is opened in the same world."""
    return str(uuid5(NAMESPACE_URL, f"{line.vin} {line.client_id} {opened_at.isoformat()}"))


def _end_of(settings: TelemetrySettings) -> datetime:
    ends = settings.ends_at
    return bucket_end(datetime.fromtimestamp(ends, UTC)) if ends < NEVER.timestamp() else NEVER


def _payload(vin: str, at: datetime, pushed: Mapping[str, Reading]) -> vehicle_data.Payload:
    data = [vehicle_data.Datum(key=name, value=reading.as_value()) for name, reading in pushed.items()]
    return vehicle_data.Payload(data=data, created_at=at, vin=vin)
