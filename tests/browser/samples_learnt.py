"""What a car's nights have shown of it, on its page: nothing yet, and all of it."""

from dataclasses import replace
from typing import Final

from chargekey.domain.learnt import DrawKnown, Known
from chargekey.domain.lesson import Taper
from chargekey.entrypoints.web.screens.car import Car
from chargekey.journeys.show_learnt import LearntShown

LEAVES: Final = {day: Known(7 * 60 + 40, 4) for day in (0, 1, 3)} | {5: Known(9 * 60 + 15, 3)}
ASSUMED: Final = LearntShown(16, DrawKnown(Known(11_040), Known(90), Known(57_500)), None, 0, {})
DRAWS: Final = DrawKnown(Known(3_312, 9), Known(86, 4), Known(46_300, 9))
MEASURED: Final = LearntShown(16, DRAWS, Taper(96, 45), 2, LEAVES, Known(1_500, 3))


def cars(car: Car) -> dict[str, Car]:
    """`car` as it is otherwise."""
    return {"16-car-assumed": replace(car, learnt=ASSUMED), "16-car-learnt": replace(car, learnt=MEASURED)}
