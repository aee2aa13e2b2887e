"""Signing sessions with cars, kept across restarts, and the demo's outbox."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.store import KeptSessions, Outbox
from chargekey.domain.vehicle import Vin
from chargekey.ports.notify import Mail
from tests.contract.household import SIX, at

CAR, OTHER = Vin("5YJ3E7EA1PF123456"), Vin("5YJYE7EA1PF654321")
SECURITY, INFOTAINMENT = 2, 3


async def test_a_session_is_kept_by_car_and_domain(engine: AsyncEngine) -> None:
    sessions = KeptSessions(engine)
    assert await sessions.load(CAR, SECURITY) is None
    await sessions.save(CAR, SECURITY, b"\x00session\xff")
    await sessions.save(CAR, INFOTAINMENT, b"another")
    await sessions.save(OTHER, SECURITY, b"")
    assert await KeptSessions(engine).load(CAR, SECURITY) == b"\x00session\xff"
    assert await sessions.load(CAR, INFOTAINMENT) == b"another"
    assert await sessions.load(OTHER, SECURITY) == b""
    assert await sessions.load(OTHER, INFOTAINMENT) is None


async def test_a_newer_session_takes_the_place_of_the_older(engine: AsyncEngine) -> None:
    sessions = KeptSessions(engine)
    for counter in (b"1", b"2", b"3"):
        await sessions.save(CAR, SECURITY, counter)
    assert await sessions.load(CAR, SECURITY) == b"3"


class SteppingClock:
    """A minute later at every look."""

    def __init__(self) -> None:
        self._minutes = 0

    def now(self) -> datetime:
        self._minutes += 1
        return at(self._minutes)


async def test_the_outbox_keeps_mail_newest_first(engine: AsyncEngine) -> None:
    outbox = Outbox(engine, SteppingClock())
    for nth in range(3):
        await outbox.send(Mail("anna@example.org", f"Sign in {nth}", "https://chargekey.example/sign-in/x"))
    letters = await outbox.letters()
    assert [letter.mail.subject for letter in letters] == ["Sign in 2", "Sign in 1", "Sign in 0"]
    assert letters[-1].sent_at == at(1) > SIX
    assert letters[0].mail.text == "https://chargekey.example/sign-in/x"


async def test_the_outbox_shows_the_latest_fifty(engine: AsyncEngine) -> None:
    outbox = Outbox(engine, SteppingClock())
    for nth in range(51):
        await outbox.send(Mail("anna@example.org", str(nth), ""))
    assert [letter.mail.subject for letter in await outbox.letters()] == [str(nth) for nth in range(50, 0, -1)]
