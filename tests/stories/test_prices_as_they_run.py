"""A home whose prices are told as they run: Amber forecasts the night, ComEd does not; each in its own money."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from chargekey.domain.operator_check import State
from tests.stories.price_server import CHEAP, DEAR, a_price_server
from tests.stories.test_prices_by_the_hour import hours_it_charged_in, is_set_to, line_of_prices
from tests.stories.town import a_town

FRIDAY_EVENING = datetime(2026, 11, 27, 17, 20, tzinfo=UTC)
AT_SEVEN = datetime(2026, 11, 28, 6, tzinfo=UTC)  # in Amsterdam


async def test_a_home_with_amber_plans_by_its_forecast_and_says_so(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=FRIDAY_EVENING) as town, a_price_server(lambda: town.now) as server:
        phone = await town.a_phone()
        await town.pairs(phone, tariff="flat", flat_ct="31")
        await is_set_to(town, server, "amber:AUD", prices_key=SecretStr("a-token-of-ambers"))
        assert (await line_of_prices(town)).state is State.RIGHT
        await phone.opens("/plan")
        assert phone.reads("Price per kWh, in c")
        await phone.presses("Plan with this", tariff="day_ahead")
        assert phone.reads(f"{DEAR / 5:.1f} c"), phone.text

        # ── the evening: the night is a forecast, and is told as one ──
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await phone.opens("/tonight")
        assert phone.reads("are a forecast of whoever sets them"), phone.text
        assert phone.reads("not out yet") is False

        # ── the morning: in the cheap hours, at what they cost in the end ──
        await town.until(AT_SEVEN)
        assert town.car.soc_percent >= 79.5
        town.car.unplugs()
        await town.time_passes(minutes=30)
        assert await hours_it_charged_in(town) <= {2, 3, 4}
        await phone.opens("/nights/last")
        assert phone.reads("Paid −A$"), phone.text
        assert [words for words in ("€", " ct") if phone.reads(words)] == [], phone.text


@pytest.mark.long
async def test_a_home_with_comed_goes_by_the_hours_of_yesterday(tmp_path: Path) -> None:
    async with a_town(tmp_path, starts_at=FRIDAY_EVENING) as town, a_price_server(lambda: town.now) as server:
        server.cheap_from = dict.fromkeys(range(1, 31), 19)  # in Chicago, two in the morning in Amsterdam
        phone = await town.a_phone()
        await town.pairs(phone, tariff="flat", flat_ct="31")
        await is_set_to(town, server, "comed:IL")
        await phone.opens("/plan")
        await phone.presses("Plan with this", tariff="day_ahead", added_ct="7", vat_percent="0")
        assert phone.reads(f"{DEAR / 10 + 7:.1f} ¢"), phone.text
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await phone.opens("/tonight")
        assert phone.reads("the plan takes today’s shape"), phone.text
        await town.until(AT_SEVEN)
        assert town.car.soc_percent >= 79.5
        town.car.unplugs()
        await town.time_passes(minutes=30)
        assert await hours_it_charged_in(town) <= {2, 3, 4}
        await phone.opens("/nights/last")
        (night,) = await town.nights()
        cheap_wh = sum(one.wall_wh for one in night.account.readings if _is_cheap(one.start))
        paid = (cheap_wh * (CHEAP + 70) + (night.account.wall_wh - cheap_wh) * (DEAR + 70)) / 1_000_000
        assert phone.reads(f"Paid US${paid:.2f}"), phone.text


def _is_cheap(at: datetime) -> bool:
    return 1 <= at.astimezone(UTC).hour < 4
