"""The legs where most is at stake, saved and gone once undisturbed, on each database.

All tests of one database are one group of pytest-xdist, so that a worker goes the path once for all of them.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.postgres import served
from tests.kills.databases import Database, Postgres, Sqlite
from tests.kills.ground import a_ground
from tests.kills.legs import LEGS
from tests.kills.nursery import a_nursery
from tests.kills.running import Walk

MOST_AT_STAKE: Final = ("consent", "charge now, stop", "a token runs out")


def _on(kind: str, *marks: pytest.MarkDecorator) -> Any:
    return pytest.param(kind, marks=[pytest.mark.xdist_group(f"kills on {kind}"), *marks])


@pytest.fixture(scope="session", params=[_on("sqlite"), _on("postgresql", pytest.mark.postgres)])
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
