"""The log of observations: appended, never changed; erased only when the driver leaves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chargekey.domain.evidence import Fact, Observation, Seen, Subject


class EvidenceLog(Protocol):
    """What was seen, of whom, when, and who said it."""

    async def append(self, observations: Iterable[Observation]) -> None:
        """Write them down, in their order."""

    async def seen(self, subject: Subject) -> Seen:
        """The view that all observations of one subject fold into."""

    async def seen_of_each(self, subjects: Sequence[Subject]) -> Mapping[Subject, Seen]:
        """The same for several at once; a subject never seen has an empty view."""

    async def of_all(self, kind: type[Fact], moment: datetime) -> Sequence[Observation]:
        """All of one kind from `moment` on, whomever they are about, oldest first."""

    async def newest(self, kind: type[Fact], limit: int) -> Sequence[Observation]:
        """The latest of one kind, whomever they are about, newest first."""

    async def latest(self, subjects: Sequence[Subject], limit: int) -> Sequence[Observation]:
        """The latest of all kinds about any of the subjects, newest first."""

    async def since(
        self, subject: Subject, kind: type[Fact], moment: datetime, until: datetime | None = None
    ) -> Sequence[Observation]:
        """All of one kind from `moment` on, oldest first, and the last one before it, if any, in front.

        `until`: nothing later than that.
        """
