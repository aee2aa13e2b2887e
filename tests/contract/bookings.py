"""A night as it lies in the ledger."""

from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.account import Reading
from chargekey.domain.ledger import Booking, Figures, How, Outcome, PricesFrom, Voucher, first_entry
from chargekey.domain.tariff import FlatTariff, Prices, PriceSlot

TEN_KWH: Final = Figures(10_000, 9_000, "EUR", 2_500_000_000, 3_000_000_000, 34_000)


def a_booking(at: datetime, figures: Figures = TEN_KWH) -> Booking:
    """Of a night that ended then, in the hour before."""
    begun = at - timedelta(hours=1)
    prices = Prices((PriceSlot(begun, at, 250_000),), at, "flat", "Europe/Amsterdam")
    voucher = Voucher(FlatTariff(250_000), None, prices, (Reading(begun, at, figures.wall_wh),))
    outcome = Outcome(40, 80, 80, at, at, at, looks=6, orders=4, wakes=1, plan_inputs="a hash", planner_version="1")
    return Booking(first_entry(figures, How.AT_ITS_END, PricesFrom.TARIFF, at), outcome, voucher)
