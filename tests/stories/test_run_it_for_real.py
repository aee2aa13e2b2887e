"""The how-to “Run it for real”, followed to the letter: from nothing to a charged car, in the settings of a real home.

No demo, no setting about the simulator: Tesla's own host names, reached by the two variables alone. The clock is the
machine's and nobody turns it; only on Tesla's side, once the car charges, is it let pass.
"""

import asyncio
import contextlib
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx2
import pytest

from chargekey.adapters.clock.system import SystemClock
from tests.peers.tesla import VIN, Tesla
from tests.simulator.served import a_door
from tests.stories.how_to import commands, happenings
from tests.stories.phone import Phone
from tests.stories.terminal import PATIENCE_S, Terminal
from tests.stories.town import PHONE

TREE: Final = Path(__file__).resolve().parents[2]
KNOCKS_AT_MOST: Final = 9
CONNECTED: Final = "/tonight"
YOU: Final = "you@example.org"
SECRET: Final = "your-client-secret"


@dataclass
class Machine:
    """A stranger's machine: a folder with Chargekey in it, and shells with the two variables set."""

    folder: Path
    ports: Mapping[int, int]
    environment: dict[str, str]
    tesla: Tesla
    typed: list[str]
    """The page's commands, in its order."""
    passes_s: float
    """How long the page about rehearsing lets the car's time pass."""
    used: list[str] = field(default_factory=list)
    _running: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def env(self) -> Path:
        return self.folder / ".env"

    def command(self, begins: str) -> str:
        """The next of the document, which is this one."""
        here = self.typed[len(self.used)]
        assert here.startswith(begins), f"the document goes on with {here}"
        self.used.append(here)
        return here

    async def types(self, command: str, **answers: str) -> tuple[int, str]:
        """At a terminal. `answers`: what is said to a question, by its words with _ for each blank, in their order."""
        terminal = await Terminal.opens(command, self.environment, self.folder)
        for asked, said in answers.items():
            await terminal.answers(asked.replace("_", " "), said)
        ended = await terminal.ends()
        assert SECRET not in terminal.shows
        return ended, terminal.shows.replace("\r\n", "\n")

    async def keeps_running(self, command: str) -> None:
        """In a terminal of its own, until the machine is shut down."""
        log = (self.folder / "log.txt").open("ab")
        with log:
            running = await asyncio.create_subprocess_exec(
                *("/bin/sh", "-c", f"exec {command}"), env=self.environment, cwd=self.folder, stdout=log, stderr=log
            )
        self._running.append(running)
        await answering(f"http://localhost:{self.ports[8700]}/readyz")

    async def shuts_down(self) -> None:
        for one in self._running:
            if one.returncode is None:
                one.terminate()
                await asyncio.wait_for(one.wait(), PATIENCE_S)

    @contextlib.asynccontextmanager
    async def a_phone(self) -> AsyncIterator[Phone]:
        """A browser that goes through the proxy."""
        trusts = ssl.create_default_context(cafile=self.environment["SSL_CERT_FILE"])
        async with httpx2.AsyncClient(
            proxy=self.environment["HTTPS_PROXY"],
            verify=trusts,
            trust_env=False,
            timeout=PATIENCE_S,
            follow_redirects=True,
            headers=PHONE,
        ) as web:
            yield Phone(web, "https://charge.example.org")


async def answering(url: str) -> None:
    """Back as soon as somebody answers there."""
    patient = httpx2.AsyncHTTPTransport(retries=KNOCKS_AT_MOST)
    async with httpx2.AsyncClient(transport=patient, trust_env=False, timeout=PATIENCE_S) as web:
        (await web.get(url)).raise_for_status()


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    """As the page about rehearsing sets it up; nothing of Chargekey is set yet."""
    for part in TREE.iterdir():
        if part.name not in (".env", "data", ".git"):
            (tmp_path / part.name).symlink_to(part)
    ports = free_ports(8700, 8701, 8703)
    lines = commands("rehearse-a-real-home.md", ports)
    (simulator,) = (one for one in lines if "tesla_simulator" in one)
    (export,) = (one for one in lines if one.startswith("export "))
    variables = dict(one.split("=", 1) for one in export.replace("$PWD", str(tmp_path)).split()[1:])
    assert variables.keys() == {"HTTPS_PROXY", "SSL_CERT_FILE"}
    given = {"PATH": os.defpath, "LANG": "C.UTF-8", "TERM": "dumb", "SECRET": SECRET}
    given["CHARGEKEY_PORT"] = str(ports[8700])
    elsewhere = f"exec {simulator} --port {ports[8701]} --proxy-port {ports[8703]} --ends-with-stdin"
    running = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", elsewhere), stdin=asyncio.subprocess.PIPE, cwd=tmp_path, env=given
    )
    tesla = Tesla(f"http://localhost:{ports[8701]}", variables, tmp_path)
    told = happenings(lines)
    (clock,) = (one for one in told if one.verb == "clock")
    typed = commands("run-it-for-real.md", ports)
    built = Machine(tmp_path, ports, {**given, **variables}, tesla, typed, clock.arguments["advance_s"])
    try:
        await answering(f"{tesla.control_url}/control/world")
        for one in told:
            if one is not clock:
                tesla.lets(one.verb, **one.arguments)
        yield built
    finally:
        await built.shuts_down()
        assert running.stdin
        running.stdin.close()
        await asyncio.wait_for(running.wait(), PATIENCE_S)


