"""Somebody who tells prices, on a port of his own: in the shapes of Energy-Charts, Octopus, Amber and ComEd.

On the same port, in the shape of the Carbon Intensity API, how clean power is.

Tomorrow comes out at one in Amsterdam, at four in London. He can go away and come back, and counts who asks.
"""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.served import a_door, serving

QUARTER, HALF_HOUR, FIVE_MINUTES = timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=5)
AMSTERDAM, LONDON, CHICAGO = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Europe/London"), ZoneInfo("America/Chicago")
DEAR, CHEAP = 120.0, -4.0
"""In EUR per MWh, and pence per kWh times ten."""
DIRTY, CLEAN = 250, 50
"""In grams per kWh; clean are the hours that are cheap."""
Moments = Callable[[], datetime]


@dataclass
class PriceServer:
    """`cheap_from`: the local hour at which three cheap ones begin, by the day of the month; else two o'clock.

    `silent`: who has gone away while the others still answer.
    """

    now: Moments
    url: str
    door: socket.socket
    cheap_from: dict[int, int] = field(default_factory=dict)
    asked: list[datetime] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    _open: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    def price(self, at: datetime, zone: ZoneInfo = AMSTERDAM) -> float:
        local = at.astimezone(zone)
        return CHEAP if 0 <= local.hour - self.cheap_from.get(local.day, 2) < 3 else DEAR

    async def opens(self) -> None:
        routes = [
            Route("/price", self._energy_charts),
            Route("/v1/products/{rest:path}", self._octopus),
            Route("/v1/sites", self._ambers_home),
            Route("/v1/sites/HOME1/prices/current", self._amber),
            Route("/api", self._comed),
            Route("/intensity/{begins}/fw48h", self._carbon),
        ]
        await self._open.enter_async_context(serving(Starlette(routes=routes), self.door.dup()))

    async def goes_away(self) -> None:
        """Whoever knocks now gets no answer in which a price stands."""
        await self._open.aclose()
        await self._open.enter_async_context(serving(Starlette(routes=[]), self.door.dup()))

    async def comes_back(self) -> None:
        await self._open.aclose()
        await self.opens()

    async def _energy_charts(self, request: Request) -> Response:
        self.asked.append(self.now())
        days = request.query_params["start"], request.query_params["end"]
        start, end = (datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM).astimezone(UTC) for day in days)
        moments = list(_every(QUARTER, start, min(end, _out_until(self.now(), AMSTERDAM, time(13), time()))))
        return JSONResponse(
            {
                "license_info": "CC BY 4.0",
                "unix_seconds": [int(at.timestamp()) for at in moments],
                "price": [self.price(at) for at in moments],
                "unit": "EUR / MWh",
                "deprecated": False,
            }
        )

    async def _octopus(self, request: Request) -> Response:
        self.asked.append(self.now())
        if "octopus" in self.silent:
            return Response(status_code=404)
        asked = request.query_params["period_from"], request.query_params["period_to"]
        start, end = (datetime.fromisoformat(moment) for moment in asked)
        out = _out_until(self.now(), LONDON, time(16), time(23))
        rates = [
            {
                "value_exc_vat": self.price(at, LONDON) / 10,
                "value_inc_vat": self.price(at, LONDON) / 10 * 1.05,
                "valid_from": at.isoformat(),
                "valid_to": (at + HALF_HOUR).isoformat(),
                "payment_method": None,
            }
            for at in _every(HALF_HOUR, start, min(end, out))
        ]
        return JSONResponse({"count": len(rates), "next": None, "previous": None, "results": rates[::-1]})

    async def _ambers_home(self, request: Request) -> Response:
        if request.headers.get("authorization") != "Bearer a-token-of-ambers":
            return Response(status_code=401)
        return JSONResponse([{"id": "HOME1", "nmi": "30", "channels": [], "network": "X", "status": "active"}])

    async def _amber(self, request: Request) -> Response:
        """Half-hours two days back and ahead, in cents; what has not begun is a forecast."""
        self.asked.append(self.now())
        back, ahead = (int(request.query_params[name]) for name in ("previous", "next"))
        runs = self.now().astimezone(UTC)
        runs = runs.replace(minute=runs.minute // 30 * 30, second=0, microsecond=0)
        rows = [
            {
                "type": "ActualInterval" if at < runs else "CurrentInterval" if at == runs else "ForecastInterval",
                "duration": 30,
                "spotPerKwh": 6.1,
                "perKwh": self.price(at) / 5,
                "nemTime": (at + HALF_HOUR).astimezone(ZoneInfo("Australia/Brisbane")).isoformat(),
                "startTime": (at + timedelta(seconds=1)).isoformat(),
                "endTime": (at + HALF_HOUR).isoformat(),
                "channelType": "general",
                **({"estimate": True} if at == runs else {}),
            }
            for at in _every(HALF_HOUR, runs - back * HALF_HOUR, runs + (ahead + 1) * HALF_HOUR)
        ]
        return JSONResponse(rows)

    async def _comed(self, request: Request) -> Response:
        """Five minutes that are over, newest first, each by the moment at which it ended."""
        self.asked.append(self.now())
        asked = request.query_params["datestart"], request.query_params["dateend"]
        start, end = (datetime.strptime(one, "%Y%m%d%H%M").replace(tzinfo=CHICAGO).astimezone(UTC) for one in asked)
        ends = list(_every(FIVE_MINUTES, start, min(end, self.now())))
        price = [str(self.price(at - FIVE_MINUTES, CHICAGO) / 10) for at in ends]
        rows = [{"millisUTC": f"{at.timestamp():.0f}000", "price": one} for at, one in zip(ends, price, strict=True)]
        return JSONResponse(rows[::-1])

    async def _carbon(self, request: Request) -> Response:
        """48 hours of half-hours, without seconds; what is over was measured."""
        start = datetime.fromisoformat(request.path_params["begins"])
        start = start.replace(minute=start.minute // 30 * 30)
        rows = [
            {
                "from": at.strftime("%Y-%m-%dT%H:%MZ"),
                "to": (at + HALF_HOUR).strftime("%Y-%m-%dT%H:%MZ"),
                "intensity": {"forecast": grams, "actual": grams if at + HALF_HOUR <= self.now() else None},
            }
            for at in _every(HALF_HOUR, start, start + timedelta(hours=48))
            for grams in [CLEAN if self.price(at) < 0 else DIRTY]
        ]
        return JSONResponse({"data": rows})


def _every(step: timedelta, start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += step


def _out_until(now: datetime, zone: ZoneInfo, at: time, day_ends: time) -> datetime:
    local = now.astimezone(zone)
    days = (1 if local.time() >= at else 0) + (1 if day_ends == time() else 0)
    return datetime.combine(local.date() + timedelta(days=days), day_ends, zone).astimezone(UTC)


@contextlib.asynccontextmanager
async def a_price_server(now: Moments) -> AsyncIterator[PriceServer]:
    """Open; its port stays taken when it goes away."""
    door, url = a_door()
    door.listen()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(door.close)
        server = PriceServer(now, url, door)
        stack.push_async_callback(server._open.aclose)
        await server.opens()
        yield server


__all__: Final = ["AMSTERDAM", "DEAR", "LONDON", "PriceServer", "a_price_server"]
