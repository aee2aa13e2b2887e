"""All that the product wrote while the tests ran, and a search in it for what must never stand there.

Rules of this room:

1. Log lines come here through the product's own set-up, mask and all: what is searched is what an operator would read.
2. A program of ours that a test starts writes into a file from `a_log`, and its arguments are read too.
3. Each worker of xdist searches its own. What it finds is an error of its last test.
4. Only where something stands is shown, never what: the report of a test run is read by many.
"""

import atexit
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

PRIVATE: Final = {
    "a whole VIN": re.compile(r"(?<![A-Za-z0-9])(?:5YJ|7SA|7G2|LRW|XP7|SFZ)[A-HJ-NPR-Z0-9]{14}(?![A-Za-z0-9])"),
    "a mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "an access token": re.compile(r"eyJ[\w-]{5,}"),
    "a refresh token or a code": re.compile(r"\b(?:NA|EU|CN)_[\w-]{12,}"),
    # After a digit and a colon they are the seconds of a clock.
    "a place": re.compile(r"\b(?<!\d:)(?:52\.0907|5\.1214|51\.92\d\d|4\.47\d\d)\d*"),
    "a key": re.compile(r"BEGIN (?:EC |RSA )?PRIVATE KEY"),
    "a secret of the settings": re.compile(r"demo-secret|hunter2-of-the-app"),
    "a token of 256 bits": re.compile(r"(?<![\w/+=-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{43}(?![\w/+=-])"),
}
"""What is private by its shape: sessions, links and forms are opened by 43 letters, cars are made in seven places."""

HIS_OWN: Final = ("a mail address", "a token of 256 bits")
"""What a page may show to the one who is signed in there: as whom, and the token of its forms."""


@dataclass(frozen=True)
class Found:
    """Something private, and where."""

    what: str
    where: str


@dataclass
class Overheard:
    """What was written: our own log, the logs of programs that were started, and their arguments."""

    folder: Path
    arguments: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / "our-own.jsonl"

    def lines(self) -> list[str]:
        """Our own log so far."""
        return self.log.read_text(encoding="utf-8").split("\n")[:-1] if self.log.exists() else []

    def a_log(self) -> Path:
        """A file for a program that a test starts."""
        return self.folder / f"program-{len(list(self.folder.iterdir()))}.log"

    def program(self, pid: int) -> None:
        """What anybody on the machine reads of that program, by `ps`."""
        shown = Path(f"/proc/{pid}/cmdline")
        if shown.exists():
            self.arguments.append(shown.read_bytes().replace(b"\0", b" ").decode(errors="replace"))

    def found(self) -> Iterator[Found]:
        """Everything private in all of it."""
        for path in sorted(self.folder.iterdir()):
            with path.open(encoding="utf-8", errors="replace") as written:
                yield from self._found(written, path.name)
        yield from self._found(self.arguments, "the arguments of a program")
        yield from (one for one in self._found(self.pages, "an error page") if one.what not in HIS_OWN)

    def _found(self, texts: Iterable[str], where: str) -> Iterator[Found]:
        for number, text in enumerate(texts, start=1):
            for what in private_in(text):
                yield Found(what, f"{where}:{number}: {_shown(text)}")


def private_in(text: str) -> Iterator[str]:
    """What kinds of private things stand in a text."""
    yield from (what for what, pattern in PRIVATE.items() if pattern.search(text))


def _shown(text: str) -> str:
    """Enough to find it by, without what was found."""
    for pattern in PRIVATE.values():
        text = pattern.sub("█", text)
    return text[:300].strip()


class Tee(io.TextIOBase):
    """Writes into the file and, for whoever reads a failed test, to standard error as it is just then."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        self._file.write(text)
        sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        self._file.flush()


def _a_folder() -> Path:
    """Gone when the process that made it ends, whether it ran tests, handed them out or stopped before the first one.

    A worker has searched it by then. Whoever is forked from that process and ends earlier leaves it alone.
    """
    made, maker = Path(tempfile.mkdtemp(prefix="chargekey-overheard-")), os.getpid()

    def ends() -> None:
        if os.getpid() == maker:
            shutil.rmtree(made, ignore_errors=True)

    atexit.register(ends)
    return made


OVERHEARD: Final = Overheard(_a_folder())
"""Of this process. One for all tests: what is logged is logged once for all of it."""
