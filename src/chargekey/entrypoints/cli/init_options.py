"""The options of `chargekey init`, one for each question that is no secret: anybody here can read a command."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from chargekey.entrypoints.cli import setting_up
from chargekey.entrypoints.setting_up.home import SettingUp
from chargekey.entrypoints.setting_up.questions import ASKED
from chargekey.entrypoints.web import first_run


def add_to(cli: typer.Typer, home: SettingUp, serve: Callable[[], None]) -> None:
    """`serve`: what starts the home once it is set up by pages, if its operator says so."""

    @cli.command()
    def init(
        domain: Annotated[str | None, typer.Option(help="The domain that is registered at Tesla.")] = None,
        base_url: Annotated[str | None, typer.Option(help="The address drivers open, if not the domain's.")] = None,
        client_id: Annotated[str | None, typer.Option(help="Client id of the app at developer.tesla.com.")] = None,
        operator: Annotated[str | None, typer.Option(help="Your mail address; several with commas between.")] = None,
        operator_name: Annotated[str | None, typer.Option(help="What drivers see as the service's name.")] = None,
        smtp_host: Annotated[str | None, typer.Option(help="The mail server.")] = None,
        no_mail: Annotated[bool, typer.Option("--no-mail", help="There is none: you hand out sign-in links.")] = False,
        smtp_port: Annotated[str | None, typer.Option(help="The mail server's port.")] = None,
        smtp_user: Annotated[str | None, typer.Option(help="The user name at the mail server.")] = None,
        mail_from: Annotated[str | None, typer.Option(help="The sender of our mail.")] = None,
        data_dir: Annotated[str | None, typer.Option(help="The folder for the database and the keys.")] = None,
        port: Annotated[str | None, typer.Option(help="The port to listen on.")] = None,
        secret_from_stdin: Annotated[
            bool, typer.Option("--secret-from-stdin", help="The client secret is the first line of standard input.")
        ] = False,
        yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: what is missing ends it.")] = False,
        pages: Annotated[bool, typer.Option("--pages", help="Ask on pages, in a browser on this machine.")] = False,
        pages_port: Annotated[int, typer.Option(help="Where these pages answer, on this machine only.")] = 8709,
    ) -> None:
        """Set up a real home, step by step. Run again, it goes on, and changes nothing that it was not asked to."""
        said = {
            "domain": domain,
            "base_url": base_url,
            "tesla_client_id": client_id,
            "tesla_client_secret": sys.stdin.readline() if secret_from_stdin else None,
            "operators": operator,
            "operator_name": operator_name,
            "smtp_host": "" if no_mail else smtp_host,
            "smtp_port": smtp_port,
            "smtp_user": smtp_user,
            "mail_from": mail_from,
            "data_dir": data_dir,
            "port": port,
        }
        given = {name: value for name, value in said.items() if value is not None and name in ASKED}
        if not pages:
            setting_up.run(home, given, asks=not (yes or secret_from_stdin))
        elif first_run.run(home, given, pages_port, typer.echo):
            serve()
