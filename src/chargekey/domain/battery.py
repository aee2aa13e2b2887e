"""What we assume of a battery and a charger until the car has shown us: a prior, never a measurement.

Sources: reference smart-charging §6.2 (usable energy) and §6.3 (AC charging).
"""

from typing import Final, NamedTuple

USABLE_WH: Final = {
    "Model 3": 57_500,  # RWD LFP since 2021-11
    "Model Y": 75_000,  # Long Range since 2022
    "Model S": 95_000,
    "Model X": 95_000,
    "Cybertruck": 122_000,
}
"""By model, the commonest variant in Europe. A plan that assumed too little charges again, dearer but in time."""

UNKNOWN_USABLE_WH: Final = 75_000
VOLTAGE_V: Final = 230
FULL_CURRENT_A: Final = 16
LEAST_CURRENT_A: Final = 6
"""A cable offers no less (IEC 61851-1); below 5 A a Tesla has to be told twice (smart-charging §6.3)."""
AC_LIMIT_W: Final = 11_500
"""The onboard charger takes no more, except in old S and X."""

_EFFICIENCY_ONE_PHASE: Final = ((16, 87), (10, 84), (8, 78), (0, 75))
_EFFICIENCY_THREE_PHASES: Final = ((10, 90), (0, 87))
THREE: Final = 3
AWAKE_CAR_W: Final = 250
"""A charging car takes this for itself, however little it charges."""
_SHARES_NEAR_FULL: Final = ((95, 90), (96, 70), (97, 50), (98, 30), (99, 25))
"""From this percent on, this share of full power: flat up to some 95 %, then falling over the last half hour."""

_LEAST_W: Final = 50
"""Below it a charge would never end; at 6 A on one phase, the least that a cable offers, it is 71 W."""


class Weaker(NamedTuple):
    """From this percent on, until the next or until full: what the wall gives, and what of it gets into the battery."""

    from_percent: int
    wall_w: int
    battery_w: int


def usable_wh(model: str) -> int:
    """What fits between 0 and 100 %, by the model's name as the VIN gives it."""
    return USABLE_WH.get(model, UNKNOWN_USABLE_WH)


def ac_power_w(current_a: int, phases: int, voltage_v: int = VOLTAGE_V) -> int:
    """What the car draws at the wall: star voltage times current times phases, up to the onboard limit.

    `phases` is 1 or 3; Tesla reports 2 for three phases at times, and means 3.
    """
    count = THREE if phases > 1 else 1
    return min(voltage_v * current_a * count, AC_LIMIT_W)


def efficiency_percent(current_a: int, phases: int) -> int:
    """How much of what the wall gives ends up in the battery: worse at low current, for the overhead is constant."""
    table = _EFFICIENCY_THREE_PHASES if phases > 1 else _EFFICIENCY_ONE_PHASE
    return next(percent for least_a, percent in table if current_a >= least_a)


def near_full(power_w: int, efficiency: int, measured: tuple[int, int] | None = None) -> tuple[Weaker, ...]:
    """How the power falls in a battery that is nearly full; `efficiency` in percent, at full power.

    `measured`: from which percent on this one's falls, and to what share of full power, in percent; above that what is
    assumed counts where it is less. None: all of it is assumed. What the awake car takes for itself does not fall with
    it, so that less of each kWh arrives.
    """
    carried = power_w * efficiency + AWAKE_CAR_W * 100  # in hundredths of a watt
    return tuple(
        Weaker(percent, power_w * share // 100, max(carried * share // 10_000 - AWAKE_CAR_W, _LEAST_W))
        for percent, share in _shares(measured)
    )


def _shares(measured: tuple[int, int] | None) -> tuple[tuple[int, int], ...]:
    if measured is None:
        return _SHARES_NEAR_FULL
    begins, left = measured
    return (measured, *((percent, min(share, left)) for percent, share in _SHARES_NEAR_FULL if percent > begins))
