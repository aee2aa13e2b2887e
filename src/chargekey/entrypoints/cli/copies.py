"""Commands for copies of the home: backing it up, putting it back, bringing it to this version."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from chargekey.ports.copies import BackedUp, PutBack, Upgraded


@dataclass(frozen=True, slots=True)
class Copies:
    """What these commands can ask for; `app.py` fills it."""

    back_up: Callable[[Path | None, int], BackedUp]
    restore: Callable[[Path, bool], PutBack]
    upgrade: Callable[[], Upgraded]


def add_to(cli: typer.Typer, copies: Copies) -> None:
    _backing_up(cli, copies)
    _restoring(cli, copies)
    _upgrading(cli, copies)


def _backing_up(cli: typer.Typer, copies: Copies) -> None:
    @cli.command()
    def backup(
        to: Annotated[Path | None, typer.Option(help="The folder. Else: backups, within the data folder.")] = None,
        keep: Annotated[int, typer.Option(min=0, help="Forget all but so many of the newest there. 0: keep all.")] = 0,
    ) -> None:
        """Put database, keys and settings into one file, while Chargekey runs. It opens everything: guard it."""
        done = copies.back_up(to, keep)
        typer.echo(f"Backed up: {done.file} ({done.file.stat().st_size:,} bytes, for its owner alone).")
        if done.missing:
            typer.echo(f"Not in it, since not there: {', '.join(done.missing)}.")
        if done.forgotten:
            typer.echo(f"Older ones forgotten: {done.forgotten}.")
        typer.echo("It opens everything that is in it: keep it where you keep passwords, and not on this disk alone.")


def _restoring(cli: typer.Typer, copies: Copies) -> None:
    @cli.command()
    def restore(
        backup: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file that `backup` made.")],
        replace: Annotated[
            bool,
            typer.Option("--replace", help="Put the database in place of the one here, which is backed up."),
        ] = False,
    ) -> None:
        """Put a backup back into an empty home, after comparing all of it with its manifest."""
        done = copies.restore(backup, replace)
        typer.echo(f"Put back as it was on {done.made_at} (version {done.version}, database at {done.revision}).")
        if done.until_now:
            typer.echo(f"What was here until now: {done.until_now}. Keys and settings are as they were.")
        elif replace:
            typer.echo("There was no database here. Keys and settings are as they were.")
        else:
            if done.kept_settings:
                typer.echo("The settings that were here stay; those of the backup were left in it.")
            for name in done.alike:
                typer.echo(f"{name} was here already, the same.")
        typer.echo("Before you start: chargekey restored. It finds out who must allow it again, and tells them.")


def _upgrading(cli: typer.Typer, copies: Copies) -> None:
    @cli.command()
    def upgrade() -> None:
        """After a newer version was installed: back up, bring the database to it, check; all of it or nothing."""
        done = copies.upgrade()
        if done.backup is None:
            typer.echo(f"The database stands at {done.stands}, as this version needs it: nothing was done.")
            return
        typer.echo(f"Backed up: {done.backup}.")
        typer.echo(f"The database stood at {done.came_from} and stands at {done.stands}, with every row.")
        typer.echo("Start Chargekey, then: chargekey doctor.")
        typer.echo(f"To go back: install the version before, then chargekey restore --replace {done.backup}")
