"""What `chargekey init` asks, in a terminal and on its pages: each question, its option, and what counts as an answer.

A secret is given in the environment, on standard input or on a page, never with the command.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

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
