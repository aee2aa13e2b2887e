"""What the month must hold to (issue 6): the figures that the product promises."""

from typing import Final

from tests.month.rounds import Round

READY_PERCENT: Final = 99.5
"""Of nights in which it can be had."""
ABOVE_FORESIGHT_PERCENT: Final = 1.0
STARTS_A_NIGHT: Final = 1.3
USD_A_CAR_MONTH: Final = 0.10


def broken(month: Round) -> list[str]:
    """Each bound that does not hold, with the figure."""
    told = month.judged
    held = {
        f"ready: {told.ready_percent:.2f} % < {READY_PERCENT} %": told.ready_percent >= READY_PERCENT,
        f"cost: {told.above_foresight_percent:.2f} % above perfect foresight": told.above_foresight_percent
        <= ABOVE_FORESIGHT_PERCENT,
        f"starts: {told.starts_a_night:.2f} a night": told.starts_a_night <= STARTS_A_NIGHT,
        f"Tesla's bill: ${month.usd_a_car_month:.3f} a car-month": month.usd_a_car_month <= USD_A_CAR_MONTH,
    }
    return [bound for bound, holds in held.items() if not holds]
