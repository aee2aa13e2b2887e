"""The month as other programs go about it: they ask the car every so many minutes, and start and stop it themselves.

What we have in common they get for nothing: the same cheapest hours, worked out anew from each answer; orders to the
second; cars that take plain ones. They differ in what they ask, as read from their sources and pages (reference
smart-charging §5).
"""

import heapq
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2

from tesla_simulator.app import build
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import CLIENT_ID, SCOPES, demo_world
from tesla_simulator.sites import Sites
from tests.month.judged import HOUR, cheapest_hours
from tests.month.lives import TARGET_PERCENT, Life, next_ready_by
from tests.month.street import Street, buys_a_car, mail_of
from tests.simulator.served import Partner, Tesla, a_door, serving, signing_key_pem

GOOD_FOR: Final = timedelta(hours=7, minutes=45)
"""An access token, with some minutes to spare."""
LOOKS_AGAIN: Final = timedelta(seconds=20)
WAKES_AGAIN: Final = timedelta(seconds=30)
CHARGES: Final = ("Starting", "Charging")
AUCTION: Final = 13
EFFICIENCY: Final = 0.9


LETS_SLEEP: Final = timedelta(minutes=16)
"""A look keeps a car awake for a quarter of an hour: so long is the pause after two looks at one that does nothing."""


@dataclass(frozen=True, slots=True)
class Way:
    """`asks_first`: the free question whether it is awake, and pauses in which it may fall asleep.

    Without it every look is billed, also one at a sleeping car.
    """

    name: str
    every: timedelta
    asks_first: bool


WAYS: Final[Mapping[str, Way]] = {
    "10": Way("a look every 10 minutes while it is awake", timedelta(minutes=10), asks_first=True),
    "15": Way(
        "a look every 15 minutes while it is awake, a wake for its hours", timedelta(minutes=15), asks_first=True
    ),
    "30": Way("a look every 30 minutes, day and night", timedelta(minutes=30), asks_first=False),
}
"""Home Assistant's Tesla Fleet, evcc, and ev.energy as it told of itself. All wake a sleeping car for its hours."""


