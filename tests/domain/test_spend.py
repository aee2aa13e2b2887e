"""What Tesla bills for its API."""

import pytest

from chargekey.domain.spend import PRICE_MICRO_USD, Billed, bill_micro_usd


@pytest.mark.parametrize(
    ("calls", "micro_usd"),
    [
        ({}, 0),
        ({Billed.DATA: 500}, 1_000_000),  # a dollar buys 500 looks
        ({Billed.COMMAND: 1_000}, 1_000_000),  # or 1,000 commands
        ({Billed.WAKE: 50}, 1_000_000),  # or 50 wakes
        ({Billed.DATA: 12, Billed.COMMAND: 3, Billed.WAKE: 1}, 24_000 + 3_000 + 20_000),
        ({Billed.DATA: 0, Billed.WAKE: 0}, 0),
    ],
)
def test_what_a_night_of_calls_costs(calls: dict[Billed, int], micro_usd: int) -> None:
    assert bill_micro_usd(calls) == micro_usd


def test_every_kind_of_call_has_its_price() -> None:
    assert set(PRICE_MICRO_USD) == set(Billed)
