"""A home of today is set to a source of prices: it plans by them, says what is known while that is gone, goes on."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chargekey.domain.operator_check import Check, Line, State
from tests.stories.phone import Phone
from tests.stories.price_server import AMSTERDAM, DEAR, LONDON, PriceServer, a_price_server
from tests.stories.town import Town, a_town

FRIDAY_EVENING = datetime(2026, 11, 27, 17, 20, tzinfo=UTC)
AT_SEVEN = datetime(2026, 11, 28, 6, tzinfo=UTC)  # in Amsterdam
SATURDAY_NOON = datetime(2026, 11, 28, 11, tzinfo=UTC)
HALF_PAST_ONE = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
HALF_PAST_SEVEN = datetime(2026, 11, 28, 18, 30, tzinfo=UTC)
SUNDAY_AT_SEVEN = datetime(2026, 11, 29, 6, tzinfo=UTC)
ADDED_CT, VAT_PERCENT = 12.5, 21


def retail_ct(eur_per_mwh: float) -> float:
    return (eur_per_mwh / 10 + ADDED_CT) * (1 + VAT_PERCENT / 100)


async def is_set_to(town: Town, server: PriceServer, prices: str, **otherwise: object) -> None:
    """The operator writes two lines or three and starts Chargekey again."""
    settings = town.home.settings.model_copy(update={"prices": prices, "prices_url": server.url} | otherwise)
    async with town.is_stopped():
        town.home = replace(town.home, settings=settings)
    await town.time_passes(minutes=1)


async def line_of_prices(town: Town) -> Line:
    await town.time_passes(minutes=1)
    side = await town.home.journeys.check_operator.look(anew=True)
    (line,) = [one for one in side.lines if one.check is Check.PRICES]
    return line


async def hours_it_charged_in(town: Town) -> set[int]:
    """Of Amsterdam, in the latest night. What a car draws at plug-in until it is told to wait is left out."""
    account = (await town.nights())[0].account
    drawn = Counter[int]()
    for one in account.readings:
        drawn[one.start.astimezone(AMSTERDAM).hour] += one.wall_wh
    return {hour for hour, wall_wh in drawn.items() if wall_wh * 20 > account.wall_wh}


async def test_a_home_plans_by_what_is_published_and_says_when_it_is_not(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=FRIDAY_EVENING) as town, a_price_server(lambda: town.now) as server:
        phone = await town.a_phone()
        await town.pairs(phone)
        assert phone.reads("Day-ahead prices, which change by the hour, are not to be had here for now.")
        assert (await line_of_prices(town)).state is State.NOT_USED

        # ── the operator names a source: it is asked once, and the plan form offers it ──
        await is_set_to(town, server, "energy-charts:NL")
        assert len(server.asked) == 1
        await phone.opens("/")
        assert phone.reads("At the exchange, before what supplier and state add.")
        await phone.opens("/plan")
        assert phone.reads("The exchange’s price for NL, from Energy-Charts")
        assert phone.reads("What power costs you is yours to type")
        await phone.presses("Plan with this", tariff="day_ahead", added_ct="12.5", vat_percent="21")
        assert phone.shows == "/tonight"
        assert phone.reads(f"{retail_ct(DEAR):.1f} ct")

        # ── the night: in the cheap hours that were published, at what they cost ──
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await phone.opens("/tonight")
        assert phone.reads("when power is cheapest"), phone.text
        await town.until(AT_SEVEN)
        assert town.car.soc_percent >= 79.5
        town.car.unplugs()
        await town.time_passes(minutes=30)
        assert await hours_it_charged_in(town) <= {2, 3, 4}
        await phone.opens("/nights/last")
        (night,) = await town.nights()
        paid = sum(one.wall_wh * retail_ct(server.price(one.start)) for one in night.account.readings) / 100_000
        assert phone.reads(f"Paid €{paid:.2f}"), phone.text
        assert (await line_of_prices(town)).state is State.RIGHT

        await the_source_goes_away(town, phone, server)
        await it_comes_back(town, phone, server)


async def the_source_goes_away(town: Town, phone: Phone, server: PriceServer) -> None:
    """Before tomorrow's prices are out; and tomorrow is cheap at another hour than today."""
    server.cheap_from[29] = 0
    await town.until(SATURDAY_NOON)
    await server.goes_away()
    asked = len(server.asked)

    # ── at noon nothing is missing: tomorrow comes at one ────────
    town.car.has_in_its_battery(42)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    await phone.opens("/tonight")
    assert phone.reads("not out yet; the plan takes today’s shape and is made anew at about 13:00"), phone.text
    assert phone.reads("No price is known") is False

    # ── at half past one it is late, and the plan goes by today's shape ──
    await town.until(HALF_PAST_ONE)
    await phone.looks_again()
    assert phone.reads("are late; the plan takes today’s shape and is made anew once they are out"), phone.text
    assert phone.reads("about 13:00") is False

    # ── in the evening no more is promised; the operator knows why ──
    await town.until(HALF_PAST_SEVEN)
    await phone.looks_again()
    assert phone.reads("No price is known after 0:00"), phone.text
    assert phone.reads("not out yet") is False
    line = await line_of_prices(town)
    assert (line.state, line.saw) == (State.WRONG, "refused")
    assert town.home.outbox
    assert "Our side is not right: Prices by the hour" in [one.mail.subject for one in await town.home.outbox.letters()]
    await phone.opens("/plan")
    assert phone.reads("are not to be had here for now")
    assert len(server.asked) == asked


