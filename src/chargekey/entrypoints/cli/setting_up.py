"""`chargekey init` in a terminal: from a domain and a developer account to a home that drivers can open."""

from collections.abc import Mapping

import typer

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.setting_up.answers import Answers, to_the_rest
from chargekey.entrypoints.setting_up.home import NOT_YET, AtTesla, SettingUp, came_of, entries, first_way_in
from chargekey.entrypoints.setting_up.questions import ASKED, Question
from chargekey.entrypoints.web.operator_words import printed
from chargekey.entrypoints.web.words import PLACES, Words
from chargekey.journeys.check_operator import OurSide


def run(home: SettingUp, given: Mapping[str, str], *, asks: bool) -> None:
    """Everything in its order. Raises `WillNotDo` with one line; ends with 1 where the home is not ready yet."""
    ask = _asked if asks and home.may_ask() else None
    answers = Answers(home.in_file(), home.in_environment(), dict(given), ask)
    domain = answers.to(ASKED["domain"])
    base_url = answers.to(ASKED["base_url"], f"https://{domain}")
    if not answers.ask:  # then all that is missing is named at once, before anything is said
        to_the_rest(answers)
        answers.stop_at_missing()
    at_tesla = home.at_tesla(domain, base_url)
    _portal(at_tesla)
    to_the_rest(answers)
    _keep(home, answers)
    if home.make_key():
        typer.echo(f"Made the command key: {home.key_path()}. Copy it now to where this machine's loss does not reach:")
        typer.echo("a new one means that every owner pairs again (docs/runbooks/back-up-and-restore.md).")
    else:
        typer.echo(f"Left alone: the command key, {home.key_path()}.")
    _wait_for_key(home, at_tesla)
    for region in home.register():
        typer.echo(came_of(region))
    _end(answers, base_url, home.check())


def _asked(question: Question, wrong: str) -> str:
    if wrong:
        typer.echo(wrong)
    said: str = typer.prompt(
        question.words,
        default=question.instead if question.instead is not None else _none_is_an_answer(question),
        hide_input=question.is_secret,
        show_default=bool(question.instead),
    )
    return said


def _none_is_an_answer(question: Question) -> str | None:
    return "" if question.name == "smtp_host" else None


def _portal(at_tesla: AtTesla) -> None:
    typer.echo("At developer.tesla.com the app needs exactly this:")
    for entry in entries(at_tesla):
        typer.echo(f"  {entry.name:<21}{entry.value}")
    typer.echo(f"Tesla reads the public key at {at_tesla.key_url}")
    typer.echo("")


def _keep(home: SettingUp, answers: Answers) -> None:
    path = home.keep(answers.new)
    for one in answers.changed:
        changed = f" (it was {one.was})" if one.was else ""
        typer.echo(f"{'Changed' if one.was else 'Set'}: {one.variable}={one.value}{changed}")
    for left in answers.left_alone:
        where = " (in the environment)" if left.in_environment else ""
        typer.echo(f"Left alone: {left.variable}={left.value}{where}")
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


def _end(answers: Answers, base_url: str, side: OurSide) -> None:
    for line in printed(Words(PLACES[0], "UTC"), side.lines):
        typer.echo(line)
    if not side.is_right:
        typer.echo("Mend what is wrong, then run chargekey init again: what is right stays as it is.")
        raise typer.Exit(1)
    typer.echo(f"Open {base_url} and connect your own car first.")
    if not answers.to(ASKED["smtp_host"]):
        way_in = first_way_in(answers.to(ASKED["operators"]))
        typer.echo(f"No mail leaves this home. Your way in, once, within 20 minutes: {way_in}")
