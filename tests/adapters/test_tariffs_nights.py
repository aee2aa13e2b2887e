"""Whole nights on the shipped prices, the four on which clocks change among them.

Each bill is added up a second time by a script that shares nothing with the product.
"""

from datetime import UTC, datetime, time, timedelta

import pytest

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.domain.goal import ChargeGoal, next_ready_by
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem, pose
from chargekey.domain.tariff import DayAheadTariff, cents, cost_nano, retail, with_guesses
from tests.stories.bill_from_price_file import bill_cents

ZONE = "Europe/Amsterdam"
DAY = timedelta(days=1)
TARIFF = DayAheadTariff(added_micro_per_kwh=150_000, vat_percent=21)
READY_BY_SEVEN = ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 0, ZONE)


@pytest.fixture(scope="module")
def shipped() -> BundledDayAhead:
    return BundledDayAhead.shipped()


def evening(shipped: BundledDayAhead, plugged_in: datetime, *, soc_percent: int = 30) -> PlanProblem:
    """A Model Y at 11 kW, to be at 80 % by seven in the morning, as the product would pose it at plug-in."""
    ready_by = next_ready_by(READY_BY_SEVEN, plugged_in)
    assert ready_by is not None
    known = retail(TARIFF, shipped.wholesale(plugged_in - DAY, ready_by, plugged_in))
    return pose(
        with_guesses(known, ready_by),
        now=plugged_in,
        ready_by=ready_by,
        soc_percent=soc_percent,
        target_percent=80,
        minimum_percent=0,
        usable_wh=75_000,
        ac_power_w=11_040,
        efficiency_percent=90,
    )


def quarters_used(plan: ChargePlan) -> list[tuple[datetime, datetime, int]]:
    return [(slot.start, slot.end, slot.wall_wh) for slot in plan.slots if slot.wall_wh]


@pytest.mark.parametrize(
    ("plugged_in", "ready_by", "quarters"),
    [
        ("2023-03-25T17:00", "2023-03-26T05:00", 48),  # 18:00 to 07:00 on the wall, and one hour less
        ("2023-10-28T16:00", "2023-10-29T06:00", 56),  # one hour more
        ("2024-03-30T17:00", "2024-03-31T05:00", 48),
        ("2024-10-26T16:00", "2024-10-27T06:00", 56),
        ("2023-01-10T17:00", "2023-01-11T06:00", 52),  # an ordinary night
    ],
)
def test_a_night_on_which_clocks_change_has_its_real_length(
    shipped: BundledDayAhead, plugged_in: str, ready_by: str, quarters: int
) -> None:
    problem = evening(shipped, datetime.fromisoformat(plugged_in).replace(tzinfo=UTC))
    plan = cheapest(problem)
    assert problem.ready_by == datetime.fromisoformat(ready_by).replace(tzinfo=UTC)
    assert len(problem.slots) == quarters
    assert plan.missing_wh == 0
    assert plan.ready_at <= problem.ready_by
    assert not plan.rests_on_guesses
    chosen = sorted(slot.price_micro_per_kwh for slot in plan.slots if slot.wall_wh)
    assert chosen == sorted(slot.price_micro_per_kwh for slot in problem.slots)[: len(chosen)]


@pytest.mark.parametrize("month", range(1, 13))
def test_the_bill_of_a_planned_night_is_that_of_the_price_file(shipped: BundledDayAhead, month: int) -> None:
    plan = cheapest(evening(shipped, datetime(2024, month, 26, 16, 12, tzinfo=UTC), soc_percent=20 + month))
    readings = quarters_used(plan)
    prices = retail(TARIFF, shipped.wholesale(plan.slots[0].start, plan.slots[-1].end, plan.slots[-1].end))
    assert sum(wall_wh for _, _, wall_wh in readings) == plan.energy_wh
    assert cents(cost_nano(readings, prices)) == bill_cents(readings, 150_000, 21)
    assert plan.cost_cents == pytest.approx(bill_cents(readings, 150_000, 21), abs=1)


def test_in_the_morning_the_coming_night_is_guessed_and_at_one_it_is_known(shipped: BundledDayAhead) -> None:
    morning = datetime(2024, 1, 16, 9, 0, tzinfo=UTC)
    before = cheapest(evening(shipped, morning))
    after = cheapest(evening(shipped, morning + timedelta(hours=4)))
    assert before.rests_on_guesses
    assert not after.rests_on_guesses
    assert before.slots[-1].end == after.slots[-1].end == datetime(2024, 1, 17, 6, 0, tzinfo=UTC)
