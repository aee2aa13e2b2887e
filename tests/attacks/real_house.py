"""Chargekey as it runs for real, not the demo: https by its own name, and mail by SMTP. On a real socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.serving import Home, compose, listens
from chargekey.settings import read_settings
from tests.simulator.served import a_door, serving_as

NAME: Final = "charge.example"
BASE_URL: Final = f"https://{NAME}"
NOWHERE: Final = "http://127.0.0.1:9"
"""The port of RFC 863, where nothing answers: no Tesla is asked here."""


@dataclass
class MailServer:
    """Takes every mail as it stands on the wire."""

    envelopes: list[list[str]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)

    async def serves(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """RFC 5321, as much of it as a client needs that sends one mail."""
        writer.write(b"220 here\r\n")
        envelope: list[str] = []
        while line := (await reader.readline()).decode(errors="replace").strip():
            verb = line[:4].upper()
            if verb in ("MAIL", "RCPT"):
                envelope.append(line)
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode(errors="replace"))
                self.envelopes.append(envelope)
            answer = b"221 bye\r\n" if verb == "QUIT" else b"250-here\r\n250 SMTPUTF8\r\n"
            writer.write(answer if verb in ("EHLO", "QUIT") else b"250 so be it\r\n")
        writer.close()


@dataclass(frozen=True)
class RealHouse:
    """Where it answers, and what left it by mail."""

    url: str
    home: Home
    mail: MailServer

    def a_browser(self, **headers: str) -> httpx2.AsyncClient:
        """It keeps no cookie that is for https alone: tests hand them over."""
        return httpx2.AsyncClient(base_url=self.url, trust_env=False, timeout=30, headers=headers)


@contextlib.asynccontextmanager
async def a_real_house(folder: Path, **instead: str) -> AsyncIterator[RealHouse]:
    """Up and empty. `instead`: settings other than the usual."""
    mail, (door, url) = MailServer(), a_door()
    post = await asyncio.start_server(mail.serves, "127.0.0.1", 0)
    usual = {
        "data_dir": str(folder),
        "base_url": BASE_URL,
        "domain": "localhost",
        "tesla_client_id": "an-app",
        "tesla_client_secret": "hunter2-of-the-app",
        "tesla_auth_url": NOWHERE,
        "tesla_token_url": NOWHERE,
        "tesla_fleet_api_na": NOWHERE,
        "tesla_fleet_api_eu": NOWHERE,
        "smtp_host": "127.0.0.1",
        "smtp_port": str(post.sockets[0].getsockname()[1]),
        "mail_from": f"chargekey@{NAME}",
    }
    settings = read_settings({**usual, **instead})
    make_command_key(settings.command_key)
    home = compose(settings)
    async with post, home.running(), serving_as(listens(home), door):
        yield RealHouse(url, home, mail)
