"""Telling a vehicle what to do: signed where it wants that, plain where it knows nothing else.

One request at a time for each vehicle. A command is signed anew only after the car itself refused it; one whose
answer was lost is never sent again from here.
"""

import asyncio
import secrets
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from tesla_protocol.command.car_server_pb2 import (
    Action,
    ChargingStartStopAction,
    RemoveChargeScheduleAction,
    SetChargingAmpsAction,
    VehicleAction,
)
from tesla_protocol.command.common_pb2 import ChargeSchedule, Void

from chargekey.adapters.tesla import shapes
from chargekey.adapters.tesla.answers import request_id_of
from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.signing import messages
from chargekey.adapters.tesla.signing.keys import agree
from chargekey.adapters.tesla.signing.messages import INFOTAINMENT, Reply, ReplyUnreadable, Request
from chargekey.adapters.tesla.signing.refusals import check_action, check_reason, fault_of, may_sign_anew
from chargekey.adapters.tesla.signing.session import (
    CountersUsedUp,
    KeyNotOnCar,
    Session,
    SessionInfoRefused,
    believe,
    from_kept,
    kept,
)
from chargekey.domain.car_schedules import EVERY_DAY, CarSchedule
from chargekey.domain.place import Place
from chargekey.domain.vehicle import Vin
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Busy, KeyMissing, Puzzling, TeslaFails
from chargekey.ports.tesla import Answer, Leaves, SessionCache, at_once

TRIES: Final = 3
BEFORE_SIGNING_ANEW_S: Final = 1.0
"""Tesla's own client pauses as long between tries (vehicle-command §6)."""
LIFETIME: Final = timedelta(seconds=10)
"""How long a command is good after signing; tesla-fleet-api uses the same (§5). A late one must not run."""
LEAST_CURRENT_A: Final = 5
SCHEDULES_ARE_CALLED: Final = "Chargekey"
"""So that a driver who finds one in the car knows whose it is."""
DAYS: Final = ("SUN", "MON", "TUES", "WED", "THURS", "FRI", "SAT")
"""As Tesla's proxy reads them (tesla-fleet-api §5); a bit each, Sunday the lowest."""
KEYS_AT_HAND: Final = 10_000
"""So many cars' shared keys are kept in memory; agreeing on one takes longer than all the rest of signing."""


def plain_schedule(schedule: CarSchedule, place: Place) -> Mapping[str, object]:
    """A schedule as the command without a signature takes it (tesla-fleet-api §5)."""
    every = ",".join(day for number, day in enumerate(DAYS) if schedule.days & 1 << number)
    return {
        "id": schedule.number,
        "name": SCHEDULES_ARE_CALLED,
        "days_of_week": "All" if schedule.days == EVERY_DAY else every,
        "enabled": schedule.enabled,
        "start_enabled": schedule.start_minute is not None,
        "start_time": schedule.start_minute or 0,
        "end_enabled": schedule.end_minute is not None,
        "end_time": schedule.end_minute or 0,
        "one_time": schedule.one_time,
        "lat": place.latitude_deg,
        "lon": place.longitude_deg,
    }


