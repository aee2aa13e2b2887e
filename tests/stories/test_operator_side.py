"""Our own side at Tesla: looked at as Tesla sees it, said plainly, and nobody sent to a step that cannot work."""

import re
from datetime import timedelta

import pytest

from chargekey.domain.operator_check import GOOD_FOR, Check, State, check
from chargekey.entrypoints.cli.demo import CLIENT_ID, OPERATOR
from chargekey.journeys.case_file import ABOUT_US
from tesla_simulator.internet import Internet
from tests.stories.phone import Phone
from tests.stories.town import DOMAIN, Town

OTHER: str = "nobody@home.example"


async def states(town: Town) -> dict[str, State]:
    await town.time_passes(minutes=1)
    side = await town.home.journeys.check_operator.look()
    return {line.name: line.state for line in side.lines}


def wrong(found: dict[str, State]) -> set[str]:
    return {name for name, state in found.items() if state is State.WRONG}


async def letters(town: Town, to: str) -> list[str]:
    assert town.home.outbox
    return [one.mail.subject for one in await town.home.outbox.letters() if one.mail.to == to]


# ── what is seen ─────────────────────────────────────────────────────


async def test_a_good_side_is_right_in_every_line_that_can_be_proved(town: Town) -> None:
    found = await states(town)
    assert found.pop(Check.PERMISSIONS.value) is State.NOT_PROVABLE  # only drivers show it
    assert found.pop(Check.DOMAIN.value) is State.NOT_PROVABLE  # the demo's is none of the Internet
    assert found.pop(Check.CERTIFICATE.value) is State.NOT_PROVABLE
    assert found.pop(Check.TELEMETRY.value) is State.NOT_USED
    assert found.pop(Check.PRICES.value) is State.NOT_USED  # the demo has those that are shipped
    assert found.pop(Check.CARBON.value) is State.NOT_USED
    assert set(found.values()) == {State.RIGHT}, found
    assert {"registered.eu", "registered.na", "tesla.eu", "tesla.na", "tesla.sign_in"} <= found.keys()


@pytest.mark.parametrize(
    ("happens", "line"),
    [
        (Internet.domain_cannot_be_reached, Check.KEY_FILE),
        (Internet.domain_does_not_find_its_key, Check.KEY_FILE),
        (Internet.domain_redirects_its_key, Check.KEY_FILE),
        (Internet.domain_shows_a_page_for_its_key, Check.KEY_FILE),
        (Internet.domain_hosts_another_key, Check.KEYS_ALIKE),
    ],
)
async def test_a_key_file_that_tesla_could_not_use_is_seen(town: Town, happens, line: Check) -> None:  # type: ignore[no-untyped-def]  # a verb of the simulator
    happens(town.world.internet, DOMAIN)
    assert wrong(await states(town)) == {line.value}


async def test_a_region_that_does_not_know_us_is_named(town: Town) -> None:
    town.world.portal.forgets_registration(CLIENT_ID, "na")
    assert wrong(await states(town)) == {"registered.na"}


async def test_a_changed_secret_a_limit_and_an_unlisted_way_back_are_told_apart(town: Town) -> None:
    portal = town.world.portal
    portal.client_secret_changes(CLIENT_ID)
    assert Check.APP.value in wrong(await states(town))
    portal.client_secret_is_as_before(CLIENT_ID)
    portal.app_exceeds_its_limit(CLIENT_ID)
    assert wrong(await states(town)) == {Check.LIMITS.value}
    portal.app_has_not_paid(CLIENT_ID)
    assert wrong(await states(town)) == {Check.LIMITS.value}
    portal.app_has_paid(CLIENT_ID)
    portal.redirect_uri_is_not_listed(CLIENT_ID)
    assert wrong(await states(town)) == {Check.WAY_BACK.value}


async def test_a_silent_tesla_is_no_fault_of_ours(town: Town) -> None:
    town.world.outages.tesla_goes_down()
    found = await states(town)
    assert {"tesla.eu", "tesla.na"} <= wrong(found)
    assert not wrong(found) & {Check.KEY_FILE.value, Check.APP.value, "registered.eu", "registered.na"}


# ── what drivers meet ────────────────────────────────────────────────


async def test_red_closes_the_way_to_tesla_and_opens_it_again_by_itself(town: Town) -> None:
    # ── 17:20: our way back is not listed any more ───────────────
    town.world.portal.redirect_uri_is_not_listed(CLIENT_ID)
    await states(town)
    assert await letters(town, OPERATOR) == ["Our side is not right: Way back from sign-in"]

    # ── a driver wants to go on ──────────────────────────────────
    phone = await town.a_phone()
    await phone.signs_in()
    await phone.opens("/permissions")
    assert phone.status == 503
    assert phone.reads("Our side is not ready. It is nothing of yours.")
    assert phone.reads("We were told at")
    assert phone.reads_of == ["F5"]

    # ── it is mended; the durable look finds it within a minute ──
    town.world.portal.redirect_uri_is_listed_again(CLIENT_ID)
    await town.time_passes(seconds=70)
    await phone.opens("/permissions")
    assert phone.status == 200
    assert await letters(town, OPERATOR) == [
        "Our side is right again",
        "Our side is not right: Way back from sign-in",
    ]
    told = await letters(town, "kim@driver.example")
    assert told[0] == "You can go on: our side is right again", told


