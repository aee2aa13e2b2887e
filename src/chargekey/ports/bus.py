"""Telling open pages that something about their driver has changed."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Bus(Protocol):
    """Carries only "look again": what is true stands in the store."""

    def changed(self, driver_id: int) -> None:
        """Wake every page of the driver. Never waits, never fails for want of a listener."""

    def listen(self, driver_id: int) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        """Something to iterate: one item after each change since the last; changes in between run together."""
