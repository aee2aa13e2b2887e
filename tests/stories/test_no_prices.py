"""No price is known: not in a home of today, and not any more where they ended. Nobody is told one, or promised one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.asking_an_owner import connects
from tests.stories.phone import Phone
from tests.stories.town import Town, a_town

A_HOME_OF_TODAY = datetime(2026, 11, 27, 17, 20, tzinfo=UTC)
LAST_PRICES_ARE_OUT = datetime(2024, 12, 30, 17, 20, tzinfo=UTC)
NEW_YEARS_EVE = datetime(2024, 12, 31, 17, 20, tzinfo=UTC)
NEW_YEARS_DAY = datetime(2025, 1, 1, 17, 20, tzinfo=UTC)
AT_SEVEN = datetime(2026, 11, 28, 6, tzinfo=UTC)  # in Amsterdam
READY_BY = datetime(2025, 1, 2, 6, tzinfo=UTC)
UNTRUE_OF_ONE_PRICE = (" 0.0 ct", "at about 13:00", "not out yet", "cheap", "dearer", "estimated", "less than charging")
UNTRUE_WITHOUT_PRICES = (*UNTRUE_OF_ONE_PRICE, "€")


async def looks_at(phone: Phone, untrue: tuple[str, ...], *paths: str) -> None:
    """Each of these pages, in vain for what would be untrue."""
    for path in paths:
        await phone.opens(path)
        assert phone.shows.startswith(path.removesuffix("last"))
        assert [words for words in untrue if phone.reads(words)] == [], phone.text


async def test_a_new_driver_of_today_types_what_he_pays(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=A_HOME_OF_TODAY) as town:
        phone = await town.a_phone()
        await phone.opens("/")
        assert phone.reads("Charged by morning.")
        assert not phone.reads("Tonight’s power")

        # ── the plan does not begin with prices that nobody has ──────
        await town.pairs(phone)
        assert phone.shows == "/plan"
        assert phone.reads("One thing below needs another look")
        assert phone.reads("Type what you pay.")
        assert not phone.reads("Changes by the hour")

        # ── nor does it take them from somebody who sends them all the same ──
        await phone.plans(tariff="day_ahead")
        assert phone.reads("Choose one of those offered.")

        # ── what he pays is what tonight reckons with ────────────────
        await phone.plans(tariff="flat", flat_ct="31")
        await looks_at(phone, UNTRUE_OF_ONE_PRICE, "/tonight", "/why")
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await looks_at(phone, UNTRUE_OF_ONE_PRICE, "/why", "/tonight")
        assert phone.reads("31.0 ct")
        assert not phone.reads("No price is known")

        # ── and the morning, too ─────────────────────────────────────
        await town.until(AT_SEVEN)
        assert town.car.soc_percent >= 79.5
        await town.time_passes(minutes=30)
        town.car.unplugs()
        await town.time_passes(minutes=30)
        await looks_at(phone, UNTRUE_OF_ONE_PRICE, "/tonight", "/nights", "/nights/last")
        [night] = await town.nights()
        assert phone.reads(f"Paid €{night.account.wall_wh * 31 / 100_000:.2f}"), phone.text
        assert not phone.reads("No price is known")


async def test_who_goes_on_without_the_key_is_sent_to_no_cheap_hours(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=A_HOME_OF_TODAY) as town:
        phone = await town.a_phone()
        await connects(phone)
        await phone.opens("/key/not-my-car")
        await phone.presses("Go on without the key")
        await looks_at(phone, UNTRUE_WITHOUT_PRICES, "/read-only")


@pytest.mark.long
async def test_a_car_whose_prices_have_ended_is_charged_in_time_and_no_cost_is_told(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=LAST_PRICES_ARE_OUT) as town:
        phone = await town.a_phone()
        await town.pairs(phone)
        assert phone.shows == "/tonight"
        assert not phone.reads("No price is known")

        # ── New Year's Eve: the last evening with a price ────────────
        await town.until(NEW_YEARS_EVE)
        await phone.looks_again()
        assert phone.reads("No price is known after 0:00"), phone.text
        assert not phone.reads("at about 13:00")

        # ── New Year's Day: none, and none will come ─────────────────
        await town.until(NEW_YEARS_DAY)
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await looks_at(phone, UNTRUE_WITHOUT_PRICES, "/why", "/tonight")
        assert phone.reads("No price is known")
        assert phone.reads("On time. Ready at"), phone.text
        await until_seven(town, phone)

        # ── what he can do helps ─────────────────────────────────────
        await phone.opens("/tonight")
        assert "/plan" in phone.page.links()
        await phone.opens("/plan")
        assert phone.reads("Day-ahead prices, which change by the hour, are not to be had here for now.")
        await phone.plans(flat_ct="31")
        assert phone.shows == "/tonight"
        assert not phone.reads("No price is known")


async def until_seven(town: Town, phone: Phone) -> None:
    """Charged in time by one plan, which nobody made anew; neither page of the morning knows a cost."""
    await town.until(READY_BY)
    assert town.car.soc_percent >= 79.5
    await town.time_passes(minutes=30)
    town.car.unplugs()
    await town.time_passes(minutes=30)
    await looks_at(phone, UNTRUE_WITHOUT_PRICES, "/nights", "/nights/last")
    assert phone.reads("No price is known for this night")
    assert phone.reads("The plan was made")
    assert not phone.reads("The plan was made anew")
