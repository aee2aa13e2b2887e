"""What a night came to, booked once, in double entry.

Rules of this room:

1. Every entry balances: what its accounts take in a unit is given by others of the same unit.
2. Nothing booked is changed. What turns out otherwise is an entry of its own, which names the one that it corrects
   and holds the difference; what a night came to is the sum of its entries.
3. Amounts are whole: Wh at the wall and in the battery, nano-units of the currency in which the price was known,
   micro-dollars of Tesla's bill, milligrams of CO2. Units are never added up with each other.
4. What no price was known for is not booked, and the entry says what it lacks. It is never booked as nothing. Of carbon
   the lines say it: where it is known there is one, be it of nothing.
5. An entry keeps what it rests on (`Voucher`): the tariff of that night and its prices, so that no later tariff is
   asked about it.
6. Energy comes from the grid or from the home's own roof, and money goes to the supplier or stays away as feed-in: what
   the grid would have paid for the sun that the car took. It has the currency of that night's prices.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chargekey.domain.account import Reading
from chargekey.domain.carbon import Carbon
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import Currency, Prices, Tariff

WH: Final = "Wh"
MICRO_USD: Final = "micro USD"
MG: Final = "mg CO2"


def nano(currency: Currency) -> str:
    """The unit of money for power in this currency."""
    return f"nano {currency}"


class Unbalanced(ValueError):
    """An entry that takes more than it gives, or says a thing twice. The text says what."""


class Account(StrEnum):
    """From where to where. An entry adds to one side and takes the same from the other."""

    WALL = "wall"
    """Gives what came from the grid; takes nothing."""
    ROOF = "roof"
    """Gives what came from the home's own sun."""
    BATTERY = "battery"
    LOSSES = "losses"
    POWER = "power"
    """What the energy cost, forgone feed-in included."""
    SUPPLIER = "supplier"
    FEED_IN = "feed_in"
    """Gives what the grid would have paid for the sun."""
    AT_ONCE = "at_once"
    """What plug-in-and-charge would have cost: given up for what was paid instead, and what was saved."""
    PAID_INSTEAD = "paid_instead"
    SAVING = "saving"
    CALLS = "calls"
    """What the night's calls to Tesla cost whoever runs this service."""
    TESLA = "tesla"
    CARBON = "carbon"
    """What the energy stands for in CO2, by the hours in which it was drawn."""
    GRID = "grid"
    CARBON_AT_ONCE = "carbon_at_once"
    """What plug-in-and-charge would have stood for: given up for what was emitted instead, and what was avoided."""
    CARBON_INSTEAD = "carbon_instead"
    AVOIDED = "avoided"


@dataclass(frozen=True, slots=True)
class Line:
    """So much more on one account; less than nothing is taken from it."""

    account: Account
    unit: str
    amount: int


class How(StrEnum):
    """How an entry came about.

    `RECKONED`: later than the night's end, since we were away, or the prices of that night are not the ones of now.
    """

    AT_ITS_END = "at_its_end"
    RECKONED = "reckoned"
    CORRECTED = "corrected"


