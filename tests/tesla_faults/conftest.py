"""Both ends of the wire, once for all rows: what a row brought about is over before the next."""

from collections.abc import AsyncIterator

import pytest

from tests.simulator.served import tesla_on_a_socket
from tests.tesla_faults.side import Side, both_sides


@pytest.fixture(scope="module")
async def both() -> AsyncIterator[Side]:
    """Our app is a partner in both regions, and a driver has allowed it."""
    async with tesla_on_a_socket() as tesla:
        assert (await tesla.registers("na", "eu")).status_code == 200
        async with both_sides(tesla) as side:
            yield side


@pytest.fixture
async def side(both: Side) -> AsyncIterator[Side]:
    """With tokens that nobody has spent."""
    await both.begins_anew()
    yield both
