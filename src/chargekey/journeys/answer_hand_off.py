"""The owner answers the page that a driver made for him. He has no account here, and needs none.

Rules of this room:

1. Reading changes nothing. Mail and chat programs, and those who guard them, open links before people do, some of
   them with scripts: so the page begins with a cover, and only a press on it counts as opened and shows the request.
2. A yes is bound to the browser that gave it: only there Tesla's link is shown, so a link that was passed on or
   read by others afterwards is worth nothing.
3. What is refused is refused alike for every reason: who guesses a link learns only that it is none.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chargekey.domain.causes.case import HandOff
from chargekey.domain.evidence import KeyStatus, Seen
from chargekey.domain.hand_off import Reason, Stop, changed_at, has_key, is_open, readable_words, state, waits_for_key
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.journeys.key_watching import watch_for_owner
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.hand_offs import OwnersPage
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle, WebSession
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import OwnersConsent, PairingLink


@dataclass(frozen=True, slots=True)
class CarToAllow:
    """One car of the request. `link` None: there is nothing to open, or not here, or `stop` says why it would fail."""

    vin: Vin
    has_key: bool
    looked_at: datetime | None
    stop: Stop | None
    link: str | None
    link_shown: str


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What the owner reads. `has_agreed`: this very browser said yes. `was_answered`: some browser did.

    `is_ours`: the one who asks is the one who looks, to see what the owner will see.
    """

    state: HandOff
    since: datetime
    driver_id: int
    asks_as: str
    asks_from: str
    made_at: datetime
    ends_at: datetime
    cars: tuple[CarToAllow, ...]
    was_answered: bool
    has_agreed: bool
    has_consented: bool
    is_ours: bool


