"""Our own key file, fetched as Tesla fetches it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.public_eye import PATH, OwnDomain
from chargekey.domain.findings import Certificate, KeyFile, OurDomain
from tesla_simulator.clock import system_time
from tesla_simulator.tesla_names.authority import Authority

OURS = CommandKey(ec.generate_private_key(ec.SECP256R1()))
ANOTHER = CommandKey(ec.generate_private_key(ec.SECP256R1()))
OTHER_CURVE = ec.generate_private_key(ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()


def pem(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


async def sees(answer: httpx2.Response | Exception) -> KeyFile:
    asked: list[str] = []

    def road(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(road), follow_redirects=True) as http:
        found = await OwnDomain(http, "https://charge.example", OURS.public_hex).key_file()
    assert asked == ["https://charge.example" + PATH]  # no redirect is followed, whatever the client would do
    return found


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (httpx2.Response(200, content=OURS.public_pem), KeyFile.RIGHT),
        (httpx2.Response(200, content=OURS.public_pem, headers={"content-type": "text/plain"}), KeyFile.RIGHT),
        (httpx2.Response(200, html=OURS.public_pem.decode()), KeyFile.AS_A_PAGE),
        (httpx2.Response(200, content=ANOTHER.public_pem), KeyFile.ANOTHER_KEY),
        (httpx2.Response(200, content=pem(OTHER_CURVE)), KeyFile.NOT_A_KEY),
        (httpx2.Response(200, content=pem(RSA)), KeyFile.NOT_A_KEY),
        (httpx2.Response(200, html="<!doctype html><title>Welcome</title>"), KeyFile.NOT_A_KEY),
        (httpx2.Response(200, content=b"x" * 1_000_000), KeyFile.NOT_A_KEY),
        (httpx2.Response(404), KeyFile.MISSING),
        (httpx2.Response(403), KeyFile.MISSING),
        (httpx2.Response(301, headers={"location": "https://www.charge.example/"}), KeyFile.MOVED),
        (httpx2.Response(502), KeyFile.UNREACHABLE),
        (httpx2.ConnectError("no such host"), KeyFile.UNREACHABLE),
        (httpx2.ReadTimeout("too slow"), KeyFile.UNREACHABLE),
    ],
)
async def test_every_answer_has_its_finding(answer: httpx2.Response | Exception, found: KeyFile) -> None:
    assert await sees(answer) is found


# ── the domain itself ────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def a_site(tls: ssl.SSLContext | None) -> AsyncIterator[str]:
    """Answers every request with an empty page; where."""

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answers, "localhost", 0, ssl=tls)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path)
    made.prepare(("localhost",), system_time())
    return made


async def seen_of(url: str, trusts: ssl.SSLContext) -> OurDomain:
    async with httpx2.AsyncClient(trust_env=False, verify=trusts) as http:
        return await OwnDomain(http, url, OURS.public_hex).domain()


async def test_a_certificate_that_holds_is_told_with_its_end(authority: Authority) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(authority.leaf, authority.leaf_key)
    async with a_site(tls) as url:
        trusted = await seen_of(url, ssl.create_default_context(cafile=str(authority.certificate)))
        strange = await seen_of(url, ssl.create_default_context())
    assert (trusted.has_address, trusted.certificate) == (True, Certificate.TRUSTED)
    ends = x509.load_pem_x509_certificate(authority.leaf.read_bytes()).not_valid_after_utc
    assert trusted.until == ends.replace(microsecond=0)
    assert strange == OurDomain(True, Certificate.NOT_TRUSTED)


async def test_what_speaks_no_tls_is_told_from_what_does_not_answer() -> None:
    async with a_site(None) as url:
        assert await seen_of(url, ssl.create_default_context()) == OurDomain(True, Certificate.NO_TLS)
    assert await seen_of(url, ssl.create_default_context()) == OurDomain(has_address=True)


async def test_a_name_without_an_address_is_told() -> None:
    assert await seen_of("https://nowhere.invalid", ssl.create_default_context()) == OurDomain(has_address=False)


async def test_the_demo_has_no_domain_of_the_internet() -> None:
    assert await seen_of("http://localhost:1", ssl.create_default_context()) == OurDomain()
