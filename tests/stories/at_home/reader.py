"""Reads what the pages say of tonight, and holds it against the car as it was when it was looked at."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.journeys.night_shown import TonightShown
from tests.stories.at_home.truth import PERCENT_OFF, STEP, Diary, Moment, Promise
from tests.stories.phone import Phone
from tests.stories.town import Town

ZONE: Final = ZoneInfo("Europe/Amsterdam")
REACH: Final = {"asleep": "asleep", "awake": "online", "out of reach": "offline"}
BEGINS_WITHIN: Final = timedelta(minutes=6)
"""After a start that was promised. Where the car does not begin by itself it is woken after three minutes."""
READY_WITHIN: Final = timedelta(minutes=25)
"""After an end that was promised: the last window may run over by a quarter of an hour."""


class Reader:
    """`phone` is signed in; nothing is pressed here."""

    def __init__(self, town: Town, phone: Phone, diary: Diary) -> None:
        self._town, self._phone, self._diary = town, phone, diary

    async def reads_all(self) -> None:
        """Tonight, why not, and the nights behind him."""
        await self._tonight()
        await self._why_not()
        await self._nights()

    async def _tonight(self) -> None:
        before = await self._shown()
        text = await self._opens("/tonight")
        shown = await self._shown()
        looked = self._around(before.looked_at, shown.looked_at)
        listed = self._around(before.listed_at, shown.listed_at)
        holds = self._diary.holds
        if said := re.search(r"· (asleep|awake|out of reach)", text):
            state = REACH[said[1]]
            holds("tonight", said[0], listed, lambda one: one.state == state)
        if said := re.search(r"(not plugged in|, plugged in)", text):
            is_in = said[0] != "not plugged in"
            holds("tonight", said[0], looked, lambda one: one.is_plugged_in is is_in)
        if said := re.search(r"Battery (\d+) ?(?:%|to)", text):
            percent = int(said[1])
            holds("tonight", said[0], looked, lambda one: abs(one.percent - percent) <= PERCENT_OFF)
        if "Charging since" in text:
            holds("tonight", "Charging since", looked, lambda one: one.draws)
        else:
            for words in ("Stopped, by you", "Tonight is left out", "and no further, and then"):
                if words in text:
                    holds("tonight", words, looked, lambda one: not one.draws)
        if "but not at home" in text:
            holds("tonight", "not at home", looked, lambda one: not one.is_home)
        if said := re.search(r"The limit in the car is (\d+)%", text):
            limit = int(said[1])
            holds("tonight", said[0], looked, lambda one: one.limit_percent == limit)
        if "a schedule that is not ours" in text:
            holds("tonight", "a schedule that is not ours", looked, lambda one: one.has_his_schedule)
        self._in_the_sun(text)
        self._promises(text, shown.settings.goal.target_percent, before.looked_at)

    def _in_the_sun(self, text: str) -> None:
        """What it draws with is told as it is wanted, and the car is told at once."""
        if said := re.search(r"(\d+) A, (?:as many as|partly from) the sun", text):
            amps, about_now = int(said[1]), self._diary.around(self._town.now)
            self._diary.holds("tonight", said[0], about_now, lambda one: one.current_a == amps or not one.draws)

    def _promises(self, text: str, target_percent: int, looked_at: datetime | None) -> None:
        """By a look before which nothing was done that it cannot know of."""
        if not self._diary.knew_of_it(looked_at):
            return
        for shape in (r"The car starts it itself at (\d+:\d\d)", r"We start it at (\d+:\d\d)"):
            if said := re.search(shape, text):
                at = self._next(said[1])
                self._diary.open.append(
                    Promise(
                        said[0],
                        at - timedelta(minutes=1),
                        at + BEGINS_WITHIN + STEP,
                        lambda one: one.draws or one.percent >= min(target_percent, one.limit_percent) - PERCENT_OFF,
                    )
                )
        if said := re.search(r"On time\. Ready at (\d+:\d\d)", text):
            ready_at = self._next(said[1])
            self._diary.open.append(
                Promise(
                    said[0],
                    self._town.now,
                    ready_at + READY_WITHIN + STEP,
                    lambda one: one.percent >= min(target_percent, one.limit_percent) - PERCENT_OFF,
                )
            )

    async def _why_not(self) -> None:
        before = await self._shown()
        text = await self._opens("/why")
        looked, holds = self._around(before.looked_at, (await self._shown()).looked_at), self._diary.holds
        if said := re.search(r"Limit in the car is (\d+)%, battery is at (\d+)%", text):
            limit, percent = int(said[1]), int(said[2])
            holds("why", said[0], looked, lambda one: one.limit_percent == limit)
            holds("why", said[0], looked, lambda one: abs(one.percent - percent) <= PERCENT_OFF)
        if "Cable is in" in text:
            holds("why", "Cable is in", looked, lambda one: one.is_plugged_in)
        if "It waits on purpose" in text:
            holds("why", "It waits on purpose", looked, lambda one: not one.draws)

    async def _nights(self) -> None:
        """No night that is over took more than the wall gave."""
        await self._opens("/nights")
        nights = await self._town.home.journeys.show_charging.nights(1)
        for one in nights:
            begins, ends = one.night.plugged_in_at - timedelta(minutes=16), one.night.unplugged_at or self._town.now
            meter = [
                reading for reading in self._town.car.record.meter if begins <= reading.end and reading.start <= ends
            ]
            gave_wh = sum(reading.wall_wh for reading in meter)
            if one.figures.wall_wh > gave_wh * 1.05 + 500:
                self._diary.untrue.append(f"nights: {one.figures.wall_wh} Wh, but the wall gave {gave_wh:.0f}")

    async def _shown(self) -> TonightShown:
        return await self._town.home.journeys.show_charging.tonight(1)

    def _around(self, before: datetime | None, after: datetime | None) -> Sequence[Moment]:
        """The car at the look that a page told of: another may have come while the page was opened."""
        return [*self._diary.around(before), *self._diary.around(after)]

    async def _opens(self, path: str) -> str:
        await self._phone.opens(path)
        if self._phone.status >= 500:
            self._diary.untrue.append(f"{path}: status {self._phone.status}")
        return self._phone.text

    def _next(self, clock: str) -> datetime:
        """When it is next that time of day, by the driver's clock; a minute ago counts as now."""
        hour, minute = map(int, clock.split(":"))
        local = (self._town.now - timedelta(minutes=2)).astimezone(ZONE)
        at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return (at if at >= local.replace(second=0) else at + timedelta(days=1)).astimezone(self._town.now.tzinfo)