class PricesFrom(StrEnum):
    """Where an entry has its prices: from that night's own tariff, or as the night's plans knew them."""

    TARIFF = "tariff"
    PLAN = "plan"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Figures:
    """A night in money, energy and CO2. None for either cost: a price of it is not known; for either mass of CO2: how
    clean some of it was is not known.

    `sun_wh`: what of `wall_wh` came from the home's own sun. `feed_in_nano`: what of the cost is feed-in forgone; 0
    where no cost is known.
    """

    wall_wh: int
    battery_wh: int
    currency: Currency
    cost_nano: int | None
    at_once_nano: int | None
    tesla_bill_micro_usd: int
    carbon_mg: int | None = None
    carbon_at_once_mg: int | None = None
    sun_wh: int = 0
    feed_in_nano: int = 0

    @property
    def avoided_mg(self) -> int | None:
        """Below nothing where plug-in-and-charge would have been cleaner."""
        if self.carbon_mg is None or self.carbon_at_once_mg is None:
            return None
        return self.carbon_at_once_mg - self.carbon_mg

    @property
    def saved_nano(self) -> int | None:
        if self.cost_nano is None or self.at_once_nano is None:
            return None
        return self.at_once_nano - self.cost_nano

    @property
    def lacks(self) -> frozenset[Account]:
        """The accounts that could not be booked, for want of a price."""
        lacking = set()
        if self.cost_nano is None:
            lacking.add(Account.POWER)
        if self.saved_nano is None:
            lacking.add(Account.SAVING)
        return frozenset(lacking)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What else is told of a night without reading it all again. None: not known, not reached, nothing planned."""

    soc_before_percent: int | None = None
    soc_after_percent: int | None = None
    target_percent: int | None = None
    reached_at: datetime | None = None
    done_at: datetime | None = None
    measured_at: datetime | None = None
    looks: int = 0
    orders: int = 0
    wakes: int = 0
    plan_inputs: str | None = None
    planner_version: str | None = None


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an entry rests on. `tariff` None: which one was that night's is not known any more, its prices may be.
    `carbon` None: nobody told how clean that night was; `surplus` None: nor what the home's own sun gave.

    `current_a` None: whatever the car was set to. `prices` are those of the night, as far as they were known.
    """

    tariff: Tariff | None
    current_a: int | None
    prices: Prices
    readings: tuple[Reading, ...]
    carbon: Carbon | None = None
    surplus: Surplus | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking of a night, from its first, number 1. `corrects`: the number of the one before it, if it corrects.

    `currency` is the one of that night's prices, and `lacks` holds for the night as it stands after this entry.
    """

    number: int
    corrects: int | None
    booked_at: datetime
    how: How
    prices_from: PricesFrom
    currency: Currency
    lacks: frozenset[Account]
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry with what it says besides. `voucher` None: another version wrote it, in a shape unknown to this one."""

    entry: Entry
    outcome: Outcome
    voucher: Voucher | None


def first_entry(figures: Figures, how: How, prices_from: PricesFrom, booked_at: datetime) -> Entry:
    """A night is booked."""
    lines = _as_lines(_sides(figures))
    return Entry(1, None, booked_at, how, prices_from, figures.currency, figures.lacks, lines)


def correction(booked: Sequence[Entry], figures: Figures, prices_from: PricesFrom, booked_at: datetime) -> Entry:
    """What a night came to after all. Its lines are the difference: none where only words change.

    What was known of its carbon and is not to be had any more stays.
    """
    last = booked[-1]
    stands = balance(booked)
    wanted = _sides(figures)
    told = [key for key in {**stands, **wanted} if key in wanted or key[1] != MG]
    moved = [key for key in told if key not in stands or wanted.get(key, 0) != stands[key]]
    difference = {key: wanted.get(key, 0) - stands.get(key, 0) for key in moved}
    return Entry(
        last.number + 1,
        last.number,
        booked_at,
        How.CORRECTED,
        prices_from,
        figures.currency,
        figures.lacks,
        _as_lines(difference),
    )


def balance(entries: Sequence[Entry]) -> Mapping[tuple[Account, str], int]:
    """What stands on each account, by unit."""
    stands: Counter[tuple[Account, str]] = Counter()
    for entry in entries:
        for line in entry.lines:
            stands[line.account, line.unit] += line.amount
    return stands


