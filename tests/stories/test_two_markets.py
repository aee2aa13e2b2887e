"""Two drivers of one home live in two markets: each plans and pays by his own prices, in his own currency."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chargekey.domain.operator_check import Check, State
from chargekey.journeys.night_shown import NightShown
from tesla_simulator.demo import MODEL_Y, OWNER_OF_THE_Y
from tests.stories.asking_an_owner import adds_the_key, lees_phone
from tests.stories.phone import Phone
from tests.stories.price_server import DEAR, LONDON, PriceServer, a_price_server
from tests.stories.test_prices_by_the_hour import is_set_to, retail_ct
from tests.stories.town import Town, a_town

FRIDAY_EVENING: Final = datetime(2026, 11, 27, 17, 20, tzinfo=UTC)
AT_SEVEN: Final = datetime(2026, 11, 28, 7, tzinfo=UTC)  # in London, an hour later than in Amsterdam
SATURDAY_NIGHT: Final = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
NL, AGILE = "energy-charts:NL", "octopus:E-1R-AGILE-24-10-01-C"
LEE: Final = 2
"""The driver who came second."""


async def lee_comes(town: Town) -> Phone:
    """With a car, an account and a phone of his own, as far as the plan."""
    lee = await town.a_phone()
    await lee.signs_in(OWNER_OF_THE_Y)
    await lee.goes_to_tesla(OWNER_OF_THE_Y)
    await lee.presses("Allow")
    await lee.chooses(MODEL_Y)
    await lee.opens("/key?show=phone")
    await adds_the_key(lees_phone(town), lee.pairing_link)
    await lee.comes_back_to_the_page()
    await town.time_passes(seconds=12)
    return lee


async def stands(town: Town) -> dict[str, tuple[State, str]]:
    """Each market's line of the operator's check."""
    await town.time_passes(minutes=1)
    side = await town.home.journeys.check_operator.look(anew=True)
    return {one.market: (one.state, one.saw) for one in side.lines if one.check is Check.PRICES}


async def last_night(town: Town, driver_id: int) -> NightShown:
    show = town.home.journeys.show_charging
    return await show.night(driver_id, (await show.nights(driver_id))[0].night.id)


async def test_each_driver_goes_by_the_market_he_lives_in(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=FRIDAY_EVENING) as town, a_price_server(lambda: town.now) as server:
        # ── the home is set to one: nobody is asked which ────────────
        kim = await town.a_phone()
        await town.pairs(kim, tariff="flat", flat_ct="31")
        await is_set_to(town, server, NL)
        await kim.plans(tariff="day_ahead", added_ct="12.5", vat_percent="21")
        await kim.opens("/plan")
        assert not kim.reads("Where you buy power")
        assert kim.reads("The exchange’s price for NL, from Energy-Charts")

        # ── a second beside it: who is there stays where he is, and Lee chooses ──
        await is_set_to(town, server, f"{NL}, {AGILE}", prices_url=f"energy-charts={server.url},octopus={server.url}")
        assert await stands(town) == {NL: (State.RIGHT, "known"), AGILE: (State.RIGHT, "known")}
        await kim.opens("/tonight")
        assert kim.reads(f"{retail_ct(DEAR):.1f} ct"), kim.text
        lee = await lee_comes(town)
        await lee.opens("/plan")
        assert lee.reads("Where you buy power")
        assert lee.reads("Octopus Agile What it asks, VAT included, in p")
        await lee.presses("Plan with this", market=AGILE, tariff="day_ahead", clock="Europe/London")
        assert lee.shows == "/tonight"
        assert lee.reads(f"{DEAR / 10 * 1.05:.1f} p"), lee.text

        await a_night_of_both(town, kim, lee, server)
        await one_falls_silent(town, kim, lee, server)


async def a_night_of_both(town: Town, kim: Phone, lee: Phone, server: PriceServer) -> None:
    cars = town.car, town.world.cars[MODEL_Y]
    cars[1].has_in_its_battery(42)
    for car in cars:
        car.plugs_in()
    await town.time_passes(minutes=20)
    await town.until(AT_SEVEN)
    for car in cars:
        assert car.soc_percent >= 79.5
        car.unplugs()
    await town.time_passes(minutes=30)

    dutch, british = await last_night(town, 1), await last_night(town, LEE)
    euros = sum(one.wall_wh * retail_ct(server.price(one.start)) for one in dutch.account.readings) / 100_000
    pounds = sum(one.wall_wh * server.price(one.start, LONDON) * 1.05 for one in british.account.readings) / 1_000_000
    for phone, paid, other in ((kim, f"€{euros:.2f}", "£"), (lee, f"£{pounds:.2f}".replace("£-", "−£"), "€")):
        await phone.opens("/nights/last")
        assert phone.reads(f"Paid {paid}"), phone.text
        for path in ("/nights/last", "/nights", "/tonight", "/why"):
            await phone.opens(path)
            assert not phone.reads(other), phone.text


async def one_falls_silent(town: Town, kim: Phone, lee: Phone, server: PriceServer) -> None:
    """Lee's tomorrow does not come out; Kim's does."""
    server.silent.add("octopus")
    await town.until(SATURDAY_NIGHT)
    assert await stands(town) == {NL: (State.RIGHT, "known"), AGILE: (State.WRONG, "refused")}
    assert town.home.outbox
    told = [one.mail.subject for one in await town.home.outbox.letters()]
    assert f"Our side is not right: Prices by the hour, {AGILE}" in told
    await kim.opens("/tonight")
    assert not kim.reads("No price is known")
    await lee.opens("/tonight")
    assert lee.reads("No price is known"), lee.text

    # ── whoever opens the form sees whose are not to be had ──────
    await lee.opens("/plan")
    assert lee.reads("Octopus Agile What it asks, VAT included, in p: E-1R-AGILE-24-10-01-C. It is not to be had")
    await lee.presses("Plan with this", market=AGILE, tariff="day_ahead")
    assert lee.reads("Prices by the hour are not to be had there for now.")
    await kim.plans(market=NL, tariff="day_ahead", added_ct="12.5", vat_percent="21")
    assert kim.shows == "/tonight"
