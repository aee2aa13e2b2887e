"""A car that answers signed messages: it verifies, obeys, and says what came of it."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import DecodeError
from tesla_protocol.command import car_server_pb2 as car_server
from tesla_protocol.command import signatures_pb2 as pb
from tesla_protocol.command import universal_message_pb2 as messages
from tesla_protocol.command import vcsec_pb2 as vcsec

from tesla_simulator.vehicle_protocol import keys, metadata, orders
from tesla_simulator.vehicle_protocol.domain import INFOTAINMENT, VEHICLE_SECURITY, Domain
from tesla_simulator.vehicle_protocol.orders import Execute, Outcome
from tesla_simulator.vehicle_protocol.verifier import (
    BAD_PARAMETER,
    INCORRECT_EPOCH,
    INVALID_SIGNATURE,
    LIVES_TOO_LONG,
    TIME_EXPIRED,
    USED_COUNTER,
    KnowsKey,
    Refused,
    Verified,
    verified,
)

# Flags are bit numbers: bit 1 asks for an encrypted answer.
ENCRYPT_ANSWER: Final = 1 << messages.FLAG_ENCRYPT_RESPONSE
_LONGEST_UUID: Final = 16
_NONCE_BYTES: Final = 12
# Vehicle security hashes the request's signature type and the first 16 bytes of its tag.
_SECURITY_REQUEST_HASH_BYTES: Final = 17
# "may have succeeded": only this fault tells of an order that was carried out.
_ANSWER_TOO_LONG: Final[int] = messages.MESSAGEFAULT_ERROR_RESPONSE_MTU_EXCEEDED
_MENDED_BY_SESSION_INFO: Final = frozenset(
    {INVALID_SIGNATURE, USED_COUNTER, INCORRECT_EPOCH, TIME_EXPIRED, LIVES_TOO_LONG}
)


class CarProtocol:
    """Give it a RoutableMessage as bytes and it gives one back; `execute` is the only way it touches the car.

    `knows_key` is asked for each message, so a key deleted meanwhile is refused at once. `dump` returns what
    must be kept; given back as `state` it continues, and no client notices a restart. `standing_fault` is asked
    for each rightly signed command: a number is the fault it gets.
    """

    def __init__(
        self,
        vin: str,
        now: Callable[[], datetime],
        knows_key: KnowsKey,
        execute: Execute,
        state: dict[str, object] | None = None,
        standing_fault: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.vin = vin
        self.encrypts_answers = True
        self._now = now
        self._knows_key = knows_key
        self._execute = execute
        self._standing_fault = standing_fault
        self._next_fault: int | None = None
        self._waits_next = False
        self._domains = _loaded(state) if state else {n: Domain(n, now()) for n in _DOMAINS}

    def answer(self, routable_message: bytes) -> bytes:
        """The car's one answer; faults are inside it, nothing is raised for what a client can send."""
        message = messages.RoutableMessage()
        try:
            message.ParseFromString(routable_message)
        except DecodeError:
            reply = _with_fault(messages.RoutableMessage(), messages.MESSAGEFAULT_ERROR_DECODING)
        else:
            reply = self._answer_to(message)
        wire: bytes = reply.SerializeToString()
        return wire

    def fails_next_with(self, fault_number: int) -> None:
        """The next rightly signed command gets this fault and is not obeyed.

        Fault 25 (the answer is too long to send) is the exception: the command is obeyed all the same.
        """
        self._next_fault = fault_number

    def waits_next(self) -> None:
        """The next rightly signed command is answered with WAIT and not obeyed."""
        self._waits_next = True

    def reboots(self) -> None:
        """Both domains begin new epochs: whoever has a session must greet again. Keys stay."""
        for domain in self._domains.values():
            domain.begins_an_epoch(self._now())

    def dump(self) -> dict[str, object]:
        """JSON-able. Contains private keys."""
        return {str(number): domain.dump() for number, domain in self._domains.items()}

    def _answer_to(self, message: messages.RoutableMessage) -> messages.RoutableMessage:
        reply = _addressed_back(message)
        domain = self._domains.get(message.to_destination.domain)
        if domain is None:
            return _with_fault(reply, messages.MESSAGEFAULT_ERROR_INVALID_DOMAINS)
        if len(message.uuid) > _LONGEST_UUID:
            return _with_fault(reply, BAD_PARAMETER)
        if message.HasField("session_info_request"):
            return self._greeted(message, reply, domain)
        try:
            command = verified(message, domain, self.vin, self._now(), self._knows_key)
            self._meets_what_was_arranged(domain, command)
            return self._obeyed(message, reply, domain, command)
        except Refused as refused:
            if refused.helps_with_session_info:
                self._tell_session(message.signature_data.signer_identity.public_key, message, reply, domain)
            return _with_fault(reply, refused.fault)

    def _greeted(
        self, message: messages.RoutableMessage, reply: messages.RoutableMessage, domain: Domain
    ) -> messages.RoutableMessage:
        client = message.session_info_request.public_key
        if not self._knows_key(client):
            # Without key and tag: Tesla's own tools would take a signed "not paired" for a session.
            stranger = pb.SessionInfo(status=pb.SESSION_INFO_STATUS_KEY_NOT_ON_WHITELIST)
            reply.session_info = stranger.SerializeToString()
            return reply
        try:
            self._tell_session(client, message, reply, domain)
        except ValueError:  # what the car knows by this name is no point of the curve
            return _with_fault(reply, BAD_PARAMETER)
        return reply

    def _tell_session(
        self,
        client: bytes,
        message: messages.RoutableMessage,
        reply: messages.RoutableMessage,
        domain: Domain,
    ) -> None:
        shared = domain.keys_with(client)
        info = domain.session_info(client, self._now())
        covered = metadata.of_session_info(self.vin, message.uuid) + info
        reply.session_info = info
        reply.signature_data.session_info_tag.tag = keys.hmac_sha256(shared.session_info_key, covered)

    def _meets_what_was_arranged(self, domain: Domain, command: Verified) -> None:
        arranged, self._next_fault = self._next_fault, None
        fault = arranged if arranged is not None else self._standing_fault()
        if fault is None:
            return
        if fault == _ANSWER_TOO_LONG:
            self._carried_out(domain, command.payload)
        raise Refused(fault, helps_with_session_info=fault in _MENDED_BY_SESSION_INFO)

    def _obeyed(
        self,
        message: messages.RoutableMessage,
        reply: messages.RoutableMessage,
        domain: Domain,
        command: Verified,
    ) -> messages.RoutableMessage:
        if self._waits_next:
            self._waits_next = False
            reply.signedMessageStatus.operation_status = messages.OPERATIONSTATUS_WAIT
            return reply
        payload = self._carried_out(domain, command.payload)
        if message.flags & ENCRYPT_ANSWER and self.encrypts_answers:
            _encrypt(reply, payload, domain.number, self.vin, command)
        else:
            reply.protobuf_message_as_bytes = payload
        return reply

    def _carried_out(self, domain: Domain, payload: bytes) -> bytes:
        """Do what the payload orders and return what the domain says of it. Raises `Refused`."""
        try:
            if domain.number == VEHICLE_SECURITY:
                order = orders.security_order(vcsec.UnsignedMessage.FromString(payload))
                return orders.security_answer(self._done(order))
            action = car_server.Action.FromString(payload).vehicleAction
        except DecodeError as error:
            raise Refused(messages.MESSAGEFAULT_ERROR_DECODING) from error
        if action.HasField("ping"):
            return orders.infotainment_pong(action.ping)
        return orders.infotainment_answer(self._done(orders.infotainment_order(action)))

    def _done(self, order: orders.Order | None) -> Outcome:
        if order is None:
            return Outcome(False, orders.UNKNOWN_ACTION)
        return self._execute(order.name, order.arguments)


