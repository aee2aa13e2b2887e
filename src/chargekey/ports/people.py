"""Drivers, their browsers, and their grants at Tesla: what the store keeps of people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.vault import SealedTokens


@dataclass(frozen=True, slots=True, repr=False)
class Driver:
    """Somebody who signed in with a mail address. `locale` and `zone` are what his browser last said."""

    id: int
    email: str
    locale: str


@dataclass(frozen=True, slots=True, repr=False)
class WebSession:
    """A browser we know. `driver_id` None: nobody signed in there. The cookie's value is not in here.

    `offers_passkey_until` None: it does not offer its driver a passkey.
    """

    id: int
    driver_id: int | None
    csrf: Secret
    last_seen_at: datetime
    expires_at: datetime
    offers_passkey_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """Where a driver is signed in. `named`: browser and system, "" for one that did not say.

    `last_seen_at` is right to an hour. `by_passkey`: a passkey let him in, not a link.
    """

    id: int
    named: str
    last_seen_at: datetime
    by_passkey: bool


@dataclass(frozen=True, slots=True, repr=False)
class SignInLink:
    """A link sent by mail; good once, until `expires_at`."""

    email: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinksAsked:
    """How many sign-in links were sent: to one mail address, from one network, and in all."""

    to_address: int
    from_network: int
    in_all: int


@dataclass(frozen=True, slots=True, repr=False)
class ConsentAttempt:
    """One trip to Tesla's consent page, bound to the browser session that began it."""

    id: int
    session_id: int
    driver_id: int
    nonce: Secret
    started_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a driver's Tesla account allows us. `account` is Tesla's stable number of the account."""

    id: int
    driver_id: int
    account: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle of a driver's account, by our own number."""

    id: int
    driver_id: int
    grant_id: int
    vin: Vin


class People(Protocol):
    """Sign-in: drivers, browser sessions, links."""

    async def open_session(self, cookie_hash: str, csrf: Secret, now: datetime, expires_at: datetime) -> WebSession:
        """A new browser, nobody signed in."""

    async def session(self, cookie_hash: str, now: datetime) -> WebSession | None:
        """The browser with that cookie, None if unknown or expired."""

    async def visitor(self, cookie_hash: str, now: datetime) -> tuple[WebSession, Driver | None] | None:
        """The same, and who is signed in there. Every page asks this: it is one statement."""

    async def driver_in(self, session_id: int, now: datetime) -> int | None:
        """Who is signed in in that browser now; None: nobody, or it is known no more."""

    async def touch_session(self, session_id: int, now: datetime, expires_at: datetime) -> None:
        """It was here just now."""

    async def sign_in(
        self,
        session_id: int,
        driver_id: int,
        cookie_hash: str,
        csrf: Secret,
        named: str = "",
        passkey_id: int | None = None,
    ) -> None:
        """Bind the browser to a driver, under a new cookie: the old one ends (no fixation).

        Who was told by push there before is told there no more. `passkey_id` None: a link let him in.
        """

    async def sign_out(self, session_id: int) -> None:
        """End the session."""

    async def browsers_of(self, driver_id: int, now: datetime) -> Sequence[SignedInBrowser]:
        """Where he is signed in, the one seen last first."""

    async def end_browser(self, driver_id: int, session_id: int) -> None:
        """End that session of his. Another driver's stays."""

    async def end_others(self, driver_id: int, but: int, passkey_id: int | None = None) -> None:
        """End each session of his `but` that one; with `passkey_id` only those that it let in."""

    async def add_link(
        self, token_hash: str, email: str, asked_at: datetime, expires_at: datetime, asked_from: str | None
    ) -> None:
        """Remember a sign-in link by the hash of its token. `asked_from`: keyed hash of a network, None: not known."""

    async def links_asked(self, email: str, asked_from: str | None, since: datetime) -> LinksAsked:
        """How many links were sent since then; from a network that is not known: none."""

    async def forget_networks(self, before: datetime) -> None:
        """From where links were asked for before then is kept no longer."""

    async def forget_expired(self, now: datetime) -> None:
        """Browsers that are known no more go, and links that were worth nothing for a day, with their addresses."""

    async def use_link(self, token_hash: str, now: datetime) -> SignInLink | None:
        """Use it up: the link as it was before, None if there is none. Two at once: one finds it used."""

    async def link(self, token_hash: str) -> SignInLink | None:
        """The link as it is, unused up by looking."""

    async def driver_for(self, email: str, locale: str, now: datetime) -> Driver:
        """The driver with that address, made if new."""

    async def driver(self, driver_id: int) -> Driver:
        """By number. A number that is not there is a bug."""


class Garage(Protocol):
    """Consent attempts, grants and vehicles of drivers."""

    async def begin_consent(
        self, state_hash: str, session_id: int, driver_id: int, nonce: Secret, now: datetime
    ) -> None:
        """Remember a trip to Tesla by the hash of its state."""

    async def use_consent(self, state_hash: str, now: datetime) -> ConsentAttempt | None:
        """Use it up: the attempt as it was before, None if there is none. Two at once: one finds it used."""

    async def grant_of(self, driver_id: int) -> Grant | None:
        """The driver's present grant, None if there is none or it was given up."""

    async def account_of(self, driver_id: int) -> tuple[Grant | None, Sequence[Vehicle]]:
        """The grant of `grant_of` and its vehicles, oldest first, in one question."""

    async def grant(self, grant_id: int) -> Grant:
        """By number. A number that is not there is a bug."""

    async def live_grants(self) -> Sequence[Grant]:
        """Everybody's that was not given up, by number. What Tesla thinks of them stands in the log."""

    async def add_grant(self, driver_id: int, account: str, base_url: str, now: datetime) -> Grant:
        """The driver's grant of that account, made if new. He must have none of another (`ports.undecided`)."""

    async def set_base_url(self, grant_id: int, base_url: str) -> None:
        """Where the account lives."""

    async def keep_tokens(self, grant_id: int, tokens: SealedTokens) -> None:
        """In place of the grant's earlier pair."""

    async def end_grant(self, grant_id: int, now: datetime) -> bool:
        """The driver gave it up: both tokens are erased with it, and the home of each of its cars, in the same breath.

        Returns whether a home was kept.
        """

    async def vehicles_of(self, grant_id: int) -> Sequence[Vehicle]:
        """All vehicles ever listed for the grant, oldest first."""

    async def vehicles_of_each(self, grant_ids: Collection[int]) -> Sequence[Vehicle]:
        """Those of all these accounts, one account after the other."""

    async def vehicle(self, vehicle_id: int) -> Vehicle:
        """By number. A number that is not there is a bug."""

    async def vehicles_with(self, vin: Vin) -> Sequence[Vehicle]:
        """That car in each account which lists it and was not given up: husband and wife may both have it."""

    async def add_vehicle(self, driver_id: int, grant_id: int, vin: Vin) -> Vehicle:
        """The driver's vehicle with that VIN, made if new, under the given grant."""
