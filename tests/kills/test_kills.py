"""Twenty of the kills of `make kill`, ten on each database, spread by a seed over the seams where most is at stake.

And what is worse than a kill: a process that is only stopped and comes back. Those stories wait in truth, minutes of
it, so they are in `make long`. What is in common is one test, since to go the path is what takes time.
"""

import random
import signal
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from tests.kills.frozen import (
    LEG,
    SENDS,
    an_order_is_sent_by_another_and_not_twice,
    two_who_renew_one_grant_burn_no_refresh_token,
)
from tests.kills.ground import Died
from tests.kills.legs import Driver
from tests.kills.running import Walk, a_walk
from tests.kills.seams import Cut, Side

MOST_AT_STAKE: Final = ("consent", "charge now, stop", "a token runs out")
CUT_AT: Final = ("ConnectAccount", "SendCommand", "RunCharge", "TimerQueue")
SEED: Final = 20
KILLS: Final = 10


KINDS: Final = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("kind", KINDS)
async def test_killed_or_told_to_stop_it_loses_nothing_and_doubles_nothing(
    kind: str, tmp_path: Path, if_there: AbstractContextManager[None]
) -> None:
    with if_there:
        async with a_walk(kind, tmp_path, [LEG[name] for name in MOST_AT_STAKE]) as walk:
            await ten_kills_lose_nothing_and_double_nothing(walk)
            await told_to_stop_it_finishes_what_it_has_begun(walk)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
async def test_frozen_and_back_again_it_loses_nothing_and_doubles_nothing(
    kind: str, tmp_path: Path, if_there: AbstractContextManager[None]
) -> None:
    with if_there:
        async with a_walk(kind, tmp_path, [LEG[name] for name in MOST_AT_STAKE]) as walk:
            await an_order_is_sent_by_another_and_not_twice(walk)
            await two_who_renew_one_grant_burn_no_refresh_token(walk)


async def ten_kills_lose_nothing_and_double_nothing(walk: Walk) -> None:
    dice = random.Random(f"{SEED} {walk.ground.database.kind}")
    cuts = [
        (leg, Cut(seam=seam, side=side, nth=dice.randint(1, times), signal=signal.SIGKILL))
        for seam, legs in sorted(walk.seams.items())
        for leg, times in legs
        for side in Side
        if seam.startswith(CUT_AT)
    ]
    met = 0
    for leg, cut in dice.sample(cuts, len(cuts)):
        came = await walk.is_killed(leg, cut)
        assert not came.harm, (leg.name, str(cut), came.why)
        met += came.met
        if met == KILLS:
            break
    assert met == KILLS


async def told_to_stop_it_finishes_what_it_has_begun(walk: Walk) -> None:
    """SIGTERM right before an order leaves: it is given, its answer written down, and no lease is left behind."""
    ground, leg = walk.ground, LEG["charge now, stop"]
    await ground.restore(leg.name)
    with pytest.raises(Died):
        await ground.starts(Cut(seam=SENDS, side=Side.BEFORE, nth=1, signal=signal.SIGTERM))
        await ground.while_alive(leg.during(Driver(ground, ground.world.now)))
    engine = open_engine(ground.database.url)
    async with engine.begin() as connection:
        newest = select(tables.command.c.delivery).order_by(tables.command.c.id.desc()).limit(1)
        assert (await connection.execute(newest)).scalar_one() == "done"
        assert not (await connection.execute(select(tables.timer).where(tables.timer.c.lease.is_not(None)))).all()
    await engine.dispose()
