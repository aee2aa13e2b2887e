"""Prices: slots without gaps, typed-in tariffs that cover the week, quarters, guesses and exact money."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.tariff import (
    DayAheadTariff,
    FlatTariff,
    Prices,
    PriceSlot,
    PricesUnclear,
    TariffUnclear,
    TimeOfUsePeriod,
    TimeOfUseTariff,
    cents,
    cost_nano,
    prices,
    quarter_hours,
    retail,
    round_half_even,
    with_guesses,
)

ZONE = "Europe/Amsterdam"
EVERY_DAY = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
NIGHT, DAY, PEAK = 200_000, 300_000, 400_000
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 3, year: int = 2023) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def night_and_day() -> TimeOfUseTariff:
    return TimeOfUseTariff(
        (
            TimeOfUsePeriod(EVERY_DAY, time(23), time(7), NIGHT),
            TimeOfUsePeriod(EVERY_DAY, time(7), time(23), DAY),
        )
    )


def hours(*prices_micro: int, start: datetime) -> Prices:
    slots = tuple(PriceSlot(start + n * HOUR, start + (n + 1) * HOUR, price) for n, price in enumerate(prices_micro))
    return Prices(slots, start + len(prices_micro) * HOUR, "typed", ZONE)


# ── slots ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_gap_between_slots_is_refused() -> None:
    with pytest.raises(PricesUnclear, match="is followed by"):
        Prices((PriceSlot(at(1, 0), at(1, 1), 1), PriceSlot(at(1, 2), at(1, 3), 1)), at(1, 3), "typed", ZONE)


def test_a_slot_without_length_is_refused() -> None:
    with pytest.raises(PricesUnclear, match="no length"):
        Prices((PriceSlot(at(1, 0), at(1, 0), 1),), at(1, 0), "typed", ZONE)


def test_a_slot_outside_utc_is_refused() -> None:
    naive = at(1, 0).replace(tzinfo=None)
    with pytest.raises(PricesUnclear, match="not in UTC"):
        Prices((PriceSlot(naive, naive + HOUR, 1),), at(1, 1), "typed", ZONE)


def test_quarters_begin_and_end_where_asked() -> None:
    cut = quarter_hours(hours(10, 20, start=at(1, 0)), at(1, 0, 50), at(1, 1, 20))
    assert [(slot.start.minute, slot.end.minute, slot.price_micro_per_kwh) for slot in cut] == [
        (50, 0, 10),
        (0, 15, 20),
        (15, 20, 20),
    ]


def test_a_change_of_price_within_a_quarter_cuts_it() -> None:
    odd = Prices((PriceSlot(at(1, 0), at(1, 0, 50), 1), PriceSlot(at(1, 0, 50), at(1, 1), 2)), at(1, 1), "typed", ZONE)
    cut = quarter_hours(odd, at(1, 0, 45), at(1, 1))
    assert [(slot.start.minute, slot.price_micro_per_kwh) for slot in cut] == [(45, 1), (50, 2)]


def test_quarters_end_where_the_prices_end() -> None:
    assert quarter_hours(hours(10, start=at(1, 0)), at(1, 0), at(1, 5))[-1].end == at(1, 1)


def test_the_price_of_a_moment_is_that_of_its_slot() -> None:
    known = hours(10, 20, start=at(1, 0))
    assert [known.price_at(at(1, 0, 59)), known.price_at(at(1, 1)), known.price_at(at(1, 2))] == [10, 20, None]


# ── flat and time of use ───────────────────────────────────────────────────────────────────────────


def test_a_flat_tariff_is_one_slot() -> None:
    known = prices(FlatTariff(250_000), at(1, 17), at(2, 6), ZONE)
    assert known.slots == (PriceSlot(at(1, 17), at(2, 6), 250_000),)
    assert known.known_until == at(2, 6)


@pytest.mark.parametrize(
    ("start", "drawn"),
    [
        # Local midnight to midnight; N night, D day, one letter an hour that really passed.
        (at(24, 23), "NNNNNNNDDDDDDDDDDDDDDDDN"),
        (at(25, 23), "NNNNNNDDDDDDDDDDDDDDDDN"),  # 26 March: 02:00 to 03:00 does not exist
        (at(28, 22, month=10), "NNNNNNNNDDDDDDDDDDDDDDDDN"),  # 29 October: 02:00 to 03:00 comes twice
        (at(30, 23, year=2024), "NNNNNNDDDDDDDDDDDDDDDDN"),  # 31 March 2024
        (at(26, 22, month=10, year=2024), "NNNNNNNNDDDDDDDDDDDDDDDDN"),  # 27 October 2024
    ],
)
def test_a_night_tariff_follows_the_clock_on_the_wall(start: datetime, drawn: str) -> None:
    known = prices(night_and_day(), start, start + len(drawn) * HOUR, ZONE)
    hourly = [known.price_at(start + n * HOUR) for n in range(len(drawn))]
    assert "".join("N" if price == NIGHT else "D" for price in hourly) == drawn
    assert len(known.slots) == 3


def test_a_period_over_midnight_of_sunday_ends_on_monday() -> None:
    tariff = TimeOfUseTariff(
        (
            TimeOfUsePeriod(WORKDAYS, time(7), time(23), PEAK),
            TimeOfUsePeriod(WORKDAYS | {6}, time(23), time(7), NIGHT),
            TimeOfUsePeriod(frozenset({5}), time(7), time(0), NIGHT),
            TimeOfUsePeriod(frozenset({6}), time(0), time(23), NIGHT),
        )
    )
    monday_seven_local = at(9, 6, month=1)
    known = prices(tariff, at(8, 12, month=1), at(9, 12, month=1), ZONE)
    assert [slot.start for slot in known.slots] == [at(8, 12, month=1), monday_seven_local]


def test_a_minute_without_a_price_is_named() -> None:
    with pytest.raises(TariffUnclear, match="Saturday 07:00 has no price"):
        TimeOfUseTariff(
            (
                TimeOfUsePeriod(EVERY_DAY, time(23), time(7), NIGHT),
                TimeOfUsePeriod(WORKDAYS, time(7), time(23), DAY),
                TimeOfUsePeriod(WEEKEND, time(7, 30), time(23), DAY),
            )
        )


def test_a_minute_with_two_prices_is_named() -> None:
    with pytest.raises(TariffUnclear, match="Monday 06:30 has two prices"):
        TimeOfUseTariff(
            (
                TimeOfUsePeriod(EVERY_DAY, time(23), time(7), NIGHT),
                TimeOfUsePeriod(EVERY_DAY, time(6, 30), time(23), DAY),
            )
        )


def test_half_a_minute_is_refused() -> None:
    with pytest.raises(TariffUnclear, match="whole minute"):
        TimeOfUseTariff((TimeOfUsePeriod(EVERY_DAY, time(0, 0, 30), time(0), NIGHT),))


def test_an_eighth_day_is_refused() -> None:
    with pytest.raises(TariffUnclear, match="7 is no weekday"):
        TimeOfUseTariff((TimeOfUsePeriod(frozenset(range(8)), time(0), time(0), NIGHT),))


# ── day-ahead ──────────────────────────────────────────────────────────────────────────────────────


def test_surcharge_and_vat_come_on_top_of_the_exchange() -> None:
    paid = retail(DayAheadTariff(150_000, 21), hours(94_140, -20_000, start=at(1, 0)))
    assert [slot.price_micro_per_kwh for slot in paid.slots] == [295_409, 157_300]


def test_vat_makes_a_price_below_zero_lower() -> None:
    paid = retail(DayAheadTariff(0, 21), hours(-500_000, start=at(1, 0)))
    assert paid.slots[0].price_micro_per_kwh == -605_000


def test_a_strange_rate_of_vat_is_refused() -> None:
    with pytest.raises(TariffUnclear, match="121 %"):
        DayAheadTariff(0, 121)


# ── guesses ────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_yet_published_is_guessed_from_the_days_on_which_that_hour_is_known() -> None:
    known = hours(*[0] * 6, *[80] * 24, start=at(1, 0))
    longer = with_guesses(known, at(3, 2, 30))
    higher = (80 - 64) // 2  # half way from all that is known to its last day
    assert longer.price_at(at(2, 6)) == 80 + higher  # known of one day
    assert longer.price_at(at(3, 0)) == (0 + 80) // 2 + higher
    assert longer.slots[-1].end == at(3, 2, 30)
    assert longer.known_until == known.known_until


def test_of_many_days_the_last_seven_count_and_the_last_of_them_sets_half_the_level() -> None:
    known = hours(*(1_000 * day for day in range(10) for _ in range(24)), start=at(1, 0))
    longer = with_guesses(known, at(12, 12))
    of_a_week, of_a_day = 6_000, 9_000
    assert {longer.price_at(at(11, hour)) for hour in range(24)} == {of_a_week + (of_a_day - of_a_week) // 2}
    assert longer.price_at(at(12, 0)) == longer.price_at(at(11, 0))  # a day that is guessed itself is none of them
    assert longer.slots[-1].end == at(12, 12)


def test_a_guess_goes_by_the_clock_on_the_wall_across_its_change() -> None:
    saturday = datetime(2024, 10, 25, 22, tzinfo=UTC)  # midnight in Amsterdam, the night before clocks go back
    known = hours(*range(25), start=saturday - HOUR)
    longer = with_guesses(known, saturday + timedelta(hours=49))
    noon = datetime(2024, 10, 27, 11, tzinfo=UTC)  # which is an hour later by UTC than the noon before
    assert [longer.price_at(noon), longer.price_at(noon + timedelta(hours=1))] == [13, 14]


def test_in_the_night_with_an_hour_more_a_day_of_just_24_hours_will_do() -> None:
    sunday = datetime(2024, 10, 26, 22, tzinfo=UTC)
    longer = with_guesses(hours(*range(24), start=sunday), sunday + timedelta(hours=26))
    assert [longer.price_at(sunday + 24 * HOUR), longer.price_at(sunday + 25 * HOUR)] == [0, 0]


@given(st.integers(1, 12 * 24), st.integers(0, 72 * 4))
def test_guesses_reach_to_the_quarter_asked_for_and_leave_what_is_known(known_hours: int, quarters: int) -> None:
    known = hours(*(7 * one % 31 for one in range(known_hours)), start=at(1, 0))
    end = known.slots[-1].end + quarters * timedelta(minutes=15)
    longer = with_guesses(known, end)
    assert longer.slots[: len(known.slots)] == known.slots
    assert longer.slots[-1].end == (end if known_hours >= 24 else known.slots[-1].end)
    assert all(-15 <= slot.price_micro_per_kwh <= 45 for slot in longer.slots)  # half of what prices differ by


def test_with_less_than_a_day_known_nothing_is_guessed() -> None:
    known = hours(*range(23), start=at(1, 0))
    assert with_guesses(known, at(3, 0)) == known


# ── money ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "divisor", "rounded"),
    [(5, 10, 0), (15, 10, 2), (25, 10, 2), (26, 10, 3), (-5, 10, 0), (-15, 10, -2), (-14, 10, -1)],
)
def test_a_tie_goes_to_the_even_number(number: int, divisor: int, rounded: int) -> None:
    assert round_half_even(number, divisor) == rounded


def test_a_bill_is_exact_until_it_is_rounded_once() -> None:
    known = hours(333_333, 100_001, start=at(1, 0))
    total = cost_nano([(at(1, 0), at(1, 0, 15), 1_001), (at(1, 1), at(1, 2), 999)], known)
    assert total == 333_333 * 1_001 + 100_001 * 999
    assert cents(total) == 43


def test_a_reading_across_two_prices_is_refused() -> None:
    with pytest.raises(PricesUnclear, match="no single price"):
        cost_nano([(at(1, 0, 45), at(1, 1, 15), 1)], hours(1, 2, start=at(1, 0)))
