"""Any night worked out again from what is kept of it: the same plan? the same figures?

It looks at nothing outside and writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from chargekey.domain.ledger import Figures, figures_of
from chargekey.domain.night import Night
from chargekey.domain.planning.cheapest import cheapest
from chargekey.journeys.reckon_night import account_of, figures_of_account, told_of
from chargekey.ports.charge_log import KeptPlan
from chargekey.ports.clock import Clock
from chargekey.ports.store import Store


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a plan, or of what a night came to, as it was and as it would be now."""

    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class PlanReplayed:
    """One plan of the night. `differs` empty: today's planner makes the same, bit for bit."""

    number: int
    made_at: datetime
    inputs_hash: str
    planner_version: str
    differs: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class LedgerReplayed:
    """So many entries; `differs` empty: reckoned again at the prices they rest on, the night comes to the same."""

    entries: int
    differs: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A night worked out again. `unreadable`: so many plans another version wrote, in a shape unknown to this one.

    `ledger` None: it is not booked, or what its entries rest on cannot be read.
    """

    night: Night
    plans: Sequence[PlanReplayed]
    unreadable: int
    ledger: LedgerReplayed | None

    @property
    def is_the_same(self) -> bool:
        """Whether nothing comes out otherwise, as far as it could be worked out at all."""
        found = [one.differs for one in self.plans] + ([self.ledger.differs] if self.ledger else [])
        return not self.unreadable and not any(found)


class NoSuchNight(Exception):
    """There is none of that number."""


class ReplayNight:
    """For whoever wants to know that a plan can be relied upon, or what a new planner changes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def replay(self, night_id: int) -> Replayed:
        """Raises `NoSuchNight`."""
        async with self._store.unit() as unit:
            night = await unit.nights.night(night_id)
            if night is None:
                raise NoSuchNight
            plans = await unit.nights.every_plan(night_id)
            vehicle = await unit.garage.vehicle(night.vehicle_id)
            told = await told_of(unit, vehicle, night, self._clock.now())
            bookings = await unit.ledger.of_night(night_id)
        ledger = None
        if bookings and (voucher := bookings[-1].voucher):
            sums = account_of(told, voucher.prices, voucher.current_a, voucher.carbon, voucher.surplus)
            reckoned = figures_of_account(sums, voucher.prices, told.calls)
            booked: Figures = figures_of([one.entry for one in bookings])
            ledger = LedgerReplayed(len(bookings), _differences(booked, reckoned))
        known = [one for one in plans if one]
        return Replayed(night, [_replayed(one) for one in known], len(plans) - len(known), ledger)


def _replayed(kept: KeptPlan) -> PlanReplayed:
    again = cheapest(kept.problem)
    return PlanReplayed(
        kept.id, kept.made_at, kept.plan.inputs_hash, kept.plan.planner_version, _differences(kept.plan, again)
    )


def _differences(then: Any, now: Any) -> Sequence[Difference]:
    """Field by field of one kind of record; long ones are told by where they part."""
    found = []
    for field in fields(then):
        before, after = getattr(then, field.name), getattr(now, field.name)
        if before == after:
            continue
        if isinstance(before, tuple) and isinstance(after, tuple):
            nth = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
            nth = min(len(before), len(after)) if nth is None else nth
            name = f"{field.name}[{nth}]"
            found.append(Difference(name, _nth(before, nth), _nth(after, nth)))
        else:
            found.append(Difference(field.name, str(before), str(after)))
    return found


def _nth(many: tuple[Any, ...], nth: int) -> str:
    return str(many[nth]) if nth < len(many) else "none"