class AnswerHandOff:
    """The owner's side of it. `stops`: what keeps Tesla's link from working for a car."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        consent: OwnersConsent,
        link: PairingLink,
        stops: Callable[[Seen], Stop | None],
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._consent, self._link, self._stops = consent, link, stops

    async def read(self, token: Secret, session_id: int | None, reader_id: int | None) -> Request | None:
        """The request, None if that is no link of ours. `reader_id`: the driver signed in there, if any."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            page = await unit.hand_offs.by_token(token.hashed())
            if page is None:
                return None
            stands = await self._stands(unit, page, now)
            has_agreed = page.course.agreed_at is not None and session_id is not None and page.answered_in == session_id
            has_consented = page.course.consented_at is not None
            offered = has_agreed and has_consented and stands is HandOff.OPENED
            return Request(
                state=stands,
                since=changed_at(page.course, now),
                driver_id=page.driver_id,
                asks_as=page.asks_as,
                asks_from=(await unit.people.driver(page.driver_id)).email,
                made_at=page.course.made_at,
                ends_at=page.course.ends_at,
                cars=tuple(await self._cars(unit, page, offered=offered)),
                was_answered=page.course.agreed_at is not None,
                has_agreed=has_agreed,
                has_consented=has_consented,
                is_ours=reader_id == page.driver_id,
            )

    async def open(self, token: Secret, reader_id: int | None) -> None:
        """Somebody pressed to read it. The one who asks only sees what it will look like."""
        async with self._store.unit() as unit:
            page = await self._answerable(unit, token, reader_id)
            if page:
                await unit.hand_offs.open(page.id, self._clock.now())
        if page:
            self._bus.changed(page.driver_id)

    async def agree(self, token: Secret, session_id: int, reader_id: int | None) -> bool:
        """He expected this. Whether his yes counts: once, and not after a no, the end, or being taken back."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            page = await self._answerable(unit, token, reader_id)
            if page is None:
                return False
            await unit.hand_offs.open(page.id, now)
            counts = await unit.hand_offs.agree(page.id, session_id, now)
            answered = await unit.hand_offs.by_token(token.hashed())
            if counts and answered:
                await watch_for_owner(unit, answered, now)
        self._bus.changed(page.driver_id)
        return counts

    def set_out(self, token: Secret, session: WebSession, locale: str) -> str:
        """Tesla's page, where the owner allows our name in his own account. Nothing is kept of this trip here."""
        return self._consent.owners_consent_url(state=_state(token, session), locale=locale)

    async def come_back(self, token: Secret, session: WebSession, asked: Mapping[str, str]) -> bool:
        """Tesla's callback, if it is of such a trip of this browser. A code in it is thrown away unread."""
        if not secrets.compare_digest(asked.get("state", "").encode(), _state(token, session).encode()):
            return False
        if "error" not in asked:
            await self.has_allowed_our_name(token, session.id)
        return True

    async def has_allowed_our_name(self, token: Secret, session_id: int) -> None:
        """He came back from Tesla, or says that he had allowed it before; the Tesla app checks it anyway."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            page = await unit.hand_offs.by_token(token.hashed())
            if page:
                await unit.hand_offs.consent(page.id, session_id, now)

    async def decline(self, token: Secret, session_id: int, reader_id: int | None, reason: Reason, typed: str) -> bool:
        """He says no, and why. Whether it counts; the driver is told, once."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            page = await self._answerable(unit, token, reader_id)
            if page is None:
                return False
            await unit.hand_offs.open(page.id, now)
            counts = await unit.hand_offs.decline(page.id, session_id, now, reason, readable_words(typed))
            if counts:
                await unit.timers.set(Work.TELL_OF_OWNER, page.vehicles[0], now)
        self._bus.changed(page.driver_id)
        return counts

    async def page_is_open(self, token: Secret, session_id: int | None, *, returned: bool = False) -> None:
        """The browser that said yes shows the page just now: the key may arrive any moment."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            page = await unit.hand_offs.by_token(token.hashed())
            if page and session_id is not None and page.answered_in == session_id and waits_for_key(page.course, now):
                await watch_for_owner(unit, page, now, returned=returned)

    async def _answerable(self, unit: Unit, token: Secret, reader_id: int | None) -> OwnersPage | None:
        page = await unit.hand_offs.by_token(token.hashed())
        if page is None or page.driver_id == reader_id:
            return None
        return page if is_open(page.course, self._clock.now()) and await _is_current(unit, page) else None

    async def _stands(self, unit: Unit, page: OwnersPage, now: datetime) -> HandOff:
        """A request of somebody who has left since is as good as taken back."""
        stands = state(page.course, now)
        return stands if not is_open(page.course, now) or await _is_current(unit, page) else HandOff.REVOKED

    async def _cars(self, unit: Unit, page: OwnersPage, *, offered: bool) -> list[CarToAllow]:
        seen = await unit.evidence.seen_of_each([about_vehicle(number) for number in page.vehicles])
        cars = [await unit.garage.vehicle(number) for number in page.vehicles]
        return [self._car(car, seen[about_vehicle(car.id)], offered=offered) for car in cars]

    def _car(self, car: Vehicle, seen: Seen, *, offered: bool) -> CarToAllow:
        there, stop = has_key(car.vin, seen), self._stops(seen)
        return CarToAllow(
            vin=car.vin,
            has_key=there,
            looked_at=seen.when(KeyStatus),
            stop=None if there else stop,
            link=self._link.for_vehicle(car.vin) if offered and not there and stop is None else None,
            link_shown=self._link.shown(car.vin),
        )


def _state(token: Secret, session: WebSession) -> str:
    """Only this browser with this link can make it, so it need not be kept; nobody makes it without both."""
    return hmac.new(token.reveal().encode(), session.csrf.reveal().encode(), hashlib.sha256).hexdigest()


async def _is_current(unit: Unit, page: OwnersPage) -> bool:
    """Whether the one who asked is still connected to the account that holds these cars."""
    grant = await unit.garage.grant_of(page.driver_id)
    cars = [await unit.garage.vehicle(number) for number in page.vehicles]
    return grant is not None and all(car.grant_id == grant.id for car in cars)
