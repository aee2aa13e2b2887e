"""What we know of a command we sent.

Rules of this room:

1. A command is written down before it is sent.
2. It is sent again only when it certainly did not happen.
3. From UNKNOWN the only way out is to look.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Delivery(StrEnum):
    """How certain we are that the vehicle did what we asked."""

    DRAFTED = "drafted"
    ON_ITS_WAY = "on_its_way"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Happening(StrEnum):
    """What may befall a command."""

    SENT = "sent"
    CAR_AGREED = "car_agreed"
    CAR_REFUSED = "car_refused"
    NEVER_LEFT = "never_left"
    ANSWER_LOST = "answer_lost"
    SEEN_DONE = "seen_done"
    SEEN_UNDONE = "seen_undone"
    NO_LONGER_WANTED = "no_longer_wanted"


MOVES: Final[Mapping[Delivery, Mapping[Happening, Delivery]]] = {
    Delivery.DRAFTED: {
        Happening.SENT: Delivery.ON_ITS_WAY,
        Happening.NO_LONGER_WANTED: Delivery.DROPPED,
    },
    Delivery.ON_ITS_WAY: {
        Happening.CAR_AGREED: Delivery.DONE,
        Happening.CAR_REFUSED: Delivery.REFUSED,
        Happening.NEVER_LEFT: Delivery.DRAFTED,
        Happening.ANSWER_LOST: Delivery.UNKNOWN,
    },
    # No SENT here, on purpose: from UNKNOWN the only way out is to look.
    Delivery.UNKNOWN: {
        Happening.SEEN_DONE: Delivery.DONE,
        Happening.SEEN_UNDONE: Delivery.DRAFTED,
    },
    Delivery.DONE: {},
    Delivery.REFUSED: {},
    Delivery.DROPPED: {},
}
OPEN: Final = frozenset(state for state, ways_out in MOVES.items() if ways_out)
"""States that ask for something: a send, an answer or a look."""


class ImpossibleMove(Exception):
    """A happening that the table does not allow in that state: a bug of ours, never shrugged off."""


def after(delivery: Delivery, happening: Happening) -> Delivery:
    """The next state by the table. Raises `ImpossibleMove` where the table has no entry."""
    try:
        return MOVES[delivery][happening]
    except KeyError as missing:
        raise ImpossibleMove(f"{delivery} cannot be followed by {happening}") from missing
