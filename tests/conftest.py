"""What every test may rely on: one async backend, and a word about tests that this machine cannot run.

Rules of this room:

1. Nothing is patched. What a test needs is handed to it.
2. A missing browser skips the browser tests alone and says so; in CI it is an error.
3. What the product writes is searched for what is private when all tests are over (`overhearing`).
4. No test is timed: Hypothesis draws as long as it needs, in CI (where its own profile says so) and here.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from typing import Final, TextIO, cast

import pytest
from hypothesis import settings

from chargekey.entrypoints.logs import set_up
from tests.overhearing import OVERHEARD, Overheard, Tee

IN_CI: Final = os.environ.get("CI", "").lower() == "true"

if not IN_CI:
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


def pytest_configure() -> None:
    """Log as an operator's house does, into a file that is searched at the end."""
    set_up(
        "json", cast(TextIO, Tee(OVERHEARD.log.open("w", encoding="utf-8", buffering=1)))
    )  # open as long as the process


@pytest.fixture(scope="session")
def overheard() -> Overheard:
    """What the product has written so far, in this process and in those it started."""
    return OVERHEARD


@pytest.fixture(scope="session", autouse=True)
def nothing_private_was_written(overheard: Overheard) -> Iterator[None]:
    """No secret, whole VIN, mail address or place in any log, error page or process argument of the whole run."""
    yield
    found = sorted({f"{one.what} in {one.where}" for one in overheard.found()})
    shutil.rmtree(overheard.folder)
    if found:
        pytest.fail("written for all to read:\n" + "\n".join(found[:20]))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Chargekey runs on asyncio; so do its tests."""
    return "asyncio"


@pytest.fixture(scope="session")
def whole_chromium() -> str:
    """The path of Debian's Chromium. Only browser tests ask, and without one they are skipped before."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("no chromium on this machine: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def chromium(whole_chromium: str) -> str:
    """The same engine without windows, where it is installed: twice as quick, and it receives no pushes."""
    return shutil.which("chromium-headless-shell") or whole_chromium


@pytest.hookimpl(tryfirst=True)  # before pytest deselects by mark
def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Mark what lives in tests/browser, and skip it where no browser is (never in CI)."""
    nothing_to_open = shutil.which("chromium") is None and not IN_CI
    for item in items:
        if (config.rootpath / "tests" / "browser") in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if nothing_to_open and item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.skip(reason="no chromium here; as root: apt-get install chromium"))
