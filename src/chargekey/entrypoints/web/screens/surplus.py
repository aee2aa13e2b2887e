"""The driver's own sun: what is set, what his home told, the key with which it does, and the form, as typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from chargekey.domain.tariff import Currency
from chargekey.domain.vehicle import Vin


@dataclass(frozen=True, slots=True)
class Sun:
    """It is followed. `feed_in_ct`: what the grid pays for a kWh, as typed. `current_a`: for other hours."""

    feed_in_micro_per_kwh: int
    feed_in_ct: str
    currency: Currency
    current_a: int | None


@dataclass(frozen=True, slots=True)
class SurplusTyped:
    """The form as it stands. Texts, so that nothing typed is lost."""

    feed_in_ct: str = ""
    current_a: str = ""


class WrongSurplus:
    """Names of what can be wrong with a field; the template has the sentence for each."""

    NO_NUMBER = "no_number"
    FEED_IN_RANGE = "feed_in_range"
    CURRENT_RANGE = "current_range"


@dataclass(frozen=True, slots=True)
class Spare:
    """What was measured last, and how far a forecast reaches; None: nothing of late, none beyond now."""

    spare_w: int | None = None
    measured_at: datetime | None = None
    forecast_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HomeKey:
    """`heard_at` None: nothing has come with it yet."""

    made_at: datetime
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class KeyMade:
    """Shown this once: where to send what, ready to be copied. Each line has the key in it."""

    address: str
    key: str
    meter: str
    forecast: str


@dataclass(frozen=True, slots=True)
class SolarSurplus:
    """What the home's own sun is worth. `sun` None: it is not followed. `key` None: there is none."""

    template: ClassVar[str] = "guide/surplus.html"
    car: Vin
    typed: SurplusTyped
    sun: Sun | None = None
    spare: Spare = field(default_factory=Spare)
    key: HomeKey | None = None
    made: KeyMade | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
