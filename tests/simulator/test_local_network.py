"""A phone in the same network: what it is told, what it may trust, and what it cannot reach."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from cryptography import x509

from tesla_simulator.app import build, pages_beyond
from tesla_simulator.clock import TurnedClock, system_time
from tesla_simulator.demo import demo_world
from tesla_simulator.local_network.host import Host, NotInOwnNetwork, own_name
from tesla_simulator.local_network.opening import LetIn, Ports, let_in, pages_at
from tesla_simulator.local_network.trust_page import CERTIFICATE_PATH
from tesla_simulator.sites import Sites
from tesla_simulator.state import StateFile
from tesla_simulator.tesla_names.authority import Authority
from tests.simulator.served import a_door, signing_key_pem, stands_still

HERE = "127.0.0.2"
"""A second address of this machine, as the one in its network is."""


@dataclass
class Opened:
    let_in: LetIn
    ports: Ports
    folder: Path

    @property
    def tesla(self) -> str:
        return f"https://{HERE}:{self.ports.tesla}"


def a_port() -> int:
    door, url = a_door()
    door.close()
    return int(url.rsplit(":", 1)[1])


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    world = demo_world(TurnedClock(system=stands_still), Sites("http://localhost:1"), "http://localhost:1")
    world.tokens.signer.pem = signing_key_pem()
    host, ports = Host.read(f"{HERE}=demo-machine.local"), Ports(a_port(), a_port(), a_port())
    at_hand = Host(HERE, host.name, opened_by_name=False)
    pages = pages_beyond(world, StateFile(), pages_at(at_hand, ports.chargekey), *host.names)
    async with let_in(pages, at_hand, ports, tmp_path) as found:
        yield Opened(found, ports, tmp_path)


@pytest.fixture
async def phone(opened: Opened) -> AsyncIterator[httpx2.AsyncClient]:
    """It trusts what the page gave it, and is strict."""
    async with httpx2.AsyncClient(trust_env=False) as plain:
        answer = await plain.get(opened.let_in.trust_url + CERTIFICATE_PATH)
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    strict = ssl.create_default_context()
    strict.load_verify_locations(cadata=answer.content)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    async with httpx2.AsyncClient(verify=strict, trust_env=False) as web:
        yield web


# ── the page that is read first ──────────────────────────────────────────────────────────────────


async def test_the_page_says_what_the_terminal_says(opened: Opened) -> None:
    async with httpx2.AsyncClient(trust_env=False) as plain:
        page = (await plain.get(opened.let_in.trust_url)).text
    pairs = opened.let_in.fingerprint.split(":")
    assert len(pairs) == 32
    for at in range(0, 32, 8):
        assert " ".join(pairs[at : at + 8]) in page
    for words in (
        "Whoever is in this network can open the demo",
        "Certificate Trust Settings",
        "Remove Profile",
        "Install a certificate",
        "Uninstall",
        f'href="{opened.let_in.leads.chargekey}"',
        f'href="{opened.let_in.leads.stage}"',
    ):
        assert words in page
    said = "\n".join(opened.let_in.lines())
    assert opened.let_in.fingerprint in said
    assert opened.let_in.trust_url in said
    assert "█" in said


async def test_the_page_in_plain_http_leads_to_nothing_else(opened: Opened) -> None:
    async with httpx2.AsyncClient(trust_env=False, base_url=opened.let_in.trust_url) as plain:
        for path in ("/stage", "/app", "/control/world", "/authority-key.pem", "/static/../authority-key.pem"):
            assert (await plain.get(path)).status_code == 404
        assert (await plain.post("/")).status_code == 405


# ── what a phone sees, and what it cannot ────────────────────────────────────────────────────────


async def test_a_phone_that_trusts_it_sees_pages(opened: Opened, phone: httpx2.AsyncClient) -> None:
    for path in ("/stage", "/stage/panes", "/app", "/tesla/_ak/nobody.example", "/static/simulator.css"):
        assert (await phone.get(opened.tesla + path)).status_code == 200, path
    framed = (await phone.get(f"{opened.tesla}/stage")).headers["content-security-policy"]
    assert f"frame-src 'self' https://{HERE}:{opened.ports.chargekey};" in framed


async def test_what_plays_the_world_and_teslas_api_stay_on_this_machine(
    opened: Opened, phone: httpx2.AsyncClient
) -> None:
    for path in (
        "/control/world",
        "/eu/api/1/vehicles",
        "/na/api/1/vehicles",
        "/fleet-auth/oauth2/v3/token",
        "/auth/oauth2/v3/token",
        "/internet/demo.chargekey.example/",
        "/push/x",
    ):
        assert (await phone.get(opened.tesla + path)).status_code == 404, path
        assert (await phone.post(opened.tesla + path, json={})).status_code == 404, path


async def test_pages_answer_to_their_own_names_and_forms_alone(opened: Opened, phone: httpx2.AsyncClient) -> None:
    other_name = await phone.get(f"{opened.tesla}/stage", headers={"Host": "evil.example"})
    assert other_name.status_code == 403
    turned = {"to": "minute"}
    elsewhere = await phone.post(f"{opened.tesla}/stage/turns", data=turned, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403
    at_home = await phone.post(f"{opened.tesla}/stage/turns", data=turned, headers={"Origin": opened.tesla})
    assert at_home.status_code == 303


async def test_this_machine_itself_goes_on_by_its_own_names_alone() -> None:
    world = demo_world(TurnedClock(system=stands_still), Sites("http://localhost:1"), "http://localhost:1")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(build(world)), base_url=f"http://{HERE}") as web:
        assert (await web.get("/stage")).status_code == 403


# ── what the phone trusts ────────────────────────────────────────────────────────────────────────


def test_it_may_vouch_for_this_machine_alone(tmp_path: Path) -> None:
    host, now = Host.read("192.168.1.7=my-machine.local"), system_time()
    authority = Authority(tmp_path, "A name")
    authority.prepare(host.names, now)
    trusted = authority.certificate.read_bytes()
    made = x509.load_pem_x509_certificate(trusted)
    allowed = made.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    assert [str(one.value) for one in allowed] == ["192.168.1.7/32", "my-machine.local"]

    # ── the router gave it another address: what is trusted is made anew ──
    authority.prepare(("192.168.1.8", "my-machine.local"), now)
    assert authority.certificate.read_bytes() != trusted


async def test_the_authority_is_named_after_the_machine_and_is_over_in_a_year(opened: Opened) -> None:
    made = x509.load_pem_x509_certificate(Authority(opened.folder).certificate.read_bytes())
    assert made.subject.rfc4514_string() == "CN=Tesla simulator on demo-machine.local"
    assert (made.not_valid_after_utc - system_time()).days in (364, 365)


# ── where the machine is ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "opened_by"),
    [("192.168.1.7", "192.168.1.7"), ("10.0.0.7=my-machine.local", "my-machine.local"), (HERE, HERE)],
)
def test_pages_are_opened_by_what_was_said(said: str, opened_by: str) -> None:
    assert pages_at(Host.read(said), 8700) == f"https://{opened_by}:8700"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "0.0.0.0",  # noqa: S104 - refused
        "203.0.113.7",
        "100.64.0.1",
        "::1",
        "my-machine.local",
        "10.0.0.7=example.org",
        "10.0.0.7=a.b.local",
    ],
)
def test_no_more_than_ones_own_network_is_let_in(said: str) -> None:
    with pytest.raises(NotInOwnNetwork):
        Host.read(said)


@pytest.mark.parametrize(
    ("machine", "name"),
    [("Kim's Mac.fritz.box", "kim-s-mac.local"), ("vm", "vm.local"), ("_", "this-machine.local")],
)
def test_a_machine_has_a_name_whatever_it_is_called(machine: str, name: str) -> None:
    assert own_name(machine) == name
