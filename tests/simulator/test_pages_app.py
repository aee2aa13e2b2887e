"""The simulated app: what the driver can do on it, and what it says when it will not."""

import pytest

from tesla_simulator.app_screens import Shows
from tests.simulator.stages import (
    BLUE,
    CHARGEKEY,
    CLIENT_ID,
    DOMAIN,
    MILA,
    OUR_KEY,
    RED,
    a_world,
    asks,
    hosting_our_key,
    visiting,
)

pytestmark = pytest.mark.anyio


async def test_the_car_is_shown_with_what_can_be_told_of_it() -> None:
    world = a_world()
    world.cars[BLUE].plugs_in()
    async with visiting(world) as driver:
        html = await driver.sees("/app")

    assert "4F21" in html
    assert "1 of 3" in html
    assert "42%" in html
    assert "Plugged in" in html
    assert "This is not Tesla" in html


async def test_no_page_shows_a_whole_vin_in_words() -> None:
    world = a_world()
    async with visiting(world) as driver:
        for path in ("/app", "/app/locks", "/app/third-parties", "/app/phone", "/stage"):
            html = await driver.sees(path)
            assert f">{BLUE}" not in html
            assert f" {BLUE}" not in html


async def test_swiping_leads_round_all_cars() -> None:
    world = a_world()
    async with visiting(world) as driver:
        seen = []
        for _ in range(3):
            face_vin = world.phone.record.selected_vin
            seen.append(face_vin)
            cars = [car.vin for car in world.phone.cars]
            await driver.sends("/app/swipes", vin=cars[(cars.index(face_vin) + 1) % 3])

    assert len(set(seen)) == 3
    assert world.phone.record.selected_vin == seen[0]


async def test_a_car_of_somebody_else_cannot_be_swiped_to() -> None:
    world = a_world()
    async with visiting(world) as driver:
        await driver.sends("/app/swipes", vin="5YJ3E7EB5NF999999")

    assert driver.status == 404
    assert world.phone.record.selected_vin == BLUE


async def test_the_prompt_names_the_domain_and_can_be_cancelled() -> None:
    world = a_world()
    asks(world)
    async with visiting(world) as driver:
        html = await driver.sees("/app")
        assert "Allow third-party access?" in html
        assert DOMAIN in html

        html = await driver.sends("/app/cancels")

    assert "did not get a key" in html
    assert world.cars[BLUE].keys == []


async def test_an_owner_opens_the_link_allows_and_the_key_is_on_the_car() -> None:
    world = a_world()
    async with hosting_our_key(world) as our_key, visiting(world) as driver:
        assert "Allow third-party access?" in await driver.sees(f"/tesla/_ak/{DOMAIN}?vin={BLUE}")
        assert "Key added" in await driver.sends("/app/allows", back="1")

    assert world.cars[BLUE].knows_key(our_key)
    assert f'href="{CHARGEKEY}"' in driver.html


async def test_a_driver_taps_the_key_card_in_the_car() -> None:
    world = a_world()
    world.accounts[MILA].gets(BLUE, access_type="DRIVER")
    asks(world, Shows.KEY_CARD)
    async with visiting(world) as driver:
        assert "key card" in await driver.sees("/app")

        html = await driver.sends("/app/taps-key-card")

    assert "Key added" in html
    assert [key.domain for key in world.cars[BLUE].keys] == [DOMAIN]


@pytest.mark.parametrize(
    ("shows", "told"),
    [
        (Shows.NOT_REGISTERED, "isn&#39;t registered with Tesla"),
        (Shows.NO_CONSENT, "forbidden because you have not granted"),
        (Shows.NOT_YOUR_CAR, "not in your account"),
        (Shows.NOT_NEEDED, "don&#39;t need to set up a virtual key"),
        (Shows.LIST_FULL, "already has 20 keys"),
        (Shows.OFFLINE, "could not be reached"),
        (Shows.PAIRED, "now has a virtual key"),
    ],
)
async def test_what_the_app_will_not_do_stands_in_its_own_words_until_it_is_read(shows: Shows, told: str) -> None:
    world = a_world()
    asks(world, shows)
    async with visiting(world) as driver:
        assert told in await driver.sees("/app")
        assert told not in await driver.sends("/app/reads")


async def test_a_swallowed_prompt_shows_nothing_at_all() -> None:
    world = a_world()
    asks(world, Shows.NOTHING)
    async with visiting(world) as driver:
        html = await driver.sees("/app")

    assert "their-dialog" not in html


async def test_a_pairing_link_opens_the_app_and_offers_a_way_back() -> None:
    world = a_world()
    async with visiting(world) as driver:
        html = await driver.sees(f"/tesla/_ak/nobody.example?vin={RED}")

        # Nobody registered this domain, so the app refuses; it has come up all the same.
        assert "Unable to Grant Third-Party Access" in html
        assert f'href="{CHARGEKEY}"' in html
        assert world.phone.record.selected_vin == RED

        assert f'href="{CHARGEKEY}"' in await driver.sends("/app/reads", back="1")
        assert f'href="{CHARGEKEY}"' not in await driver.sends("/app/reads")


