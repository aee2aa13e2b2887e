"""What is done on a machine without PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.contract.postgres import NoPostgres


@pytest.fixture
def if_there() -> AbstractContextManager[None]:
    """Without a server the test is skipped, and says so; in CI that is an error."""

    @contextmanager
    def tried() -> Iterator[None]:
        try:
            yield
        except NoPostgres as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"the PostgreSQL half is not tested: {missing}")

    return tried()
