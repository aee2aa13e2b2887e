"""What is waited out, how often we look meanwhile, and when we stop."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.waiting import due_at, holds_up, is_watched_for_all, next_look

NOW: Final = datetime(2024, 11, 6, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("causes", "looks", "minutes"),
    [
        ("D2", 0, 15),  # out of reach: every quarter of an hour
        ("D2", 95, 15),
        ("D2", 96, None),  # for a day
        ("D4", 0, 60),  # in service: every hour
        ("D2 D4", 0, 15),  # of two, the one that is looked at more often
        ("D2 D4", 96, 60),  # and when its looks are spent, the other
        ("J8", 0, 180),  # token rejected: three hours
    ],
)
def test_we_look_as_often_as_the_causes_say(causes: str, looks: int, minutes: int | None) -> None:
    at = next_look([BY_ID[one] for one in causes.split()], looks, NOW).at
    assert at == (None if minutes is None else NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("causes", "looks", "due"),
    [
        ("D4", 0, "D4"),
        ("D4", 1, "D4"),
        ("D2 D4", 0, "D2 D4"),
        ("D2 D4", 1, "D2"),  # a quarter of an hour later: only what is looked at each quarter
        ("D2 D4", 3, "D2"),
        ("D2 D4", 4, "D2 D4"),
        ("D4 F2", 59, "F2"),  # our own side each minute, a workshop each hour
        ("D4 F2", 60, "D4 F2"),
        ("D2 D4", 96, "D4"),  # its looks are spent
        ("D2 D4", 97, "D4"),
    ],
)
def test_each_cause_is_looked_at_at_its_own_pace(causes: str, looks: int, due: str) -> None:
    assert [one.id for one in due_at([BY_ID[one] for one in causes.split()], looks)] == due.split()


def test_what_no_look_can_settle_is_the_drivers_turn_when_its_time_is_over() -> None:
    assert next_look([BY_ID["J8"]], 0, NOW).by_time
    assert not next_look([BY_ID["D2"]], 0, NOW).by_time


def test_every_wait_ends() -> None:
    for cause in (one for one in CATALOGUE if holds_up(one)):
        looks = 0
        while next_look([cause], looks, NOW).at:
            looks += 1
        assert looks <= 1440, cause.id


def test_an_outage_of_tesla_is_watched_once_for_everybody() -> None:
    assert is_watched_for_all(BY_ID["H1"])
    assert not is_watched_for_all(BY_ID["D2"])


@pytest.mark.parametrize(("cause", "waits"), [("D2", True), ("F1", True), ("A11", True), ("D5", False), ("B1", False)])
def test_what_the_driver_or_the_owner_mends_is_not_waited_out(cause: str, waits: bool) -> None:
    assert holds_up(BY_ID[cause]) is waits
