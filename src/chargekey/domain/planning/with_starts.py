"""The least cost of many cars at once when each start costs something too, with NumPy.

For what-if questions over a fleet: what would fewer starts cost, and what would they save? Rules of this room:

1. A car charges at full power or not at all, so all its slots are taken whole but one. (Two slots taken in part
   could be shifted into each other until one is full or empty: no more starts, and no more cost.)
2. The slot taken in part is charged at its head or at its tail. Inside a run it is a pause, and going on is a start:
   a sliver of a slot bridges no gap (reference smart-charging §3.1.5).
3. Nobody charges yet when the night begins. Among equal costs, the earlier slots.
4. Whole numbers throughout: the same answer, bit for bit, on every machine.

How: dynamic programming over the slots. Where a car stands is how many whole slots it has taken, whether it charges
at the end of the slot, and whether it has had its slot in part: one table of least costs by slot, filled forwards for
all cars at once, and read backwards for what each of them took.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chargekey.domain.planning.many import Fleet, Whole

CARS_AT_A_TIME: Final = 512
"""How many cars a go: of 32 to 1,024, nearly the fastest, in 60 MB (November 2026)."""

NEVER: Final = 1 << 55
"""Above any cost in nano-units, and far enough below 2^63 to be added to once a slot."""

RESTS, CHARGES, RESTS_PART_HAD, CHARGES_PART_HAD = range(4)
STATES: Final = 4

WAYS: Final = np.array(
    # by state, the ways into it through a slot: the state before, slots taken whole and in part, starts
    [
        [(RESTS, 0, 0, 0), (CHARGES, 0, 0, 0), (RESTS, 0, 0, 0), (CHARGES, 0, 0, 0)],
        [(RESTS, 1, 0, 1), (CHARGES, 1, 0, 0), (RESTS, 1, 0, 1), (CHARGES, 1, 0, 0)],
        # at the head of the slot: it rests then
        [(RESTS_PART_HAD, 0, 0, 0), (CHARGES_PART_HAD, 0, 0, 0), (RESTS, 0, 1, 1), (CHARGES, 0, 1, 0)],
        # at the tail of the slot: it rested before, if only for a moment
        [(RESTS_PART_HAD, 1, 0, 1), (CHARGES_PART_HAD, 1, 0, 0), (RESTS, 0, 1, 1), (CHARGES, 0, 1, 1)],
    ]
).transpose(2, 1, 0)
"""What `_table` adds up, as a table: what, which way, into which state."""


@dataclass(frozen=True, slots=True)
class FleetPlans:
    """One row a car. `taken_wh` has one column a slot; `cost_nano` is energy and starts together.

    `part_is_tail`: the slot taken in part, if any, is charged at its end and not at its beginning.
    """

    cost_nano: Whole
    missing_wh: Whole
    starts: Whole
    taken_wh: NDArray[np.int32]
    part_is_tail: NDArray[np.bool_]


class Some(NamedTuple):
    """The cars of one go, their prices aligned at the slot in which each of them comes."""

    price: Whole
    length: Whole
    room_wh: Whole
    part_wh: Whole
    whole: Whole
    start_nano: int


def cheapest_with_starts(prices_micro_per_kwh: Whole, fleet: Fleet, start_nano: int) -> FleetPlans:
    """The plan of least cost for each car, `start_nano` (not below 0) for every start. Out of reach: all there is."""
    length = fleet.end - fleet.first
    fits_wh = np.minimum(fleet.need_wh, length * fleet.room_wh)
    whole, part_wh = np.divmod(fits_wh, fleet.room_wh)
    cars, slots = len(fits_wh), prices_micro_per_kwh.shape[1]
    plans = FleetPlans(
        np.zeros(cars, np.int64),
        fleet.need_wh - fits_wh,
        np.zeros(cars, np.int64),
        np.zeros((cars, slots), np.int32),
        np.zeros(cars, np.bool_),
    )
    alike = np.lexsort((length, whole))
    for begin in range(0, cars, CARS_AT_A_TIME):
        here = alike[begin : begin + CARS_AT_A_TIME]
        column = np.minimum(fleet.first[here] + np.arange(length[here].max())[:, None], slots - 1)
        price = prices_micro_per_kwh[fleet.tariff[here], column]
        some = Some(price, length[here], fleet.room_wh[here], part_wh[here], whole[here], start_nano)
        _read(_table(some), some, fleet.first[here], here, plans)
    return plans


def _table(some: Some) -> Whole:
    """Least cost by slots gone by, state, whole slots taken, and car."""
    slots, cars = some.price.shape
    most = int(some.whole.max())
    table = np.full((slots + 1, STATES, most + 1, cars), NEVER, np.int64)
    table[0, RESTS, 0] = 0
    for slot, price in enumerate(some.price):
        rests, charges, rests_had, charges_had = table[slot]
        then = table[slot + 1]
        whole_nano, part_nano = price * some.room_wh, price * some.part_wh
        going = np.minimum(rests + some.start_nano, charges)
        np.minimum(rests, charges, out=then[RESTS])
        np.add(going[:-1], whole_nano, out=then[CHARGES, 1:])
        np.minimum(rests_had, charges_had, out=then[RESTS_PART_HAD])
        np.minimum(then[RESTS_PART_HAD], going + part_nano, out=then[RESTS_PART_HAD])
        np.add(then[RESTS], part_nano + some.start_nano, out=then[CHARGES_PART_HAD])
        going_had = np.minimum(rests_had + some.start_nano, charges_had)[:-1] + whole_nano
        np.minimum(then[CHARGES_PART_HAD, 1:], going_had, out=then[CHARGES_PART_HAD, 1:])
    return table


def _read(table: Whole, some: Some, first: Whole, rows: Whole, plans: FleetPlans) -> None:
    """Write down what the cars in these rows took, going back through the table from the end of each."""
    car = np.arange(len(rows))
    had = np.where(some.part_wh > 0, RESTS_PART_HAD, RESTS)
    ends_charging = table[some.length, had + 1, some.whole, car] < table[some.length, had, some.whole, car]
    state, left = had + ends_charging, some.whole.copy()
    plans.cost_nano[rows] = table[some.length, state, left, car]
    for slot in range(len(some.price) - 1, -1, -1):
        (here,) = np.nonzero(slot < some.length)
        before, whole, part, start = _ways_back(table, slot, some, here, state[here], left[here])
        row = rows[here]
        plans.taken_wh[row, first[here] + slot] = whole * some.room_wh[here] + part * some.part_wh[here]
        plans.starts[row] += start
        plans.part_is_tail[row] |= (part > 0) & (state[here] == CHARGES_PART_HAD)
        state[here], left[here] = before, left[here] - whole


def _ways_back(table: Whole, slot: int, some: Some, car: Whole, state: Whole, left: Whole) -> Whole:
    """How these cars came through a slot to where they stand: of the ways that cost what the table says, the first."""
    before, whole, part, start = WAYS[:, :, state]
    cost = table[slot, before, np.maximum(left - whole, 0), car]
    cost += some.price[slot, car] * (whole * some.room_wh[car] + part * some.part_wh[car]) + start * some.start_nano
    is_way = (cost == table[slot + 1, state, left, car]) & (whole <= left)
    back: Whole = WAYS[:, is_way.argmax(axis=0), state]
    return back
