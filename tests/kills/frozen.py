"""Two workers on one database: one is frozen in the middle of its work, the other takes it over, the first returns.

On SQLite nothing can be taken over from a worker that was frozen inside a transaction: it holds the only pen. So it is
frozen where a commit is done, or where it sends.
"""

import asyncio
import contextlib
import signal
from typing import Final

import httpx2

from tesla_simulator.demo import EMAIL
from tesla_simulator.followers import FollowerLost
from tests.kills.ground import LONGEST_S, Ground
from tests.kills.judging import Outcome, marks, outcome
from tests.kills.legs import LEGS, Driver
from tests.kills.nursery import Life
from tests.kills.running import Walk
from tests.kills.seams import Cut, Side
from tests.simulator.served import a_door

LEG: Final = {leg.name: leg for leg in LEGS}
SENDS: Final = "SendCommand._ask asks Tesla: signed_command"
RENEWS: Final = "RunCharge._look asks Tesla: token"


async def frozen(walk: Walk, name: str, seam: str, side: Side) -> Outcome:
    """The leg until its worker is frozen, and what two of them made of it after it has come back."""
    ground, leg = walk.ground, LEG[name]
    await ground.restore(leg.name)
    since = await marks(ground)
    await ground.starts(Cut(seam=seam, side=side, nth=1, signal=signal.SIGSTOP))
    first = ground.life
    assert first
    begun = asyncio.ensure_future(leg.during(Driver(ground, ground.world.now)))
    try:
        async with asyncio.timeout(LONGEST_S):
            await first.is_cut.wait()
        begun.cancel()
        with contextlib.suppress(asyncio.CancelledError, FollowerLost, httpx2.TransportError):
            await begun
        both = await another_takes_over(ground)
        await ground.while_alive(ground.time_passes(minutes=3))

        # ── it returns, and finds that its time is over ──────────
        first.meets(signal.SIGCONT)
        ground.world.followers.addresses = both
        await ground.while_alive(ground.world.greet_followers())
        await ground.while_alive(ground.time_passes(minutes=2))

        # ── the next token is got with what was saved ────────────
        ground.world.tokens.expires_now(EMAIL)
        await ground.while_alive(ground.time_passes(minutes=16))
        assert not first.is_over.is_set()
        return await outcome(ground, since)
    finally:
        await first.ends()
        await ground.ends()


async def another_takes_over(ground: Ground) -> list[str]:
    """The first one's lease has run out, and nobody waits for it. Returns where both follow the clock."""
    door, url = a_door()
    door.close()
    firsts = ground.world.followers.addresses
    seconds = f"{url}/demo/clock"
    ground.world.followers.addresses = [seconds]
    await ground.leases_run_out()
    second: Life = await ground.is_born({**ground.settings, "port": url.rsplit(":", 1)[1]})
    ground.life = second
    await ground.while_alive(second.is_up.wait())
    await ground.while_alive(ground.world.greet_followers())
    return [*firsts, seconds]


async def an_order_is_sent_by_another_and_not_twice(walk: Walk) -> None:
    for seam, side in [
        ("SendCommand._happened commits command and timer", Side.AFTER),
        (SENDS, Side.BEFORE),
        (SENDS, Side.AFTER),
    ]:
        came = await frozen(walk, "charge now, stop", seam, side)
        assert came.obeyed["charge_start"] == max(came.obeyed.values()) == 1, (seam, side, came)
        assert (came.in_vain, came.unsettled, came.overdue) == (0, 0, ()), (seam, side, came)
        assert came.charging == "Charging"
        assert "tend_vehicle" in came.waits_for


async def two_who_renew_one_grant_burn_no_refresh_token(walk: Walk) -> None:
    for side in Side:
        came = await frozen(walk, "a token runs out", RENEWS, side)
        assert (came.tokens_refused, came.can_renew, came.is_let_in) == (0, True, True), (side, came)
