"""What `chargekey init` asks: each question with its option, what is taken for an answer, and whence it came.

An answer is looked for in this order: given with the command, set already, asked for. A secret is given in the
environment or on standard input, never with the command.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import typer

from chargekey.journeys.sign_in import AddressUnreadable, readable_address

_HOST: Final = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class WillNotDo(Exception):
    """An answer is missing or wrong; the text is one line."""


@dataclass(frozen=True, slots=True)
class Question:
    """`name`: the setting. `instead`: taken where nobody is asked; None: somebody has to say it.

    `is_quiet`: not asked for at all, only taken where it is given.
    """

    name: str
    words: str
    takes: Callable[[str], str]
    option: str
    instead: str | None = None
    is_secret: bool = False
    is_quiet: bool = False

    @property
    def variable(self) -> str:
        return f"CHARGEKEY_{self.name.upper()}"

    @property
    def how(self) -> str:
        """How it is given without being asked."""
        if self.name == "tesla_client_secret":
            return f"{self.variable} in the environment or --secret-from-stdin"
        return f"{self.variable} in the environment" if self.is_secret else self.option


def _domain(said: str) -> str:
    if not _HOST.fullmatch(said) or said.endswith((".local", ".localhost", ".internal")):
        raise WillNotDo("the domain is one of the Internet, in small letters, such as charge.example.org")
    if "tesla" in said:
        raise WillNotDo("Tesla takes no domain with “tesla” in it")
    return said


def _address(said: str) -> str:
    if not said.startswith("https://"):
        raise WillNotDo("the address begins with https://")
    return said.rstrip("/")


def _filled(said: str) -> str:
    if not said:
        raise WillNotDo("it cannot be empty")
    return said


def _mail_addresses(said: str) -> str:
    try:
        return ",".join(readable_address(one) for one in said.split(","))
    except AddressUnreadable as wrong:
        raise WillNotDo(f"{wrong}: {said}") from wrong


def _any(said: str) -> str:
    return said


def _port(said: str) -> str:
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 65536):
        raise WillNotDo("a port is a number from 1 to 65535")
    return said


ASKED: Final[Mapping[str, Question]] = {
    one.name: one
    for one in (
        Question("domain", "Your domain, such as charge.example.org", _domain, "--domain"),
        Question("base_url", "The address that drivers open", _address, "--base-url", is_quiet=True),
        Question("tesla_client_id", "Client id of the app at developer.tesla.com", _filled, "--client-id"),
        Question("tesla_client_secret", "Client secret (it is not shown)", _filled, "", is_secret=True),
        Question("operator_name", "The name that drivers see", _filled, "--operator-name", "Chargekey"),
        Question("operators", "Your mail address, as its operator", _mail_addresses, "--operator"),
        Question("smtp_host", "Mail server (empty: none, you hand out links)", _any, "--smtp-host or --no-mail"),
        Question("smtp_port", "Its port", _port, "--smtp-port", "587"),
        Question("smtp_user", "User name there (empty: no login)", _any, "--smtp-user", ""),
        Question("smtp_password", "Password there (it is not shown)", _filled, "", is_secret=True),
        Question("mail_from", "Sender of our mail (empty: chargekey@ and the domain)", _any, "--mail-from", ""),
        Question("data_dir", "The folder for database and keys", _filled, "--data-dir", is_quiet=True),
        Question("port", "The port to listen on", _port, "--port", is_quiet=True),
    )
}


def shown(name: str, value: str) -> str:
    """A value as it may stand on a screen."""
    return "(not shown)" if ASKED[name].is_secret else value


@dataclass
class Answers:
    """Answers as they come. `new`: what the file does not hold yet."""

    in_file: Mapping[str, str]
    in_environment: Mapping[str, str]
    given: dict[str, str]
    asks: bool
    new: dict[str, str] = field(default_factory=dict)
    _missing: list[str] = field(default_factory=list)

    def to(self, question: Question, usual: str | None = None) -> str:
        """The answer; what was answered before is not asked again. `usual`: taken for a quiet one that nobody gave."""
        name = question.name
        if name in self.new:
            return self.new[name]
        if question.is_secret and name in self.in_environment:
            self.given.setdefault(name, self.in_environment[name])
        if name in self.given:
            return self._take_given(question, self.given[name])
        for there in (self.in_environment, self.in_file):
            if name in there and (there[name] or name == "smtp_host" or question.instead == ""):
                return there[name]
        if question.is_quiet:
            return self._take(question, usual) if usual else ""
        if self.asks:
            return self._ask(question)
        if question.instead is not None:
            return self._take(question, question.instead)
        if question.how not in self._missing:
            self._missing.append(question.how)
        return ""

    def stop_at_missing(self) -> None:
        """Raises `WillNotDo` that names all at once."""
        if self._missing:
            raise WillNotDo(f"missing: {', '.join(self._missing)}")

    def before(self, name: str) -> str:
        return self.in_file.get(name, "")

    @property
    def left_alone(self) -> Iterator[tuple[str, str, str]]:
        """What was set and stays: name, value and where, if that is not the file."""
        for name in ASKED:
            if name in self.new:
                continue
            if name in self.in_environment and not ASKED[name].is_secret:
                yield name, self.in_environment[name], " (in the environment)"
            elif name in self.in_file:
                yield name, self.in_file[name], ""

    def _take_given(self, question: Question, said: str) -> str:
        try:
            return self._take(question, said)
        except WillNotDo as wrong:
            raise WillNotDo(f"{question.how}: {wrong}") from wrong

    def _take(self, question: Question, said: str) -> str:
        value = question.takes(said.strip())
        if self.in_environment.get(question.name, value) != value:
            raise WillNotDo(f"{question.variable} is another in the environment, which outranks the file: unset it")
        if self.in_file.get(question.name) != value:
            self.new[question.name] = value
        return value

    def _ask(self, question: Question) -> str:
        """Until it is an answer."""
        while True:
            said: str = typer.prompt(
                question.words,
                default=question.instead if question.instead is not None else _none_is_an_answer(question),
                hide_input=question.is_secret,
                show_default=bool(question.instead),
            )
            try:
                return self._take(question, said)
            except WillNotDo as wrong:
                typer.echo(str(wrong))


def _none_is_an_answer(question: Question) -> str | None:
    return "" if question.name == "smtp_host" else None
