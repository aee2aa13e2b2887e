"""`make run PHONE=1`: a phone in the same network trusts this machine, and gets as far as a car with our key.

The demo is started as a user starts it. The phone's network is a second address of this machine, on which it listens
as it would on the one that a router gave it.
"""

import re
import socket
import ssl
from pathlib import Path
from typing import Final

import httpx2
import pytest

from tesla_simulator.demo import MODEL_3
from tests.browser.demo import Demo, running_demo
from tests.stories.phone import Phone
from tests.stories.town import PHONE

IN_THE_NETWORK: Final = "127.0.0.2"


async def test_a_phone_that_trusts_this_machine_gets_all_the_way_to_its_key(tmp_path: Path) -> None:
    with running_demo(tmp_path, phone=IN_THE_NETWORK) as demo:
        chargekey = f"https://{IN_THE_NETWORK}:{demo.port}"
        tesla = f"https://{IN_THE_NETWORK}:{demo.tesla_port}"

        # ── nobody trusts it by himself ──────────────────────────────
        async with httpx2.AsyncClient(trust_env=False) as stranger:
            with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await stranger.get(chargekey)

        trust = await _trusts(demo)
        async with httpx2.AsyncClient(
            verify=trust, trust_env=False, timeout=30, follow_redirects=True, headers=PHONE
        ) as web:
            phone = Phone(web, chargekey)

            # ── in by the link of a mail, which is the phone's own address ──
            await phone.signs_in()
            assert phone.address == f"{chargekey}/permissions"

            # ── through Tesla's pages, and back ──────────────────────────
            await phone.allows()
            assert any(one.startswith(f"{tesla}/auth/") for one in phone.went_through)
            assert phone.address == f"{chargekey}/choose-car"
            await phone.chooses(MODEL_3)

            # ── the key, in the simulated app ────────────────────────────
            await phone.opens("/key?show=phone")
            assert phone.pairing_link.startswith(f"{tesla}/tesla/_ak/demo.chargekey.example?")
            await phone.adds_the_key()
            await phone.stays_until(lambda it: it.reads("The car knows our key"))

            # ── nothing is remembered that outlives the demo ─────────────
            first = await web.get(chargekey)
            assert "strict-transport-security" not in first.headers
            assert (await web.get(f"{tesla}/control/world")).status_code == 404

        _is_reached_by_nobody_but_these(demo)


async def _trusts(demo: Demo) -> ssl.SSLContext:
    """As its owner does it: from the page that the terminal names, after comparing what both say."""
    said = demo.said.read_text(encoding="utf-8")
    assert "Whoever is in this network can open it" in said
    [page] = set(re.findall(r"http://127\.0\.0\.2:\d+", said))
    [fingerprint] = re.findall(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", said)
    async with httpx2.AsyncClient(trust_env=False, base_url=page) as plain:
        shown = (await plain.get("/")).text
        assert fingerprint.replace(":", " ")[:23] in shown
        [path] = re.findall(r'href="(/[^"]+\.crt)"', shown)
        certificate = (await plain.get(path)).content
    trust = ssl.create_default_context()
    trust.load_verify_locations(cadata=certificate)
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    return trust


def _is_reached_by_nobody_but_these(demo: Demo) -> None:
    """A third address of this machine, which stands for any other: there nobody listens."""
    for port in (demo.port, demo.tesla_port, demo.phone_port):
        assert not _answers("127.0.0.3", port)


def test_without_a_phone_nothing_listens_beyond_loopback(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        assert _answers("127.0.0.1", demo.port)
        for port in (demo.port, demo.tesla_port, demo.phone_port):
            assert not _answers(IN_THE_NETWORK, port)
        assert "Everything stays on this machine." in demo.said.read_text(encoding="utf-8")


def _answers(address: str, port: int) -> bool:
    with socket.socket() as knocks:
        return knocks.connect_ex((address, port)) == 0
