"""A driver signs in: he names his mail address, we send a link, he opens it and presses the button.

Where no mail leaves, an operator makes the link and hands it over.

Opening the link alone signs nobody in: mail programs open links to look at them.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.network import network_of
from chargekey.domain.secret import Secret
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Mail, Notify
from chargekey.ports.passkeys import Passkey
from chargekey.ports.people import Driver, SignedInBrowser, WebSession
from chargekey.ports.store import Store, Unit

LINK_LASTS: Final = timedelta(minutes=20)
SESSION_LASTS: Final = timedelta(days=60)
GUEST_LASTS: Final = timedelta(days=7)
"""A browser in which nobody is signed in: twice as long as an owner has to answer a page for him."""
PASSKEY_OFFERED_FOR: Final = timedelta(minutes=10)
"""On the pages right after the link, if the browser can do it; then never again (`keep_passkeys`)."""
TOUCH_AFTER: Final = timedelta(hours=1)
LIMITED_OVER: Final = timedelta(hours=1)
LINKS_TO_ONE_ADDRESS: Final = 5
"""More are not sent, and not said: nobody learns from us whether an address is known, or who asks with it."""
LINKS_FROM_ONE_NETWORK: Final = 20
LINKS_IN_ALL: Final = 300
"""More than this from one network, or from anywhere, are not sent, and said: it is the same for every address."""
_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,190}\.[\w-]{2,63}")
"""RFC 5321's plain form, in any letters. A comment, a group or quotes would be the same mailbox by another name, and so
a way around how many links it is sent."""


class AddressUnreadable(ValueError):
    """This is not a mail address."""


class TooManyAsked(Exception):
    """So many links were asked for within the hour, from there or in all, that none is sent for now."""


class LinkState(StrEnum):
    """What a sign-in link is worth."""

    GOOD = "good"
    USED = "used"
    TOO_OLD = "too_old"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """A browser at our door. `cookie` is set only when the browser must be given a new one."""

    session: WebSession
    driver: Driver | None
    cookie: Secret | None


@dataclass(frozen=True, slots=True)
class WaysIn:
    """`passkeys`: his, oldest first. `browsers`: where he is signed in, the one seen last first."""

    passkeys: Sequence[Passkey]
    browsers: Sequence[SignedInBrowser]


class SignIn:
    """Sessions live in the database; a cookie is only a key to them, kept as a hash.

    `fingerprint` is a keyed hash: from where a link was asked for is kept as that alone, for an hour.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        notify: Notify,
        link_for: Callable[[Secret], str],
        fingerprint: Callable[[str], str],
    ) -> None:
        self._store, self._clock, self._notify = store, clock, notify
        self._link_for, self._fingerprint = link_for, fingerprint

    async def visit(self, cookie: Secret | None) -> Visit:
        """Recognise the browser, or make its acquaintance."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            known = await unit.people.visitor(cookie.hashed(), now) if cookie else None
            if known is None:
                fresh = _new_secret()
                session = await unit.people.open_session(fresh.hashed(), _new_secret(), now, now + GUEST_LASTS)
                return Visit(session, None, fresh)
            session, driver = known
            if now - session.last_seen_at > TOUCH_AFTER:
                lasts = SESSION_LASTS if session.driver_id else GUEST_LASTS
                await unit.people.touch_session(session.id, now, now + lasts)
            return Visit(session, driver, None)

    async def ask_for_link(self, address: str, client: str) -> str:
        """Mail a link to the address; returns the address as understood. `client`: the asker's internet address.

        Raises `AddressUnreadable` or `TooManyAsked`.
        """
        email = readable_address(address)
        now, token = self._clock.now(), _new_secret()
        network = network_of(client)
        asked_from = self._fingerprint(network) if network else None
        async with self._store.unit() as unit:
            await unit.people.forget_networks(now - LIMITED_OVER)
            asked = await unit.people.links_asked(email, asked_from, now - LIMITED_OVER)
            if asked.from_network >= LINKS_FROM_ONE_NETWORK or asked.in_all >= LINKS_IN_ALL:
                raise TooManyAsked
            if asked.to_address >= LINKS_TO_ONE_ADDRESS:
                return email
            await unit.people.add_link(token.hashed(), email, now, now + LINK_LASTS, asked_from)
        await self._notify.send(
            Mail(
                to=email,
                subject="Your way into Chargekey",
                text="Open this link on the device you want to use, within 20 minutes:\n\n"
                f"{self._link_for(token)}\n\n"
                "Somebody asked for it with this mail address. If it was not you, do nothing: "
                "without the link nobody gets in.\n",
            )
        )
        return email

    async def make_link(self, address: str) -> str:
        """For an operator's own hand: a link for this address, mailed to nobody. Raises `AddressUnreadable`.

        It is worth what a mailed one is, and is made however many others asked for within the hour.
        """
        email = readable_address(address)
        now, token = self._clock.now(), _new_secret()
        async with self._store.unit() as unit:
            await unit.people.add_link(token.hashed(), email, now, now + LINK_LASTS, None)
        return self._link_for(token)

    async def look_at_link(self, token: Secret) -> tuple[LinkState, str]:
        """What the link is worth now, and for which address, if it is good. It stays unused."""
        async with self._store.unit() as unit:
            link = await unit.people.link(token.hashed())
        if link is None:
            return LinkState.UNKNOWN, ""
        if link.used_at:
            return LinkState.USED, ""
        return (LinkState.GOOD, link.email) if link.expires_at > self._clock.now() else (LinkState.TOO_OLD, "")

    async def follow_link(self, token: Secret, session: WebSession, locale: str, named: str = "") -> Visit | LinkState:
        """Sign the browser in, under a new cookie; or say why the link is worth nothing. `named`: by itself."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            link = await unit.people.use_link(token.hashed(), now)
            if link is None:
                return LinkState.UNKNOWN
            if link.used_at:
                return LinkState.USED
            if link.expires_at <= now:
                return LinkState.TOO_OLD
            driver = await unit.people.driver_for(link.email, locale, now)
            offers = await unit.passkeys.may_be_offered(driver.id)
            await unit.passkeys.offer(session.id, now + PASSKEY_OFFERED_FOR if offers else None)
            visit = await enter(unit, session, driver, now, named)
        return visit or LinkState.TOO_OLD  # None: the session itself ran out between the two

    async def is_still_in(self, session: WebSession) -> bool:
        """For pages that stay open: whether the browser's session goes on, with the same driver."""
        async with self._store.unit() as unit:
            return await unit.people.driver_in(session.id, self._clock.now()) == session.driver_id is not None

    async def sign_out(self, session: WebSession) -> None:
        """This browser forgets the driver; his other devices do not."""
        async with self._store.unit() as unit:
            await unit.people.sign_out(session.id)

    # ── where he is signed in ────────────────────────────────────

    async def ways_in(self, driver_id: int) -> WaysIn:
        """What signs him in, and where it has."""
        async with self._store.unit() as unit:
            passkeys = await unit.passkeys.of_driver(driver_id)
            return WaysIn(passkeys, await unit.people.browsers_of(driver_id, self._clock.now()))

    async def end_browser(self, driver_id: int, session_id: int) -> None:
        """That browser forgets him, with whatever is open in it."""
        async with self._store.unit() as unit:
            await unit.people.end_browser(driver_id, session_id)

    async def end_others(self, driver_id: int, here: WebSession) -> None:
        """Every browser but this one forgets him."""
        async with self._store.unit() as unit:
            await unit.people.end_others(driver_id, here.id)


async def enter(
    unit: Unit, session: WebSession, driver: Driver, now: datetime, named: str, passkey_id: int | None = None
) -> Visit | None:
    """He has proved who he is: the browser is his, under a new cookie, and the old one ends. None: it ran out."""
    cookie = _new_secret()
    await unit.people.touch_session(session.id, now, now + SESSION_LASTS)
    await unit.people.sign_in(session.id, driver.id, cookie.hashed(), _new_secret(), named, passkey_id)
    signed_in = await unit.people.session(cookie.hashed(), now)
    return Visit(signed_in, driver, cookie) if signed_in else None


def readable_address(typed: str) -> str:
    """A mail address as we write it. Raises `AddressUnreadable`."""
    email = typed.strip().lower()
    if len(email) > 254 or not _ADDRESS.fullmatch(email):
        raise AddressUnreadable("this does not look like a mail address")
    return email


def _new_secret() -> Secret:
    return Secret(secrets.token_urlsafe(32))
