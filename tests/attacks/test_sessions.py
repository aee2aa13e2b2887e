"""Sessions: planted beforehand, kept after the end, taken over by who sits down next, read by scripts."""

import re
from datetime import timedelta
from typing import Final

from chargekey.domain.secret import Secret
from tests.attacks.people import a_new_address, a_person, csrf_of
from tests.attacks.real_house import RealHouse
from tests.stories.phone import Phone
from tests.stories.town import Town

PLANTED: Final = "chosen-by-somebody-else-00000000000000000000"


async def is_in(town: Town, cookie: str) -> bool:
    """Whether whoever brings that cookie is let in."""
    nobody = await a_person(town, "whoever holds the cookie")
    nobody.web.cookies.set("chargekey", cookie, domain="localhost.local")
    return (await nobody.asks("GET", "/account", headers={"Cookie": f"chargekey={cookie}"}))[0] == 200


async def a_driver(town: Town) -> Phone:
    phone = await town.a_phone()
    await phone.signs_in(a_new_address())
    return phone


async def test_a_cookie_that_somebody_chose_is_never_taken(town: Town) -> None:
    nobody = await a_person(town, "a victim")
    _, answer = await nobody.asks("GET", "/sign-in", headers={"Cookie": f"chargekey={PLANTED}"})
    given = re.search(r"chargekey=([\w-]+)", answer)
    assert given and given.group(1) != PLANTED
    assert not await is_in(town, PLANTED)


async def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after(town: Town) -> None:
    """Fixation: a guest's cookie, planted in the driver's browser, must not become the driver's."""
    phone = await town.a_phone()
    await phone.opens("/sign-in")
    planted = phone.cookies["chargekey"]
    token = await csrf_of(town, planted)
    await phone.signs_in(a_new_address())
    assert phone.cookies["chargekey"] != planted
    assert not await is_in(town, planted)
    assert await csrf_of(town, phone.cookies["chargekey"]) != token


async def test_a_cookie_is_worth_nothing_after_signing_out_and_other_devices_stay(town: Town) -> None:
    address = a_new_address()
    here, there = await town.a_phone(), await town.a_phone()
    await here.signs_in(address)
    await there.signs_in(address)
    stolen = here.cookies["chargekey"]
    person = await a_person(town, "the driver", here)
    assert (await person.presses("/sign-out"))[0] == 303
    assert not await is_in(town, stolen)
    assert await is_in(town, there.cookies["chargekey"])


async def test_a_stolen_session_is_seen_and_ended_from_another_browser_and_nobody_else_is_touched(town: Town) -> None:
    address = a_new_address()
    here, there, third, stranger = [await town.a_phone() for _ in range(4)]
    for phone in (here, there, third):
        await phone.signs_in(address)
    await stranger.signs_in(a_new_address())
    person, other = await a_person(town, "the driver", here), await a_person(town, "a stranger", stranger)
    await here.opens("/account")
    assert here.text.count("Sign out there") == 2
    theirs = [form.action for form in here.page.forms if "/browsers/" in form.action and form.action.endswith("/end")]
    assert len(theirs) == 2

    # ── a stranger knows the number, and another site presses ────
    for action in theirs:
        assert (await other.presses(action))[0] == 303
    assert (await other.presses("/account/browsers/end-others"))[0] == 303
    assert (await person.asks("POST", theirs[0], data={"csrf": "made up"}))[0] == 403
    assert (await person.asks("POST", "/account/browsers/end-others", data={"csrf": other.csrf}))[0] == 403
    for phone in (here, there, third, stranger):
        assert await is_in(town, phone.cookies["chargekey"])

    # ── the driver ends one, and then all but his own ────────────
    assert (await person.presses(theirs[0]))[0] == 303
    assert [await is_in(town, phone.cookies["chargekey"]) for phone in (there, third)].count(True) == 1
    await there.signs_in(address)
    assert (await person.presses("/account/browsers/end-others"))[0] == 303
    for phone in (there, third):
        assert not await is_in(town, phone.cookies["chargekey"])
    for phone in (here, stranger):
        assert await is_in(town, phone.cookies["chargekey"])


async def test_no_cookie_of_a_driver_outlives_his_erasure(town: Town) -> None:
    address = a_new_address()
    here, there = await town.a_phone(), await town.a_phone()
    await here.signs_in(address)
    await there.signs_in(address)
    person = await a_person(town, "the driver", here)
    assert (await person.presses("/disconnect", erase="yes"))[0] == 200
    for cookie in (here.cookies["chargekey"], there.cookies["chargekey"]):
        assert not await is_in(town, cookie)


async def test_a_page_left_open_shows_nothing_new_after_the_sign_out(town: Town) -> None:
    """The stream behind it ends, also for a thief who opened it with a stolen cookie."""
    phone = await a_driver(town)
    person, thief = await a_person(town, "the driver", phone), await a_person(town, "a thief", phone)
    await phone.opens("/help")
    await phone.presses("Send", message="Something private")
    async with thief.web.stream("GET", "/help/live") as open_page:
        pieces = open_page.aiter_text()
        assert "Something private" in await anext(pieces)
        assert (await person.presses("/sign-out"))[0] == 303
        async with town.home.engine.connect() as database:
            query = "SELECT driver_id FROM support_case ORDER BY id DESC LIMIT 1"
            town.home.bus.changed(int((await database.exec_driver_sql(query)).scalar_one()))
        rest = "".join([piece async for piece in pieces])
    assert "event: moved" in rest
    assert "/sign-in" in rest
    assert "private" not in rest


async def test_a_cookie_is_unreadable_to_scripts_and_to_other_hosts(house: RealHouse) -> None:
    async with house.a_browser() as web:
        for path in ("/sign-in", f"/owner/{'x' * 43}"):
            set_cookie = (await web.get(path)).headers["set-cookie"]
            parts = {part.strip().lower() for part in set_cookie.split(";")[1:]}
            assert set_cookie.startswith("__Host-chargekey=")
            assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
            assert not any(part.startswith("domain") for part in parts)


async def test_looking_gives_no_cookie(house: RealHouse) -> None:
    async with house.a_browser() as web:
        for path in ("/", "/help", "/help/often", "/healthz", "/nowhere", "/static/chargekey.css"):
            assert "set-cookie" not in (await web.get(path)).headers


async def test_the_token_of_one_session_opens_no_other(town: Town) -> None:
    mine, his = await a_driver(town), await a_driver(town)
    me = await a_person(town, "me", mine)
    me.csrf = await csrf_of(town, his.cookies["chargekey"])
    assert (await me.presses("/sign-out"))[0] == 403
    assert await is_in(town, mine.cookies["chargekey"])


async def test_a_session_runs_out_and_a_guests_does_so_sooner(town: Town) -> None:
    sign_in = town.home.journeys.sign_in
    guest = await sign_in.visit(None)
    phone = await a_driver(town)
    driver = await sign_in.visit(Secret(phone.cookies["chargekey"]))
    assert round((guest.session.expires_at - town.now) / timedelta(days=1)) == 7
    assert round((driver.session.expires_at - town.now) / timedelta(days=1)) == 60
