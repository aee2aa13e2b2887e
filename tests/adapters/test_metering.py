"""Counting what Tesla bills, where every answer passes."""

from typing import Final

import httpx2
import pytest

from chargekey.adapters.tesla.metering import metered
from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin

CAR: Final = Vin("5YJ3E7EA1PF123456")
BASE: Final = "https://eu.tesla.example/api/1"
ONE: Final = f"{BASE}/vehicles/{CAR.whole}"


async def counted(method: str, url: str, status: int = 200) -> list[tuple[Vin, Billed]]:
    """What one request to a Tesla that always answers so adds to the bill."""
    bill: list[tuple[Vin, Billed]] = []

    async def record(vin: Vin, billed: Billed) -> None:
        bill.append((vin, billed))

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, json={})

    async with httpx2.AsyncClient(
        transport=httpx2.MockTransport(answer), event_hooks={"response": [metered(record)]}
    ) as http:
        await http.request(method, url)
    return bill


@pytest.mark.parametrize(
    ("method", "url", "billed"),
    [
        ("GET", f"{ONE}/vehicle_data", Billed.DATA),
        ("GET", f"{ONE}/vehicle_data?endpoints=charge_state%3Blocation_data", Billed.DATA),
        ("POST", f"{ONE}/signed_command", Billed.COMMAND),
        ("POST", f"{ONE}/command/charge_start", Billed.COMMAND),
        ("POST", f"{ONE}/command/set_charging_amps", Billed.COMMAND),
        ("POST", f"{ONE}/wake_up", Billed.WAKE),
        ("GET", f"{BASE}/vehicles", None),  # the list costs nothing
        ("GET", ONE, None),
        ("POST", f"{BASE}/vehicles/fleet_status", None),
        ("GET", f"{BASE}/users/region", None),
        ("POST", "https://auth.tesla.example/oauth2/v3/token", None),
    ],
)
async def test_what_is_billed_and_as_what(method: str, url: str, billed: Billed | None) -> None:
    assert await counted(method, url) == ([] if billed is None else [(CAR, billed)])


@pytest.mark.parametrize(
    ("status", "is_billed"),
    [(200, True), (401, True), (403, True), (408, True), (429, True), (499, True), (500, False), (503, False)],
)
async def test_every_answer_below_500_is_billed_a_refusal_too(status: int, is_billed: bool) -> None:
    assert bool(await counted("POST", f"{ONE}/wake_up", status)) is is_billed
