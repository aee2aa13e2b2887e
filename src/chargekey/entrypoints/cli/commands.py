"""The command line: each command asks the house for one thing, and says in a sentence what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from chargekey.entrypoints.cli import copies, init_options, keeping, own_network, replaying
from chargekey.entrypoints.cli import demo as demo_room
from chargekey.entrypoints.cli.copies import Copies
from chargekey.entrypoints.cli.demo import Demo
from chargekey.entrypoints.cli.keeping import Keeping
from chargekey.entrypoints.setting_up.home import SettingUp
from chargekey.journeys.check_operator import RegionChecked
from chargekey.journeys.replay_night import Replayed
from chargekey.journeys.sign_in import AddressUnreadable


@dataclass(frozen=True, slots=True)
class House:
    """What the commands can ask for; `app.py` fills it."""

    serve: Callable[[], None]
    web: Callable[[], None]
    worker: Callable[[], None]
    serve_demo: Callable[[Mapping[str, str]], None]
    make_key: Callable[[bool], bool]
    key_path: Callable[[], Path]
    register: Callable[[], Sequence[RegionChecked]]
    check: Callable[[], tuple[Sequence[str], bool]]
    sign_in_link: Callable[[str], str]
    replay: Callable[[int], Replayed]
    setting_up: SettingUp
    copies: Copies
    keeping: Keeping


def build(house: House) -> typer.Typer:
    """The command `chargekey` with all it can do."""
    cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    _to_run(cli, house)
    init_options.add_to(cli, house.setting_up, house.serve)
    _to_set_up(cli, house)
    _to_look_after(cli, house)
    replaying.add_to(cli, house.replay)
    copies.add_to(cli, house.copies)
    keeping.add_to(cli, house.keeping)
    return cli


def _to_run(cli: typer.Typer, house: House) -> None:
    @cli.command()
    def serve() -> None:
        """Serve the web pages and run what is due, in one process."""
        house.serve()

    @cli.command("web")
    def serve_pages() -> None:
        """Serve the web pages alone, beside a worker: on PostgreSQL as many of each as you like, on SQLite one."""
        house.web()

    @cli.command("worker")
    def run_what_is_due() -> None:
        """Run what is due, without web pages: beside one web process or more."""
        house.worker()

    @cli.command()
    def demo(
        port: Annotated[int, typer.Option(help="Where Chargekey answers.")] = 8700,
        tesla_port: Annotated[int, typer.Option(help="Where the simulated Tesla and the stage answer.")] = 8701,
        data_dir: Annotated[Path, typer.Option(help="The demo's own folder.")] = Path("data/demo"),
        phone: Annotated[str, typer.Option(metavar="1|ADDRESS|NAME.local", help="Let phones in this network in.")] = "",
        phone_port: Annotated[int, typer.Option(help="Where a page tells a phone how to trust us.")] = 8702,
    ) -> None:
        """Start Chargekey with a simulated Tesla, on this machine alone, or for phones in the same network as well."""
        demo_room.run(Demo(port, tesla_port, data_dir, own_network.phone(phone), phone_port), house.serve_demo)


def _to_set_up(cli: typer.Typer, house: House) -> None:
    @cli.command("make-key")
    def make_key(
        all_pair_again: Annotated[
            bool, typer.Option("--all-pair-again", help="The old key is lost for good: every owner has to pair again.")
        ] = False,
    ) -> None:
        """Make the command key, once. A key that is there is never replaced, and one that is lost not by itself."""
        if house.make_key(all_pair_again):
            typer.echo(f"Made the command key: {house.key_path()}. Back it up: a new one means that all pair again.")
        else:
            typer.echo(f"Left alone: {house.key_path()} is there already.")

    @cli.command()
    def register() -> None:
        """Register this app as partner at Tesla, in every region. Registering again is harmless."""
        checked = house.register()
        for region in checked:
            typer.echo(f"{region.region}: {'right' if region.is_right else f'not right: {region.fault}'}")
        if not all(region.is_right for region in checked):
            raise typer.Exit(1)


def _to_look_after(cli: typer.Typer, house: House) -> None:
    @cli.command()
    def check() -> None:
        """Look at our own side as Tesla sees it: each line right, wrong and what to do, or not provable from here."""
        lines, is_right = house.check()
        for line in lines:
            typer.echo(line)
        if not is_right:
            raise typer.Exit(1)

    @cli.command("sign-in-link")
    def sign_in_link(
        address: Annotated[str, typer.Argument(help="The mail address of whoever is to sign in with it.")],
    ) -> None:
        """Make a link that signs in as this address, once, within 20 minutes: for an operator without mail."""
        try:
            typer.echo(house.sign_in_link(address))
        except AddressUnreadable as wrong:
            raise typer.BadParameter(str(wrong)) from wrong
