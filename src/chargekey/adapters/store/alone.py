"""Whether this is the only process, of all or of those of one kind, of a home whose database is a file.

A lock of the operating system beside the data, let go by the kernel however the process ends. A process that is only
stopped still holds it, so nobody takes it for dead.
"""

import fcntl
from pathlib import Path
from typing import IO


class HomeTaken(Exception):
    """Another command has this home for itself just now; nothing was changed."""


class Alone:
    """`file` need not be there yet; nothing is written to it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: IO[bytes] | None = None

    def is_so(self) -> bool:
        """From now on nobody else is, until `let_go` or our end; False where another is already."""
        return self._locks(fcntl.LOCK_EX)

    def is_one_of_many(self) -> bool:
        """From now on nobody is alone, we neither, until `let_go` or our end; False while another is.

        Many can be: without this, who comes after the first of two has ended would take the second for dead.
        """
        return self._locks(fcntl.LOCK_SH)

    def _locks(self, how: int) -> bool:
        """A lock that is held already is changed into this one."""
        opened = self._held or self._file.open("ab")
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except BlockingIOError:
            opened.close()
            self._held = None
            return False
        self._held = opened
        return True

    def let_go(self) -> None:
        """Another may be alone now."""
        if self._held:
            self._held.close()
            self._held = None
