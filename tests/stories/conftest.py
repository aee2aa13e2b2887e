"""A town and a phone for every story that asks for them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.phone import Phone
from tests.stories.town import Town, a_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A Wednesday evening in November 2024; nobody has connected yet."""
    async with a_town(tmp_path) as built:
        yield built


@pytest.fixture
async def phone(town: Town) -> Phone:
    """A phone whose browser has never been here."""
    return await town.a_phone()