async def test_a_driver_whose_next_step_works_is_not_stopped(town: Town) -> None:
    """A lost registration in another region is the operator's trouble, not this driver's."""
    phone = await town.a_phone()
    await phone.signs_in()
    town.world.portal.forgets_registration(CLIENT_ID, "na")
    await states(town)
    await phone.allows()
    assert phone.shows == "/choose-car"
    await phone.chooses(town.car.vin)
    await phone.opens("/key")
    assert phone.status == 200


async def test_a_lost_key_file_closes_the_key_step_alone(town: Town) -> None:
    phone = await town.a_phone()
    await phone.signs_in()
    town.world.internet.domain_does_not_find_its_key(DOMAIN)
    await states(town)
    await phone.allows()
    await phone.chooses(town.car.vin)
    await phone.opens("/key")
    assert phone.status == 503
    assert phone.reads("We write to you when it is")
    assert not any("/_ak/" in link for link in phone.page.links())
    town.world.internet.domain_is_right_again(DOMAIN)
    await town.time_passes(seconds=70)
    await phone.opens("/key?show=phone")
    assert phone.pairing_link


# ── how often it is looked at ────────────────────────────────────────


async def test_green_is_looked_at_each_hour_and_red_each_minute_at_first(town: Town) -> None:
    await states(town)
    since = town.now
    await town.time_passes(hours=3)
    assert 4 <= len(town.calls("/partner_accounts/public_key", since)) <= 6  # two regions, twice or three times
    town.world.internet.domain_does_not_find_its_key(DOMAIN)
    await states(town)
    since = town.now
    await town.time_passes(minutes=10)
    assert 18 <= len(town.calls("/partner_accounts/public_key", since)) <= 22
    assert len(await letters(town, OPERATOR)) == 1  # one mail a change, not one a look


@pytest.mark.long
async def test_what_nobody_mends_is_looked_at_less_and_less_often(town: Town) -> None:
    town.world.internet.domain_does_not_find_its_key(DOMAIN)
    await states(town)
    looks = []
    for hours in (1, 4, 24, 24):
        since = town.now
        await town.time_passes(hours=hours)
        looks.append(len(town.calls("/partner_accounts/public_key", since)) / 2 / hours)  # two regions
    an_hour, later, next_day, third_day = looks
    assert 15 <= an_hour <= 30
    assert 4 <= later < 10
    assert 3 < next_day < 5
    assert third_day == pytest.approx(1, abs=0.1)


async def test_the_button_cannot_be_hammered(town: Town) -> None:
    operator = await signs_in_as(town, OPERATOR)
    await operator.opens("/operator")
    await operator.presses("Check now")
    since = town.now
    for _ in range(5):
        await operator.presses("Check now")
    assert town.calls("/partner_accounts/public_key", since) == []
    assert operator.reads("Our side is right, as far as it can be seen from here.")


# ── who may see it ───────────────────────────────────────────────────


async def signs_in_as(town: Town, address: str) -> Phone:
    phone = await town.a_phone()
    await phone.signs_in(address)
    return phone


async def test_the_page_is_the_operators_alone(town: Town) -> None:
    stranger = await town.a_phone()
    await stranger.opens("/operator")
    assert stranger.shows == "/sign-in"
    driver = await signs_in_as(town, OTHER)
    await driver.opens("/operator")
    assert driver.status == 404
    await driver.opens("/permissions")
    form = next(form for form in driver.page.forms if form.action == "/permissions")
    form.action = "/operator/look"  # his own form, sent elsewhere
    since = town.now
    await driver.presses("Go on to Tesla")
    assert driver.status == 404
    assert town.calls("/partner_accounts/public_key", since) == []


async def test_what_is_wrong_stands_first_with_what_to_do(town: Town) -> None:
    operator = await signs_in_as(town, OPERATOR)
    town.world.portal.forgets_registration(CLIENT_ID, "eu")
    await states(town)
    await operator.opens("/operator")
    assert operator.reads("One thing is wrong.")
    assert operator.reads("Registered, Europe")
    assert operator.reads("Run: chargekey register")


async def test_old_evidence_closes_nothing(town: Town) -> None:
    """A look that is too old says nothing, neither good nor bad."""
    town.world.portal.redirect_uri_is_not_listed(CLIENT_ID)
    await states(town)
    side = await town.home.journeys.check_operator.shown()
    assert not side.is_right
    async with town.home.store.unit() as unit:
        seen = await unit.evidence.seen(ABOUT_US)
    later = check(seen, ("eu", "na"), town.now + GOOD_FOR + timedelta(minutes=1))
    assert {line.state for line in later if line.check is not Check.TELEMETRY} == {State.UNKNOWN}


async def test_a_clock_that_goes_wrong_is_seen_against_teslas(town: Town) -> None:
    operator = await signs_in_as(town, OPERATOR)

    # ── Tesla's answers bear another time than our machine's ─────
    town.world.operators_clock_is_ahead_by(timedelta(minutes=5))
    assert wrong(await states(town)) == {Check.CLOCK.value}
    await operator.opens("/operator")
    assert re.search(r"30[0-9] seconds ahead of Tesla’s\.", operator.text)
    assert operator.reads("Let the machine keep its time by the network.")
    assert (await letters(town, OPERATOR))[0] == "Our side is not right: Clock"

    # ── set right ────────────────────────────────────────────────
    town.world.operators_clock_is_ahead_by(timedelta(0))
    found = await states(town)
    assert found[Check.CLOCK.value] is State.RIGHT
    await operator.opens("/operator")
    assert operator.reads("Within a few seconds of Tesla’s.")
    assert (await letters(town, OPERATOR))[0] == "Our side is right again"
