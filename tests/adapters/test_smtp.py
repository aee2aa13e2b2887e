"""Mail leaves encrypted, or not at all, unless the operator has said otherwise."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chargekey.adapters.notify.smtp import SmtpMail
from chargekey.domain.secret import Secret
from chargekey.ports.faults import Unreachable
from chargekey.ports.notify import Mail, MailPrivacy
from tesla_simulator.clock import system_time
from tesla_simulator.tesla_names.authority import Authority

LETTER = Mail("kim@driver.example", "Your link", "https://charge.example.org/sign-in/once")


@dataclass
class PostOffice:
    """A mail server that may speak TLS. `heard`: each line, and whether it came encrypted."""

    certificate: ssl.SSLContext
    offers_starttls: bool
    port: int = 0
    heard: list[tuple[str, bool]] = field(default_factory=list)

    async def serves(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        private = writer.get_extra_info("ssl_object") is not None
        writer.write(b"220 here\r\n")
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while line := (await reader.readline()).decode().strip():
                self.heard.append((line, private))
                writer.write(self._answer(line, private).encode())
                await writer.drain()
                if line == "STARTTLS":
                    await writer.start_tls(self.certificate)
                    private = True
                if line == "DATA":
                    self.heard.append(((await reader.readuntil(b"\r\n.\r\n")).decode(), private))
                    writer.write(b"250 taken\r\n")
        writer.close()

    def _answer(self, line: str, private: bool) -> str:
        match line.split(" ")[0].upper():
            case "EHLO":
                offer = "250-STARTTLS\r\n" if self.offers_starttls and not private else ""
                return f"250-here\r\n{offer}250 AUTH PLAIN\r\n"
            case "AUTH":
                return "235 welcome\r\n"
            case "DATA":
                return "354 go on\r\n"
            case "QUIT":
                return "221 bye\r\n"
            case _:
                return "250 so be it\r\n" if line != "STARTTLS" else "220 go on\r\n"

    @property
    def in_the_clear(self) -> list[str]:
        return [line.split(" ")[0].upper() for line, private in self.heard if not private]


@contextlib.asynccontextmanager
async def a_post_office(folder: Path, *, starttls: bool, tls: bool = False) -> AsyncIterator[PostOffice]:
    authority = Authority(folder)
    authority.prepare(["localhost"], system_time())
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.load_cert_chain(authority.leaf, authority.leaf_key)
    office = PostOffice(certificate, starttls)
    server = await asyncio.start_server(office.serves, "localhost", 0, ssl=certificate if tls else None)
    office.port = server.sockets[0].getsockname()[1]
    async with server:
        yield office


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator trusts an authority of his own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path).certificate))


def a_sender(office: PostOffice, privacy: MailPrivacy) -> SmtpMail:
    return SmtpMail("localhost", office.port, privacy, "chargekey@charge.example.org", "kim", Secret("hunter2"))


@pytest.mark.usefixtures("trusted")
async def test_with_starttls_nothing_but_the_greeting_is_in_the_clear(tmp_path: Path) -> None:
    async with a_post_office(tmp_path, starttls=True) as office:
        sender = a_sender(office, MailPrivacy.STARTTLS)
        assert await sender.is_open()
        await sender.send(LETTER)
    assert set(office.in_the_clear) == {"EHLO", "STARTTLS"}
    assert any(LETTER.text in line for line, private in office.heard if private)


@pytest.mark.usefixtures("trusted")
async def test_tls_from_the_first_byte(tmp_path: Path) -> None:
    async with a_post_office(tmp_path, starttls=False, tls=True) as office:
        sender = a_sender(office, MailPrivacy.TLS)
        assert await sender.is_open()
        await sender.send(LETTER)
    assert office.in_the_clear == []
    assert any(LETTER.text in line for line, _ in office.heard)


@pytest.mark.usefixtures("trusted")
async def test_a_server_without_starttls_gets_neither_password_nor_mail(tmp_path: Path) -> None:
    """Or somebody in between has taken the offer out (RFC 3207 §6)."""
    async with a_post_office(tmp_path, starttls=False) as office:
        sender = a_sender(office, MailPrivacy.STARTTLS)
        assert not await sender.is_open()
        with pytest.raises(Unreachable):
            await sender.send(LETTER)
    assert not {"AUTH", "MAIL", "RCPT", "DATA"} & {line.split(" ")[0].upper() for line, _ in office.heard}


async def test_a_certificate_of_a_stranger_is_not_taken(tmp_path: Path) -> None:
    async with a_post_office(tmp_path, starttls=True) as office:
        sender = a_sender(office, MailPrivacy.STARTTLS)
        assert not await sender.is_open()
        with pytest.raises(Unreachable):
            await sender.send(LETTER)
    assert set(office.in_the_clear) <= {"EHLO", "STARTTLS", "QUIT"}


async def test_in_the_clear_where_the_operator_says_so(tmp_path: Path) -> None:
    async with a_post_office(tmp_path, starttls=False) as office:
        sender = a_sender(office, MailPrivacy.NONE)
        assert await sender.is_open()
        await sender.send(LETTER)
    assert "DATA" in office.in_the_clear
