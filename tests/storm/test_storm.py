"""The storm in short: a street of cars, a quarter of a day without Tesla."""

import pytest

from tests.stories.town import Town
from tests.storm.storm import RENEWALS_A_SECOND, storm

CARS = 20
HOURS = 6
PROBES_AN_HOUR = 60


@pytest.mark.long
async def test_hours_without_tesla_cost_a_call_a_minute_and_afterwards_every_car_is_served(town: Town) -> None:
    told = await storm(town, CARS, HOURS)
    said = "\n".join(told.lines())
    assert told.until_noticed <= 3 * CARS, said
    assert told.most_an_hour <= PROBES_AN_HOUR + CARS // 10, said
    assert told.served_after is not None, said
    assert told.parked == 0, said
    assert told.renewals_s <= RENEWALS_A_SECOND, said
