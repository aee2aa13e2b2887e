"""The storm in short: a few cars, some hours without Tesla. `make storm` does it with 1,000 cars and a day."""

from tests.stories.town import Town
from tests.storm.storm import storm

CARS = 5
HOURS = 10
"""Longer than an access token is good for, so that each is renewed when it is over."""


async def test_hours_without_tesla_cost_a_call_a_minute_and_afterwards_every_car_is_served(town: Town) -> None:
    told = await storm(town, CARS, HOURS)
    assert told.beyond() == [], told.lines()
    assert told.renewals == CARS
