"""`chargekey init`: from a domain and a developer account to a home that drivers can open.

Rules of this room:

1. It may be run again at any time and goes on where it stopped: nothing that is set is changed unless it was asked for,
   a key is made once, and what was left alone is said.
2. No secret is an argument of a command, which everybody on the machine can read, and none is shown.
3. Tesla is not asked to register before it could fetch the key: a refused registration helps nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.cli.questions import ASKED, Answers, shown
from chargekey.journeys.check_operator import RegionChecked

REGIONS: Final = {"eu": "Europe", "na": "North America"}
REFUSED: Final = "NotRegistered: "
"""How the journey's word for a refusal begins, which is said already."""
SCOPES: Final = "Vehicle Information, Vehicle Charging Management, and, if you like, Vehicle Location"
"""As the portal names what we ask for (tesla-fleet-api §1.5); signing in and staying so have no box there."""
UNREACHABLE: Final = (
    "Nothing answers there yet. Start Chargekey (chargekey serve) behind a web server that has a certificate for the "
    "domain and hands everything on to it"
)
NOT_YET: Final[Mapping[KeyFile, str]] = {
    KeyFile.UNREACHABLE: UNREACHABLE,
    KeyFile.MISSING: "There is no key file at that address: hand everything on to Chargekey, this path too",
    KeyFile.MOVED: "That address leads somewhere else, and Tesla does not follow: answer there, without a redirect",
    KeyFile.NOT_A_KEY: "What stands at that address is no key: hand everything on to Chargekey, this path too",
    KeyFile.AS_A_PAGE: "The key there is served as a web page: serve it as application/x-pem-file, as Chargekey does",
    KeyFile.ANOTHER_KEY: (
        "That address holds another key than the one here. Never make a new one: let this Chargekey answer there, or "
        "put back the key that cars know"
    ),
}


@dataclass(frozen=True, slots=True)
class AtTesla:
    """What the portal has to be told, and where Tesla will look."""

    origins: Sequence[str]
    redirect_uri: str
    key_url: str


@dataclass(frozen=True, slots=True)
class SettingUp:
    """What `init` can ask for; `app.py` fills it. `keep` changes the file; the others find things as it says."""

    in_file: Callable[[], Mapping[str, str]]
    in_environment: Callable[[], Mapping[str, str]]
    may_ask: Callable[[], bool]
    keep: Callable[[Mapping[str, str]], Path]
    at_tesla: Callable[[str, str], AtTesla]
    make_key: Callable[[], bool]
    key_path: Callable[[], Path]
    key_file: Callable[[], KeyFile]
    register: Callable[[], Sequence[RegionChecked]]
    check: Callable[[], tuple[Sequence[str], bool]]


def run(home: SettingUp, given: Mapping[str, str], *, asks: bool) -> None:
    """Everything in its order. Raises `WillNotDo` with one line; ends with 1 where the home is not ready yet."""
    answers = Answers(home.in_file(), home.in_environment(), dict(given), asks=asks and home.may_ask())
    domain = answers.to(ASKED["domain"])
    base_url = answers.to(ASKED["base_url"], f"https://{domain}")
    if not answers.asks:  # then all that is missing is named at once, before anything is said
        _to_the_rest(answers)
        answers.stop_at_missing()
    at_tesla = home.at_tesla(domain, base_url)
    _portal(at_tesla)
    _to_the_rest(answers)
    _keep(home, answers)
    if home.make_key():
        typer.echo(f"Made the command key: {home.key_path()}. Copy it now to where this machine's loss does not reach:")
        typer.echo("a new one means that every owner pairs again (docs/runbooks/back-up-and-restore.md).")
    else:
        typer.echo(f"Left alone: the command key, {home.key_path()}.")
    _wait_for_key(home, at_tesla)
    _register(home)
    _end(answers, base_url, *home.check())


def _to_the_rest(answers: Answers) -> None:
    """All but the first two; about the mail server only where there is one."""
    for name in ("tesla_client_id", "tesla_client_secret", "operator_name", "operators", "data_dir", "port"):
        answers.to(ASKED[name])
    if answers.to(ASKED["smtp_host"]):
        answers.to(ASKED["smtp_port"])
        answers.to(ASKED["mail_from"])
        if answers.to(ASKED["smtp_user"]):
            answers.to(ASKED["smtp_password"])


def _portal(at_tesla: AtTesla) -> None:
    typer.echo("At developer.tesla.com the app needs exactly this:")
    typer.echo("  Name                 one without “Tesla” in it, for drivers see it")
    typer.echo("  Grant types          Authorization Code and Machine-to-Machine")
    for origin in at_tesla.origins:
        typer.echo(f"  Allowed origin       {origin}")
    typer.echo(f"  Redirect URI         {at_tesla.redirect_uri}")
    typer.echo(f"  Scopes               {SCOPES}")
    typer.echo("  Billing limit        above its default of 0, which switches the app off once the discount is used")
    typer.echo(f"Tesla reads the public key at {at_tesla.key_url}")
    typer.echo("")


def _keep(home: SettingUp, answers: Answers) -> None:
    path = home.keep(answers.new)
    for name, value in answers.new.items():
        was = answers.before(name)
        changed = f" (it was {shown(name, was)})" if was else ""
        typer.echo(f"{'Changed' if was else 'Set'}: {ASKED[name].variable}={shown(name, value)}{changed}")
    for name, value, where in answers.left_alone:
        typer.echo(f"Left alone: {ASKED[name].variable}={shown(name, value)}{where}")
    if answers.new:
        typer.echo(f"Written to {path}, for its owner alone (mode 600).")
        if answers.in_file:
            typer.echo("A Chargekey that runs already reads its settings when it is started anew: do that now.")


def _wait_for_key(home: SettingUp, at_tesla: AtTesla) -> None:
    found = home.key_file()
    if found is KeyFile.RIGHT:
        typer.echo(f"The public key is found at {at_tesla.key_url}")
        return
    typer.echo(f"Not registered at Tesla yet. Its servers fetch {at_tesla.key_url}")
    typer.echo(f"{NOT_YET[found]}. Then run chargekey init again: it goes on from here.")
    raise typer.Exit(1)


def _register(home: SettingUp) -> None:
    for region in home.register():
        name = REGIONS.get(region.region, region.region)
        typer.echo(
            f"Registered, {name}."
            if region.is_right
            else f"Not registered, {name}: {region.fault.removeprefix(REFUSED)}"
        )


def _end(answers: Answers, base_url: str, lines: Sequence[str], is_right: bool) -> None:
    for line in lines:
        typer.echo(line)
    if not is_right:
        typer.echo("Mend what is wrong, then run chargekey init again: what is right stays as it is.")
        raise typer.Exit(1)
    typer.echo(f"Open {base_url} and connect your own car first.")
    if not answers.to(ASKED["smtp_host"]):
        first = answers.to(ASKED["operators"]).split(",")[0].strip()
        typer.echo(f"No mail leaves this home. Your way in, once, within 20 minutes: chargekey sign-in-link {first}")
