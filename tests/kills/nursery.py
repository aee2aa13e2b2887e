"""Where Chargekey's processes are born, and where it is heard at once when one dies."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from tests.kills.mortal import Order

IS_BORN_IN_S: Final = 120.0
"""The first waits until the parent has loaded all there is."""
ENDS_IN_S: Final = 20.0


@dataclass
class Life:
    """One process."""

    pid: int
    is_up: asyncio.Event
    is_cut: asyncio.Event
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def meets(self, what: signal.Signals) -> None:
        """Nothing, when it is over already."""
        if not self.is_over.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, what)

    async def ends(self, what: signal.Signals = signal.SIGKILL) -> None:
        """Raises `TimeoutError`, after killing it, where it does not go by itself."""
        self.meets(what)
        try:
            await asyncio.wait_for(self.is_over.wait(), ENDS_IN_S)
        except TimeoutError:
            self.meets(signal.SIGKILL)
            raise TimeoutError(f"{what.name} did not end the process in {ENDS_IN_S} s") from None

    def watch(self) -> None:
        """The kernel says when it is over, whoever its parent is."""
        try:
            door = os.pidfd_open(self.pid)
        except ProcessLookupError:
            self.is_over.set()
            return

        def over() -> None:
            asyncio.get_running_loop().remove_reader(door)
            os.close(door)
            self.is_over.set()

        asyncio.get_running_loop().add_reader(door, over)


class Nursery:
    """The parent of them all. One birth at a time."""

    def __init__(self, parent: asyncio.subprocess.Process) -> None:
        self._parent = parent
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._up: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._cut: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    async def bears(self, order: Order) -> Life:
        """Just born, and not yet up."""
        assert self._parent.stdin
        self._parent.stdin.write(order.model_dump_json().encode() + b"\n")
        try:
            pid = await asyncio.wait_for(self._born.get(), IS_BORN_IN_S)
        except TimeoutError:
            raise TimeoutError(f"nobody was born in {IS_BORN_IN_S} s") from None
        life = Life(pid, self._up[pid], self._cut[pid])
        life.watch()
        return life

    async def listen(self) -> None:
        """To what parent and children say."""
        assert self._parent.stdout
        async for line in self._parent.stdout:
            what, number = line.split()
            if what == b"born":
                self._born.put_nowait(int(number))
            else:
                {b"up": self._up, b"met": self._cut}[what][int(number)].set()


@contextlib.asynccontextmanager
async def a_nursery() -> AsyncIterator[Nursery]:
    """All who are born there end with it."""
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kills.mortal"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"},
    )
    nursery = Nursery(parent)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        assert parent.stdin
        parent.stdin.close()
        try:
            await asyncio.wait_for(parent.wait(), ENDS_IN_S)
        except TimeoutError:
            parent.kill()
            await parent.wait()
        listening.cancel()
