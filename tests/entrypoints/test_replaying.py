"""What `chargekey replay` says of a night."""

from datetime import UTC, datetime
from typing import Final

import pytest
import typer
from typer.testing import CliRunner

from chargekey.domain.night import Night, Wish
from chargekey.entrypoints.cli.replaying import add_to
from chargekey.journeys.replay_night import Difference, LedgerReplayed, NoSuchNight, PlanReplayed, Replayed

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
NIGHT: Final = Night(7, 1, SIX, None, Wish.PLAN, SIX, None)
SAME: Final = PlanReplayed(3, SIX, "abcdef0123456789", "1", ())
OTHER: Final = PlanReplayed(4, SIX, "abcdef0123456789", "1", (Difference("energy_wh", "1", "2"),))


def said(replayed: Replayed | None) -> tuple[int, str]:
    """Exit code and lines; None: there is no such night."""
    cli = typer.Typer()
    cli.command("other")(lambda: None)

    def replay(_night: int) -> Replayed:
        if replayed is None:
            raise NoSuchNight
        return replayed

    add_to(cli, replay)
    result = CliRunner().invoke(cli, ["replay", "7"])
    return result.exit_code, result.output


def test_the_same_is_said_to_be_the_same() -> None:
    code, text = said(Replayed(NIGHT, [SAME], 0, LedgerReplayed(1, ())))
    assert code == 0
    assert "Plan 3, made 18:00:00 by planner 1, inputs abcdef012345: the same, bit for bit." in text
    assert "1 entry; reckoned again at the prices it was booked with, the night comes to the same." in text


@pytest.mark.parametrize(
    ("replayed", "line"),
    [
        (Replayed(NIGHT, [SAME, OTHER], 0, None), "    energy_wh: 1 then, 2 now"),
        (Replayed(NIGHT, [], 2, None), "2 of its plans another version wrote"),
        (
            Replayed(NIGHT, [], 0, LedgerReplayed(2, (Difference("cost_nano", "5", "6"),))),
            "2 entries; reckoned again at the prices it was booked with, the night comes to something else.",
        ),
    ],
)
def test_what_differs_is_named_and_ends_with_1(replayed: Replayed, line: str) -> None:
    code, text = said(replayed)
    assert code == 1
    assert line in text


def test_a_night_that_is_not_there_is_said_not_to_be() -> None:
    code, text = said(None)
    assert code == 2
    assert "there is no night 7" in text
