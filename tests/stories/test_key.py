"""The key on the way to the car: seen when it is there, said when it is elsewhere, proved by the car alone."""

from chargekey.ports.jobs import Work
from tesla_simulator.demo import MODEL_S, MODEL_X
from tests.stories.phone import Phone
from tests.stories.town import Town, starts_and_stops


async def test_a_key_that_landed_on_another_car_is_said(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    await phone.chooses("4F21")
    await town.time_passes(seconds=11)

    # ── the Tesla app shows the Model X, and takes it for that ───
    town.world.phone.swipes_to(MODEL_X)
    town.world.phone.ignores_vin()
    await town.adds_the_key(phone)
    assert phone.shows == "/key"
    assert phone.reads("The key went to Model X")

    # ── swiped to the Model 3, and once more ─────────────────────
    town.world.phone.swipes_to(town.car.vin)
    await town.adds_the_key(phone)
    assert phone.shows == "/plan"


async def test_a_sleeping_car_is_paired_but_not_yet_tried(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    await phone.chooses("4F21")

    # ── the key arrives; the car falls asleep before it is asked ─
    await phone.adds_the_key()
    town.car.falls_asleep()
    await town.time_passes(seconds=12)
    await phone.looks_again()
    assert phone.shows == "/test"
    assert phone.reads("The car is asleep, so not yet tried")
    assert not town.calls("/wake_up")

    # ── he goes on meanwhile ─────────────────────────────────────
    await phone.presses("Go on to the plan meanwhile")
    assert phone.shows == "/plan"

    # ── somebody opens a door: proved within minutes ─────────────
    town.car.wakes_up()
    await town.time_passes(minutes=6)
    await phone.opens("/test")
    assert phone.reads("The car knows our key")
    assert town.car.accepted_commands == []


async def test_a_model_s_of_2019_needs_no_key_and_obeys_plain_commands(town: Town, phone: Phone) -> None:
    car = town.world.cars[MODEL_S]

    await phone.signs_in()
    await phone.allows()
    await phone.chooses(MODEL_S)
    assert phone.shows == "/key/not-needed"
    await phone.presses("Go on to the plan")
    await phone.presses("Plan with this", ready_by="07:00")
    assert phone.shows == "/tonight"

    # ── plugged in, it begins by itself and is told to wait ──────
    await town.time_passes(minutes=5)
    car.plugs_in()
    await town.time_passes(minutes=16)
    assert starts_and_stops(car) == ["charge_stop"]

    # ── charge now ───────────────────────────────────────────────
    await phone.looks_again()
    await phone.presses("Charge now")
    await town.time_passes(minutes=3)
    assert car.charging_state == "Charging"
    assert starts_and_stops(car) == ["charge_stop", "charge_start"]
    assert not town.calls("/signed_command")


async def test_tesla_is_asked_for_the_key_as_often_as_promised_and_no_more(town: Town, phone: Phone) -> None:
    await phone.signs_in()
    await phone.allows()
    await phone.chooses("4F21")

    async def asked(seconds: int, beat_s: int, *, returned: bool = False) -> int:
        """How often, while the page stays open that long."""
        before = len(town.calls("/fleet_status"))
        if returned:
            await phone.comes_back_to_the_page()
        for _ in range(seconds // beat_s):
            await town.time_passes(seconds=beat_s)
            await phone.looks_again()
        return len(town.calls("/fleet_status")) - before

    # ── open: every 10 s for five minutes, then every minute ─────
    assert 28 <= await asked(300, 10) <= 32
    assert 4 <= await asked(300, 20) <= 6
    # ── back from the Tesla app: every 3 s for half a minute ─────
    assert 9 <= await asked(30, 3, returned=True) <= 12
    # ── closed: 5, 15, 60 minutes, then hourly for a day ─────────
    before = len(town.calls("/fleet_status"))
    await town.time_passes(hours=24.5)
    assert 25 <= len(town.calls("/fleet_status")) - before <= 28 + 2  # two for the look that every account gets a day
    # ── then nobody looks for it any more ────────────────────────
    async with town.home.store.unit() as unit:
        assert await unit.timers.due_at(Work.LOOK_FOR_KEY, 1) is None