def free_ports(*wanted: int) -> dict[int, int]:
    doors = [a_door() for _ in wanted]
    for door, _ in doors:
        door.close()
    return {one: int(url.rsplit(":", 1)[1]) for one, (_, url) in zip(wanted, doors, strict=True)}


@pytest.mark.long
async def test_the_how_to_leads_from_nothing_to_a_charged_car(machine: Machine) -> None:
    await is_set_up(machine)
    await goes_on_to_the_end(machine)
    before = machine.env.read_bytes()

    # ── 5: a link, and the car ───────────────────────────────────
    ended, said = await machine.types(machine.command(".venv/bin/chargekey sign-in-link"))
    assert ended == 0, said
    link = next(line for line in said.splitlines() if line.startswith("https://charge.example.org/sign-in/"))
    async with machine.a_phone() as phone:
        await connects(phone, link)
        await phone.plans(target_percent="80", **cheap_hours_later())
        await arrives(phone, lambda page: page.shows == CONNECTED and page.reads("Charge now"))
        assert machine.tesla.car["charging_state"] == "Stopped"
        await phone.presses("Charge now")
        await arrives(phone, lambda page: page.reads("Charging at once, as you asked"))
        assert machine.tesla.car["charging_state"] == "Charging"

    # ── 6, and without a keyboard: neither looking nor saying it once more changes anything ──
    for begins in (".venv/bin/chargekey check", "printf"):
        ended, said = await machine.types(machine.command(begins))
        assert ended == 0, said
    assert machine.env.read_bytes() == before
    assert machine.used == machine.typed, "the document has a command that is not followed here"

    # ── the car's own time goes on ───────────────────────────────
    machine.tesla.time_passes(machine.passes_s)
    assert machine.tesla.car["charging_state"] == "Complete"
    assert machine.tesla.car["soc_percent"] == pytest.approx(80, abs=0.5)


async def is_set_up(machine: Machine) -> None:
    """1 and 2: installed, the questions answered; nobody hosts the key yet."""
    ended, said = await machine.types(machine.command("make install"))
    assert ended == 0, said
    ended, said = await machine.types(
        machine.command(".venv/bin/chargekey init"),
        Your_domain="charge.example.org",
        Client_id="your-client-id",
        Client_secret=SECRET,
        The_name="",
        Your_mail_address=YOU,
        Mail_server="",
    )
    assert ended == 1, said
    assert "Redirect URI         https://charge.example.org/connect/callback" in said
    assert "Not registered at Tesla yet" in said
    key = machine.folder / "data" / "command-key.pem"
    assert [one.stat().st_mode & 0o777 for one in (machine.env, key)] == [0o600, 0o600]


async def goes_on_to_the_end(machine: Machine) -> None:
    """3 and 4: started, registered in every region, looked at; what was answered stays as it is."""
    await machine.keeps_running(machine.command(".venv/bin/chargekey serve"))
    before = machine.env.read_bytes()
    ended, said = await machine.types(machine.command(".venv/bin/chargekey init"))
    assert ended == 0, said
    assert "Registered, Europe." in said
    assert "Registered, North America." in said
    assert "Wrong" not in said
    assert "Right: Certificate." in said
    assert "Not provable from here: Domain." in said  # its names are the proxy's matter here
    assert "Open https://charge.example.org and connect your own car first." in said
    assert machine.env.read_bytes() == before


async def connects(phone: Phone, link: str) -> None:
    """Signs in, allows all at Tesla, chooses the car, adds the key, and has it proved."""
    await phone.opens(link)
    await phone.presses("Sign in")
    await phone.opens("/permissions")
    await phone.presses("Go on to Tesla")
    await phone.presses("Sign in", email=YOU)
    await phone.presses("Allow")
    await phone.chooses(VIN)
    await phone.adds_the_key()
    await arrives(phone, lambda page: page.shows == "/plan" or page.reads("The car knows our key"))


def cheap_hours_later() -> dict[str, str]:
    """A supplier whose cheap hours begin in some three hours, and a car that is wanted after them."""
    now = SystemClock().now().astimezone(ZoneInfo("Europe/Amsterdam"))  # where a new driver's plan is
    begin, end, ready_by = (f"{now + timedelta(hours=later):%H:00}" for later in (4, 6, 8))
    return {
        "tariff": "zones",
        "zone_0_start": begin,
        "zone_0_end": end,
        "zone_0_price": "10",
        "zone_1_start": end,
        "zone_1_end": begin,
        "zone_1_price": "40",
        "ready_by": ready_by,
    }


async def arrives(phone: Phone, is_there: Callable[[Phone], bool]) -> None:
    """By himself, at the machine's own time."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await phone.stays_until(is_there)
    except TimeoutError as late:
        raise AssertionError(f"{phone.shows} still shows:\n{phone.text}") from late
