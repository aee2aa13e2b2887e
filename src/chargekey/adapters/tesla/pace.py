"""How fast we go: so many calls a second and no more, the rest one after the other."""

import asyncio
from collections.abc import Awaitable, Callable


class Pace:
    """One a turn of `every_s` real seconds. Whoever comes while another waits, waits behind him."""

    def __init__(self, every_s: float, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._every_s, self._pause = every_s, pause
        self._free_at_s = 0.0

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        now_s = asyncio.get_running_loop().time()
        mine_s = max(now_s, self._free_at_s)
        self._free_at_s = mine_s + self._every_s
        if mine_s > now_s:
            await self._pause(mine_s - now_s)
