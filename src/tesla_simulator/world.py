"""Tesla's side of things in one place: its clock, accounts, apps, cars, people's phones, and what was asked.

Rules of this room:

1. Time only goes forward. Between turns it runs on at the pace of the system; cars are let live when looked at.
2. A turn of the clock is walked in steps, and each step ends when every follower has done what was due. Nothing
   is locked meanwhile: followers may call this same world.
3. What must survive a restart is in `record`; the rest is wiring.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from tesla_simulator.accounts import Account, AccountRecord, Region
from tesla_simulator.bill import STREAMED, Counted, count
from tesla_simulator.calls import Call
from tesla_simulator.cars.car import Car
from tesla_simulator.cars.record import CarRecord
from tesla_simulator.clock import TurnedClock
from tesla_simulator.faults import Fault
from tesla_simulator.followers import Followers
from tesla_simulator.internet import Domain, Internet
from tesla_simulator.invitations import Invitation, Invitations
from tesla_simulator.outages import Outage, Outages
from tesla_simulator.phone import Phone, PhoneRecord
from tesla_simulator.portal import App, Billing, Portal, PortalRecord
from tesla_simulator.push_vendor import PushVendor
from tesla_simulator.sites import Sites
from tesla_simulator.telemetry.board import Telemetry
from tesla_simulator.telemetry.far_ends import FarEnds
from tesla_simulator.telemetry.record import TelemetryRecord
from tesla_simulator.telemetry.streams import Streams
from tesla_simulator.tokens import TokenRecord, Tokens

DRIVER: Final = "driver"
"""Whose phone `world.phone` is."""
LONGEST_STEP: Final = timedelta(minutes=15)
# A follower that is due at once gets a moment, so that a turn always comes to its end.
_SHORTEST_STEP: Final = timedelta(seconds=1)
_FIRST_CAR: Final = 1_493_130_000_000_001
_FIRST_USER: Final = 1_689_000_000_000_001
_SEED: Final = 1


@dataclass
class WorldRecord:
    """All that survives a restart. `phone` is the driver's; `other_phones` are other people's, by their names."""

    offset: timedelta = timedelta(0)
    cars: dict[str, CarRecord] = field(default_factory=dict)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    portal: PortalRecord = field(default_factory=PortalRecord)
    tokens: TokenRecord = field(default_factory=TokenRecord)
    phone: PhoneRecord = field(default_factory=PhoneRecord)
    other_phones: dict[str, PhoneRecord] = field(default_factory=dict)
    internet: dict[str, Domain] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    telemetry: TelemetryRecord = field(default_factory=TelemetryRecord)
    browsers: dict[str, str] = field(default_factory=dict)
    fleet_status_lag: timedelta = timedelta(seconds=2)
    revocation_removes_key: bool = False
    operators_clock_ahead: timedelta = timedelta(0)
    calls: list[Call] = field(default_factory=list)
    billed: Counted = field(default_factory=dict)


class World:
    """Everything a story can steer. `record` is kept; `faults` and the maker of browsers are of the moment."""

    def __init__(
        self, clock: TurnedClock, sites: Sites, record: WorldRecord | None = None, followers: Sequence[str] = ()
    ) -> None:
        self.clock = clock
        self.sites = sites
        self.record = record or WorldRecord(offset=clock.offset)
        self.followers = Followers(followers)
        self.faults: list[Fault] = []
        self.dice = Random(_SEED)  # noqa: S311  chance to be played again, no secret
        self.outages = Outages(self.record.outages, clock)
        self.invitations = Invitations(self.record.invitations, clock)
        self.internet = Internet(self.record.internet)
        self.portal = Portal(self.record.portal, self.internet, clock)
        self.tokens = Tokens(self.record.tokens, sites, clock)
        self.push_vendor = PushVendor(sites, clock)
        self.cars: dict[str, Car] = {}
        self.telemetry = Telemetry(self.record.telemetry, self.cars, clock, self._may_stream)
        self.far_ends = FarEnds(self.record.telemetry, self._count_signals)
        self._streams = Streams(self.telemetry, self._may_tell_place, self.far_ends.lines.say)
        self.cars |= {vin: Car(kept, clock, self._streams) for vin, kept in self.record.cars.items()}
        self.accounts = {email: self._account(kept) for email, kept in self.record.accounts.items()}
        self.phone = Phone(self.record.phone, self)
        self.phones = {DRIVER: self.phone} | {n: Phone(kept, self) for n, kept in self.record.other_phones.items()}
        self.next_due: datetime | None = None
        self._turning = asyncio.Lock()

    @property
    def is_turning(self) -> bool:
        return self._turning.locked()

    @property
    def calls(self) -> list[Call]:
        return self.record.calls

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # ── who and what there is ────────────────────────────────────────────────

    def developer_registers_app(
        self,
        client_id: str,
        client_secret: str,
        name: str,
        redirect_uris: Sequence[str],
        allowed_origins: Sequence[str],
        scopes: Sequence[str],
    ) -> App:
        made = App(client_id, client_secret, name, list(redirect_uris), list(allowed_origins), list(scopes))
        self.record.portal.apps[client_id] = made
        return made

    def domain_lives_at(self, domain: str, base_url: str) -> None:
        self.internet.domain_lives_at(domain, base_url)

    def forgets_registration(self, client_id: str, region: str) -> None:
        """The app is no longer a partner in this region."""
        self.portal.forgets_registration(client_id, region)

    def somebody_opens_an_account(self, email: str, region: Region = "eu", full_name: str = "") -> Account:
        number = _FIRST_USER + len(self.accounts)
        user_id = str(uuid5(NAMESPACE_URL, f"mailto:{email}"))
        made = AccountRecord(email, user_id, number, region, full_name or email.split("@")[0].title())
        self.record.accounts[email] = made
        self.accounts[email] = self._account(made)
        return self.accounts[email]

    def somebody_buys_a_car(
        self,
        vin: str,
        name: str,
        usable_kwh: float,
        soc_percent: float,
        owner: str = "",
        *,
        max_current_a: int = 16,
        wh_per_km: float = 160.0,
    ) -> Car:
        """`owner` is an e-mail address; without one it is in nobody's account yet."""
        buyer = self.accounts[owner] if owner else None
        usable_wh, now = usable_kwh * 1000, self.now
        made = CarRecord(
            vin=vin,
            number=_FIRST_CAR + len(self.cars),
            name=name,
            usable_wh=usable_wh,
            energy_wh=usable_wh * soc_percent / 100,
            settled_at=now,
            last_active_at=now,
            max_current_a=max_current_a,
            wh_per_km=wh_per_km,
        )
        self.record.cars[vin] = made
        self.cars[vin] = Car(made, self.clock, self._streams)
        if buyer is not None:
            buyer.gets(vin)
        return self.cars[vin]

    def car_changes_hands(self, vin: str, to: str) -> None:
        """Whoever had it has it no more; the keys on it stay."""
        buyer = self.accounts[to]
        for account in self.accounts.values():
            account.sells(vin)
        buyer.gets(vin)

    def somebody_has_a_phone(self, name: str, email: str = "") -> Phone:
        """With the app, signed in where an account is named. A name that is known keeps its phone."""
        if name not in self.phones:
            self.record.other_phones[name] = PhoneRecord()
            self.phones[name] = Phone(self.record.other_phones[name], self)
        if email:
            self.phones[name].signs_in(email)
        return self.phones[name]

    def car_by_tag(self, tag: str) -> Car | None:
        """By VIN or by Tesla's number for it."""
        return self.cars.get(tag) or next((car for car in self.cars.values() if str(car.record.number) == tag), None)

    # ── time ─────────────────────────────────────────────────────────────────

    def settle(self) -> None:
        """Let all cars live until now."""
        for car in self.cars.values():
            car.settle()

    def settle_who_streams(self) -> None:
        """As `settle`, for cars that anybody has told to stream."""
        for vin, car in self.cars.items():
            if self._streams.watches(vin):
                car.settle()

    async def time_passes(self, duration: timedelta) -> None:
        await self.until(self.now + duration)

    async def until(self, moment: datetime) -> None:
        """Walk there. Raises `FollowerLost` and stays where it then is."""
        async with self._turning:
            await self._tell()
            while self.now < moment:
                step_ends = min(moment, self.now + LONGEST_STEP)
                if self.next_due is not None and self.next_due < step_ends:
                    step_ends = max(self.next_due, self.now + _SHORTEST_STEP)
                self.clock.turn_to(min(step_ends, moment))
                self.settle()
                await self._tell()

    async def greet_followers(self) -> None:
        """Tell the present once; waits for followers that are not up yet."""
        self.next_due = await self.followers.greet(self.clock.now)

    async def _tell(self) -> None:
        """Every follower has done what was due; `next_due` is when the first wants to be told again."""
        self.next_due = await self.followers.tell(self.now)

    # ── trouble ──────────────────────────────────────────────────────────────

    def tesla_goes_down(self) -> None:
        """Until it is well again; `outages` knows other ways, and their ends."""
        self.outages.tesla_goes_down()

    def is_well_again(self) -> None:
        """No outage, no arranged fault, no account refused now and then."""
        self.faults.clear()
        self.outages.is_well_again()
        for account in self.accounts.values():
            account.is_refused_no_more()

    def another_program_uses_the_tokens_of(self, email: str) -> None:
        """It renewed twice with what it copied: the tokens everybody else has kept are worth nothing."""
        account = self.accounts[email]
        for grant in self.tokens.record.grants:
            if grant.email == email:
                for _ in range(2):
                    self.tokens.rotate(account, grant, grant.refresh_token)

    def meets(self, fault: Fault) -> None:
        """The next requests that fit meet this fault."""
        self.faults.append(fault)

    def throws_dice_from(self, seed: int) -> None:
        """From here on, faults that leave it to chance strike as they did the last time after this seed."""
        self.dice.seed(seed)

    def tells_keys_after(self, lag: timedelta) -> None:
        self.record.fleet_status_lag = lag

    def operators_clock_is_ahead_by(self, ahead: timedelta = timedelta(0)) -> None:
        """The machine that the app runs on goes wrong: seen from there, Tesla dates its answers so much earlier."""
        self.record.operators_clock_ahead = ahead

    def removes_keys_on_revocation(self, removes: bool = True) -> None:
        self.record.revocation_removes_key = removes

    # ── keeping ──────────────────────────────────────────────────────────────

    def brings_record_up_to_date(self) -> WorldRecord:
        """The record with what lives outside it: the clock's offset, the cars' sessions, the signing key."""
        self.record.offset = self.clock.offset
        self.record.tokens.signing_key_pem = self.tokens.signer.pem
        for car in self.cars.values():
            car.record.protocol = car.protocol.dump()
        return self.record

    def _account(self, record: AccountRecord) -> Account:
        return Account(record, self.clock, self._after_revocation, self._after_loss)

    def _may_stream(self, client_id: str) -> bool:
        """Settings of an app over its limit are taken off the cars."""
        return self.portal.billing(client_id) is not Billing.EXCEEDED

    def _may_tell_place(self, vin: str, client_id: str) -> bool:
        """Somebody who has the car, and from whom its place is not hidden, lets the app know it."""
        for account in self.accounts.values():
            access, consent = account.access_to(vin), account.consent_to(client_id)
            if access and not access.hides_private and consent and "vehicle_location" in consent.scopes:
                return True
        return False

    def _count_signals(self, at: datetime, number: int) -> None:
        count(self.record.billed, f"{at:%Y-%m}", STREAMED, number)

    def _after_loss(self, account: Account, client_id: str, scopes: frozenset[str]) -> None:
        """Cars forget the settings that needed what the app may no longer do (§4.6)."""
        for access in account.record.cars:
            self.telemetry.forget_what_needs(scopes, access.vin, client_id)

    def _after_revocation(self, account: Account, client_id: str) -> None:
        for access in account.record.cars:
            self.telemetry.forget(access.vin, client_id)
        if not self.record.revocation_removes_key:
            return
        partner = self.portal.registration(client_id, account.region)
        if partner is not None:
            for access in account.record.cars:
                self.cars[access.vin].somebody_deletes_our_key(bytes.fromhex(partner.public_key_hex))
