"""Every scenario of the simulator has its world among the robots', or a reason why not."""

from tesla_simulator.scenarios.table import SCENARIOS
from tests.stories.robots.worlds import NOT_PLAYED, WORLDS


def test_no_scenario_is_forgotten() -> None:
    assert sorted([*WORLDS, *NOT_PLAYED]) == sorted(SCENARIOS)


def test_what_no_robot_plays_is_played_by_hand() -> None:
    assert all(SCENARIOS[name].by_hand and why for name, why in NOT_PLAYED.items())