_DOMAINS: Final = (VEHICLE_SECURITY, INFOTAINMENT)


def _loaded(state: dict[str, object]) -> dict[int, Domain]:
    domains = {}
    for number in _DOMAINS:
        described = state.get(str(number))
        if not isinstance(described, dict):
            raise ValueError("the state of a car describes both of its domains")
        domains[number] = Domain.loaded(number, described)
    return domains


def _addressed_back(message: messages.RoutableMessage) -> messages.RoutableMessage:
    return messages.RoutableMessage(
        to_destination=message.from_destination,
        from_destination=message.to_destination,
        request_uuid=message.uuid[:_LONGEST_UUID],
        uuid=secrets.token_bytes(_LONGEST_UUID),
    )


def _with_fault(reply: messages.RoutableMessage, fault: int) -> messages.RoutableMessage:
    reply.signedMessageStatus.operation_status = messages.OPERATIONSTATUS_ERROR
    reply.signedMessageStatus.signed_message_fault = fault  # type: ignore[assignment]  # stubs know no plain int
    return reply


def _encrypt(reply: messages.RoutableMessage, payload: bytes, domain: int, vin: str, command: Verified) -> None:
    """Seal the answer for the one who asked. There is one answer to a request, so its counter is 1."""
    counter = 1
    covered = metadata.of_answer(
        domain=domain,
        vin=vin,
        counter=counter,
        flags=ENCRYPT_ANSWER,
        request_hash=request_hash(domain, command.signature.type, command.signature.tag),
    )
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(command.shared.session_key).encrypt(nonce, payload, metadata.digest(covered))
    reply.flags = ENCRYPT_ANSWER
    reply.protobuf_message_as_bytes = sealed[:-16]
    gcm = reply.signature_data.AES_GCM_Response_data
    gcm.nonce, gcm.counter, gcm.tag = nonce, counter, sealed[-16:]


def request_hash(domain: int, signature_type: int, tag: bytes) -> bytes:
    """Binds an encrypted answer to its request."""
    whole = bytes([signature_type]) + tag
    return whole[:_SECURITY_REQUEST_HASH_BYTES] if domain == VEHICLE_SECURITY else whole
