"""Commands to a car that checks every signature: agreed, proved, resynced."""

import asyncio

import httpx2
import pytest
from tesla_protocol.command.common_pb2 import ChargeSchedule

from chargekey.adapters.tesla.signing.session import from_kept
from chargekey.domain.car_schedules import EVERY_DAY, CarSchedule
from chargekey.domain.place import Place
from chargekey.ports.faults import AnswerLost, Busy, KeyMissing, Refused, TeslaFails
from tests.adapters.tesla_car import INVALID_COUNTER, Car
from tests.adapters.tesla_road import OURS, SIGN_ANEW, Road, start
from tests.adapters.tesla_side import EU, GRANT, VIN, said


@pytest.fixture
def road() -> Road:
    return Road()


# ── agreed ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_car_starts_and_stops_charging_and_sets_its_current(road: Road) -> None:
    commands, tesla = road.client()
    answer = await commands.start_charging(GRANT, VIN, signed=True)
    await commands.set_charging_current(GRANT, VIN, 16, signed=True)
    await commands.stop_charging(GRANT, VIN, signed=True)
    first, second, third = [action.vehicleAction for action in road.car.done]
    assert first.chargingStartStopAction.WhichOneof("charging_action") == "start"
    assert second.setChargingAmpsAction.charging_amps == 16
    assert third.chargingStartStopAction.WhichOneof("charging_action") == "stop"
    assert answer.request_id == "tx"
    assert set(tesla.urls) == {f"{EU}/api/1/vehicles/{VIN.whole}/signed_command"}
    assert road.car.heard == {"handshake": 1, "command": 3}
    assert road.car.counters == [1, 2, 3]


async def test_a_car_is_given_a_schedule_and_rid_of_it(road: Road) -> None:
    commands, _ = road.client()
    schedule = CarSchedule(8_650_000_001, 0b0010000, 0, 90, one_time=True)
    await commands.add_schedule(GRANT, VIN, schedule, Place(52.25, 5.5), signed=True)
    await commands.remove_schedule(GRANT, VIN, 8_650_000_001, signed=True)
    added, removed = [action.vehicleAction for action in road.car.done]
    assert added.addChargeScheduleAction == ChargeSchedule(
        id=8_650_000_001,
        name="Chargekey",
        days_of_week=16,
        start_enabled=True,
        start_time=0,
        end_enabled=True,
        end_time=90,
        one_time=True,
        enabled=True,
        latitude=52.25,
        longitude=5.5,
    )
    assert removed.removeChargeScheduleAction.id == 8_650_000_001


async def test_a_schedule_without_a_signature(road: Road) -> None:
    """In the words that Tesla's own proxy takes."""
    commands, tesla = road.client(*[said(200, {"response": {"result": True, "reason": ""}})] * 3)
    guard = CarSchedule(8_650_000_000, EVERY_DAY, 180, None, one_time=False)
    once = CarSchedule(8_650_000_001, 0b0010101, None, 90, one_time=True)
    for schedule in (guard, once):
        await commands.add_schedule(GRANT, VIN, schedule, Place(52.25, 5.5), signed=False)
    await commands.remove_schedule(GRANT, VIN, guard.number, signed=False)
    assert [url.rsplit("/", 1)[1] for url in tesla.urls] == [*["add_charge_schedule"] * 2, "remove_charge_schedule"]
    every_day, once_told, removed = (tesla.body(number) for number in range(3))
    assert every_day == {
        "id": 8_650_000_000,
        "name": "Chargekey",
        "days_of_week": "All",
        "enabled": True,
        "start_enabled": True,
        "start_time": 180,
        "end_enabled": False,
        "end_time": 0,
        "one_time": False,
        "lat": 52.25,
        "lon": 5.5,
    }
    assert (once_told["days_of_week"], once_told["start_enabled"], once_told["end_time"]) == (
        "SUN,TUES,THURS",
        False,
        90,
    )
    assert removed == {"id": 8_650_000_000}


async def test_a_current_below_five_ampere_is_asked_for_as_five(road: Road) -> None:
    commands, _ = road.client()
    await commands.set_charging_current(GRANT, VIN, 3, signed=True)
    assert road.car.done[0].vehicleAction.setChargingAmpsAction.charging_amps == 5


async def test_a_sealed_answer_is_read(road: Road) -> None:
    road.car.seals = True
    await start(road)
    road.car.refuses = "disconnected"
    with pytest.raises(Refused, match="disconnected"):
        await start(road)


async def test_after_a_restart_the_session_goes_on_and_no_counter_is_used_twice(road: Road) -> None:
    await start(road)
    await start(road)
    assert road.car.heard == {"handshake": 1, "command": 2}
    assert road.car.counters == [1, 2]


async def test_a_counter_is_saved_before_it_is_sent(road: Road) -> None:
    await start(road)
    with pytest.raises(AnswerLost):
        await start(road, httpx2.ReadTimeout("slow"))
    await start(road)
    assert road.car.counters == [1, 3]


