"""A served Tesla for every test that asks for one."""

from collections.abc import AsyncIterator

import pytest

from tests.simulator.served import Tesla, tesla_on_a_socket


@pytest.fixture
async def tesla() -> AsyncIterator[Tesla]:
    """Nobody has connected and no app is registered yet."""
    async with tesla_on_a_socket() as served:
        yield served


@pytest.fixture
async def registered(tesla: Tesla) -> Tesla:
    """The app is a partner in both regions."""
    assert (await tesla.registers("na", "eu")).status_code == 200
    return tesla