async def it_comes_back(town: Town, phone: Phone, server: PriceServer) -> None:
    """Nobody has to do anything: within the hour it is asked, and the night goes by what is published."""
    await server.comes_back()
    asked = len(server.asked)
    await town.time_passes(minutes=75)
    assert len(server.asked) == asked + 1
    await phone.opens("/tonight")
    assert phone.reads("No price is known") is False
    assert phone.reads("when power is cheapest")
    await town.until(SUNDAY_AT_SEVEN)
    assert town.car.soc_percent >= 79.5
    assert await hours_it_charged_in(town) <= {0, 1, 2}
    assert (await line_of_prices(town)).state is State.RIGHT


@pytest.mark.long
async def test_a_home_in_britain_pays_in_pounds_and_types_in_pence(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=FRIDAY_EVENING) as town, a_price_server(lambda: town.now) as server:
        phone = await town.a_phone()
        await town.pairs(phone, tariff="flat", flat_ct="31")
        await phone.opens("/tonight")
        assert phone.reads("31.0 ct")

        # ── what was typed in cents stays in cents until it is typed anew ──
        await is_set_to(town, server, "octopus:E-1R-AGILE-24-10-01-C")
        await phone.opens("/tonight")
        assert phone.reads("31.0 ct")
        await phone.opens("/plan")
        assert phone.reads("What Octopus Agile asks, VAT included: E-1R-AGILE-24-10-01-C")
        assert phone.reads("Price per kWh, in p")
        assert not phone.reads("Added per kWh")
        assert "31" not in [value for form in phone.page.forms for value in form.filled().get("flat_ct", [])]

        # ── from then on all is told in pounds and pence, VAT in them ──
        await phone.presses("Plan with this", tariff="day_ahead")
        assert phone.shows == "/tonight"
        assert phone.reads(f"{DEAR / 10 * 1.05:.1f} p"), phone.text
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await town.until(AT_SEVEN + timedelta(hours=1))
        town.car.unplugs()
        await town.time_passes(minutes=30)
        await phone.opens("/nights/last")
        (night,) = await town.nights()
        paid = sum(one.wall_wh * server.price(one.start, LONDON) * 1.05 for one in night.account.readings) / 1_000_000
        assert phone.reads(f"Paid −£{-paid:.2f}" if paid < 0 else f"Paid £{paid:.2f}"), phone.text
        for path in ("/nights/last", "/nights", "/tonight", "/why"):
            await phone.opens(path)
            assert [words for words in ("€", " ct") if phone.reads(words)] == [], phone.text
