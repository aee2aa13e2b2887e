"""All scenarios, and how one is played."""

from collections.abc import Awaitable
from typing import Final

from tesla_simulator.scenarios import (
    access,
    beyond_the_list,
    consent,
    keys,
    operator,
    phone_and_link,
    tesla_troubles,
    token_troubles,
    vehicle_state,
)
from tesla_simulator.scenarios.scenario import Cast, Plays, Scenario

_ROOMS: Final = (
    consent,
    access,
    phone_and_link,
    vehicle_state,
    keys,
    operator,
    token_troubles,
    tesla_troubles,
    beyond_the_list,
)
SCENARIOS: Final[dict[str, Scenario]] = {scenario.id: scenario for room in _ROOMS for scenario in room.SCENARIOS}


class EndsWithTheDriver(Exception):
    """Nothing but the driver's own doing ends this."""


async def play(scenario_id: str, cast: Cast) -> Scenario:
    """State its facts. Raises `LookupError` for an id that is not there."""
    scenario = SCENARIOS[scenario_id]
    await _let(scenario.plays, cast)
    return scenario


async def end(scenario_id: str, cast: Cast) -> Scenario:
    """Let it pass. Raises `EndsWithTheDriver`, or `LookupError`."""
    scenario = SCENARIOS[scenario_id]
    if scenario.ends is None:
        raise EndsWithTheDriver(scenario_id)
    await _let(scenario.ends, cast)
    return scenario


async def _let(happen: Plays, cast: Cast) -> None:
    done = happen(cast)
    if isinstance(done, Awaitable):
        await done
