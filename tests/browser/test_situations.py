"""All sixteen situations in real Chromium, on a phone; three of them at a desk too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.situation_table import SITUATIONS, Situation
from tests.browser.situations_walked import is_walked, opened

WALKS = [(name, situation) for situation in SITUATIONS for name, _, _ in situation.walks]
QUESTIONS_A_ROUND = 2


@pytest.fixture(scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with opened(chromium) as started:
        yield started


@pytest.mark.parametrize("name,situation", WALKS, ids=[name for name, _ in WALKS])
async def test_a_situation_is_walked_to_its_end(
    name: str, situation: Situation, browser: Browser, tmp_path: Path
) -> None:
    walked = await is_walked(browser, name, situation, tmp_path)
    assert walked.found.ends_at == situation.ends_at
    assert walked.found.said == []
    assert max((len(questions) for questions in walked.found.rounds), default=0) <= QUESTIONS_A_ROUND
    assert walked.calls <= walked.calls_at_most
    assert walked.billed <= situation.billed_at_most
