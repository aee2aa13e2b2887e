"""A driver allows us at Tesla: out to the consent page, back with a code, tokens kept, scopes read.

The state is single use, bound to the browser session that began, and held by us. An account other than the one in use
changes nothing by coming back: it waits apart until its driver has chosen (`choose_account`).
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.evidence import ConsentEnded, Observation, ScopesGranted, Source
from chargekey.domain.findings import ConsentTrip, Tried, Trip
from chargekey.domain.grant import Scope, known, missing
from chargekey.domain.journey import Step
from chargekey.domain.other_account import DECIDE_WITHIN
from chargekey.domain.secret import Secret
from chargekey.journeys.daily_turn import next_turn
from chargekey.journeys.end_account import let_go
from chargekey.journeys.lasting_faults import told_of_account
from chargekey.journeys.standing import about_driver, about_grant, tend_if_ready, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import ConsentGone, Fault, ScopeMissing
from chargekey.ports.jobs import Work
from chargekey.ports.people import ConsentAttempt, Grant, Vehicle, WebSession
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TeslaSignIn, TeslaVehicles, Tokens
from chargekey.ports.vault import Vault

ATTEMPT_LASTS: Final = timedelta(hours=1)
NO_REGIONS: Final[Mapping[str, str]] = {}
CANCELLED: Final = frozenset({"login_cancelled", "access_denied"})


class Arrival(StrEnum):
    """How a driver came back from Tesla."""

    CONNECTED = "connected"
    SCOPE_MISSING = "scope_missing"
    CANCELLED = "cancelled"
    TESLA_REFUSED = "tesla_refused"
    CODE_SPENT = "code_spent"
    OTHER_BROWSER = "other_browser"
    TOO_OLD = "too_old"
    ALREADY_HANDLED = "already_handled"
    TESLA_FAILED = "tesla_failed"
    OTHER_ACCOUNT = "other_account"
    NOTHING_RENEWS = "nothing_renews"


CAME: Final = {
    Arrival.CONNECTED: Trip.ALLOWED,
    Arrival.SCOPE_MISSING: Trip.ALLOWED,
    Arrival.CANCELLED: Trip.CANCELLED,
    Arrival.TESLA_REFUSED: Trip.REFUSED_BY_TESLA,
    Arrival.CODE_SPENT: Trip.CODE_STALE,
    Arrival.OTHER_BROWSER: Trip.OTHER_BROWSER,
    Arrival.TOO_OLD: Trip.STATE_UNKNOWN,
    Arrival.OTHER_ACCOUNT: Trip.OTHER_ACCOUNT,
    Arrival.NOTHING_RENEWS: Trip.NOTHING_RENEWS,
}
"""What a way of coming back says of the trip; the others say nothing of it, or nothing new."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What was granted so far. `granted` None: Tesla was not asked yet, or the grant is dead."""

    granted: frozenset[Scope] | None
    missing: tuple[Scope, ...]
    ended: str | None


