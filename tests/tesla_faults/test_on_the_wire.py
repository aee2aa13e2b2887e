"""Each row of Tesla's errors played by the simulated Tesla to our own adapters, over real sockets."""

import httpx2
import pytest

from chargekey.adapters.tesla.fleet_api import sent
from chargekey.adapters.tesla.signing.refusals import FAULTS
from chargekey.ports.faults import Fault, Unreachable
from tests.adapters.tesla_road import Road, start
from tests.simulator.served import a_door
from tests.tesla_faults import car_rows
from tests.tesla_faults.car_rows import CarRow
from tests.tesla_faults.row import Ask, Row
from tests.tesla_faults.rows import ROWS
from tests.tesla_faults.side import Side

ASKED = [(row, ask) for row in ROWS for ask in row.becomes]


@pytest.mark.parametrize(("row", "ask"), ASKED, ids=[f"{row.name}, {ask}" for row, ask in ASKED])
async def test_each_row_becomes_its_fault(side: Side, row: Row, ask: Ask) -> None:
    side.meets(ask, row.trouble)
    expected, met = row.becomes[ask], None
    try:
        await side.asks(ask)
    except Fault as fault:
        met = fault
    assert type(met) is (expected or type(None)), met
    written = [one.fault for one in side.ended]
    assert written[-1] is None if met is None else any(written), written


@pytest.mark.parametrize("row", car_rows.ROWS, ids=[row.name for row in car_rows.ROWS])
async def test_each_fault_of_a_car_becomes_ours(row: CarRow) -> None:
    road = Road()
    road.car.faults = [row.number] * 9
    with pytest.raises(Fault) as met:
        await start(road)
    assert type(met.value) is row.becomes
    assert road.car.heard["command"] == row.tries


async def test_where_nobody_listens_nothing_arrived() -> None:
    """The one way to fail that no server can play."""
    door, url = a_door()
    door.close()
    with pytest.raises(Unreachable):
        async with httpx2.AsyncClient(trust_env=False) as http:
            await sent(http, "POST", f"{url}/eu/api/1/vehicles", headers={}, is_command=True)


def test_every_fault_of_the_protocol_has_its_row() -> None:
    assert [row.number for row in car_rows.ROWS] == sorted(FAULTS)
