"""What Tesla answers when a phone's app asks for a virtual key, and whether an approval goes through.

Rules of this room:

1. The key fetched at pairing must be the one registered: hosting counts at this moment, not at registration.
2. An owner allows and it is done, from anywhere, on a phone that is a key of the car. A driver has to sit in the
   car and hold a key card to it; his approval from afar is refused. Anybody else is refused everywhere.
3. The car itself must answer while it takes the key: a sleeping one is woken, if it can be.
"""

from datetime import datetime
from typing import Final, Protocol

from tesla_simulator.accounts import Account
from tesla_simulator.app_screens import Shows
from tesla_simulator.cars.car import Car
from tesla_simulator.outages import Outages, Trouble
from tesla_simulator.portal import NotHosted, Portal, Registration

_ONE_OF_THESE_IS_ENOUGH: Final = frozenset({"vehicle_device_data", "vehicle_cmds", "vehicle_location"})


class Tesla(Protocol):
    """What phones need of the world."""

    @property
    def now(self) -> datetime: ...
    @property
    def portal(self) -> Portal: ...
    @property
    def outages(self) -> Outages: ...
    @property
    def cars(self) -> dict[str, Car]: ...
    @property
    def accounts(self) -> dict[str, Account]: ...


class Approver(Protocol):
    """What a phone brings to an approval."""

    @property
    def account(self) -> Account | None: ...
    def sits_in(self, vin: str) -> bool: ...
    def trouble_with_phone_key(self, vin: str) -> Shows | None: ...


async def answer_to_link(tesla: Tesla, account: Account | None, domain: str, vin: str) -> Shows:
    """The prompt, or why there is none."""
    if account is None:
        return Shows.SIGNED_OUT
    if tesla.outages.strikes(Trouble.FAILS, account.region, account.email):
        return Shows.UNAVAILABLE
    partner = tesla.portal.app_of_domain(domain, account.region)
    if partner is None:
        return Shows.NOT_REGISTERED
    try:
        hosted_hex = await tesla.portal.hosted_key(domain)
    except NotHosted:
        return Shows.NOT_HOSTED
    if hosted_hex != partner.public_key_hex:
        return Shows.NOT_HOSTED
    return _answer_for_car(tesla, account, partner, vin)


def answer_to_approval(tesla: Tesla, phone: Approver, vin: str) -> Shows:
    """`PAIRED`: the key may be added. `KEY_CARD`: once a card is held to the car. Else why not."""
    account, car = phone.account, tesla.cars[vin]
    access = account.access_to(vin) if account else None
    if account is None or access is None:
        return Shows.NOT_YOUR_CAR
    if not access.is_primary or tesla.outages.strikes(Trouble.REJECTS_TOKENS, email=account.email):
        return Shows.TOKEN_REJECTED
    if account.record.mfa_is_in_the_way:
        return Shows.MFA
    is_driver_inside = access.access_type == "DRIVER" and phone.sits_in(vin)
    if access.access_type != "OWNER" and not is_driver_inside:
        return Shows.NOT_THE_OWNER
    if not can_take_a_key(car):
        return Shows.OFFLINE
    if car.record.mode:
        return Shows.LENT
    if is_driver_inside:
        return Shows.KEY_CARD
    return phone.trouble_with_phone_key(vin) or Shows.PAIRED


def can_take_a_key(car: Car) -> bool:
    """Whether it answers now, or when it is woken from afar."""
    car.settle()
    record = car.record
    is_out_of_reach = car.state == "offline" or (car.state == "asleep" and record.sleeps_deeply)
    return not is_out_of_reach and not record.in_service and record.allows_mobile_access


def _answer_for_car(tesla: Tesla, account: Account, partner: Registration, vin: str) -> Shows:
    consent = account.consent_to(partner.client_id)
    if consent is None or not _ONE_OF_THESE_IS_ENOUGH & set(consent.scopes):
        return Shows.NO_CONSENT
    if account.access_to(vin) is None:
        return Shows.NOT_YOUR_CAR
    car = tesla.cars[vin]
    car.settle()
    if not car.needs_signing:
        return Shows.NOT_NEEDED
    if car.knows_key(bytes.fromhex(partner.public_key_hex)):
        return Shows.PAIRED
    if car.state == "offline":
        return Shows.OFFLINE
    return Shows.LIST_FULL if car.is_full_of_keys else Shows.PROMPT
