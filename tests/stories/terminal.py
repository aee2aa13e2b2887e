"""A terminal with somebody at its keyboard: he reads what a command asks, and types what he has to say."""

import asyncio
import contextlib
import os
import pty
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ASKS: Final = ": "
"""What a question ends with; the blank is written once what is typed is hidden, if it is to be."""
PATIENCE_S: Final = 120
"""For a machine with much else to do; nothing here takes a tenth of it."""


class Terminal:
    """One command in it."""

    def __init__(self, process: asyncio.subprocess.Process, keyboard: int, screen: asyncio.StreamReader) -> None:
        self._process, self._keyboard, self._screen = process, keyboard, screen
        self.shows = ""

    @classmethod
    async def opens(cls, command: str, environment: Mapping[str, str], folder: Path) -> "Terminal":
        """As a shell runs it, with this terminal for all it reads and writes."""
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", command),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
        os.close(theirs)
        screen = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(screen), os.fdopen(ours, "rb", 0)
        )
        return cls(process, os.dup(ours), screen)

    async def answers(self, asked: str, said: str) -> None:
        """Once these words are on the screen and it waits, types this and the return key."""
        begins = len(self.shows)
        try:
            async with asyncio.timeout(PATIENCE_S):
                while asked not in self.shows[begins:] or not self.shows.endswith(ASKS):
                    read = await self._screen.read(4096)
                    assert read, f"it ended without asking for “{asked}”:\n{self.shows}"
                    self.shows += read.decode(errors="replace")
        except TimeoutError as silent:
            raise AssertionError(f"it does not ask for “{asked}”:\n{self.shows}") from silent
        os.write(self._keyboard, f"{said}\n".encode())

    async def ends(self) -> int:
        """How it ended; `shows` is all that was on the screen."""
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(OSError):  # how a terminal says that nobody writes to it any more
                while read := await self._screen.read(4096):
                    self.shows += read.decode(errors="replace")
            ended = await self._process.wait()
        os.close(self._keyboard)
        return ended
