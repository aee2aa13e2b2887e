"""The path, cut in legs, each of which a driver can begin again after a kill.

Rules of this room:

1. `before` brings the leg about and is never cut; `during` is what is cut.
2. A driver presses again what got no answer and is still to be pressed, and nothing else.
3. Time is counted from the leg's beginning, so that a leg begun again ends at the same moment.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from chargekey.ports.jobs import Work
from tesla_simulator.demo import CLIENT_ID, EMAIL
from tests.kills.ground import Ground
from tests.stories.phone import Phone


@dataclass
class Driver:
    """Who goes a leg; what he has pressed, and what he was answered, he remembers."""

    ground: Ground
    began_at: datetime
    _pressed: set[str] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)

    @property
    def phone(self) -> Phone:
        return self.ground.phone

    async def presses_once(self, page: str, words: str, **typed: str) -> None:
        """Open the page and press; not again, once that was answered, or the page shows that it was heard."""
        press = f"{page} {words}"
        if press in self._answered:
            return
        await self.phone.opens(page)
        if press not in self._pressed or self.phone.page.offers(words):
            self._pressed.add(press)
            await self.phone.presses(words, **typed)
            assert self.phone.status < 500, self.phone.text
        self._answered.add(press)

    async def minutes_in(self, minutes: float) -> None:
        """Until so long after the leg began."""
        await self.ground.world.until(self.began_at + timedelta(minutes=minutes))

    async def rests(self, leg: "Leg") -> None:
        """Until all that the leg began has come to rest."""
        await self.minutes_in(leg.lasts)
        await self.ground.world.greet_followers()

    async def stands_at(self, path: str) -> None:
        await self.phone.opens("/go")
        assert self.phone.shows == path, f"he stands at {self.phone.shows}, not at {path}: {self.phone.text}"


NIGHT: Final = datetime(2024, 11, 7, tzinfo=UTC)
Do = Callable[[Driver], Awaitable[None]]


@dataclass(frozen=True)
class Leg:
    """`lasts`: how many minutes after its beginning all that it began has come to rest."""

    name: str
    before: Do
    during: Do
    lasts: float


async def _nothing(_: Driver) -> None:
    """The last leg left everything as it must be."""


# ── the way in ───────────────────────────────────────────────────


async def _starts(driver: Driver) -> None:
    """The first start of all: an empty database, an app that Tesla does not know."""
    portal = driver.ground.world.portal
    await driver.ground.until(lambda: all(portal.registration(CLIENT_ID, region) for region in ("eu", "na")))
    await driver.phone.opens("/sign-in")
    assert driver.phone.reads("Send me the link")


async def _signs_in(driver: Driver) -> None:
    phone = driver.phone
    await phone.opens("/go")
    if phone.shows != "/permissions":
        await phone.signs_in()
    await driver.stands_at("/permissions")


async def _consents(driver: Driver) -> None:
    phone = driver.phone
    await phone.opens("/go")
    if phone.shows == "/permissions":
        await phone.presses("Go on to Tesla")
        await phone.says_who_he_is()
        if phone.shows.endswith("/consent"):
            await phone.presses("Allow")
    await driver.stands_at("/choose-car")


async def _chooses(driver: Driver) -> None:
    phone = driver.phone
    await phone.opens("/go")
    if phone.shows == "/choose-car":
        await phone.chooses("4F21")
    await driver.stands_at("/key")


async def _adds_the_key(driver: Driver) -> None:
    await driver.phone.opens("/go")
    if driver.phone.shows == "/key" and not driver.ground.car.keys:
        await driver.phone.adds_the_key()
    await driver.minutes_in(0.5)
    await driver.stands_at("/plan")


async def _plugs_in(driver: Driver) -> None:
    """Before he says when he leaves: whoever is looked at first and plugs in then is noticed a quarter later."""
    driver.ground.car.plugs_in()


async def _plans(driver: Driver) -> None:
    await driver.presses_once("/plan", "Plan with this", ready_by="07:00")
    await driver.minutes_in(12)
    await driver.stands_at("/tonight")


# ── the night ────────────────────────────────────────────────────


async def _charges_now(driver: Driver) -> None:
    await driver.presses_once("/tonight", "Charge now")
    await driver.minutes_in(2)
    await driver.presses_once("/tonight", "Stop")
    await driver.minutes_in(4)
    await driver.presses_once("/tonight", "Go on with the plan")
    await driver.minutes_in(6)


async def _sleeps_until_its_window(driver: Driver) -> None:
    """The first opens at 2:48 by the clock on the wall, the second closes at 6:00."""
    driver.ground.car.falls_asleep()
    await driver.ground.world.until(NIGHT.replace(hour=1, minute=43))


async def _wakes_and_charges(driver: Driver) -> None:
    await driver.minutes_in(10)


async def _charges_until_shortly_before_its_end(driver: Driver) -> None:
    await driver.ground.world.until(NIGHT.replace(hour=2, minute=57))


async def _is_stopped(driver: Driver) -> None:
    await driver.minutes_in(6)


async def _token_runs_out(driver: Driver) -> None:
    driver.ground.world.tokens.expires_now(EMAIL)


async def _renews(driver: Driver) -> None:
    await driver.minutes_in(12)


# ── Tesla away, and away for good ────────────────────────────────


async def _waits_out_an_outage(driver: Driver) -> None:
    outages = driver.ground.world.outages
    if driver.ground.world.now < driver.began_at + timedelta(minutes=8):
        outages.tesla_goes_down()
    await driver.minutes_in(8)
    outages.is_well_again()
    await driver.minutes_in(14)


async def _until_just_before_morning(driver: Driver) -> None:
    await driver.ground.world.until(NIGHT.replace(hour=6, minute=10))


async def _unplugs(driver: Driver) -> None:
    driver.ground.car.unplugs()
    await driver.minutes_in(16)
    await driver.phone.opens("/nights/last")
    assert driver.phone.status == 200, driver.phone.text


async def _until_its_daily_look(driver: Driver) -> None:
    """Until shortly before the account's own minute of the day."""
    await driver.ground.world.until(await driver.ground.due_at(Work.STAY_CONNECTED) - timedelta(minutes=2))


async def _stays_connected(driver: Driver) -> None:
    await driver.minutes_in(5)


async def _leaves(driver: Driver) -> None:
    phone = driver.phone
    await phone.opens("/go")
    if phone.shows != "/permissions":
        await driver.presses_once("/disconnect", "Disconnect")
    await driver.stands_at("/permissions")


LEGS: Final = (
    Leg("the first start", _nothing, _starts, 3),
    Leg("sign in", _nothing, _signs_in, 1),
    Leg("consent", _nothing, _consents, 2),
    Leg("choose the car", _nothing, _chooses, 1),
    Leg("the key", _nothing, _adds_the_key, 2),
    Leg("the plan", _plugs_in, _plans, 15),
    Leg("charge now, stop", _nothing, _charges_now, 8),
    Leg("a token runs out", _token_runs_out, _renews, 15),
    Leg("the window opens", _sleeps_until_its_window, _wakes_and_charges, 12),
    Leg("the window closes", _charges_until_shortly_before_its_end, _is_stopped, 9),
    Leg("an outage", _nothing, _waits_out_an_outage, 20),
    Leg("the morning", _until_just_before_morning, _unplugs, 20),
    Leg("staying connected", _until_its_daily_look, _stays_connected, 8),
    Leg("leaving", _nothing, _leaves, 2),
)
