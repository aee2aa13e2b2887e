"""How cars charge, sleep and obey, under a clock that only the test turns."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tesla_simulator import physics
from tesla_simulator.cars.car import Car
from tesla_simulator.cars.vins import is_before_signing
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import MODEL_3, demo_world
from tesla_simulator.fleet_api import shapes
from tesla_simulator.sites import Sites
from tesla_simulator.world import World

WINDOW: Final = {
    "days_of_week": "All",
    "start_enabled": True,
    "start_time": 60,
    "end_enabled": True,
    "end_time": 120,
}

START = datetime(2024, 1, 10, 18, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return a_world()


def a_world() -> World:
    clock = TurnedClock(system=lambda: START)
    return demo_world(clock, Sites("http://localhost:8701"), "http://localhost:8700")


def turn(world: World, **duration: float) -> None:
    world.clock.turn_to(world.now + timedelta(**duration))
    world.settle()


def test_a_car_charges_when_plugged_in_until_its_limit(world: World) -> None:
    car = world.cars[MODEL_3]
    car.plugs_in()
    assert car.charging_state == "Starting"
    turn(world, hours=1)
    assert car.charging_state == "Charging"
    turn(world, hours=3)
    assert car.charging_state == "Complete"
    assert car.soc_percent == pytest.approx(80)
    turn(world, hours=1)
    assert car.state == "asleep"


def test_the_meter_adds_up_quarter_by_quarter(world: World) -> None:
    car = world.cars[MODEL_3]
    car.plugs_in()
    turn(world, hours=10)
    into_battery_wh = sum(reading.battery_wh for reading in car.meter)
    assert into_battery_wh == pytest.approx(57_500 * 0.38)
    assert car.record.added_wh == pytest.approx(into_battery_wh)
    assert car.meter[1].wall_wh == pytest.approx(3 * 16 * 230 / 4)
    assert all(reading.start.minute % 15 == 0 for reading in car.meter)
    assert all(later.start == earlier.end for earlier, later in zip(car.meter, car.meter[1:], strict=False))


def test_it_does_not_matter_how_often_anybody_looks(world: World) -> None:
    other = a_world()
    for each in (world, other):
        each.cars[MODEL_3].plugs_in()
    turn(world, hours=2)
    for _ in range(240):
        turn(other, seconds=30)
    assert world.cars[MODEL_3].soc_percent == pytest.approx(other.cars[MODEL_3].soc_percent)


def test_stopped_stays_stopped_until_started_or_plugged_in_again(world: World) -> None:
    car = world.cars[MODEL_3]
    car.plugs_in()
    turn(world, minutes=5)
    assert car.execute("charge_stop", {}).ok
    turn(world, hours=8)
    assert car.charging_state == "Stopped"
    assert car.state == "asleep"
    car.unplugs()
    car.plugs_in()
    turn(world, minutes=1)
    assert car.charging_state == "Charging"


def test_refusals_carry_teslas_reasons(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("charge_start", {}).reason == "disconnected"
    assert car.execute("charge_stop", {}).reason == "not_charging"
    car.plugs_in()
    assert car.execute("charge_start", {}).reason == "requested"
    turn(world, seconds=5)
    assert car.execute("charge_start", {}).reason == "is_charging"
    assert car.execute("set_charge_limit", {"percent": 80}).reason == "already_set"
    car.charger_loses_power()
    assert car.execute("charge_start", {}).reason == "no_power"
    car.charger_has_power_again()
    assert car.execute("set_charge_limit", {"percent": 50}).ok
    turn(world, hours=1)
    assert car.charging_state == "Complete"
    assert car.execute("charge_start", {}).reason == "complete"
    assert car.accepted_commands == ["set_charge_limit"]


def test_a_higher_limit_lets_a_complete_car_go_on(world: World) -> None:
    car = world.cars[MODEL_3]
    car.plugs_in()
    turn(world, hours=5)
    assert car.execute("set_charge_limit", {"percent": 90}).ok
    turn(world, hours=2)
    assert car.soc_percent == pytest.approx(90)


def test_amps_are_clamped_to_what_the_cable_carries(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("set_charging_amps", {"charging_amps": 32}).ok
    assert car.record.requested_current_a == 16
    assert car.execute("set_charging_amps", {"charging_amps": "16"}).reason == "invalid_value"


def test_half_the_current_is_half_the_power_at_the_wall(world: World) -> None:
    car = world.cars[MODEL_3]
    car.execute("set_charging_amps", {"charging_amps": 8})
    car.plugs_in()
    turn(world, hours=1)
    assert car.meter[1].wall_wh == pytest.approx(3 * 8 * 230 / 4)


def test_a_cold_battery_is_heated_once_before_it_takes_anything_in(world: World) -> None:
    car = world.cars[MODEL_3]
    car.battery_gets_cold(timedelta(minutes=20))
    turn(world, hours=1)
    assert not told(car)["battery_heater_on"]  # nothing heats it before it is plugged in
    before_wh, first = car.record.energy_wh, len(car.meter)
    car.plugs_in()
    turn(world, seconds=3, minutes=10)
    seen = told(car)
    assert (seen["charging_state"], seen["battery_heater_on"], seen["charge_rate"]) == ("Charging", True, 0)
    assert (seen["charger_power"], seen["charge_energy_added"]) == (11, 0)
    turn(world, minutes=10)
    assert car.record.energy_wh == before_wh
    assert not told(car)["battery_heater_on"]
    assert sum(reading.wall_wh for reading in car.meter[first:]) == pytest.approx(11_040 / 3, rel=0.001)
    turn(world, minutes=30)
    assert car.record.energy_wh == pytest.approx(before_wh + physics.battery_power_kw(11.04) * 500)
    car.somebody_stops_charging()
    turn(world, hours=2)
    added_wh = car.record.added_wh
    car.somebody_starts_charging()
    turn(world, minutes=1)
    assert car.record.added_wh > added_wh


def test_heating_goes_on_where_it_was_left(world: World) -> None:
    car = world.cars[MODEL_3]
    car.battery_gets_cold()
    car.plugs_in()
    turn(world, seconds=3, minutes=10)
    car.somebody_stops_charging()
    assert not told(car)["battery_heater_on"]
    turn(world, hours=1)
    car.somebody_starts_charging()
    turn(world, seconds=3, minutes=19)
    assert told(car)["battery_heater_on"]
    turn(world, minutes=1)
    assert not told(car)["battery_heater_on"]
    assert [entry.name for entry in car.log].count("battery is warm") == 1


def test_warm_weather_is_back(world: World) -> None:
    car = world.cars[MODEL_3]
    car.battery_gets_cold()
    car.battery_is_warm()
    car.plugs_in()
    turn(world, minutes=5)
    assert car.record.added_wh > 0


def told(car: Car) -> dict[str, Any]:
    return shapes.charge_state(car.record)


def test_a_quiet_car_sleeps_after_a_quarter_of_an_hour(world: World) -> None:
    car = world.cars[MODEL_3]
    turn(world, minutes=14)
    car.is_looked_at()
    turn(world, minutes=14)
    assert car.state == "online"
    turn(world, minutes=1)
    assert car.state == "asleep"


def test_a_car_with_a_schedule_of_its_own_waits_for_it(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 7}).ok
    car.plugs_in()
    turn(world, hours=5)  # midnight in Amsterdam
    assert car.charging_state == "Stopped"
    turn(world, hours=1.5)  # half past one
    assert car.charging_state == "Charging"
    turn(world, hours=1)
    assert car.charging_state == "Stopped"
    assert sum(reading.wall_wh for reading in car.meter) == pytest.approx(11_040, rel=0.01)


def test_a_schedule_counts_where_it_belongs(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 7, "lat": 48.1, "lon": 11.5}).ok
    car.plugs_in()
    turn(world, minutes=1)
    assert car.charging_state == "Charging"
    car.unplugs()
    home = car.record.home
    near = {"lat": home.latitude + 0.001, "lon": home.longitude}
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 8, **near}).ok
    car.plugs_in()
    turn(world, minutes=1)
    assert car.charging_state == "Stopped"


def test_a_car_that_has_lost_its_gps_charges_at_once_and_lets_its_hours_pass(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 7}).ok
    car.plugs_in()
    car.gps_goes_stale()
    turn(world, hours=12)
    assert car.charging_state == "Stopped"
    assert not car.meter
    car.unplugs()
    car.plugs_in()
    turn(world, minutes=1)
    assert car.charging_state == "Charging"
    car.unplugs()
    car.gps_is_fresh_again()
    car.plugs_in()
    turn(world, minutes=1)
    assert car.charging_state == "Stopped"


def test_a_schedule_for_one_day_is_over_with_it(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 7, "one_time": True}).ok
    car.plugs_in()
    turn(world, hours=8)
    assert (car.charging_state, car.record.schedules[7].enabled) == ("Stopped", False)
    car.unplugs()
    car.plugs_in()
    turn(world, minutes=1)
    assert car.charging_state == "Charging"


@pytest.mark.parametrize(("which", "left"), [("home", {8}), ("other", {7}), ("work", {7, 8})])
def test_schedules_are_removed_by_where_they_belong(world: World, which: str, left: set[int]) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 7}).ok
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 8, "lat": 48.1, "lon": 11.5}).ok
    assert car.execute("batch_remove_charge_schedules", {which: True}).ok
    assert set(car.record.schedules) == left


def test_removing_what_a_car_waits_for_lets_it_charge_at_once(world: World) -> None:
    car = world.cars[MODEL_3]
    for schedule in (7, 8):
        assert car.execute("add_charge_schedule", {**WINDOW, "id": schedule}).ok
    car.plugs_in()
    assert car.execute("remove_charge_schedule", {"id": 7}).ok
    turn(world, minutes=1)
    assert car.charging_state == "Stopped"
    assert car.execute("remove_charge_schedule", {"id": 8}).ok
    turn(world, minutes=1)
    assert car.charging_state == "Charging"


def test_a_car_keeps_ten_schedules(world: World) -> None:
    car = world.cars[MODEL_3]
    for schedule in range(1, 11):
        assert car.execute("add_charge_schedule", {**WINDOW, "id": schedule}).ok
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 10}).ok
    assert car.execute("add_charge_schedule", {**WINDOW, "id": 11}).reason == "too_many_schedules"


def test_an_older_schedule_only_begins(world: World) -> None:
    car = world.cars[MODEL_3]
    assert car.execute("set_scheduled_charging", {"enable": True, "time": 120}).ok
    car.plugs_in()
    turn(world, hours=6.5)
    assert car.charging_state == "Stopped"
    turn(world, hours=8)
    assert car.charging_state == "Complete"


def test_driving_uses_energy_and_unplugs(world: World) -> None:
    car = world.cars[MODEL_3]
    car.plugs_in()
    car.drives(100)
    assert car.charging_state == "Disconnected"
    assert car.soc_percent == pytest.approx(42 - 14_500 / 57_500 * 100)


def test_a_car_charges_elsewhere_too_and_is_at_home_when_it_plugs_in_there(world: World) -> None:
    car = world.cars[MODEL_3]
    car.plugs_in_elsewhere()
    turn(world, minutes=1)
    assert (car.charging_state, car.record.is_at_home) == ("Charging", False)
    car.unplugs()
    assert not car.record.is_at_home
    car.plugs_in()
    assert car.record.is_at_home


def test_a_full_key_list_is_twenty(world: World) -> None:
    car = world.cars[MODEL_3]
    car.fills_its_key_list()
    assert car.number_of_keys == 20


@pytest.mark.parametrize(
    ("vin", "old"),
    [
        ("5YJSA1E20JF000001", True),  # Model S 2018
        ("5YJXCBE22LF000001", True),  # Model X 2020
        ("5YJSA1E21MF000001", True),  # 2021 with the drive unit of before
        ("5YJSA1E51MF000001", False),  # 2021 with the new one
        ("5YJSA1E20NF000001", False),  # 2022
        ("5YJ3E1EA7JF000001", False),  # a Model 3 is never that old
        ("5YJSA1E2011000001", False),  # digits are years from 2031 on
    ],
)
def test_old_cars_are_known_by_their_vin(vin: str, old: bool) -> None:
    assert is_before_signing(vin) is old


@pytest.mark.parametrize(
    ("phases", "current_a", "efficiency"),
    [(3, 16, 0.90), (3, 6, 0.87), (1, 16, 0.86), (1, 6, 0.75)],
)
def test_losses_are_those_measured_by_others(phases: int, current_a: int, efficiency: float) -> None:
    wall_kw = physics.Supply(phases=phases).power_kw(current_a)
    assert physics.battery_power_kw(wall_kw) / wall_kw == pytest.approx(efficiency, abs=0.015)


def test_power_falls_towards_full() -> None:
    powers = [physics.tapered_kw(11, soc) for soc in (50, 95, 97, 99, 100)]
    assert powers == [11, 11, pytest.approx(6.6), pytest.approx(2.75), pytest.approx(2.75)]
