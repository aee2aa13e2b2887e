"""The legs where most is at stake, saved and gone once undisturbed, on each database."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from tests.contract.postgres import served
from tests.kills.databases import Database, Postgres, Sqlite
from tests.kills.ground import a_ground
from tests.kills.legs import LEGS
from tests.kills.nursery import a_nursery
from tests.kills.running import Walk

MOST_AT_STAKE: Final = ("consent", "charge now, stop", "a token runs out")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Walk]:
    folder: Path = tmp_path_factory.mktemp("kills")
    with ExitStack() as until_the_end:
        database: Database = (
            Sqlite(folder / "database")
            if request.param == "sqlite"
            else Postgres(until_the_end.enter_context(served()))
        )
        async with a_nursery() as nursery, a_ground(folder, database, nursery) as ground:
            made = Walk(ground, [leg for leg in LEGS if leg.name in MOST_AT_STAKE])
            await made.begins()
            yield made
