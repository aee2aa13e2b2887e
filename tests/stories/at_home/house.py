"""A house with sun on its roof, which tells what it has to spare: a forecast now and then, and its meter all day."""

import math
from datetime import datetime, timedelta
from random import Random
from typing import Final

import httpx2

from tests.stories.town import Town

FIRST_HOUR, LAST_HOUR = 8, 16
CLOUDS: Final = (1.0, 0.9, 0.5, 0.1)
FORECAST_EVERY: Final = timedelta(hours=6)
HALF_HOUR: Final = timedelta(minutes=30)


class House:
    """Its clouds are drawn by dice, by the hour; its forecast is what comes, but for one half hour in four."""

    def __init__(self, town: Town, key: str, dice: Random) -> None:
        self._town, self._key, self._dice = town, key, dice
        self._clouds: dict[datetime, float] = {}
        self._next_forecast_at = town.now

    async def tells(self) -> bool:
        """Whether anything of it counted."""
        counted = await self._sends({"surplus_w": self._surplus_w(self._town.now)})
        if self._town.now >= self._next_forecast_at:
            self._next_forecast_at = self._town.now + FORECAST_EVERY
            counted |= await self._sends({"forecast": self._forecast()})
        return counted

    def _forecast(self) -> list[dict[str, object]]:
        first = self._town.now.replace(minute=0, second=0, microsecond=0)
        starts = [first + number * HALF_HOUR for number in range(60)]
        return [
            {
                "start": start.isoformat(),
                "end": (start + HALF_HOUR).isoformat(),
                "surplus_w": self._foretold_w(start),
            }
            for start in starts
        ]

    def _foretold_w(self, start: datetime) -> int:
        if FIRST_HOUR <= start.hour < LAST_HOUR and self._dice.random() < 0.25:
            return self._dice.choice((0, 9_000))
        return self._surplus_w(start)

    def _surplus_w(self, moment: datetime) -> int:
        """By the half hour, so that it does not change every minute."""
        start = moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
        hours = start.hour + start.minute / 60 - FIRST_HOUR
        if not 0 < hours < LAST_HOUR - FIRST_HOUR:
            return 0
        clouds = self._clouds.setdefault(start.replace(minute=0), self._dice.choice(CLOUDS))
        return round(9_000 * math.sin(math.pi * hours / (LAST_HOUR - FIRST_HOUR)) * clouds)

    async def _sends(self, told: dict[str, object]) -> bool:
        headers = {"Authorization": f"Bearer {self._key}"}
        async with httpx2.AsyncClient(base_url=self._town.url, headers=headers, trust_env=False) as web:
            answer = await web.post("/api/surplus", json=told)
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["counted"])