async def test_a_key_is_deleted_on_the_locks_screen() -> None:
    world = a_world()
    world.cars[BLUE].takes_key(OUR_KEY, DOMAIN)
    async with visiting(world) as driver:
        html = await driver.sees("/app/locks")
        assert "Keys, 3 of 20" in html
        assert f"Delete the key of {DOMAIN}" in html

        html = await driver.sends("/app/deletes-key", public_key=OUR_KEY.hex())

    assert "Keys, 2 of 20" in html
    assert world.cars[BLUE].keys == []


async def test_nonsense_deletes_no_key() -> None:
    world = a_world()
    world.cars[BLUE].takes_key(OUR_KEY, DOMAIN)
    async with visiting(world) as driver:
        await driver.sends("/app/deletes-key", public_key="zz")
        assert driver.status == 400
        await driver.sends("/app/deletes-key", public_key="")

    assert len(world.cars[BLUE].keys) == 1


async def test_access_is_removed_among_the_third_parties() -> None:
    world = a_world()
    async with visiting(world) as driver:
        html = await driver.sees("/app/third-parties")
        assert "Vehicle Charging Management" in html

        html = await driver.sends("/app/revokes", client_id=CLIENT_ID)

    assert "No app has access" in html
    assert world.accounts[MILA].consent_to(CLIENT_ID) is None


async def test_a_phone_without_account_says_so() -> None:
    world = a_world()
    world.phone.signs_out()
    async with visiting(world) as driver:
        for path in ("/app", "/app/locks", "/app/third-parties", "/stage"):
            await driver.sees(path)
            assert driver.status == 200
        assert "Nobody is signed in" in await driver.sees("/app")


async def test_a_browser_that_keeps_the_link_shows_a_page_whose_button_loads_it_again() -> None:
    world = a_world()
    world.phone.opens_links_in_an_in_app_browser()
    async with hosting_our_key(world), visiting(world) as driver:
        html = await driver.sees(f"/tesla/_ak/{DOMAIN}?vin={BLUE}")
        assert "Finish Setup" in html
        assert f'action="/tesla/_ak/{DOMAIN}"' in html
        assert "Finish Setup" in await driver.sees(f"/tesla/_ak/{DOMAIN}?vin={BLUE}")

        await driver.sends("/app/phone", does="browser")

        assert "Allow third-party access?" in await driver.sees("/app")


async def test_a_phone_without_the_app_gets_it_and_signs_in() -> None:
    world = a_world()
    world.phone.has_no_app()
    async with hosting_our_key(world), visiting(world) as driver:
        assert "no Tesla app" in await driver.sees(f"/tesla/_ak/{DOMAIN}?vin={BLUE}")
        html = await driver.sees("/app/phone")
        assert "Install the app" in html
        assert "Sign in to the app" not in html
        assert "Sign in to the app" in await driver.sends("/app/phone", does="installs")
        await driver.sends("/app/signs-in", email=MILA)
        assert "Allow third-party access?" in await driver.sees(f"/tesla/_ak/{DOMAIN}?vin={BLUE}")


async def test_what_cannot_be_done_now_is_told_and_nothing_else_is_offered() -> None:
    world = a_world()
    world.phone.is_no_phone_key(BLUE)
    world.cars[BLUE].falls_asleep()
    async with visiting(world) as driver:
        assert "Not now: the car does not answer" in await driver.sends("/app/phone", does="phone-key")
        assert "Done: sit down in the car." in await driver.sends("/app/phone", does="sits-down")
        assert "Done: set up the phone key." in await driver.sends("/app/phone", does="phone-key")
        await driver.sends("/app/phone", does="flies")
        assert driver.status == 409


async def test_a_browser_can_be_on_the_owners_phone() -> None:
    world = a_world()
    world.somebody_opens_an_account("lee@example.com", full_name="Lee Owner")
    world.somebody_has_a_phone("lee", "lee@example.com")
    async with visiting(world) as driver:
        assert f"of {MILA}" in await driver.sees("/app")
        assert "of lee@example.com" in await driver.sends("/app/becomes", phone="lee")
        assert "of lee@example.com" in await driver.sees("/app/locks")
        await driver.sends("/app/becomes", phone="nobody")
        assert driver.status == 404

    assert world.phone.record.email == MILA


@pytest.mark.parametrize("path", ["/app", "/app/locks", "/app/third-parties", "/app/phone", "/stage", "/stage/panes"])
async def test_pages_carry_no_inline_code_and_forbid_it(path: str) -> None:
    async with visiting(a_world()) as driver:
        html = await driver.sees(path)

    assert driver.policy.startswith("default-src 'self'; frame-src 'self'")
    assert driver.policy.endswith("frame-ancestors 'self'")
    assert "style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert "<script>" not in html


async def test_only_the_stage_may_frame_chargekey() -> None:
    async with visiting(a_world()) as driver:
        await driver.sees("/stage")
        assert "frame-src 'self' http://localhost:8700;" in driver.policy
        await driver.sees("/app")
        assert "frame-src 'self';" in driver.policy
