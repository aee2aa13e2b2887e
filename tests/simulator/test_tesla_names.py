"""Tesla's own host names lead to the simulation, for programs that know no others; and nowhere else."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509

from tesla_simulator.app import build
from tesla_simulator.clock import TurnedClock, system_time
from tesla_simulator.demo import CLIENT_ID, CLIENT_SECRET, demo_world
from tesla_simulator.sites import Sites
from tesla_simulator.tesla_names.authority import Authority, Unusable
from tesla_simulator.tesla_names.opening import NAMES, Opened, opened
from tesla_simulator.tesla_names.own_domain import Misnamed, OwnDomain
from tests.simulator.served import claims_of, signing_key_pem, stands_still

TOKEN = "https://fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token"
EU = "https://fleet-api.prd.eu.vn.cloud.tesla.com"
NA = "https://fleet-api.prd.na.vn.cloud.tesla.com"


@pytest.fixture
async def names(tmp_path: Path) -> AsyncIterator[Opened]:
    world = demo_world(TurnedClock(system=stands_still), Sites(), "http://localhost:1")
    world.tokens.signer.pem = signing_key_pem()
    async with opened(build(world), tmp_path, 0) as found:
        yield found


@pytest.fixture
async def program(names: Opened) -> AsyncIterator[httpx2.AsyncClient]:
    """As any program that is given the two variables; as strict about certificates as they come."""
    strict = ssl.create_default_context(cafile=names.variables["SSL_CERT_FILE"])
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    async with httpx2.AsyncClient(proxy=names.variables["HTTPS_PROXY"], verify=strict, trust_env=False) as web:
        yield web


async def _partner_token(program: httpx2.AsyncClient) -> str:
    secret = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "audience": EU}
    answer = await program.post(TOKEN, data={"grant_type": "client_credentials", **secret})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.mark.parametrize("name", NAMES)
async def test_every_name_answers_under_a_certificate_that_strict_programs_take(
    program: httpx2.AsyncClient, name: str
) -> None:
    answer = await program.get(f"https://{name}/api/1/vehicles")
    assert answer.status_code == (401 if name.startswith("fleet-api.") else 404), answer.text


async def test_tokens_and_answers_call_the_sites_by_teslas_names(program: httpx2.AsyncClient) -> None:
    token = await _partner_token(program)
    assert claims_of(token)["aud"] == [NA, EU, "https://auth.tesla.com/oauth2/v3/userinfo"]
    answer = await program.get(
        f"{EU}/api/1/partner_accounts/public_key", params={"domain": "x"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 412
    assert f"must be registered in the current region {EU}" in answer.json()["error"]


async def test_a_name_that_is_not_teslas_leads_nowhere(names: Opened, program: httpx2.AsyncClient) -> None:
    for elsewhere in ("https://example.org/", "https://auth.tesla.com:8443/", "https://tesla.com.example.org/"):
        with pytest.raises(httpx2.ProxyError, match="403"):
            await program.get(elsewhere)
    async with httpx2.AsyncClient(proxy=names.variables["HTTPS_PROXY"], trust_env=False, verify=False) as plain:
        assert (await plain.get("http://auth.tesla.com/")).status_code == 405


async def test_what_is_no_request_is_refused_and_the_proxy_goes_on(names: Opened, program: httpx2.AsyncClient) -> None:
    for noise in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET" + b"x" * 40_000, b"CONNECT\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", names.proxy_port)
        writer.write(noise)
        writer.write_eof()
        assert (await reader.read()).startswith(b"HTTP/1.1 4")
        writer.close()
    assert (await program.get(f"{EU}/status")).text == "ok"


# ── the authority ────────────────────────────────────────────────────────────────────────────────


def test_whoever_trusted_the_authority_goes_on_trusting_it(tmp_path: Path) -> None:
    authority, now = Authority(tmp_path), system_time()
    authority.prepare(NAMES, now)
    trusted, leaf = authority.certificate.read_bytes(), authority.leaf.read_bytes()

    authority.prepare(NAMES, now + timedelta(days=1))
    assert (authority.certificate.read_bytes(), authority.leaf.read_bytes()) == (trusted, leaf)

    # ── the certificate of the names runs out soon ───────────────
    authority.prepare(NAMES, now + timedelta(days=80))
    assert authority.certificate.read_bytes() == trusted
    assert authority.leaf.read_bytes() != leaf

    # ── Tesla has a host more ────────────────────────────────────
    more = (*NAMES, "another.tesla.com")
    authority.prepare(more, now + timedelta(days=80))
    assert authority.certificate.read_bytes() == trusted
    made = x509.load_pem_x509_certificate(authority.leaf.read_bytes())
    named = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == list(more)


def test_its_keys_are_for_its_owner_alone_and_it_may_sign_for_teslas_names_only(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.prepare(NAMES, system_time())
    keys = [file for file in tmp_path.iterdir() if "key" in file.name]
    assert [file.stat().st_mode & 0o777 for file in keys] == [0o600, 0o600]
    made = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    allowed = made.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    assert [one.value for one in allowed] == ["tesla.com", "tesla.cn"]


def test_a_folder_with_something_else_in_it_is_said_to_be_so(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.certificate.write_text("not a certificate")
    with pytest.raises(Unusable, match=str(tmp_path)):
        authority.prepare(NAMES, system_time())


# ── a domain of one's own beside Tesla's names ───────────────────────────────────────────────────


@pytest.fixture
async def whose_home(tmp_path: Path, door: socket.socket) -> AsyncIterator[Opened]:
    world = demo_world(TurnedClock(system=stands_still), Sites(), "http://localhost:1")
    own = OwnDomain.read(f"charge.example.org={door.getsockname()[1]}")
    async with opened(build(world), tmp_path, 0, own) as found:
        yield found


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


async def test_an_own_domain_is_led_to_under_https_with_nothing_changed(
    whose_home: Opened, door: socket.socket
) -> None:
    heard: list[bytes] = []

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhome")
        writer.close()

    strict = ssl.create_default_context(cafile=whose_home.variables["SSL_CERT_FILE"])
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    proxy = whose_home.variables["HTTPS_PROXY"]
    async with httpx2.AsyncClient(proxy=proxy, verify=strict, trust_env=False) as web:
        async with await asyncio.start_server(answers, sock=door):
            assert (await web.get("https://charge.example.org/sign-in")).text == "home"
        assert heard[0].startswith(b"GET /sign-in HTTP/1.1\r\nHost: charge.example.org\r\n")
        assert b"forwarded" not in heard[0].lower()

        # ── the program is gone: so is the answer, and Tesla's names go on ──
        with pytest.raises(httpx2.TransportError):
            await web.get("https://charge.example.org/sign-in")
        assert (await web.get(f"{EU}/status")).text == "ok"


@pytest.mark.parametrize("said", ["charge.example.org", "charge=8700", "Charge.example.org=8700", "a.b=x", "=1"])
def test_an_own_domain_is_a_name_and_a_port(said: str) -> None:
    with pytest.raises(Misnamed):
        OwnDomain.read(said)


async def test_the_pairing_link_under_its_own_name_opens_an_app_that_can_be_answered(
    program: httpx2.AsyncClient,
) -> None:
    answer = await program.get("https://tesla.com/_ak/nobody.example")
    assert answer.status_code == 200
    allowed = await program.post("https://tesla.com/app/allows", headers={"Origin": "https://tesla.com"})
    assert (allowed.status_code, allowed.headers["location"]) == (303, "/app")
    assert (await program.get("https://tesla.com/app")).status_code == 200
    elsewhere = await program.post("https://tesla.com/app/allows", headers={"Origin": "https://other.example"})
    assert elsewhere.status_code == 403
