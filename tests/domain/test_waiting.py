"""What is waited out, how often we look meanwhile, and when we stop."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.causes.cause import Cause
from chargekey.domain.waiting import due_now, holds_up, is_watched_for_all, next_look

NOW: Final = datetime(2024, 11, 6, 21, tzinfo=UTC)


HOUR: Final = 60
DAY: Final = 24 * HOUR
SINCE: Final = NOW - timedelta(days=1)


def catalogued(ids: str) -> list[Cause]:
    return [BY_ID[one] for one in ids.split()]


@pytest.mark.parametrize(
    ("causes", "waited_minutes", "minutes"),
    [
        ("D2", 0, 15),  # out of reach: every quarter of an hour
        ("D2", DAY - 15, 15),
        ("D2", DAY, None),  # for a day
        ("D4", 0, 60),  # in service: every hour
        ("D2 D4", 0, 15),  # of two, the one that is looked at more often
        ("D2 D4", DAY, 60),  # and when its looks are spent, the other
        ("D4 F2", DAY, 60),  # a day of looks at our own side takes nothing from those at the workshop
        ("J8", 0, 180),  # token rejected: three hours
    ],
)
def test_we_look_as_often_as_the_causes_say(causes: str, waited_minutes: int, minutes: int | None) -> None:
    at = next_look(catalogued(causes), NOW - timedelta(minutes=waited_minutes), NOW).at
    assert at == (None if minutes is None else NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("causes", "before", "now", "due"),
    [
        ("D4", 0, 60, "D4"),
        ("D4", 60, 120, "D4"),
        ("D2 D4", 0, 15, "D2 D4"),  # all at the first look
        ("D2 D4", 15, 30, "D2"),  # then only what is looked at each quarter
        ("D2 D4", 45, 60, "D2 D4"),
        ("D4 F2", 58, 59, "F2"),  # our own side each minute, a workshop each hour
        ("D4 F2", 59, 60, "D4 F2"),
        ("D2 D4", 45, 200, "D2 D4"),  # late, after a pause of ours
        ("D2 D4", DAY, DAY + 60, "D4"),  # the looks of the one are spent
    ],
)
def test_each_cause_is_looked_at_at_its_own_pace(causes: str, before: int, now: int, due: str) -> None:
    looked_at, moment = SINCE + timedelta(minutes=before), SINCE + timedelta(minutes=now)
    assert [one.id for one in due_now(catalogued(causes), SINCE, looked_at, moment)] == due.split()


def test_what_no_look_can_settle_is_the_drivers_turn_when_its_time_is_over() -> None:
    assert next_look([BY_ID["J8"]], NOW, NOW).by_time
    assert not next_look([BY_ID["D2"]], NOW, NOW).by_time


def test_every_wait_ends() -> None:
    for cause in (one for one in CATALOGUE if holds_up(one)):
        looks, at = 0, NOW
        while (following := next_look([cause], NOW, at).at) is not None:
            looks, at = looks + 1, following
        assert looks <= 1440, cause.id


def test_an_outage_of_tesla_is_watched_once_for_everybody() -> None:
    assert is_watched_for_all(BY_ID["H1"])
    assert not is_watched_for_all(BY_ID["D2"])


@pytest.mark.parametrize(("cause", "waits"), [("D2", True), ("F1", True), ("A11", True), ("D5", False), ("B1", False)])
def test_what_the_driver_or_the_owner_mends_is_not_waited_out(cause: str, waits: bool) -> None:
    assert holds_up(BY_ID[cause]) is waits