class ConnectAccount:
    """Consent, its repair, and what came of it.

    `regions`: base URLs by name. A token hints where its account lives; until Tesla says so, we ask there first, else
    at `first_region`.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        tesla_sign_in: TeslaSignIn,
        vehicles: TeslaVehicles,
        vault: Vault,
        first_region: str,
        regions: Mapping[str, str] = NO_REGIONS,
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._sign_in, self._vehicles, self._vault = tesla_sign_in, vehicles, vault
        self._first_region, self._regions = first_region, regions

    @property
    def portal_url(self) -> str:
        """Where the driver does the same by hand, in his Tesla account."""
        return self._sign_in.revoke_url

    async def permissions(self, driver_id: int) -> Permissions:
        """What the permission screens show."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
        granted = here.grant_seen.fact(ScopesGranted)
        ended = here.grant_seen.fact(ConsentEnded)
        dead = here.grant_seen.is_later(ConsentEnded, than=ScopesGranted)
        if here.grant is None or granted is None or dead:
            return Permissions(None, (), ended.why if ended and dead else None)
        return Permissions(granted.scopes, missing(granted.scopes), None)

    async def set_out(self, session: WebSession, driver_id: int, locale: str) -> str:
        """Where to send the browser. A second trip asks for what is missing, and insists."""
        state, nonce, now = (
            Secret(secrets.token_urlsafe(32)),
            Secret(secrets.token_urlsafe(24)),
            self._clock.now(),
        )
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            await unit.garage.begin_consent(_hash(state.reveal()), session.id, driver_id, nonce, now)
        granted = here.grant_seen.fact(ScopesGranted)
        repair = granted is not None and bool(missing(granted.scopes))
        await self._write_trip(driver_id, Trip.BEGUN, self._clock.now(), repairs=repair)
        return self._sign_in.consent_url(state=state.reveal(), nonce=nonce.reveal(), locale=locale, repair=repair)

    async def come_back(self, session: WebSession, asked: Mapping[str, str]) -> Arrival:
        """Handle Tesla's callback once. `asked`: its query, of which only state, code and error are read.

        The trip is dated by the driver's return, so that the token fetched by it is not older than what he allowed.
        """
        came_at = self._clock.now()
        arrival = await self._came_back(session, asked)
        if session.driver_id is not None and (came := CAME.get(arrival)):
            await self._write_trip(session.driver_id, came, came_at)
        return arrival

    async def _came_back(self, session: WebSession, asked: Mapping[str, str]) -> Arrival:
        attempt = await self._attempt(session, asked.get("state", ""))
        if isinstance(attempt, Arrival):
            return Arrival.CANCELLED if asked.get("error") in CANCELLED else attempt
        if error := asked.get("error"):
            return Arrival.CANCELLED if error in CANCELLED else Arrival.TESLA_REFUSED
        code = asked.get("code", "")
        if not code:
            return Arrival.TESLA_REFUSED
        try:
            tokens = await self._sign_in.exchange(code)
        except ScopeMissing:
            return Arrival.NOTHING_RENEWS
        except ConsentGone:
            return Arrival.CODE_SPENT
        except Fault:
            return Arrival.TESLA_FAILED
        return await self._connected(attempt, tokens)

    async def _connected(self, attempt: ConsentAttempt, tokens: Tokens) -> Arrival:
        try:
            if tokens.claims.nonce is not None and tokens.claims.nonce != attempt.nonce.reveal():
                return Arrival.TESLA_REFUSED
            came = await self._keep(attempt.driver_id, tokens)
        except ConsentGone:
            return Arrival.CODE_SPENT
        except ScopeMissing:
            return Arrival.SCOPE_MISSING
        except Fault:
            return Arrival.TESLA_FAILED
        self._bus.changed(attempt.driver_id)
        return came

    async def read_scopes_again(self, driver_id: int) -> Permissions:
        """After a change at Tesla: scope changes apply to the next access token, so fetch one and read it."""
        async with self._store.unit() as unit:
            grant = await unit.garage.grant_of(driver_id)
        if grant is None:
            return Permissions(None, (), None)
        present = await self._vault.access(grant.id)
        await self._vault.renewed(grant.id, present.token)
        return await self.permissions(driver_id)

    async def _write_trip(self, driver_id: int, came: Trip, at: datetime, *, repairs: bool | None = None) -> None:
        """How far the trip to Tesla came. `repairs` None: what it was when it began."""
        about = about_driver(driver_id)
        async with self._store.unit() as unit:
            before = (await unit.evidence.seen(about)).fact(ConsentTrip)
            asks_again = bool(before and before.repairs) if repairs is None else repairs
            trip = ConsentTrip(came, asks_again)
            await unit.evidence.append([Observation(about, trip, at, Source.DRIVER)])

    async def _attempt(self, session: WebSession, state: str) -> ConsentAttempt | Arrival:
        now = self._clock.now()
        async with self._store.unit() as unit:
            attempt = await unit.garage.use_consent(_hash(state), now) if state else None
        if attempt is None:
            return Arrival.OTHER_BROWSER
        if attempt.session_id != session.id or attempt.driver_id != session.driver_id:
            return Arrival.OTHER_BROWSER
        if attempt.used_at is not None:
            return Arrival.ALREADY_HANDLED
        return Arrival.TOO_OLD if now - attempt.started_at > ATTEMPT_LASTS else attempt

    async def _keep(self, driver_id: int, tokens: Tokens) -> Arrival:
        """Save the tokens before they are used: as the driver's grant, or apart where they are of another account.

        In one unit of work: nobody has, or is offered, a grant without its tokens.
        """
        now, account = self._clock.now(), tokens.claims.account
        granted = ScopesGranted(known(tokens.claims.scopes))
        region = self._regions.get((tokens.claims.region_code or "").lower(), self._first_region)
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            before = here.grant
            if earlier := await unit.undecided.of(driver_id):
                await let_go(unit, earlier.grant, now)
            if before and before.account != account:
                until = now + DECIDE_WITHIN
                grant = await unit.undecided.add(driver_id, account, region, now, until)
                await unit.timers.set(Work.LET_ACCOUNT_GO, grant.id, until)
                await unit.evidence.append([Observation(about_grant(grant.id), granted, now, Source.TOKEN)])
            else:
                grant = await unit.garage.add_grant(driver_id, account, region, now)
                if here.vehicle and here.step is Step.ADD_KEY:
                    await _has_no_other_account(unit, here.vehicle, now)
            await unit.garage.keep_tokens(grant.id, self._vault.sealed(grant.id, tokens))
        if before and before.account != account:
            return Arrival.OTHER_ACCOUNT
        await self._connect(grant, granted.scopes, now)
        return Arrival.SCOPE_MISSING if missing(granted.scopes) else Arrival.CONNECTED

    async def _connect(self, grant: Grant, scopes: frozenset[Scope], now: datetime) -> None:
        """Ask where the account lives, and go on from there."""
        if Scope.VEHICLE_DEVICE_DATA in scopes:
            await self._find_region(grant.id)
        async with self._store.unit() as unit:
            await unit.evidence.append([Observation(about_grant(grant.id), ScopesGranted(scopes), now, Source.TOKEN)])
            await unit.timers.set(Work.STAY_CONNECTED, grant.id, next_turn(grant.id, now))
            await tend_if_ready(unit, grant.driver_id, now)

    async def _find_region(self, grant_id: int) -> None:
        """It stays where it seems to live while Tesla fails, or refuses it as a whole: the list, asked next, says why.

        What was allowed is kept all the same, and Tesla sends on whoever asks in the wrong region.
        """
        try:
            region = await self._vehicles.find_region(grant_id)
        except Fault as fault:
            if fault.account is None and not fault.worth_repeating:
                raise
            async with self._store.unit() as unit:
                await unit.evidence.append(told_of_account(fault, grant_id, self._clock.now()))
            return
        await self._vault.move(grant_id, region.value)


async def _has_no_other_account(unit: Unit, vehicle: Vehicle, now: datetime) -> None:
    """He went to Tesla once more, for a key that does not come, and is the same there: that was not it."""
    about = about_driver(vehicle.driver_id)
    known = (await unit.evidence.seen(about)).fact(Tried)
    tried = known.of(vehicle.id) if known else ()
    if Remedy.SWITCH_TESLA_ACCOUNT not in tried:
        now_tried = Tried(vehicle.id, (*tried, Remedy.SWITCH_TESLA_ACCOUNT))
        await unit.evidence.append([Observation(about, now_tried, now, Source.DRIVER)])


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
