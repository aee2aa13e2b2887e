"""A client of the signed command protocol for tests: it signs as the contract says, or wrongly on demand."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command import car_server_pb2 as car_server
from tesla_protocol.command import signatures_pb2 as pb
from tesla_protocol.command import universal_message_pb2 as messages

from tesla_simulator.vehicle_protocol.car import CarProtocol
from tesla_simulator.vehicle_protocol.orders import Outcome

VIN = "5YJ30123456789ABC"
SECURITY, INFOTAINMENT = 2, 3
HMAC, GCM = 8, 5
SECONDS_TO_LIVE = 10


def order_amps(amps: int = 16) -> bytes:
    action = car_server.SetChargingAmpsAction(charging_amps=amps)
    return payload_of(car_server.VehicleAction(setChargingAmpsAction=action))


def payload_of(action: car_server.VehicleAction) -> bytes:
    wire: bytes = car_server.Action(vehicleAction=action).SerializeToString()
    return wire


@dataclass
class Garage:
    """One car, its keys list and its orders, under a clock the test turns."""

    now: datetime = datetime(2026, 1, 10, 18, 0, tzinfo=UTC)
    keys: set[bytes] = field(default_factory=set)
    obeyed: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome(True))
    vin: str = VIN

    def __post_init__(self) -> None:
        self.car = self.parks()

    def parks(self, state: dict[str, object] | None = None) -> CarProtocol:
        return CarProtocol(self.vin, lambda: self.now, lambda key: key in self.keys, self._execute, state)

    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def _execute(self, name: str, arguments: dict[str, object]) -> Outcome:
        self.obeyed.append((name, arguments))
        return self.outcome


class Client:
    """Somebody with a key. Remembers a session for each domain."""

    def __init__(self, garage: Garage, *, paired: bool = True) -> None:
        self.garage = garage
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.address = secrets.token_bytes(16)
        self.session = pb.SessionInfo()
        self.shared = b""
        if paired:
            garage.keys.add(self.public)

    def greets(self, domain: int = INFOTAINMENT) -> messages.RoutableMessage:
        request = self._addressed(domain)
        request.session_info_request.public_key = self.public
        reply = self.sends(request)
        self.learns(request, reply)
        return reply

    def learns(self, request: messages.RoutableMessage, reply: messages.RoutableMessage) -> None:
        """Take session info over, as a client must: only with a right tag."""
        info = pb.SessionInfo.FromString(reply.session_info)
        if not info.publicKey:
            return
        vehicle = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), info.publicKey)
        self.shared = hashlib.sha1(self.key.exchange(ec.ECDH(), vehicle), usedforsecurity=False).digest()[:16]
        covered = tlv({0: b"\x06", 2: VIN.encode(), 6: request.uuid}) + reply.session_info
        expected = mac(mac(self.shared, b"session info"), covered)
        assert reply.signature_data.session_info_tag.tag == expected, "the car's session info is not the car's"
        self.session = info

    def command(
        self,
        payload: bytes,
        domain: int = INFOTAINMENT,
        *,
        flags: int = 2,
        how: int = HMAC,
        counter: int | None = None,
        expires_at: int | None = None,
        vin: str = VIN,
    ) -> messages.RoutableMessage:
        if counter is None:
            self.session.counter += 1
            counter = self.session.counter
        if expires_at is None:
            expires_at = self.session.clock_time + SECONDS_TO_LIVE
        message = self._addressed(domain)
        message.flags = flags
        message.signature_data.signer_identity.public_key = self.public
        fields = {0: bytes([how]), 1: bytes([domain]), 2: vin.encode(), 3: self.session.epoch}
        fields |= {4: expires_at.to_bytes(4, "big"), 5: counter.to_bytes(4, "big")}
        fields |= {7: flags.to_bytes(4, "big")} if flags else {}
        if how == HMAC:
            signature = message.signature_data.HMAC_Personalized_data
            signature.tag = mac(mac(self.shared, b"authenticated command"), tlv(fields) + payload)
            message.protobuf_message_as_bytes = payload
        else:
            sealed = message.signature_data.AES_GCM_Personalized_data
            sealed.nonce = secrets.token_bytes(12)
            whole = AESGCM(self.shared).encrypt(sealed.nonce, payload, hashlib.sha256(tlv(fields)).digest())
            message.protobuf_message_as_bytes, sealed.tag = whole[:-16], whole[-16:]
        data = message.signature_data
        either = data.HMAC_Personalized_data if how == HMAC else data.AES_GCM_Personalized_data
        either.epoch, either.counter, either.expires_at = self.session.epoch, counter, expires_at
        return message

    def sends(self, message: messages.RoutableMessage) -> messages.RoutableMessage:
        reply = messages.RoutableMessage()
        reply.ParseFromString(self.garage.car.answer(message.SerializeToString()))
        return reply

    def opens(self, request: messages.RoutableMessage, reply: messages.RoutableMessage) -> bytes:
        """The plain text of an answer, encrypted or not."""
        if not reply.signature_data.HasField("AES_GCM_Response_data"):
            return reply.protobuf_message_as_bytes
        sealed, domain = reply.signature_data.AES_GCM_Response_data, reply.from_destination.domain
        signed = request.signature_data
        whole_hash = (
            bytes([HMAC]) + signed.HMAC_Personalized_data.tag
            if signed.HasField("HMAC_Personalized_data")
            else bytes([GCM]) + signed.AES_GCM_Personalized_data.tag
        )
        fields = {0: b"\x09", 1: bytes([domain]), 2: VIN.encode(), 5: sealed.counter.to_bytes(4, "big")}
        fields |= {
            7: reply.flags.to_bytes(4, "big"),
            8: whole_hash[:17] if domain == SECURITY else whole_hash,
        }
        fields |= {9: int(reply.signedMessageStatus.signed_message_fault).to_bytes(4, "big")}
        return AESGCM(self.shared).decrypt(
            sealed.nonce, reply.protobuf_message_as_bytes + sealed.tag, hashlib.sha256(tlv(fields)).digest()
        )

    def asks(self, payload: bytes, domain: int = INFOTAINMENT) -> bytes:
        request = self.command(payload, domain)
        return self.opens(request, self.sends(request))

    def _addressed(self, domain: int) -> messages.RoutableMessage:
        message = messages.RoutableMessage(uuid=secrets.token_bytes(16))
        message.to_destination.domain = domain  # type: ignore[assignment]  # stubs know no plain int
        message.from_destination.routing_address = self.address
        return message


def tlv(fields: dict[int, bytes]) -> bytes:
    return b"".join(bytes([tag, len(fields[tag])]) + fields[tag] for tag in sorted(fields)) + b"\xff"


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
