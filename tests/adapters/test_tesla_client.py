"""The client that all drivers' calls go through keeps nothing between two of them."""

import httpx2

from chargekey.adapters.tesla.client import open_client


async def test_a_cookie_of_one_drivers_call_goes_with_no_other() -> None:
    came: list[str | None] = []

    def tesla(request: httpx2.Request) -> httpx2.Response:
        came.append(request.headers.get("Cookie"))
        return httpx2.Response(200, headers={"Set-Cookie": "session=anna; Path=/"})

    async with open_client(trust_env=False, transport=httpx2.MockTransport(tesla)) as client:
        for _ in range(2):
            await client.get("https://fleet-api.prd.eu.vn.cloud.tesla.com/api/1/vehicles")
    assert came == [None, None]
