"""Commands for what is kept: how it stands, moving it to another database, turning the keys that seal it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from chargekey.journeys.come_back import Restored
from chargekey.ports.jobs import Work
from chargekey.ports.upkeep import Rotated

TARGET: Final = "CHARGEKEY_MOVE_TO"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What these commands can ask for; `app.py` fills it."""

    move: Callable[[str], Mapping[str, int]]
    rotate: Callable[[], Rotated]
    drop_old: Callable[[], Sequence[int]]
    restored: Callable[[bool], Restored]
    doctor: Callable[[], tuple[Sequence[str], bool]]
    again: Callable[[Work, int], bool]


def add_to(cli: typer.Typer, keeping: Keeping) -> None:
    _examining(cli, keeping)
    _moving(cli, keeping)
    _restoring(cli, keeping)
    _rotating(cli, keeping)


def _examining(cli: typer.Typer, keeping: Keeping) -> None:
    @cli.command()
    def doctor(
        again: Annotated[
            str, typer.Option(help="Set one that is parked going, as WORK:NUMBER from a line that says so.")
        ] = "",
    ) -> None:
        """Say how the home stands and what waits for somebody: that begins with !, and then this ends with 1."""
        if again:
            work, number = _parked_one(again)
            if not keeping.again(work, number):
                typer.echo(f"{again} is not parked: nothing was changed.")
                raise typer.Exit(1)
            typer.echo(f"{again} is due now, with ten tries again.")
            return
        lines, is_well = keeping.doctor()
        for line in lines:
            typer.echo(line)
        if not is_well:
            raise typer.Exit(1)


def _parked_one(said: str) -> tuple[Work, int]:
    name, _, number = said.partition(":")
    if name not in set(Work) or not (number.isascii() and number.isdigit() and len(number) < 18):
        raise typer.BadParameter("name it as WORK:NUMBER, such as tend_vehicle:3")
    return Work(name), int(number)


def _moving(cli: typer.Typer, keeping: Keeping) -> None:
    @cli.command()
    def move(
        context: typer.Context,
        to: Annotated[str, typer.Option(envvar=TARGET, help="The empty database, postgresql://….")],
    ) -> None:
        """Copy the home from its SQLite file into an empty PostgreSQL database, and compare every row."""
        given = context.get_parameter_source("to")
        if given and given.name == "COMMANDLINE" and urlsplit(to).password:
            raise typer.BadParameter(f"anybody here can read a password in a command: set {TARGET} instead of --to")
        moved = keeping.move(to)
        for table, rows in moved.items():
            typer.echo(f"  {table}: {rows}")
        typer.echo(f"Copied {sum(moved.values())} rows of {len(moved)} tables, read each back, and found all alike.")
        typer.echo("Set CHARGEKEY_DATABASE_URL to the new database, then start. Key ring and keys stay where they are.")
        typer.echo("The old file is as it was. Never start on both: a token renewed by one is dead for the other.")


def _restoring(cli: typer.Typer, keeping: Keeping) -> None:
    @cli.command()
    def restored(
        without_ring: Annotated[
            bool, typer.Option("--without-ring", help="The key ring is lost for good: all must be allowed again.")
        ] = False,
    ) -> None:
        """After a backup was put back, before the start: try every sign-in, say which must be given anew, tell them."""
        found = keeping.restored(without_ring)
        if without_ring:
            typer.echo("What no key of the ring opens is given up. A new key seals from now on: back up the ring now.")
        typer.echo(f"{len(found.open)} accounts open as before.")
        if found.lost:
            typer.echo(f"{len(found.lost)} must be allowed again by their drivers: grant {_listed(found.lost)}.")
            typer.echo("Each gets one mail when Chargekey runs, and reads it on his page. Keys on cars still work.")
        if found.silent:
            typer.echo(
                f"{len(found.silent)} could not be asked just now: grant {_listed(found.silent)}. Run this again."
            )
        if found.ended:
            typer.echo(f"{len(found.ended)} had ended before the backup; nobody is told of that again.")
        typer.echo("Whoever came after the backup was made is not in it: he signs in and connects once more.")
        typer.echo("Nothing was sent to any car. When Chargekey starts, each is looked at before anything is.")
        if found.silent:
            raise typer.Exit(1)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _rotating(cli: typer.Typer, keeping: Keeping) -> None:
    @cli.command("rotate-keys")
    def rotate_keys(
        drop_old: Annotated[
            bool, typer.Option("--drop-old", help="Forget the old keys, an hour later, if they seal nothing.")
        ] = False,
    ) -> None:
        """Add a key to the ring and seal all at rest anew under it, while Chargekey runs. Stopped, it goes on."""
        if drop_old:
            dropped = keeping.drop_old()
            for number in dropped:
                typer.echo(f"Key {number} is forgotten. It opens your older backups: keep its copy with them.")
            if not dropped:
                typer.echo("There is one key, and it is the one that seals: nothing to forget.")
            return
        _said(keeping.rotate())


def _said(rotated: Rotated) -> None:
    came = "is new" if rotated.added else "came before; its work was gone on with"
    typer.echo(f"Key {rotated.key} {came}. From now on it seals.")
    for column, values in rotated.sealed_anew.items():
        typer.echo(f"  {column}: {values} sealed anew")
    for where in rotated.broken:
        typer.echo(f"  {where} does not open, and was left as it is. What that means: docs/runbooks/turn-the-keys.md")
    for old, values in rotated.left.items():
        if values:
            typer.echo(f"Key {old} still seals {values}: run this again.")
        else:
            typer.echo(f"Key {old} seals nothing any more. In an hour: chargekey rotate-keys --drop-old")
    typer.echo("Back up the key ring now: only with its new key what is in the database can be read.")
    if rotated.broken or any(rotated.left.values()):
        raise typer.Exit(1)
