"""Tesla answers, and the answer is no: each kind as a driver lives through it, with nothing given up for good."""

from datetime import timedelta

import pytest

from chargekey.entrypoints.cli.demo import CLIENT_ID, OPERATOR
from tesla_simulator.faults import Fault, Kind
from tesla_simulator.fleet_api.answers import MISSING_SCOPES
from tests.stories.phone import Phone
from tests.stories.town import EMAIL, MODEL_3, Town

FOR_GOOD = 9999
"""So often that only a story's end takes it away."""


def no(status: int, error: str = "", path: str = "", count: int = FOR_GOOD) -> Fault:
    body = {"response": None, "error": error, "error_description": ""}
    return Fault(Kind.ANSWERS, site="eu", path_contains=path, status=status, body=body, count=count)


async def plugged_in(town: Town, phone: Phone) -> None:
    """Paired and planned, the cable in and seen, the car waiting for the night."""
    await town.pairs(phone, ready_by="07:00", target_percent="50")
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    assert town.car.charging_state == "Stopped"


async def letters(town: Town, to: str) -> list[str]:
    assert town.home.outbox
    return [one.mail.subject for one in await town.home.outbox.letters() if one.mail.to == to]


async def nothing_failed(town: Town) -> None:
    """No work was answered by failing, for what fails ten times waits for an operator's hand."""
    async with town.home.engine.connect() as database:
        failed = await database.exec_driver_sql("SELECT work, last_error FROM timer WHERE last_error <> ''")
        assert failed.all() == []


async def charges_after_all(town: Town, phone: Phone) -> None:
    """As soon as he asks for it."""
    await nothing_failed(town)
    await phone.opens("/tonight")
    await phone.presses("Charge now")
    await town.time_passes(minutes=2)
    assert town.car.charging_state == "Charging"


# ── mended unseen ────────────────────────────────────────────────────


