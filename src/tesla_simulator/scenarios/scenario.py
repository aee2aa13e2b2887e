"""What a scenario is: facts about one driver's account, car and phone, and about the app he connects.

Rules of this room:

1. A scenario states facts by the verbs everybody has; nothing else in the simulation knows the id of a cause.
2. `ends` is for what passes or is mended without the driver. What the driver can do has its own verbs.
3. What only the driver's browser or the operator's own machine can bring about is told in `by_hand`.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from tesla_simulator.accounts import Account
from tesla_simulator.cars.car import Car
from tesla_simulator.phone import Phone
from tesla_simulator.portal import OTHER_APP
from tesla_simulator.world import World


@dataclass(frozen=True)
class Cast:
    """Whom a scenario is played with. `phone` is the one signed in to the account, else the driver's."""

    world: World
    account: Account
    car: Car
    phone: Phone
    client_id: str
    domain: str

    @property
    def email(self) -> str:
        return self.account.email

    @property
    def vin(self) -> str:
        return self.car.vin

    def somebody(self, name: str) -> Account:
        """Another account in the same region; made when nobody has it yet."""
        email = f"{name}@simulated.example"
        known = self.world.accounts.get(email)
        return known or self.world.somebody_opens_an_account(email, self.account.region, name.replace("-", " ").title())


Plays = Callable[[Cast], Coroutine[None, None, None] | None]


def nothing(_: Cast) -> None:
    """For a scenario that is played by hand."""


@dataclass(frozen=True)
class Scenario:
    """`id` is the cause's, with a word after a stroke where one cause has several forms."""

    id: str
    says: str
    plays: Plays = nothing
    ends: Plays | None = None
    by_hand: str = ""

    @property
    def cause(self) -> str:
        return self.id.partition("/")[0]


def cast(world: World, email: str, vin: str) -> Cast:
    """Raises `LookupError` when one of them is not there."""
    account, car = world.accounts[email], world.cars[vin]
    phone = next((phone for phone in world.phones.values() if phone.record.email == email), world.phone)
    apps = [client_id for client_id in world.portal.record.apps if client_id != OTHER_APP]
    if not apps:
        raise LookupError("app")
    registered = world.portal.registration(apps[0], account.region)
    domain = registered.domain if registered else next(iter(world.internet.record), "")
    return Cast(world, account, car, phone, apps[0], domain)
