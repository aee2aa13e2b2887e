"""What is so in the simulated world, by the id of the cause that it is: for the judge alone, never for the robot.

A cause that is in no row is something done, not something that is so (the driver turned back, a page was old), or
it is something that nothing in the simulation can be asked about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tesla_simulator.accounts import Account
from tesla_simulator.app_screens import Shows
from tesla_simulator.cars.car import Car
from tesla_simulator.internet import Key
from tesla_simulator.outages import Outage, Trouble
from tesla_simulator.phone import PhoneKey
from tesla_simulator.portal import Against, Billing
from tesla_simulator.tokens import Grant
from tesla_simulator.world import World
from tests.stories.robots.hands import Person

NEEDED: Final = frozenset({"vehicle_device_data", "vehicle_charging_cmds"})


@dataclass(frozen=True)
class Scene:
    """One driver's part of the world. `email`: the account in use; `our_key`: the key that Chargekey signs with."""

    world: World
    person: Person
    client_id: str
    domain: str
    our_key: bytes

    @property
    def account(self) -> Account:
        return self.person.account

    @property
    def car(self) -> Car:
        return self.person.car

    @property
    def scopes(self) -> frozenset[str]:
        consent = self.account.consent_to(self.client_id)
        return frozenset(consent.scopes) if consent else frozenset()

    @property
    def grant(self) -> Grant | None:
        """What Chargekey holds at Tesla, while it can still be renewed."""
        now = self.world.now
        held = [one for one in self.world.tokens.record.grants if one.email == self.account.email]
        reset_at = self.account.record.password_reset_at
        return next(
            (one for one in held if one.expires_at > now and not (reset_at and reset_at >= one.began_at)),
            None,
        )

    @property
    def was_allowed(self) -> bool:
        """Whether Tesla ever gave us a token of this account."""
        return any(one.email == self.account.email for one in self.world.tokens.record.access.values())

    @property
    def has_key(self) -> bool:
        return self.car.knows_key(self.our_key)

    @property
    def wants_key(self) -> bool:
        return self.car.needs_signing and not self.has_key

    @property
    def is_told_of_key(self) -> bool:
        """Whether fleet status has heard of it."""
        lag = self.car.record.key_lag
        as_of = self.world.now - (self.world.record.fleet_status_lag if lag is None else lag)
        return self.our_key.hex() in self.car.reported_keys(as_of)

    def has_access(self, *kinds: str) -> bool:
        access = self.account.access_to(self.person.vin)
        return access is not None and access.access_type in kinds

    @property
    def is_listed(self) -> bool:
        return self.person.vin in {access.vin for access in self.account.listed}

    @property
    def hosts(self) -> Key | None:
        """What stands where our key should be; None: the domain is out of reach."""
        known = self.world.internet.record[self.domain]
        return known.key if known.can_be_reached else None

    @property
    def is_registered(self) -> bool:
        return self.world.portal.registration(self.client_id, self.account.region) is not None

    @property
    def against(self) -> Against:
        """What stands against our app in the portal."""
        return self.world.portal.record.against.get(self.client_id, Against())

    def strikes(self, *troubles: Trouble) -> bool:
        return any(one.trouble in troubles and self._may_strike(one) for one in self.world.outages.current)

    def _may_strike(self, one: Outage) -> bool:
        return one.email in ("", self.account.email)

    @property
    def was_refused_just_now(self) -> bool:
        """Of so many calls Tesla refuses one, and the last one was it; after the next one nothing is wrong."""
        every, counted = self.account.record.refused_every, self.account.record.calls_counted
        return counted > 0 and every > 0 and counted % every == 1 % every

    def lacks_in_portal(self, scope: str) -> bool:
        app = self.world.portal.app(self.client_id)
        return app is not None and scope not in app.scopes


def _lacks(*scopes: str) -> Callable[[Scene], bool]:
    return lambda scene: bool(scene.scopes) and not scene.scopes >= frozenset(scopes)


def _app_showed(*shows: Shows) -> Callable[[Scene], bool]:
    return lambda scene: scene.wants_key and scene.person.phone.shows in shows


def _phone_key(state: PhoneKey) -> Callable[[Scene], bool]:
    return lambda scene: scene.person.phone.record.phone_keys.get(scene.person.vin) is state


def _has_reach(state: str) -> Callable[[Scene], bool]:
    return lambda scene: scene.car.state == state