async def test_a_token_that_tesla_takes_no_more_is_renewed_unseen(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    for words in ("token expired (401)", "invalid bearer token", ""):
        since = town.now
        town.world.meets(no(401, words, "/vehicles", count=1))
        await town.time_passes(minutes=11)
        assert len(town.calls("/token", since)) == 1
    await charges_after_all(town, phone)


async def test_an_account_that_moved_to_another_region_is_followed(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    town.world.accounts[EMAIL].moves_to_region("na")
    await town.time_passes(minutes=11)
    since = town.now
    await town.time_passes(minutes=31)
    after = town.calls("/vehicles", since)
    assert after
    assert {call.site for call in after} == {"na"}, "it was kept where the account lives"
    await charges_after_all(town, phone)


async def test_permissions_denied_at_random_are_not_asked_for_again(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    town.world.meets(no(403, MISSING_SCOPES, "/vehicles", count=3))
    await town.time_passes(minutes=40)
    await phone.opens("/go")
    assert phone.shows == "/tonight"
    await charges_after_all(town, phone)


# ── a clear no ───────────────────────────────────────────────────────


CLEAR_NOES: tuple[Fault, ...] = (
    no(405, "vehicle is currently in service"),
    no(403, "unsupported vehicle"),
    no(400, "invalid_field"),
    no(540, path="/vehicle_data"),
    Fault(Kind.ANSWERS, site="eu", status=200, body="<h1>We are busy</h1>", count=FOR_GOOD),
    Fault(Kind.ANSWERS, site="eu", status=403, body="<h1>Access denied</h1>", count=FOR_GOOD),
)


async def test_a_clear_no_is_asked_again_and_never_given_up(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    for trouble in CLEAR_NOES:
        # ── half an hour of nothing but no ───────────────────────
        since = town.now
        town.world.meets(trouble)
        await town.time_passes(minutes=32)
        assert 2 <= len(town.calls(f"/vehicles/{MODEL_3}", since)) <= 8, trouble
        await phone.opens("/tonight")
        assert phone.status == 200
        await nothing_failed(town)
        town.world.is_well_again()

    # ── and then a yes ───────────────────────────────────────────
    await charges_after_all(town, phone)


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (401, "unknown user", "Tesla does not know this account from its app"),
        (423, "", "Tesla has locked the account"),
        (451, "", "Data sharing is switched off"),
    ],
    ids=["unknown user", "locked", "no data shared"],
)
async def test_an_account_that_tesla_refuses_as_a_whole_is_named(
    town: Town, phone: Phone, status: int, error: str, says: str
) -> None:
    await phone.signs_in()
    town.world.meets(no(status, error))
    await phone.allows()
    assert phone.shows == "/choose-car"
    assert phone.reads(says), phone.text

    town.world.is_well_again()
    await town.time_passes(minutes=2)
    await phone.looks_again()
    await phone.chooses(MODEL_3)
    assert phone.shows == "/key"


# ── limits ───────────────────────────────────────────────────────────


async def test_a_limit_on_our_app_stops_every_call_until_it_is_lifted(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    portal = town.world.portal
    portal.app_exceeds_its_limit(CLIENT_ID)
    await town.time_passes(minutes=16)

    # ── the operator knows within the quarter of an hour ─────────
    assert (await letters(town, OPERATOR))[0].startswith("Our side is not right: ")
    await phone.opens("/tonight")
    assert phone.reads_of == ["H2"], phone.text

    # ── for the drivers one call in a quarter of an hour at most ─
    since = town.now
    await town.time_passes(minutes=31)
    assert len(town.calls("/vehicles", since)) <= 3
    # ── paid: found by our own look, and the night goes on ───────
    portal.app_has_paid(CLIENT_ID)
    await town.time_passes(minutes=16)
    assert (await letters(town, OPERATOR))[0] == "Our side is right again"
    await phone.opens("/tonight")
    assert phone.reads_of == []
    await charges_after_all(town, phone)


@pytest.mark.parametrize("about_a_car", [True, False], ids=["one car", "the account"])
async def test_tesla_asking_to_wait_is_waited_for(town: Town, phone: Phone, about_a_car: bool) -> None:
    await plugged_in(town, phone)
    until = town.now + timedelta(minutes=50)
    about = {"vin": MODEL_3} if about_a_car else {"email": EMAIL}
    town.world.outages.tesla_counts_requests(until, **about)
    await town.time_passes(minutes=16)
    since = town.now
    await phone.opens("/tonight")
    assert phone.reads_of == ["H2"], phone.text
    await phone.presses("Charge now")  # pressing does not make Tesla count less
    await town.time_passes(minutes=30)
    assert town.calls(f"/vehicles/{MODEL_3}", since) == []
    assert since + timedelta(minutes=30) < until

    await town.time_passes(minutes=6)
    assert town.car.charging_state == "Charging"
    await nothing_failed(town)


# ── the car itself ───────────────────────────────────────────────────


async def test_a_car_that_is_busy_is_told_again_in_a_moment(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    town.car.is_busy_for(timedelta(seconds=40))
    await phone.opens("/tonight")
    await phone.presses("Charge now")
    await town.time_passes(minutes=3)
    assert town.car.charging_state == "Charging"
    assert town.car.accepted_commands.count("charge_start") == 1


async def test_a_car_that_says_no_is_not_told_again_and_again(town: Town, phone: Phone) -> None:
    await plugged_in(town, phone)
    town.car.charger_loses_power()
    await phone.opens("/tonight")
    await phone.presses("Charge now")
    since = town.now
    await town.time_passes(minutes=8)
    assert len(town.calls("/signed_command", since)) <= 3
    await phone.opens("/tonight")
    assert phone.reads("no power") or phone.reads("No power"), phone.text
    town.car.charger_has_power_again()
    await town.time_passes(minutes=22)  # a glance every ten minutes, a look where the last is a quarter of an hour old
    assert town.car.charging_state == "Charging"
