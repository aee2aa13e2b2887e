"""A car at the far end of the wire: it checks signatures by its own few lines and does what a test tells it.

Written from vehicle-command §2 to §7, apart from our signing, so that a mistake there cannot pass here.
"""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections import Counter

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.car_server_pb2 import Action, Response
from tesla_protocol.command.signatures_pb2 import SessionInfo
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from tests.adapters.tesla_side import VIN, StillClock, said

INVALID_SIGNATURE, INVALID_COUNTER, INCORRECT_EPOCH, TIME_EXPIRED, UNKNOWN_KEY = 5, 6, 15, 17, 3


def tlv(**values: bytes) -> bytes:
    """`t<tag>=value`, in ascending order, and the end mark."""
    return b"".join(bytes([int(name[1:]), len(value)]) + value for name, value in values.items()) + b"\xff"


def four(number: int) -> bytes:
    return number.to_bytes(4, "big")


class Car:
    """Answers signed_command. `faults`: what it answers to the next commands, 0 for the truth."""

    def __init__(self, clock: StillClock, client_public: bytes) -> None:
        self._clock, self._client_public = clock, client_public
        self._client = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), client_public)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.is_paired, self.seals, self.tells_session_with_faults = True, False, True
        self.faults: list[int] = []
        self.waits = self.fails_unnamed = False
        self.refuses = ""
        self.done: list[Action] = []
        self.counters: list[int] = []
        self.heard: Counter[str] = Counter()
        self.boots()

    def boots(self) -> None:
        self.epoch, self.counter, self.began = secrets.token_bytes(16), 0, self._clock.now()

    @property
    def clock_s(self) -> int:
        return int((self._clock.now() - self.began).total_seconds())

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        message = RoutableMessage.FromString(b64decode(json.loads(request.content)["routable_message"]))
        reply = RoutableMessage(request_uuid=message.uuid)
        reply.from_destination.domain = message.to_destination.domain
        reply.to_destination.routing_address = message.from_destination.routing_address
        if message.HasField("session_info_request"):
            self.heard["handshake"] += 1
            self._tell_session(message, reply)
        else:
            self.heard["command"] += 1
            self._hear(message, reply)
        return said(200, {"response": b64encode(reply.SerializeToString()).decode()}, x_txid="tx")

    # ── inside ───────────────────────────────────────────────────

    @property
    def _k(self) -> bytes:
        shared = self.key.exchange(ec.ECDH(), self._client)
        return hashlib.sha1(shared, usedforsecurity=False).digest()[:16]

    def mac(self, label: bytes, message: bytes) -> bytes:
        return hmac.digest(hmac.digest(self._k, label, "sha256"), message, "sha256")

    def _tell_session(self, message: RoutableMessage, reply: RoutableMessage) -> None:
        if not self.is_paired:
            reply.session_info = SessionInfo(status=1).SerializeToString()  # type: ignore[arg-type]  # wants the enum
            return
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        info = SessionInfo(counter=self.counter, publicKey=public, epoch=self.epoch, clock_time=self.clock_s)
        reply.session_info = info.SerializeToString()
        covered = tlv(t0=b"\x06", t2=VIN.whole.encode(), t6=message.uuid) + reply.session_info
        reply.signature_data.session_info_tag.tag = self.mac(b"session info", covered)

    def _hear(self, message: RoutableMessage, reply: RoutableMessage) -> None:
        fault = self._what_is_wrong(message) or (self.faults.pop(0) if self.faults else 0)
        self.counters.append(message.signature_data.HMAC_Personalized_data.counter)
        if self.waits or self.fails_unnamed:
            reply.signedMessageStatus.operation_status = 1 if self.waits else 2  # type: ignore[assignment]  # enum
            return
        if fault:
            reply.signedMessageStatus.operation_status = 2  # type: ignore[assignment]  # the stub wants the enum
            reply.signedMessageStatus.signed_message_fault = fault  # type: ignore[assignment]  # the same
            if self.tells_session_with_faults:
                self._tell_session(message, reply)
            return
        answer = Response()
        if self.refuses:
            answer.actionStatus.result = 1  # type: ignore[assignment]  # the same
            answer.actionStatus.result_reason.plain_text = self.refuses
        else:
            self.done.append(Action.FromString(message.protobuf_message_as_bytes))
        reply.protobuf_message_as_bytes = answer.SerializeToString()
        if self.seals:
            self._seal(message, reply)

    def _what_is_wrong(self, message: RoutableMessage) -> int:
        seal = message.signature_data.HMAC_Personalized_data
        if not self.is_paired or message.signature_data.signer_identity.public_key != self._client_public:
            return UNKNOWN_KEY
        if seal.epoch != self.epoch:
            return INCORRECT_EPOCH
        if seal.expires_at < self.clock_s:
            return TIME_EXPIRED
        covered = tlv(
            t0=b"\x08",
            t1=bytes([message.to_destination.domain]),
            t2=VIN.whole.encode(),
            t3=self.epoch,
            t4=four(seal.expires_at),
            t5=four(seal.counter),
            t7=four(message.flags),
        )
        right = self.mac(b"authenticated command", covered + message.protobuf_message_as_bytes)
        if not hmac.compare_digest(right, seal.tag):
            return INVALID_SIGNATURE
        if seal.counter <= self.counter:
            return INVALID_COUNTER
        self.counter = seal.counter
        return 0

    def _seal(self, message: RoutableMessage, reply: RoutableMessage) -> None:
        nonce, reply.flags = secrets.token_bytes(12), 2
        covers = tlv(
            t0=b"\x09",
            t1=bytes([message.to_destination.domain]),
            t2=VIN.whole.encode(),
            t5=four(1),
            t7=four(2),
            t8=b"\x08" + message.signature_data.HMAC_Personalized_data.tag,
            t9=four(0),
        )
        sealed = AESGCM(self._k).encrypt(nonce, reply.protobuf_message_as_bytes, hashlib.sha256(covers).digest())
        reply.protobuf_message_as_bytes = sealed[:-16]
        seal = reply.signature_data.AES_GCM_Response_data
        seal.nonce, seal.counter, seal.tag = nonce, 1, sealed[-16:]
