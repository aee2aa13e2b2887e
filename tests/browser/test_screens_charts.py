"""The plan chart's geometry, by the chart rules of the look."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chargekey.entrypoints.web.charts import ChartSlot, Drawing, PlanChart, by_hour, draw, draw_welcome
from tests.browser.sample_chart import CHOSEN, EVENING, NOW, QUARTER, READY_BY, ZONE, at, slots, soc

TONIGHT = PlanChart(slots(), soc(NOW), NOW, READY_BY, 80)


def drawn(chart: PlanChart = TONIGHT) -> Drawing:
    shown = draw(chart, ZONE)
    assert shown is not None
    return shown


def test_bars_stand_on_zero_and_the_dearest_fills_its_lane() -> None:
    bars = drawn().bars

    assert {round(bar.y + bar.height, 1) for bar in bars} == {226.0}
    assert min(bar.y for bar in bars) == 116.0


def test_the_past_is_hollow_the_chosen_lit_and_the_charged_white() -> None:
    before, during = drawn(), drawn(PlanChart(slots(done_until=at(2, 15)), soc(at(2, 15)), at(2, 15), READY_BY, 80))

    assert "".join(_sign(bar.kind) for bar in before.bars) == "h" * 11 + "-" * 17 + "l" * 6 + "---" + "l" * 6 + "-" * 13
    assert "".join(_sign(bar.kind) for bar in during.bars) == "h" * 28 + "w" * 5 + "l---" + "l" * 6 + "-" * 13


def test_a_chosen_hour_that_passed_in_vain_is_not_lit() -> None:
    late = drawn(replace(TONIGHT, now=at(5)))

    assert {bar.kind for bar in late.bars} == {"past", ""}
    assert late.beams == ()


def test_beams_join_what_is_chosen_without_a_break() -> None:
    beams = drawn().beams

    assert [(beam.x, beam.width) for beam in beams] == [(175.0, 37.5), (231.25, 37.5)]


def test_negative_prices_hang_below_the_zero_line() -> None:
    shown = drawn(replace(TONIGHT, slots=slots(dip=20)))
    below = [bar for bar, slot in zip(shown.bars, slots(dip=20), strict=True) if slot.price_micro_per_kwh < 0]

    assert below
    assert {bar.y for bar in below} == {shown.zero_y}
    assert max(bar.y + bar.height for bar in below) <= 226.1


def test_guessed_prices_are_told_apart_until_they_are_chosen() -> None:
    shown = drawn(replace(TONIGHT, slots=slots(guessed_from=at(4))))

    assert [bar.kind for bar in shown.bars[40:44]] == ["chosen", "chosen", "chosen", "guessed"]


def test_labels_name_the_peak_and_the_lowest_chosen_and_cover_no_bar() -> None:
    shown = drawn()
    chosen = [slot.price_micro_per_kwh for slot in slots() if slot.planned_wh]

    assert shown.peak is not None and shown.lowest_chosen is not None
    assert shown.peak.price_micro_per_kwh == max(slot.price_micro_per_kwh for slot in slots())
    assert shown.lowest_chosen.price_micro_per_kwh == min(chosen)
    for label in (shown.peak, shown.lowest_chosen):
        under = [bar.y for bar in shown.bars if label.mark.x - 14 < bar.x + bar.width and bar.x < label.mark.x + 14]
        assert min(under) > label.mark.y


def test_the_battery_is_solid_up_to_now_and_dotted_beyond() -> None:
    shown = drawn()

    assert shown.measured_path == "M16.67 94L74.17 94"
    assert shown.expected_path.startswith("M74.17 94L175 94L212.5 68")
    assert shown.expected_path.endswith("L325 42")
    assert shown.dot is not None and shown.dot.x == 74.17


@pytest.mark.parametrize(("now", "word_ends_before_flag"), [(NOW, False), (at(6, 30), True), (at(7, 30), True)])
def test_the_word_now_gives_way_to_the_flag(now: datetime, word_ends_before_flag: bool) -> None:
    shown = drawn(replace(TONIGHT, now=now))

    assert shown.now is not None and shown.pole is not None
    assert (shown.now.word.anchor == "end" and shown.now.word.x < shown.pole.flag_x) is word_ends_before_flag


def test_clock_times_stand_under_whole_local_hours() -> None:
    ticks = drawn().ticks

    assert [tick.at for tick in ticks] == [at(18), at(21), at(0), at(3), at(6)]
    assert [tick.mark.anchor for tick in ticks] == ["", "mid", "mid", "mid", "mid"]


def test_there_is_room_for_words_when_the_night_begins_now() -> None:
    shown = drawn(replace(TONIGHT, now=EVENING, soc=soc(EVENING)))

    assert shown.now is not None and shown.now.x > 14


def test_without_prices_there_is_no_chart() -> None:
    assert draw(replace(TONIGHT, slots=()), ZONE) is None
    assert draw_welcome(()) == ()


def test_the_table_adds_up_to_the_hours_of_the_plan() -> None:
    rows = by_hour(slots())

    assert len(rows) == 14
    assert sum((row.charging for row in rows), timedelta()) == sum((end - start for start, end in CHOSEN), timedelta())


def test_one_price_all_night_is_a_row_of_equal_bars() -> None:
    flat = tuple(ChartSlot(EVENING + n * QUARTER, EVENING + (n + 1) * QUARTER, 280_000) for n in range(8))

    assert {bar.height for bar in drawn(replace(TONIGHT, slots=flat)).bars} == {110.0}


def _sign(kind: str) -> str:
    return {"past": "h", "chosen": "l", "done": "w", "": "-"}[kind]
