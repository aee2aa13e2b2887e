"""One town for each file of attacks: what one attack leaves behind is there for the next, as it would be."""

from collections.abc import AsyncIterator

import pytest

from tests.attacks.real_house import RealHouse, a_real_house
from tests.stories.town import Town, a_town


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A Wednesday evening; nobody has connected yet."""
    async with a_town(tmp_path_factory.mktemp("town")) as built:
        yield built
        built.world.calls.clear()  # how often Tesla is asked is for the stories to bound


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHouse]:
    """No demo: what only a real one does can be attacked here."""
    async with a_real_house(tmp_path_factory.mktemp("house")) as built:
        yield built
