"""Signing commands against tesla-fleet-api 1.5.0, in the same run, with the same keys and the same car.

Usage: `make bench`, or with the peer installed `python benchmarks/bench_signing.py [commands]`. One line a signer:
commands per second, the best of five turns, the signers taking turns, and times the peer. A command is
set_charging_amps from its number to the base64 text that goes over the wire. Fairness: both have the car's key
agreed on beforehand, as both keep it; the peer takes its randomness from a generator that can be foretold, we take
ours from the system. A check before the clock starts: for the same epoch, counter and expiry both tags are equal.
"""

import asyncio
import importlib
import os
import secrets
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tesla_protocol.command.car_server_pb2 import Action, SetChargingAmpsAction, VehicleAction
from tesla_protocol.command.universal_message_pb2 import RoutableMessage

from chargekey.adapters.tesla.signing import messages
from chargekey.adapters.tesla.signing.keys import agree
from chargekey.adapters.tesla.signing.messages import INFOTAINMENT
from chargekey.adapters.tesla.signing.session import Session

COMMANDS: Final = 5_000
TURNS: Final = 5
VIN: Final = "5YJ30123456789ABC"
EPOCH: Final = bytes(range(16))
LIFETIME: Final = timedelta(seconds=10)
HOW_TO_INSTALL: Final = "tesla-fleet-api is not here: `make bench` makes an environment that has it"

Turn = Callable[[int], None]


class Ours:
    """What `SignedCommands` does for one command, without the network and the database."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, car_public: bytes) -> None:
        self._public, self._shared = point(key), agree(key, car_public)
        self._session = Session(car_public, EPOCH, 0, 0, datetime.now(UTC))

    def signed(self, current_a: int) -> bytes:
        self._session = self._session.next()
        action = VehicleAction(setChargingAmpsAction=SetChargingAmpsAction(charging_amps=current_a))
        return messages.command(
            INFOTAINMENT,
            Action(vehicleAction=action).SerializeToString(),
            vin=VIN,
            public_key=self._public,
            shared=self._shared,
            epoch=EPOCH,
            counter=self._session.counter,
            expires_at=self._session.expires_at(datetime.now(UTC), LIFETIME),
            address=secrets.token_bytes(16),
            uuid=secrets.token_bytes(16),
        ).message

    def turn(self, commands: int) -> None:
        for number in range(commands):
            b64encode(self.signed(5 + number % 28)).decode()


class Theirs:
    """The peer's own signer, its `_commandHmac`, reached without its network."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, car_public: bytes) -> None:
        self._proto = importlib.import_module("tesla_fleet_api.tesla.vehicle.proto.car_server_pb2")
        commands = importlib.import_module("tesla_fleet_api.tesla.vehicle.commands")
        signatures = importlib.import_module("tesla_fleet_api.tesla.vehicle.proto.signatures_pb2")
        peer_type = type("Peer", (commands.Commands,), {"_auth_method": "hmac", "_send": None})
        self._peer: Any = peer_type(None, VIN, key)
        self._session: Any = self._peer._sessions[INFOTAINMENT]  # noqa: SLF001 - what we measure is private there
        self._session.update(signatures.SessionInfo(publicKey=car_public, epoch=EPOCH, counter=0, clock_time=0))

    async def signed(self, current_a: int) -> bytes:
        action = self._proto.VehicleAction(
            setChargingAmpsAction=self._proto.SetChargingAmpsAction(charging_amps=current_a)
        )
        payload = self._proto.Action(vehicleAction=action).SerializeToString()
        message = await self._peer._commandHmac(self._session, payload)  # noqa: SLF001 - the same
        whole: bytes = message.SerializeToString()
        return whole

    def turn(self, commands: int) -> None:
        async def all_of_them() -> None:
            for number in range(commands):
                b64encode(await self.signed(5 + number % 28)).decode()

        asyncio.run(all_of_them())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def check_equal(theirs: Theirs, key: ec.EllipticCurvePrivateKey, car_public: bytes) -> None:
    """Sign what the peer signed, with the numbers it took. Stops the run if the tags differ."""
    message = RoutableMessage.FromString(asyncio.run(theirs.signed(16)))
    seal = message.signature_data.HMAC_Personalized_data
    ours = messages.command(
        INFOTAINMENT,
        message.protobuf_message_as_bytes,
        vin=VIN,
        public_key=point(key),
        shared=agree(key, car_public),
        epoch=seal.epoch,
        counter=seal.counter,
        expires_at=seal.expires_at,
        address=message.from_destination.routing_address,
        uuid=message.uuid,
        flags=message.flags,
    )
    if ours.tag != seal.tag:
        raise SystemExit("the tags differ: one of the two signs wrongly")


def clocked(turn: Turn, commands: int) -> float:
    begun = time.perf_counter()
    turn(commands)
    return time.perf_counter() - begun


def main(commands: int) -> None:
    """Let both sign in turns and print how fast each was at its best."""
    key, car = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    try:
        theirs = Theirs(key, point(car))
    except ModuleNotFoundError:
        raise SystemExit(HOW_TO_INSTALL) from None
    check_equal(theirs, key, point(car))
    ours = Ours(key, point(car))
    best: dict[str, float] = {}
    for _ in range(TURNS):
        for name, turn in (("tesla-fleet-api 1.5.0", theirs.turn), ("chargekey", ours.turn)):
            best[name] = min(best.get(name, float("inf")), clocked(turn, commands))
    print(f"{commands} commands, best of {TURNS}; load {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}")
    for name, seconds in best.items():
        ratio = best["tesla-fleet-api 1.5.0"] / seconds
        print(f"{name:24} {commands / seconds:10,.0f} commands/s {ratio:8.2f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMMANDS)
