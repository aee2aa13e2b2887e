"""What a driver is told once about something that happened: by mail, and in the app until he has read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver
from chargekey.ports.push import PushMessage


class NoticeKind(StrEnum):
    """What happened. The words are the pages' matter."""

    TESLA_IS_BACK = "tesla_is_back"
    SIGN_IN_ENDED = "sign_in_ended"
    CAR_GONE = "car_gone"
    CAR_LISTED = "car_listed"
    KEY_GONE = "key_gone"
    OUR_SIDE_IS_RIGHT = "our_side_is_right"
    MOBILE_ACCESS_OFF = "mobile_access_off"
    OTHER_ACCOUNT_LET_GO = "other_account_let_go"
    WAIT_IS_OVER = "wait_is_over"
    TIME_TO_TRY_AGAIN = "time_to_try_again"
    WAIT_GIVEN_UP = "wait_given_up"
    BUDGET_NEARLY_SPENT = "budget_nearly_spent"
    BUDGET_SPENT = "budget_spent"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_COPIED = "passkey_copied"


CALLS_BACK: Final = frozenset({NoticeKind.WAIT_IS_OVER, NoticeKind.TIME_TO_TRY_AGAIN, NoticeKind.WAIT_GIVEN_UP})
"""Said at the end of a wait. Once the driver is at it again, or waits anew, they are true no more."""

ABOUT_BUDGET: Final = frozenset({NoticeKind.BUDGET_NEARLY_SPENT, NoticeKind.BUDGET_SPENT})
"""Said of a month by its name, so that it stays true until it is read."""

ABOUT_SIGN_IN: Final = frozenset({NoticeKind.PASSKEY_ADDED, NoticeKind.PASSKEY_REMOVED, NoticeKind.PASSKEY_COPIED})
"""How he signs in has changed. It is mailed whoever has read what in the app meanwhile: that may be somebody else. The
app itself shows it on the account page alone, where the passkeys are."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`event` names what happened, so that nobody is told twice. `values` fill the words; never a secret.

    `sent_at` None: the mail has not left yet. `read_at` None: the app still shows it.
    """

    id: int
    driver_id: int
    kind: NoticeKind
    event: str
    values: Mapping[str, str]
    made_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


class Notices(Protocol):
    """Told once, and kept."""

    async def add(
        self, driver_id: int, kind: NoticeKind, event: str, values: Mapping[str, str], now: datetime
    ) -> Notice | None:
        """None: the driver was told of this event before."""

    async def notice(self, notice_id: int) -> Notice | None:
        """By number; None: it went with its driver."""

    async def unread(self, driver_id: int) -> Sequence[Notice]:
        """What the app still shows, oldest first."""

    async def sent(self, notice_id: int, now: datetime) -> None:
        """The mail has left."""

    async def read(self, driver_id: int, now: datetime, kind: NoticeKind | None = None) -> None:
        """He has seen all of them, or all of a kind, or what they said is true no more."""


class NoticeWording(Protocol):
    """Notices in the driver's own language."""

    def notice(self, to: Driver, notice: Notice) -> Mail:
        """The mail. It leads back to the very step he stands at."""

    def message(self, to: Driver, notice: Notice) -> PushMessage:
        """The same for the screen of a device, which others may see: no VIN, no place."""
