"""Reads the form for solar surplus, and keeps what it set where the plan form is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from chargekey.domain.battery import LEAST_CURRENT_A
from chargekey.entrypoints.web.plan_form import (
    HIGHEST_A,
    HIGHEST_CT,
    Misread,
    Unclear,
    ct_of,
    micro_between,
    whole_between,
)
from chargekey.entrypoints.web.screens.planning import PlanTyped, Wrong
from chargekey.entrypoints.web.screens.surplus import Sun, SurplusTyped, WrongSurplus
from chargekey.ports.charge_log import ChargeSettings

LONGEST: Final = 20


@dataclass(frozen=True, slots=True)
class SunWanted:
    """What the grid pays for a kWh, and what the car takes in hours without surplus."""

    feed_in_micro_per_kwh: int
    current_a: int


def sun_of(settings: ChargeSettings) -> Sun | None:
    """None: it is not followed."""
    feed_in = settings.feed_in_micro_per_kwh
    if feed_in is None:
        return None
    return Sun(feed_in, ct_of(feed_in), settings.tariff.currency, settings.current_a)


def typed(fields: Mapping[str, str]) -> SurplusTyped:
    """The form as it was sent, cut to a sane length, nothing lost."""
    return SurplusTyped(*(fields.get(name, "").strip()[:LONGEST] for name in ("feed_in_ct", "current_a")))


def as_typed(settings: ChargeSettings) -> SurplusTyped:
    """The form as the driver finds it."""
    sun = sun_of(settings)
    return SurplusTyped(sun.feed_in_ct if sun else "", str(settings.current_a or ""))


def understood(form: SurplusTyped) -> SunWanted | Mapping[str, str]:
    """What to follow, or all that is wrong at once, by field."""
    wrong: dict[str, str] = {}
    feed_in = current_a = None
    try:
        feed_in = micro_between(form.feed_in_ct, Decimal(0), HIGHEST_CT, WrongSurplus.FEED_IN_RANGE)
    except Unclear as unclear:
        wrong["feed_in_ct"] = unclear.code
    try:
        current_a = whole_between(form.current_a, LEAST_CURRENT_A, HIGHEST_A, WrongSurplus.CURRENT_RANGE)
    except Unclear:
        wrong["current_a"] = WrongSurplus.CURRENT_RANGE
    if feed_in is None or current_a is None:
        return wrong
    return SunWanted(feed_in, current_a)


def with_sun(found: ChargeSettings | Misread, sent: PlanTyped, sun: Sun | None) -> ChargeSettings | Misread:
    """What the plan form came to, with sun followed as before.

    Money of another currency than the tariff's is none: sun that was worth so much of it is followed no more.
    """
    if sun is None:
        return found
    if isinstance(found, Misread):
        lacks = {} if sent.current_a else {"current_a": Wrong.CURRENT_BESIDE_SUN}
        return Misread({**lacks, **found.wrong}, found.detail)
    if found.tariff.currency != sun.currency:
        return found
    if found.current_a is None or found.current_a < LEAST_CURRENT_A:
        return Misread({"current_a": Wrong.CURRENT_BESIDE_SUN}, {})
    return replace(found, feed_in_micro_per_kwh=sun.feed_in_micro_per_kwh)
