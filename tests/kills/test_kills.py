"""Twenty of the kills of `make kill`, ten on each database, spread by a seed over the seams where most is at stake."""

import random
import signal
from typing import Final

from tests.kills.running import Walk
from tests.kills.seams import Cut, Side

SEED: Final = 20
KILLS: Final = 10
CUT_AT: Final = ("ConnectAccount", "SendCommand", "RunCharge", "TimerQueue")


async def test_ten_kills_lose_nothing_and_double_nothing(walk: Walk) -> None:
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