class SignedCommands:
    """`ports.tesla.VehicleCommands`."""

    def __init__(
        self,
        api: FleetApi,
        key: CommandKey,
        cache: SessionCache,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api, self._key, self._cache, self._clock, self._pause = api, key, cache, clock, pause
        self._one_at_a_time: defaultdict[Vin, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._public_key = key.public_bytes
        self._agreed = lru_cache(KEYS_AT_HAND)(partial(agree, key.private))

    @property
    def key(self) -> str:
        return self._key.fingerprint

    async def prove(self, grant_id: int, vin: Vin) -> Answer[bool]:
        async with self._one_at_a_time[vin]:
            _, request_id = await self._shake_hands(grant_id, vin)
        return Answer(True, request_id)

    async def start_charging(self, grant_id: int, vin: Vin, *, signed: bool, leaves: Leaves = at_once) -> Answer[None]:
        action = VehicleAction(chargingStartStopAction=ChargingStartStopAction(start=Void()))
        return await self._tell(grant_id, vin, "charge_start", {}, action, signed, leaves)

    async def stop_charging(self, grant_id: int, vin: Vin, *, signed: bool, leaves: Leaves = at_once) -> Answer[None]:
        action = VehicleAction(chargingStartStopAction=ChargingStartStopAction(stop=Void()))
        return await self._tell(grant_id, vin, "charge_stop", {}, action, signed, leaves)

    async def set_charging_current(
        self, grant_id: int, vin: Vin, current_a: int, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        current_a = max(current_a, LEAST_CURRENT_A)
        action = VehicleAction(setChargingAmpsAction=SetChargingAmpsAction(charging_amps=current_a))
        plain = {"charging_amps": current_a}
        return await self._tell(grant_id, vin, "set_charging_amps", plain, action, signed, leaves)

    async def add_schedule(
        self, grant_id: int, vin: Vin, schedule: CarSchedule, place: Place, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        told = ChargeSchedule(
            id=schedule.number,
            name=SCHEDULES_ARE_CALLED,
            days_of_week=schedule.days,
            start_enabled=schedule.start_minute is not None,
            start_time=schedule.start_minute or 0,
            end_enabled=schedule.end_minute is not None,
            end_time=schedule.end_minute or 0,
            one_time=schedule.one_time,
            enabled=schedule.enabled,
            latitude=place.latitude_deg,
            longitude=place.longitude_deg,
        )
        plain = plain_schedule(schedule, place)
        return await self._tell(
            grant_id, vin, "add_charge_schedule", plain, VehicleAction(addChargeScheduleAction=told), signed, leaves
        )

    async def remove_schedule(
        self, grant_id: int, vin: Vin, number: int, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        action = VehicleAction(removeChargeScheduleAction=RemoveChargeScheduleAction(id=number))
        return await self._tell(grant_id, vin, "remove_charge_schedule", {"id": number}, action, signed, leaves)

    async def _tell(
        self,
        grant_id: int,
        vin: Vin,
        name: str,
        plain: Mapping[str, object],
        action: VehicleAction,
        signed: bool,
        leaves: Leaves,
    ) -> Answer[None]:
        async with self._one_at_a_time[vin]:
            if signed:
                payload = Action(vehicleAction=action).SerializeToString()
                return Answer(None, await self._tell_signed(grant_id, vin, name, payload, leaves))
            await leaves()
            response = await self._api.command(grant_id, f"/api/1/vehicles/{vin.whole}/command/{name}", plain)
        told, request_id = shapes.read(shapes.CommandBody, response).response, request_id_of(response)
        if not told.result:
            check_reason(told.reason or "", name, request_id)
        return Answer(None, request_id)

    # ── signed ───────────────────────────────────────────────────

    async def _tell_signed(self, grant_id: int, vin: Vin, name: str, payload: bytes, leaves: Leaves) -> str | None:
        session, tries = await self._session(grant_id, vin), 0
        while True:
            session, tries = await self._use_a_counter(grant_id, vin, session), tries + 1
            request, asked_at = self._signed(vin, session, payload), self._clock.now()
            await leaves()  # after signing: held up any longer, it is too old for the car
            reply, request_id = await self._exchange(grant_id, vin, request, session)
            if reply.waits:
                raise Busy("the car asks to wait", request_id=request_id)
            if reply.fails or (reply.info and not reply.fault):
                raise Puzzling("the car neither agreed nor said why not", request_id=request_id)
            if not reply.fault:
                check_action(reply.payload, name, request_id)
                return request_id
            if tries == TRIES or not may_sign_anew(reply.fault):
                raise fault_of(reply.fault, request_id)
            session = await self._resynced(grant_id, vin, session, request, reply, asked_at)
            await self._pause(BEFORE_SIGNING_ANEW_S)  # nothing ran: the car itself said so

    async def _session(self, grant_id: int, vin: Vin) -> Session:
        data = await self._cache.load(vin, INFOTAINMENT)
        session = from_kept(data) if data else None
        return session or (await self._shake_hands(grant_id, vin))[0]

    async def _use_a_counter(self, grant_id: int, vin: Vin, session: Session) -> Session:
        """Saved before it is sent: after a restart no counter is used twice."""
        if session.is_used_up:
            session, _ = await self._shake_hands(grant_id, vin)
        try:
            session = session.next()
        except CountersUsedUp as used_up:
            raise Busy("no counter is left until the car begins a new epoch") from used_up
        await self._cache.save(vin, INFOTAINMENT, kept(session))
        return session

    def _signed(self, vin: Vin, session: Session, payload: bytes) -> Request:
        return messages.command(
            INFOTAINMENT,
            payload,
            vin=vin.whole,
            public_key=self._public_key,
            shared=self._agreed(session.car_public_key),
            epoch=session.epoch,
            counter=session.counter,
            expires_at=session.expires_at(self._clock.now(), LIFETIME),
            address=secrets.token_bytes(16),
            uuid=secrets.token_bytes(16),
        )

    async def _resynced(
        self, grant_id: int, vin: Vin, session: Session, request: Request, reply: Reply, asked_at: datetime
    ) -> Session:
        """The session as the refusing car tells it; where it tells nothing to believe, a new handshake."""
        if reply.info:
            try:
                return self._believed(session, vin, request, reply, asked_at, greeted=False)
            except SessionInfoRefused:
                pass  # said by nobody we can trust: ask anew
            except KeyNotOnCar as missing:
                raise KeyMissing("not on the whitelist") from missing
        return (await self._shake_hands(grant_id, vin))[0]

    async def _shake_hands(self, grant_id: int, vin: Vin) -> tuple[Session, str | None]:
        """Ask for session info and believe it or not. Saves the session."""
        data = await self._cache.load(vin, INFOTAINMENT)
        known = from_kept(data) if data else None
        request = messages.handshake(
            INFOTAINMENT, self._public_key, address=secrets.token_bytes(16), uuid=secrets.token_bytes(16)
        )
        asked_at = self._clock.now()
        reply, request_id = await self._exchange(grant_id, vin, request, None)
        if reply.fault:
            raise fault_of(reply.fault, request_id)
        if reply.waits:
            raise Busy("the car asks to wait", request_id=request_id)
        try:
            session = self._believed(known, vin, request, reply, asked_at, greeted=True)
        except KeyNotOnCar as missing:
            raise KeyMissing("not on the whitelist", request_id=request_id) from missing
        except SessionInfoRefused as refused:
            raise TeslaFails(f"session info refused: {refused}", request_id=request_id) from refused
        await self._cache.save(vin, INFOTAINMENT, kept(session))
        return session, request_id

    def _believed(
        self, known: Session | None, vin: Vin, request: Request, reply: Reply, asked_at: datetime, *, greeted: bool
    ) -> Session:
        return believe(
            known,
            reply.info,
            reply.info_tag,
            ours=self._key.private,
            vin=vin.whole,
            challenge=request.uuid,
            asked_at=asked_at,
            now=self._clock.now(),
            greeted=greeted,
        )

    async def _exchange(
        self, grant_id: int, vin: Vin, request: Request, session: Session | None
    ) -> tuple[Reply, str | None]:
        """One request, one reply. Unreadable, it may hide that a command ran; a greeting has nothing to lose."""
        path = f"/api/1/vehicles/{vin.whole}/signed_command"
        body = {"routable_message": b64encode(request.message).decode()}
        is_command = bool(request.tag)
        send = self._api.command if is_command else self._api.ask_with
        response = await send(grant_id, path, body)
        request_id = request_id_of(response)
        shared = self._agreed(session.car_public_key) if session else None
        try:
            data = b64decode(shapes.read(shapes.SignedAnswer, response).response, validate=True)
            return messages.read_reply(request, data, vin=vin.whole, shared=shared), request_id
        except (Puzzling, ReplyUnreadable, ValueError) as wrong:
            kind = Puzzling if is_command else TeslaFails
            raise kind(f"the car's reply cannot be read: {wrong}"[:120], request_id=request_id) from wrong