TRUE_OF: Final[Mapping[str, Callable[[Scene], bool]]] = {
    "A1": _lacks(*NEEDED),
    "A5": lambda scene: bool(scene.scopes) and scene.person.has_another_account and not scene.person.sold_the_car,
    "A6": lambda scene: scene.person.phone.record.email not in ("", scene.account.email),
    "A7": lambda scene: not scene.scopes or scene.grant is None,
    "A8": lambda scene: not scene.account.record.has_used_the_app,
    "A9": lambda scene: scene.was_allowed and (not scene.scopes or not scene.grant),
    "A10": lambda scene: scene.was_allowed and scene.account.record.password_reset_at is not None and not scene.grant,
    "A11": lambda scene: scene.account.record.is_locked,
    "A14": lambda scene: not scene.account.record.shares_data,
    "A18": lambda scene: scene.lacks_in_portal("offline_access"),
    "A19": _lacks("vehicle_location"),
    "B1": lambda scene: scene.has_access("DRIVER"),
    "B3": lambda scene: scene.account.record.waits_for_its_business,
    "B4": lambda scene: not scene.is_listed and not scene.person.sold_the_car,
    "B5": lambda scene: scene.has_access("GUEST"),
    "B7": lambda scene: scene.account.access_to(scene.person.vin) is None,
    "B8": lambda scene: scene.person.vin in scene.account.record.ordered_vins,
    "B9": lambda scene: not scene.is_listed and scene.account.access_to(scene.person.vin) is not None,
    "C2": lambda scene: not scene.person.phone.record.has_app or not scene.person.phone.record.email,
    "C3": lambda scene: scene.person.phone.record.app_version.startswith("4.2"),
    "C4": lambda scene: not scene.person.phone.record.hands_links_over,
    "C5": lambda scene: scene.person.phone.record.is_stuck,
    "C7": lambda scene: (
        scene.person.phone.record.ignores_vin and scene.person.phone.record.selected_vin != scene.person.vin
    ),
    "C8": _phone_key(PhoneKey.NONE),
    "C9": _phone_key(PhoneKey.BROKEN),
    "C10": lambda scene: scene.wants_key and (scene.car.record.sleeps_deeply or not scene.car.record.has_reception),
    "C11": _app_showed(Shows.CANCELLED),
    "C15": lambda scene: scene.wants_key and scene.has_access("DRIVER") and not scene.person.phone.record.has_key_card,
    "D1": _has_reach("asleep"),
    "D2": _has_reach("offline"),
    "D4": lambda scene: scene.car.record.in_service,
    "D5": lambda scene: not scene.car.record.allows_mobile_access,
    "D8": lambda scene: not scene.car.needs_signing,
    "E1": lambda scene: scene.car.is_full_of_keys,
    "F1": lambda scene: scene.hosts not in (Key.AS_IT_IS, Key.ANOTHER),
    "F2": lambda scene: scene.hosts is Key.ANOTHER,
    "F3": lambda scene: not scene.is_registered,
    "F5": lambda scene: not scene.against.redirects_listed,
    "F6": lambda scene: bool(scene.against.secret) or scene.world.portal.billing(scene.client_id) is not Billing.PAID,
    "F12": lambda scene: any(scene.lacks_in_portal(scope) for scope in NEEDED),
    "H1": lambda scene: scene.strikes(Trouble.FAILS),  # who is slow and answers is not down
    "H2": lambda scene: scene.strikes(Trouble.IS_ONE_TOO_MANY),
    "H5": lambda scene: scene.has_key and not scene.is_told_of_key,
    "J1": lambda scene: scene.wants_key,
    "J2": lambda scene: scene.car.record.is_in_no_list,
    "J3": lambda scene: scene.was_refused_just_now,
    "J4": lambda scene: scene.car.record.protocol_wrongly_not_required,
    "J7": lambda scene: scene.account.record.mfa_is_in_the_way,
    "J8": lambda scene: (
        scene.strikes(Trouble.REJECTS_TOKENS)
        or any(access.vin == scene.person.vin and not access.is_primary for access in scene.account.accesses)
    ),
}


def true_in(scene: Scene) -> frozenset[str]:
    """Every cause that is so at this moment."""
    return frozenset(cause for cause, is_so in TRUE_OF.items() if is_so(scene))
