"""What of a night, a month or a year came from the home's own sun, and what is to come of it, as pages tell it."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from chargekey.domain.night import Wish
from chargekey.domain.planning.filling import SECONDS_AN_HOUR
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import round_half_even
from chargekey.entrypoints.web.screens.sun import OwnSun, SunTonight
from chargekey.entrypoints.web.words import money
from chargekey.journeys.night_shown import NightShown, TonightShown
from chargekey.ports.charge_log import KeptPlan

TOLD_FROM_WH: Final = 100
"""The least that a page can say of a kWh."""


def own_sun(sun_wh: int, of_wh: int, forgone_nano: int | None) -> OwnSun | None:
    """None: nothing worth telling."""
    return OwnSun(sun_wh, of_wh, money(forgone_nano)) if sun_wh >= TOLD_FROM_WH else None


def sun_tonight(shown: TonightShown) -> SunTonight | None:
    """By the plan that is being carried out; None: it charges none of it, or the driver wished for something else."""
    kept, night, settings = shown.plan, shown.night, shown.settings
    if kept is None or night is None or night.night.wish is not Wish.PLAN or settings.current_a is None:
        return None
    if kept.problem.sun is None or kept.plan.sun_wh < TOLD_FROM_WH:
        return None
    feed_in = kept.problem.sun.feed_in_micro_per_kwh
    told = SunTonight(kept.plan.sun_wh, kept.plan.energy_wh, feed_in, settings.current_a)
    lasting = kept.plan.gentle_at(shown.now)
    if lasting is None or shown.charge is None or not shown.charge.drawing:
        return told
    hours = zip(kept.problem.slots, kept.problem.sun.surplus_w, strict=True)
    surplus_w = next((watts for slot, watts in hours if slot.start <= shown.now < slot.end), 0)
    return replace(told, current_a=lasting.current_a, is_carried=surplus_w >= lasting.wall_w)


def paid_then_micro(kept: KeptPlan, moment: datetime) -> int | None:
    """What the plan pays for a kWh at the wall in the slot of that moment, its own sun counted; None: it has none."""
    slot = next((one for one in kept.plan.slots if one.start <= moment < one.end), None)
    if slot is None or kept.problem.sun is None or not slot.sun_wh:
        return None
    grid_wh, feed_in = slot.wall_wh - slot.sun_wh, kept.problem.sun.feed_in_micro_per_kwh
    return _mean_micro(slot.sun_wh, grid_wh, feed_in, slot.price_micro_per_kwh)


def paid_micro(night: NightShown, start: datetime, end: datetime, grid_micro: int) -> int | None:
    """The same of what was drawn between two moments within one price; None: nothing of it was the home's own."""
    readings = [one for one in night.account.readings if start <= one.start < end]
    sun_wh, grid_wh = sum(one.sun_wh for one in readings), sum(one.grid_wh for one in readings)
    if night.surplus is None or not sun_wh:
        return None
    return _mean_micro(sun_wh, grid_wh, night.surplus.feed_in_micro_per_kwh, grid_micro)


def slower_wh(kept: KeptPlan, start: datetime, end: datetime) -> float:
    """How much less than at full current is drawn between, since the sun carries no more."""
    lasts_s = [(one, (min(end, one.end) - max(start, one.start)).total_seconds()) for one in kept.plan.gentle]
    return sum(max(0.0, seconds) * (kept.problem.ac_power_w - one.wall_w) for one, seconds in lasts_s) / SECONDS_AN_HOUR


def _mean_micro(sun_wh: int, grid_wh: int, feed_in_micro: int, grid_micro: int) -> int:
    return round_half_even(sun_wh * feed_in_micro + grid_wh * grid_micro, sun_wh + grid_wh)


def cost_nano_of(surplus: Surplus | None, start: datetime, end: datetime, wall_wh: int, grid_micro: int) -> int:
    """Of energy drawn evenly between, at one price of the grid."""
    sun_wh = surplus.of(start, end, wall_wh) if surplus else 0
    feed_in = surplus.feed_in_micro_per_kwh if surplus else 0
    return sun_wh * feed_in + (wall_wh - sun_wh) * grid_micro
