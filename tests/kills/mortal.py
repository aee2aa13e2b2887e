"""Chargekey as a process that can be cut at a seam, born again and again from a parent that has all of it loaded.

The parent reads one order a line, forks, and says who was born; the child says when it is up. It is Chargekey as
`chargekey serve` composes it: what is put around it is in `seams` alone. `python -m tests.kills.mortal`
"""

import asyncio
import ctypes
import gc
import os
import signal
import socket
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

import httpx2
import uvicorn
from pydantic import BaseModel

from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from chargekey.entrypoints.logs import set_up
from chargekey.entrypoints.web.pages import environment
from chargekey.entrypoints.web.words import PLACES, Words
from chargekey.serving import compose, listens, serve, told_to_stop
from chargekey.settings import read_settings
from tests.kills.seams import Cut, Seams

ENDS_WITH_ITS_PARENT: Final = 1
"""Linux's PR_SET_PDEATHSIG."""
NOBODY: Final = ("http://localhost:1", "postgresql://nobody@localhost:1/nothing")
"""A page and a database that are never asked: to name them loads what would ask them."""


class Order(BaseModel):
    """Who is to be born. `seams`: the file that hears of every pass."""

    settings: dict[str, str]
    log: Path
    seams: Path
    cut: Cut | None = None


def main() -> None:
    """Until nobody orders any more."""
    asyncio.run(_live_once())
    gc.collect()
    gc.freeze()  # what all share is nobody's garbage
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that nobody stays behind as a zombie
    for line in sys.stdin:
        order = Order.model_validate_json(line)
        child = os.fork()
        if child == 0:
            _live(order)
        print(f"born {child}", flush=True)


def _live(order: Order) -> NoReturn:
    """In the child: serve until the end, whichever it is."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(ENDS_WITH_ITS_PARENT, signal.SIGKILL)
    told = os.dup(sys.stdout.fileno())
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for here, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(here, there)
    try:
        with told_to_stop():
            asyncio.run(_serve(order, told))
    finally:
        os._exit(0)


async def _live_once() -> None:
    """A life that nobody meets, so that whatever is loaded at first need is loaded: that was half of what each cost."""
    pages = environment(Words(PLACES[0], "UTC").locale.language)
    for template in pages.list_templates():
        pages.get_template(template)
    await open_engine(NOBODY[1]).dispose()
    with tempfile.TemporaryDirectory(prefix="chargekey-") as made:
        data = Path(made)
        make_command_key(data / "command-key.pem")
        home = compose(read_settings(settings_of_demo(Demo(1, 2, data))))
        await migrate(home.engine)
        listening = listens(home)
        listening.load()
        there = httpx2.ASGITransport(listening.loaded_app)
        async with httpx2.AsyncClient(transport=there, base_url=NOBODY[0]) as browser:
            for page in ("/sign-in", "/go", "/tonight"):
                await browser.get(page)
        await home.close()


async def _serve(order: Order, told: int) -> None:
    settings = read_settings(order.settings)
    set_up(settings.log_format)
    home = compose(settings)
    passes = os.open(order.seams, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    met = f"met {os.getpid()}"
    Seams(order.cut, lambda seam: _write(passes, seam), lambda: _write(told, met)).surround(home)
    await serve(home, partial(Telling, told))


class Telling(uvicorn.Server):
    """Says when it can be knocked at."""

    def __init__(self, told: int, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _write(self._told, f"up {os.getpid()}")


def _write(where: int, line: str) -> None:
    os.write(where, f"{line}\n".encode())


if __name__ == "__main__":
    main()
