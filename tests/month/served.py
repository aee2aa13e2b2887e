"""The month with Chargekey: both sides real, over sockets, in one process; time is turned to whatever is due next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.goal import ChargeGoal
from chargekey.domain.tariff import DayAheadTariff
from chargekey.ports.charge_log import ChargeSettings
from tests.month.lives import TARGET_PERCENT, Life
from tests.month.street import Street, buys_a_car, mail_of
from tests.stories.hearing import Hears
from tests.stories.town import Town
from tests.storm.households import COME_APART, Door

SHORTEST: Final = timedelta(seconds=20)
LONGEST: Final = timedelta(minutes=5)
TARIFF: Final = DayAheadTariff(125_000, 21)
"""The exchange's price, 12.5 ct for supplier and state, and VAT."""


async def move_in(town: Town, lives: Sequence[Life]) -> None:
    """Each with the car and the plan of this life, the cable out."""
    door = Door(town)
    for number, life in enumerate(lives):
        car = buys_a_car(town.world, life)
        goal = ChargeGoal(dict(enumerate(life.ready_by)), TARGET_PERCENT, 20, "Europe/Amsterdam")
        plan = ChargeSettings(goal, TARIFF, None)
        await door.lets_in(mail_of(life), car, plan, town.now + number * COME_APART)


async def live(town: Town, street: Street, until: datetime, hears: Hears | None) -> None:
    """Whatever is due, on either side, in its order."""
    due = await town.home.turn_clock(town.now)
    while town.now < until:
        moments = [until, town.now + LONGEST, street.next_at, max(due, town.now + SHORTEST) if due else None]
        moment = max(town.now, min(one for one in moments if one is not None))
        town.world.clock.turn_to(moment)
        street.let_happen(moment)
        town.world.settle_who_streams()
        if hears:
            await hears.all_signals()
        due = await town.home.turn_clock(moment)
        town.world.calls.clear()  # so many drivers at once are no single one who asks too often; the bill counts
