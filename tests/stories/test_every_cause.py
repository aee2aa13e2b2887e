"""Every cause that the catalogue holds can be brought about, and its driver reads of it, over real HTTP.

A handful of the walks are in every `make check`; all of them are in `make long`.
"""

from pathlib import Path
from typing import Final

import pytest

from chargekey.domain.causes.catalogue import BY_ID
from scripts.causes import FOLDER, GROUPS
from tesla_simulator.scenarios.table import SCENARIOS
from tests.stories.cause_walk import Walk
from tests.stories.every_cause import NAMED, NEVER_READ
from tests.stories.town import a_town

IN_EVERY_CHECK: Final = frozenset({"A12", "A15", "D6", "F9", "J9"})
"""One a page: back at the consent step, before and after its question, why the key does not come, the operator's."""


def test_every_cause_has_a_scenario_and_every_scenario_a_cause() -> None:
    assert {scenario.cause for scenario in SCENARIOS.values()} == set(BY_ID)


def test_what_no_verb_brings_about_says_what_a_person_does() -> None:
    nothing = [one.id for one in SCENARIOS.values() if one.plays.__name__ == "nothing" and not one.by_hand]
    assert nothing == []


def test_every_cause_has_its_entry_in_the_documents() -> None:
    pages = {
        letter: (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        for letter, (name, _) in GROUPS.items()
        if any(one.startswith(letter) for one in BY_ID)
    }
    assert [one for one in BY_ID if f'<a id="{one.lower()}">' not in pages[one[0]]] == []


def test_every_cause_is_read_of_in_a_walk_or_says_why_nobody_ever_does() -> None:
    assert sorted([*NAMED, *NEVER_READ]) == sorted(BY_ID)  # each of them once
    assert all(why.endswith(".") for why, _ in NEVER_READ.values())


@pytest.mark.parametrize(
    "cause", [pytest.param(one, marks=() if one in IN_EVERY_CHECK else pytest.mark.long) for one in NAMED]
)
async def test_who_meets_it_reads_of_it(cause: str, tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        walk = await Walk.begun(town)
        await NAMED[cause](walk)
        assert cause in walk.named, f"{walk.phone.shows} and the pages before named {sorted(walk.named)}"


@pytest.mark.long
@pytest.mark.parametrize("cause", NEVER_READ)
async def test_what_nobody_reads_of_stops_nobody(cause: str, tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        walk = await Walk.begun(town)
        await NEVER_READ[cause][1](walk)
