"""The command line: each command asks a journey or the house, and says in a sentence what came of it."""

from collections.abc import Callable
from dataclasses import dataclass

import typer

from chargekey.journeys.check_operator import RegionChecked


@dataclass(frozen=True, slots=True)
class House:
    """What the commands can ask for; `app.py` fills it."""

    serve: Callable[[], None]
    demo: Callable[[], None]
    make_key: Callable[[], str]
    register: Callable[[], list[RegionChecked]]
    doctor: Callable[[], list[str]]


def build(house: House) -> typer.Typer:
    """The command `chargekey` with all it can do."""
    cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @cli.command()
    def serve() -> None:
        """Serve the web pages and run what is due, in one process."""
        house.serve()

    @cli.command()
    def demo() -> None:
        """Start Chargekey with a simulated Tesla, on this machine alone."""
        house.demo()

    @cli.command("make-key")
    def make_key() -> None:
        """Make the command key, once. A key that is there is never replaced."""
        typer.echo(house.make_key())

    @cli.command()
    def register() -> None:
        """Register this app as partner at Tesla, in every region. Registering again is harmless."""
        checked = house.register()
        for region in checked:
            word = "right" if region.is_right else f"not right: {region.fault}"
            typer.echo(f"{region.region}: {word}")
        if not all(region.is_right for region in checked):
            raise typer.Exit(1)

    @cli.command()
    def doctor() -> None:
        """Say what was given up after ten tries and waits for somebody to look."""
        found = house.doctor()
        for line in found or ["Nothing is parked."]:
            typer.echo(line)
        if found:
            raise typer.Exit(1)

    return cli
