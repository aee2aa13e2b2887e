"""kill -9 around what a driver is told: he always learns of it, never from two notices, and no device shows it twice.

A mail that was handed over and not yet marked goes out once more: no mail server can be asked whether it has it.
"""

import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from tesla_simulator.demo import MODEL_3
from tesla_simulator.push_vendor import Browser
from tests.kills.databases import Sqlite
from tests.kills.ground import Died, Ground, a_ground
from tests.kills.nursery import a_nursery
from tests.kills.seams import Cut, Side

TITLE: Final = "The car …4F21: you can go on"
WAITS: Final = "waits"
ENDS_WAIT: Final = "WaitOut._end commits notice and observation and timer"
MAILS: Final = "TellOnce.send commits outbox"
MARKS: Final = "TellOnce.send commits notice"
CLAIMS: Final = "TellDevices._tell commits push_told"
PUSHES: Final = "TellDevices._tell asks Tesla: other"


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    """Tesla here, Chargekey in processes that can die."""
    async with a_nursery() as nursery, a_ground(tmp_path, Sqlite(tmp_path / "database"), nursery) as built:
        yield built


async def waits_on_two_ways(ground: Ground) -> Mapping[str, Browser]:
    """A driver whose car is out of reach has closed the page; saved from there. Returns his browser's subscriptions."""
    await ground.begins()
    await ground.starts()
    ground.car.loses_reception()
    await ground.phone.signs_in()
    await ground.phone.allows()
    await ground.phone.chooses(MODEL_3)
    await ground.phone.opens("/key?show=phone")
    await ground.phone.agrees_to_be_told(ground.world.push_vendor)
    await ground.ends(signal.SIGTERM)
    ground.save(WAITS)
    return ground.world.push_vendor.browsers


async def told_through(ground: Ground, browsers: Mapping[str, Browser], cut: Cut) -> tuple[int, int]:
    """The car comes back and Chargekey dies at that moment: how many mails there are at last, and what was pushed."""
    await ground.restore(WAITS)
    vendor = ground.world.push_vendor
    vendor.browsers = dict(browsers)
    try:
        await ground.starts(cut)
        ground.car.has_reception_again()
        await ground.while_alive(ground.time_passes(minutes=20))
    except Died:
        await ground.starts_again()
    else:
        raise AssertionError(f"nothing was cut {cut}: {ground.seams.read_text()}")
    await ground.time_passes(hours=1)
    await ground.phone.opens("/key")
    assert ground.phone.text.count(TITLE) == 1  # in the app, once
    await ground.phone.presses("I have read it")
    await ground.phone.opens("/outbox")
    mails = ground.phone.text.count(TITLE)
    await ground.ends()
    return mails, len(vendor.asked)


@pytest.mark.slow
@pytest.mark.long
async def test_a_kill_at_any_moment_of_telling_loses_no_word_and_doubles_none(ground: Ground) -> None:
    browsers = await waits_on_two_ways(ground)

    async def dies(side: Side, seam: str) -> tuple[int, int]:
        return await told_through(ground, browsers, Cut(seam=seam, side=side, nth=1, signal=signal.SIGKILL))

    # ── around the commit that writes the notice down ────────────
    assert await dies(Side.BEFORE, ENDS_WAIT) == (1, 1)
    assert await dies(Side.AFTER, ENDS_WAIT) == (1, 1)

    # ── between it and the mail, and after the mail was marked ───
    mails, pushed = await dies(Side.BEFORE, MAILS)
    assert (mails, pushed <= 1) == (1, True)
    mails, pushed = await dies(Side.AFTER, MARKS)
    assert (mails, pushed <= 1) == (1, True)

    # ── handed over and not yet marked: once more, not never ─────
    mails, pushed = await dies(Side.AFTER, MAILS)
    assert (mails, pushed <= 1) == (2, True)

    # ── on the way to the device: there at most once, by mail in any case ─
    mails, pushed = await dies(Side.AFTER, CLAIMS)
    assert (mails in (1, 2), pushed) == (True, 0)
    mails, pushed = await dies(Side.AFTER, PUSHES)
    assert (mails in (1, 2), pushed) == (True, 1)
