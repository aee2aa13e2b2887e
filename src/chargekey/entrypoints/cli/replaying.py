"""The command that works a night out again."""

from collections.abc import Callable, Iterator
from typing import Annotated, Final

import typer

from chargekey.journeys.replay_night import Difference, NoSuchNight, Replayed

LARGEST: Final = 2**63 - 1


def add_to(cli: typer.Typer, replay_night: Callable[[int], Replayed]) -> None:
    @cli.command()
    def replay(
        night: Annotated[int, typer.Argument(min=1, max=LARGEST, help="Its number, from its page: /nights/NUMBER.")],
    ) -> None:
        """Work a night out again: does today's planner make the same plan, bit for bit? If not, what differs, and 1."""
        try:
            replayed = replay_night(night)
        except NoSuchNight as none:
            raise typer.BadParameter(f"there is no night {night}") from none
        for line in told(replayed):
            typer.echo(line)
        if not replayed.is_the_same:
            raise typer.Exit(1)


def told(replayed: Replayed) -> Iterator[str]:
    """A line a plan, one for the ledger, and below each what differs."""
    night = replayed.night
    until = f"until {night.unplugged_at:%Y-%m-%d %H:%M}" if night.unplugged_at else "not over"
    yield f"Night {night.id}: plugged in {night.plugged_in_at:%Y-%m-%d %H:%M} UTC, {until}."
    if not replayed.plans and not replayed.unreadable:
        yield "  Nothing was planned."
    for plan in replayed.plans:
        stands = "differs" if plan.differs else "the same, bit for bit"
        made = f"made {plan.made_at:%H:%M:%S} by planner {plan.planner_version}, inputs {plan.inputs_hash[:12]}"
        yield f"  Plan {plan.number}, {made}: {stands}."
        yield from map(_difference, plan.differs)
    if replayed.unreadable:
        yield f"  {replayed.unreadable} of its plans another version wrote, in a shape that this one cannot read."
    ledger = replayed.ledger
    if ledger is None:
        yield "  Not booked, or not in a shape that can be reckoned again."
        return
    entries = "1 entry" if ledger.entries == 1 else f"{ledger.entries} entries"
    stands = "comes to something else" if ledger.differs else "comes to the same"
    yield f"  Ledger: {entries}; reckoned again at the prices it was booked with, the night {stands}."
    yield from map(_difference, ledger.differs)


def _difference(one: Difference) -> str:
    return f"    {one.what}: {one.then} then, {one.now} now"
