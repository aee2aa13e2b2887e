"""A town for the storm."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.town import Town, a_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A Wednesday evening; the street is still empty."""
    async with a_town(tmp_path) as built:
        yield built