def figures_of(entries: Sequence[Entry]) -> Figures:
    """What a night came to, by all its entries; at least one."""
    last, stands = entries[-1], balance(entries)
    money = nano(last.currency)
    saved = stands.get((Account.SAVING, money), 0)
    carbon_mg, avoided_mg = stands.get((Account.CARBON, MG)), stands.get((Account.AVOIDED, MG))
    cost = None if Account.POWER in last.lacks else stands.get((Account.POWER, money), 0)
    sun_wh = -stands.get((Account.ROOF, WH), 0)
    return Figures(
        wall_wh=sun_wh - stands.get((Account.WALL, WH), 0),
        battery_wh=stands.get((Account.BATTERY, WH), 0),
        currency=last.currency,
        cost_nano=cost,
        at_once_nano=None if cost is None or Account.SAVING in last.lacks else cost + saved,
        tesla_bill_micro_usd=stands.get((Account.CALLS, MICRO_USD), 0),
        carbon_mg=carbon_mg,
        carbon_at_once_mg=None if avoided_mg is None or carbon_mg is None else carbon_mg + avoided_mg,
        sun_wh=sun_wh,
        feed_in_nano=-stands.get((Account.FEED_IN, money), 0),
    )


def knows_less(new: Figures, old: Figures) -> bool:
    """Whether a price that was known is not to be had any more: that changes nothing about a booked night."""
    return not new.lacks <= old.lacks


# ── inside ───────────────────────────────────────────────────────


def _sides(figures: Figures) -> Mapping[tuple[Account, str], int]:
    """Every account that the figures touch, with what it comes to."""
    money = nano(figures.currency)
    sides = {
        (Account.WALL, WH): figures.sun_wh - figures.wall_wh,
        (Account.ROOF, WH): -figures.sun_wh,
        (Account.BATTERY, WH): figures.battery_wh,
        (Account.LOSSES, WH): figures.wall_wh - figures.battery_wh,
        (Account.CALLS, MICRO_USD): figures.tesla_bill_micro_usd,
        (Account.TESLA, MICRO_USD): -figures.tesla_bill_micro_usd,
    }
    if figures.cost_nano is not None:
        sides |= {
            (Account.POWER, money): figures.cost_nano,
            (Account.SUPPLIER, money): figures.feed_in_nano - figures.cost_nano,
            (Account.FEED_IN, money): -figures.feed_in_nano,
        }
    if figures.cost_nano is not None and figures.at_once_nano is not None:
        sides |= {
            (Account.AT_ONCE, money): -figures.at_once_nano,
            (Account.PAID_INSTEAD, money): figures.cost_nano,
            (Account.SAVING, money): figures.at_once_nano - figures.cost_nano,
        }
    return {**sides, **_carbon_sides(figures)}


def _carbon_sides(figures: Figures) -> Mapping[tuple[Account, str], int]:
    if figures.carbon_mg is None:
        return {}
    sides = {(Account.CARBON, MG): figures.carbon_mg, (Account.GRID, MG): -figures.carbon_mg}
    if figures.carbon_at_once_mg is not None and figures.avoided_mg is not None:
        sides |= {
            (Account.CARBON_AT_ONCE, MG): -figures.carbon_at_once_mg,
            (Account.CARBON_INSTEAD, MG): figures.carbon_mg,
            (Account.AVOIDED, MG): figures.avoided_mg,
        }
    return sides


def _as_lines(sides: Mapping[tuple[Account, str], int]) -> tuple[Line, ...]:
    """In a fixed order; an account that stays as it is has none, unless its line says that it is known."""
    order, known = list(Account), (Account.CARBON, Account.AVOIDED)
    moved = [Line(account, unit, amount) for (account, unit), amount in sides.items() if amount or account in known]
    return tuple(sorted(moved, key=lambda line: (line.unit, order.index(line.account))))


def _check(entry: Entry) -> None:
    sums: Counter[str] = Counter()
    for line in entry.lines:
        sums[line.unit] += line.amount
    if off := [unit for unit, amount in sums.items() if amount]:
        raise Unbalanced(f"the entry does not balance in {', '.join(sorted(off))}")
    if len({(line.account, line.unit) for line in entry.lines}) != len(entry.lines):
        raise Unbalanced("an account stands in the entry twice")
    is_first = entry.number == 1
    if is_first is not (entry.corrects is None) or (entry.corrects or 0) >= entry.number:
        raise Unbalanced("the first entry corrects none, every other one before it")
    if is_first is (entry.how is How.CORRECTED):
        raise Unbalanced("only a correction corrects, and it does")