@dataclass
class Poller:
    """One car's program. `windows`: when it wants it to charge, by the last answer."""

    way: Way
    life: Life
    tesla: Tesla
    prices: Mapping[datetime, float]
    token: str = ""
    refresh_token: str = ""
    token_until: datetime | None = None
    asks_at: datetime | None = None
    charge: Mapping[str, Any] = field(default_factory=dict)
    was_idle: bool = False
    windows: Sequence[tuple[datetime, datetime]] = ()

    async def acts(self, now: datetime) -> datetime:
        """Ask if it is time, and order what is wanted and not so; returns when it wants to act again."""
        await self._renews(now)
        if self.asks_at is None or self.asks_at <= now:
            self.asks_at = now + self.way.every
            await self._asks(now)
        again_at = await self._orders(now)
        edges = [edge for window in self.windows for edge in window if edge > now]
        return min(moment for moment in [again_at, self.asks_at, *edges] if moment is not None)

    async def _renews(self, now: datetime) -> None:
        if self.token_until is not None and now < self.token_until:
            return
        pair = (await self.tesla.renews(self.refresh_token)).json()
        self.token, self.refresh_token, self.token_until = pair["access_token"], pair["refresh_token"], now + GOOD_FOR

    async def _asks(self, now: datetime) -> None:
        if self.way.asks_first and not await self._is_awake():
            return
        answer = await self.tesla.gets(self.token, f"vehicles/{self.life.vin}/vehicle_data", endpoints="charge_state")
        if answer.status_code != httpx2.codes.OK:
            return
        before, self.charge = self.charge.get("charging_state"), answer.json()["response"]["charge_state"]
        state = self.charge["charging_state"]
        self.windows = self._planned(now) if state != "Disconnected" else ()
        is_idle = state == before and state not in CHARGES
        if is_idle and self.was_idle and self.way.asks_first:
            self.asks_at = now + max(LETS_SLEEP, self.way.every)
        self.was_idle = is_idle

    async def _is_awake(self) -> bool:
        listed = await self.tesla.gets(self.token, f"vehicles/{self.life.vin}")
        return bool(listed.json()["response"]["state"] == "online")

    def _planned(self, now: datetime) -> Sequence[tuple[datetime, datetime]]:
        """The cheapest of what is known: prices of a day are out from 13:00 on the day before."""
        missing_wh = (TARGET_PERCENT - self.charge["battery_level"]) * self.life.kind.usable_kwh * 10
        power_w = self.life.phases * self.life.current_a * 230.0
        local = now.astimezone(self.life.zone)
        known_until = (
            local.replace(hour=0, minute=0, second=0, microsecond=0) + (2 if local.hour >= AUCTION else 1) * 24 * HOUR
        )
        ends = min(next_ready_by(self.life, now), known_until.astimezone(now.tzinfo))
        return cheapest_hours(missing_wh / EFFICIENCY, power_w, now, ends, self.prices)

    async def _orders(self, now: datetime) -> datetime | None:
        """None: nothing to order."""
        state = self.charge.get("charging_state", "Disconnected")
        if state in ("Disconnected", "Complete") or self.charge["battery_level"] >= TARGET_PERCENT:
            return None
        wanted, charges = any(start <= now < end for start, end in self.windows), state in CHARGES
        if wanted == charges:
            return None
        order = "charge_start" if wanted else "charge_stop"
        answer = await self.tesla.posts(self.token, f"vehicles/{self.life.vin}/command/{order}")
        if answer.status_code == httpx2.codes.REQUEST_TIMEOUT:
            await self.tesla.posts(self.token, f"vehicles/{self.life.vin}/wake_up")
            return now + WAKES_AGAIN
        self.charge = {**self.charge, "charging_state": "Charging" if wanted else "Stopped"}
        return None


@asynccontextmanager
async def a_street(lives: Sequence[Life], begins: datetime) -> AsyncIterator[Tesla]:
    """Tesla on a socket, with all cars and their accounts; each of them takes plain orders."""
    partner_door, partner_url = a_door()
    door, url = a_door()
    partner = Partner(partner_url)
    world = demo_world(TurnedClock.showing(begins), Sites(url), partner_url)
    world.tokens.signer.pem = signing_key_pem()
    async with (
        serving(partner.app(), partner_door),
        serving(build(world, None, partner_url), door),
        httpx2.AsyncClient(trust_env=False, timeout=60) as web,
    ):
        tesla = Tesla(world, url, partner, web)
        await tesla.registers("eu")
        for life in lives:
            buys_a_car(world, life).works_for_a_business()
            world.accounts[mail_of(life)].consents(CLIENT_ID, list(SCOPES))
        yield tesla


async def live(tesla: Tesla, way: Way, street: Street, prices: Mapping[datetime, float], until: datetime) -> None:
    """Every program at its moments, every driver at his."""
    world = tesla.world
    due: list[tuple[datetime, int, Poller]] = []
    for number, life in enumerate(street.lives):
        code = world.tokens.new_code(world.accounts[mail_of(life)], CLIENT_ID, tesla.callback, "", "", "en-GB")
        pair = (await tesla.redeems(code)).json()
        poller = Poller(way, life, tesla, prices, refresh_token=pair["refresh_token"])
        heapq.heappush(due, (world.now + number * way.every / len(street.lives), number, poller))
    while world.now < until:
        moment = min(one for one in (until, due[0][0], street.next_at) if one is not None)
        world.clock.turn_to(moment)
        street.let_happen(moment)
        world.calls.clear()
        while due[0][0] <= world.now:
            _, number, poller = heapq.heappop(due)
            heapq.heappush(due, (await poller.acts(world.now), number, poller))