async def test_one_request_at_a_time_for_each_car(road: Road) -> None:
    at_once, most = 0, 0

    async def slow_road(request: httpx2.Request) -> httpx2.Response:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        return road.car(request)

    commands, _ = road.client(*[slow_road] * 5)
    await asyncio.gather(*(commands.start_charging(GRANT, VIN, signed=True) for _ in range(4)))
    assert most == 1
    assert road.car.counters == [1, 2, 3, 4]


# ── proof ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_proof_is_the_cars_own_answer_and_changes_nothing(road: Road) -> None:
    commands, _ = road.client()
    answer = await commands.prove(GRANT, VIN)
    assert (answer.value, answer.request_id) == (True, "tx")
    assert road.car.heard == {"handshake": 1}
    assert road.car.done == []


async def test_a_car_without_our_key_says_so(road: Road) -> None:
    road.car.is_paired = False
    commands, _ = road.client()
    with pytest.raises(KeyMissing) as missing:
        await commands.prove(GRANT, VIN)
    assert missing.value.request_id == "tx"


async def test_a_key_deleted_later_is_noticed_by_the_next_command(road: Road) -> None:
    await start(road)
    road.car.is_paired = False
    with pytest.raises(KeyMissing):
        await start(road)
    assert len(road.car.done) == 1


async def test_a_car_with_a_new_computer_is_greeted_anew_and_obeys(road: Road) -> None:
    await start(road)
    road.car = Car(road.clock, OURS.public_bytes)
    await start(road)
    assert road.car.heard == {"command": 2, "handshake": 1}
    assert len(road.car.done) == 1  # the first was signed for the old one, and refused
    await start(road)
    assert road.car.heard == {"command": 3, "handshake": 1}


async def test_a_new_computer_that_does_not_know_our_key_says_so(road: Road) -> None:
    await start(road)
    road.car = Car(road.clock, OURS.public_bytes)
    road.car.is_paired = False
    with pytest.raises(KeyMissing):
        await start(road)
    assert road.car.done == []


async def test_a_changed_key_that_rides_on_a_refused_command_is_not_kept(road: Road) -> None:
    await start(road)
    before = _car_keys(road)
    impostor = Car(road.clock, OURS.public_bytes)
    with pytest.raises(TeslaFails):
        await start(road, impostor, httpx2.ReadTimeout("no answer to the greeting"))
    assert _car_keys(road) == before
    assert impostor.done == []


def _car_keys(road: Road) -> list[bytes]:
    sessions = [from_kept(data) for data in road.sessions.kept.values()]
    return [session.car_public_key for session in sessions if session]


async def test_session_info_that_comes_late_proves_nothing(road: Road) -> None:
    def late(request: httpx2.Request) -> httpx2.Response:
        answer = road.car(request)
        road.clock.passes(11)
        return answer

    with pytest.raises(TeslaFails, match="late"):
        await road.client(late)[0].prove(GRANT, VIN)


async def test_a_greeting_whose_answer_is_lost_did_nothing(road: Road) -> None:
    with pytest.raises(TeslaFails) as lost:
        await start(road, httpx2.ReadTimeout("slow"))
    assert not lost.value.may_have_happened


# ── resynced ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_car_that_booted_tells_its_new_epoch_and_obeys(road: Road) -> None:
    await start(road)
    road.car.boots()
    await start(road)
    assert len(road.car.done) == 2
    assert road.car.heard == {"handshake": 1, "command": 3}
    assert road.pauses == [1.0]


async def test_a_clock_of_ours_that_fell_behind_is_put_right(road: Road) -> None:
    await start(road)
    ahead = Car(road.clock, OURS.public_bytes)
    ahead.key, ahead.epoch, ahead.counter = road.car.key, road.car.epoch, road.car.counter
    ahead.began = road.car.began.replace(year=road.car.began.year - 1)
    await start(road, *[ahead] * 3)
    assert len(ahead.done) == 1


@pytest.mark.parametrize("fault", SIGN_ANEW)
async def test_a_passing_fault_is_answered_by_a_new_signature(road: Road, fault: int) -> None:
    road.car.faults = [fault, fault]
    await start(road)
    assert len(road.car.done) == 1
    assert len(set(road.car.counters)) == 3


@pytest.mark.parametrize("fault", SIGN_ANEW)
async def test_a_fault_that_does_not_pass_is_given_up_after_three_signatures(road: Road, fault: int) -> None:
    road.car.faults = [fault] * 9
    with pytest.raises(Busy) as busy:
        await start(road)
    assert (road.car.heard["command"], road.car.done) == (3, [])
    assert busy.value.worth_repeating
    assert not busy.value.may_have_happened


async def test_a_car_whose_counters_are_used_up_is_busy_until_it_boots(road: Road) -> None:
    road.car.counter = 2**32 - 2
    await start(road)
    with pytest.raises(Busy, match="counter"):
        await start(road)
    road.car.boots()
    await start(road)
    assert road.car.counters == [2**32 - 1, 1]


async def test_a_fault_without_session_info_costs_a_new_handshake(road: Road) -> None:
    road.car.faults, road.car.tells_session_with_faults = [INVALID_COUNTER], False
    await start(road)
    assert road.car.heard == {"handshake": 2, "command": 2}
