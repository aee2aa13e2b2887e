"""One plain order, where something points to a car that takes them: once for each pointer, once a day at most."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.evidence import (
    ChargeState,
    Charging,
    ChoseVehicle,
    Fact,
    Handshake,
    KeyStatus,
    Observation,
    PlainCommandsTaken,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.findings import Answered, OpenedPairingLink, TriedPlain
from chargekey.domain.plain_trial import harmless_current_a, is_due
from chargekey.domain.vehicle import Vin

NOW: Final = datetime(2024, 1, 10, 20, 40, tzinfo=UTC)
MODEL_3: Final = Vin("5YJ3E7EA1PF123456")
OLD_S: Final = Vin("5YJSA7E24GF123456")
UNSIGNED: Final = KeyStatus(False, False, 2, None)
UNPAIRED: Final = KeyStatus(False, True, 2, None)
UNLISTED: Final = KeyStatus(None, None, None, None)
PAIRED: Final = KeyStatus(True, False, 3, None)
SAYS_NONE: Final = Answered(7, {Question.APP_SHOWED: Answer.NO_KEY_NEEDED})
OF_ANOTHER: Final = Answered(8, {Question.APP_SHOWED: Answer.NO_KEY_NEEDED})
SAYS_ELSE: Final = Answered(7, {Question.APP_SHOWED: Answer.ALLOWED})
OPENED: Final = OpenedPairingLink(7)
CHOSE: Final = ChoseVehicle(7)
HOUR: Final = 60
DAY: Final = 24 * HOUR
Told = tuple[Fact, float]
_OF_DRIVER: Final = (Answered, OpenedPairingLink, ChoseVehicle)


def due(told: Sequence[Told], vin: Vin = MODEL_3) -> bool:
    """By facts and how many minutes ago each was seen."""
    seen = [
        Observation(Subject(SubjectKind.VEHICLE, 7), fact, NOW - timedelta(minutes=ago), Source.US)
        for fact, ago in told
    ]
    driver = fold(one for one in seen if isinstance(one.fact, _OF_DRIVER))
    return is_due(vin, 7, fold(one for one in seen if not isinstance(one.fact, _OF_DRIVER)), driver, NOW)


@pytest.mark.parametrize(
    ("told", "is_so"),
    [
        # ── what points there ────────────────────────────────────────────────
        ([(UNSIGNED, 1), (SAYS_NONE, 1)], True),
        ([(UNLISTED, 1), (SAYS_NONE, 1)], True),  # Tesla says nothing, the app does
        ([(UNSIGNED, 1), (OPENED, 11)], True),  # waited for in vain
        ([(UNSIGNED, 1), (CHOSE, 11)], True),  # and he never opened it here
        ([(UNSIGNED, 1), (OPENED, 9)], False),
        ([(UNSIGNED, 1), (CHOSE, 50), (OPENED, 9)], False),
        ([(UNLISTED, 1), (OPENED, 50)], False),
        ([(UNSIGNED, 1), (OF_ANOTHER, 1)], False),
        ([(UNSIGNED, 1), (SAYS_ELSE, 1)], False),
        ([(UNSIGNED, 1)], False),
        ([(SAYS_NONE, 1)], False),  # nobody asked Tesla yet
        # ── what stands against it ───────────────────────────────────────────
        ([(UNPAIRED, 1), (SAYS_NONE, 1)], False),  # Tesla says that orders must be signed
        ([(PAIRED, 1), (SAYS_NONE, 1)], False),
        ([(UNSIGNED, 1), (PlainCommandsTaken(), 5), (SAYS_NONE, 1)], False),
        ([(UNSIGNED, 2), (Handshake(proved=True), 1), (SAYS_NONE, 1)], False),
        ([(UNSIGNED, 1), (SAYS_NONE, DAY + 1)], False),  # a day old
        # ── how often ────────────────────────────────────────────────────────
        ([(UNSIGNED, 1), (SAYS_NONE, 5), (TriedPlain(), 4)], False),
        ([(UNSIGNED, 1), (TriedPlain(), 2 * HOUR), (SAYS_NONE, 5)], False),  # said again on the same day
        ([(UNSIGNED, 1), (TriedPlain(), DAY), (SAYS_NONE, 5)], True),
        ([(UNSIGNED, 1), (OPENED, 2 * DAY), (TriedPlain(), DAY + 1)], False),
    ],
)
def test_when_a_plain_order_is_worth_its_price(told: list[Told], is_so: bool) -> None:
    assert due(told) is is_so


def test_a_car_that_is_known_to_take_them_is_not_tried() -> None:
    assert not due([(UNSIGNED, 1), (SAYS_NONE, 1)], OLD_S)


@pytest.mark.parametrize(("asked_a", "order_a"), [(16, 16), (5, 5), (4, None), (0, None), (None, None)])
def test_the_order_asks_for_what_is_so_already(asked_a: int | None, order_a: int | None) -> None:
    charge = ChargeState(50, 80, Charging.UNPLUGGED, 0, asked_a, 16, None, None, 0, 0, None)
    assert harmless_current_a(charge) == order_a
