"""What is kept of telemetry: plain facts, written to the state file and read back."""

from dataclasses import dataclass, field

from tesla_simulator.telemetry.settings import TelemetryError, TelemetrySettings


@dataclass(frozen=True)
class Publishing:
    """As in a fleet-telemetry server's own config; what is left empty is not published to.

    `zmq` is an address to bind, such as tcp://127.0.0.1:5284; `mqtt` is a broker's ADDRESS:PORT.
    """

    zmq: str = ""
    namespace: str = "tesla"
    transmit_decoded_records: bool = False
    mqtt: str = ""
    topic_base: str = "telemetry"


@dataclass
class TelemetryRecord:
    """Settings by VIN and client id; errors by VIN, oldest first. `publishing` None: nobody publishes.

    `servers` are addresses by the host name that configs know them by; `authority_pem` signs the cars' certificates.
    """

    settings: dict[str, dict[str, TelemetrySettings]] = field(default_factory=dict)
    errors: dict[str, list[TelemetryError]] = field(default_factory=dict)
    publishing: Publishing | None = None
    servers: dict[str, str] = field(default_factory=dict)
    authority_pem: str = ""
