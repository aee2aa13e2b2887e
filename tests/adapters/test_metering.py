"""What of all that Tesla is asked it bills, and that every request passes the meter before it leaves."""

from typing import Final

import httpx2
import pytest

from chargekey.adapters.tesla.call_record import Ended, Record
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.metering import billed
from chargekey.adapters.tesla.vehicles import FleetVehicles
from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import BudgetSpent, Fault
from tests.adapters.tesla_side import GRANT, TRUSTED, VIN, PocketVault, StillClock, Tesla, said

ONE: Final = f"/api/1/vehicles/{VIN.whole}"


@pytest.mark.parametrize(
    ("path", "category"),
    [
        (f"{ONE}/vehicle_data", Billed.DATA),
        (f"{ONE}/signed_command", Billed.COMMAND),
        (f"{ONE}/command/charge_start", Billed.COMMAND),
        (f"{ONE}/command/set_charging_amps", Billed.COMMAND),
        (f"{ONE}/wake_up", Billed.WAKE),
        ("/api/1/vehicles", None),  # the list costs nothing
        (ONE, None),
        (f"{ONE}/mobile_enabled", None),
        ("/api/1/vehicles/fleet_status", None),
        ("/api/1/users/region", None),
        ("/oauth2/v3/token", None),
    ],
)
def test_what_is_billed_and_as_what(path: str, category: Billed | None) -> None:
    assert billed(path) == (None if category is None else (VIN, category))


class Gate:
    """A meter that remembers what it was asked, and lets so many through."""

    def __init__(self, lets: int = 9) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.ended: list[int | None] = []
        self._lets = lets

    async def lets_through(self, path: str, *, for_order: bool, about: Vin | None = None) -> Record:
        self.asked.append((path.removeprefix(ONE), for_order))
        if len(self.asked) > self._lets:
            raise BudgetSpent("not asked", wait=StillClock().moment - StillClock().moment)

        async def ended(how: Ended) -> None:
            self.ended.append(how.status)

        return ended


def api(tesla: Tesla, gate: Gate) -> FleetApi:
    return FleetApi(tesla.http, PocketVault("second"), TRUSTED, meter=gate)


async def test_what_the_meter_does_not_let_through_never_leaves() -> None:
    tesla, gate = Tesla(), Gate(lets=0)
    with pytest.raises(BudgetSpent):
        await api(tesla, gate).command(GRANT, f"{ONE}/wake_up", {})
    assert (tesla.asked, gate.ended) == ([], [])


async def test_a_request_sent_anew_after_a_renewal_is_metered_anew() -> None:
    tesla, gate = Tesla(said(401, {"error": "token expired (401)"}), said(200, {})), Gate()
    await api(tesla, gate).command(GRANT, f"{ONE}/wake_up", {})
    assert gate.asked == [("/wake_up", False)] * 2
    assert gate.ended == [401, 200]


async def test_the_second_of_two_sendings_may_find_nothing_left() -> None:
    tesla, gate = Tesla(said(401, {"error": "token expired (401)"})), Gate(lets=1)
    with pytest.raises(BudgetSpent):
        await api(tesla, gate).command(GRANT, f"{ONE}/wake_up", {})
    assert len(tesla.asked) == 1


@pytest.mark.parametrize("answer", [said(500, {}), httpx2.ConnectError("no way"), httpx2.ReadTimeout("silence")])
async def test_the_meter_hears_how_it_ended_whatever_the_end(answer: httpx2.Response | Exception) -> None:
    gate = Gate()
    with pytest.raises(Fault):
        await api(Tesla(answer), gate).ask(GRANT, f"{ONE}/vehicle_data")
    assert gate.ended == [answer.status_code if isinstance(answer, httpx2.Response) else None]


@pytest.mark.parametrize("for_order", [False, True])
async def test_a_look_says_whether_an_order_waits_for_it(for_order: bool) -> None:
    gate = Gate()
    vehicles = FleetVehicles(api(Tesla(said(408, {"error": "asleep"})), gate), TRUSTED)
    with pytest.raises(Fault):
        await vehicles.look(GRANT, VIN, with_place=False, for_order=for_order)
    assert gate.asked == [("/vehicle_data", for_order)]
