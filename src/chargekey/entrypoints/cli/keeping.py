"""Commands for what is kept: moving it to another database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

TARGET: Final = "CHARGEKEY_MOVE_TO"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What these commands can ask for; `app.py` fills it."""

    move: Callable[[str], Mapping[str, int]]


def add_to(cli: typer.Typer, keeping: Keeping) -> None:
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
