"""How far a car got with the config that it was told to stream by, and what to do about it next.

Rules of this room:

1. A config is asked for once, and again only when it has changed, ends soon, or is known not to be there. What was
   asked is written down before and after.
2. A car that sleeps takes it when it wakes: that is a state, and no fault.
3. A car that is heard has taken it: then nobody is asked.
4. Each wait is as long as it has stood so far, from a least to a longest one, and nothing is ever given up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.vehicle import Vin


class Stands(StrEnum):
    """How far a config got."""

    NOTHING = "nothing"
    """Nothing of ours is at Tesla: never asked for, taken back, or gone."""
    ASKED = "asked"
    """It left us, and nobody knows whether it arrived."""
    WAITS = "waits"
    """Tesla has it; the car takes it when it is next online."""
    TAKEN = "taken"
    REJECTED = "rejected"
    """The car has seen it and does not go by it."""
    NO_KEY = "no_key"
    HARDWARE = "hardware"
    FIRMWARE = "firmware"
    FULL = "full"
    """The car streams to as many apps as it can."""
    NOT_HIS = "not_his"
    """Tesla knows no such car in a driver's account (fleet-telemetry #126). It is there all the same."""
    REFUSED = "refused"
    """A clear no to what was asked, for this car as for any other."""


AT_TESLA: Final = frozenset({Stands.ASKED, Stands.WAITS, Stands.TAKEN, Stands.REJECTED, Stands.REFUSED})
"""There may be something to take back."""


@dataclass(frozen=True, slots=True)
class ToldToStream:
    """What was asked of a car, and how far that got.

    `what`: the config's name. `since`: for how long it is taken already, or is not in spite of all that was tried.
    `until`: when what Tesla has ends, None where it has nothing. `trouble`: the car's own last word against it, or
    Tesla's, as small print; "" for none.
    """

    stands: Stands
    what: str
    since: datetime
    until: datetime | None = None
    trouble: str = ""


def went(before: ToldToStream | None, now: datetime, stands: Stands, what: str) -> ToldToStream:
    """How it stands now, and since when. `until` and `trouble` are whoever's to say who asked."""
    goes_on = before is not None and before.what == what
    if before is None or not goes_on or (before.stands is Stands.TAKEN) is not (stands is Stands.TAKEN):
        return ToldToStream(stands, what, now)
    return ToldToStream(stands, what, before.since)


class Deed(StrEnum):
    """What is to be done about it."""

    TELL = "tell"
    ASK = "ask"
    """Ask Tesla how far it got, and the car what is wrong."""
    TAKE_BACK = "take_back"
    NOTE_TOO_OLD = "note_too_old"


@dataclass(frozen=True, slots=True)
class Streamer:
    """All that the next deed follows from. `wanted` None: it shall not stream, or not for this driver any more.

    `told_at`: when `told` was written. `heard_at`: its newest word that came by itself; None: never.
    """

    now: datetime
    wanted: str | None
    told: ToldToStream | None
    told_at: datetime | None
    heard_at: datetime | None
    is_online: bool
    too_old: bool


RENEWED_BEFORE: Final = timedelta(days=20)
"""That long before it ends: a car may stand in a garage without reception for as long."""
A_MINUTE: Final = timedelta(minutes=1)
AN_HOUR: Final = timedelta(hours=1)
A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=7)
_WAITS: Final[Mapping[Stands, tuple[timedelta, timedelta]]] = {
    Stands.NOTHING: (timedelta(), A_DAY),
    Stands.ASKED: (A_MINUTE, A_DAY),
    Stands.WAITS: (timedelta(minutes=5), A_DAY),
    Stands.TAKEN: (A_DAY, A_WEEK),
    Stands.REJECTED: (A_DAY, A_WEEK),
    Stands.NO_KEY: (timedelta(minutes=15), A_DAY),
    Stands.HARDWARE: (4 * A_WEEK, 4 * A_WEEK),
    Stands.FIRMWARE: (A_DAY, A_WEEK),
    Stands.FULL: (A_DAY, A_WEEK),
    Stands.NOT_HIS: (A_DAY, A_WEEK),
    Stands.REFUSED: (AN_HOUR, A_DAY),
}
"""From the least wait to the longest, each time as long as it has stood so far. Fleet status lags behind a new key by
seconds to hours."""
_ASKS_ON: Final = frozenset({Stands.ASKED, Stands.WAITS, Stands.TAKEN})


def next_deed(sees: Streamer) -> tuple[Deed | None, datetime | None]:
    """What to do now, else when to see again; (None, None): nothing, until something changes."""
    told = sees.told
    if sees.wanted is None:
        return (Deed.TAKE_BACK, None) if told and told.stands in AT_TESLA else (None, None)
    if sees.too_old:
        is_noted = told is not None and (told.stands, told.what) == (Stands.FIRMWARE, sees.wanted)
        return (None, sees.now + A_DAY) if is_noted else (Deed.NOTE_TOO_OLD, None)
    if told is None or sees.told_at is None or told.what != sees.wanted:
        return Deed.TELL, None
    if told.until is not None and told.until - RENEWED_BEFORE <= sees.now:
        return Deed.TELL, None
    due = due_at(told, sees.told_at)
    if due > sees.now:
        return None, min(due, sees.now + A_DAY)
    if told.stands not in _ASKS_ON:
        return Deed.TELL, None
    if told.stands is Stands.ASKED:
        return Deed.ASK, None
    is_heard = sees.heard_at is not None and sees.now - sees.heard_at < A_DAY
    if told.stands is Stands.TAKEN and is_heard:
        return None, sees.now + A_DAY
    return (Deed.ASK, None) if sees.is_online else (None, sees.now + AN_HOUR)


def due_at(told: ToldToStream, told_at: datetime) -> datetime:
    """When it is due to be told or asked again."""
    least, longest = _WAITS[told.stands]
    return told_at + min(max(told_at - told.since, least), longest)


# ── what Tesla answers ───────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class HowFar:
    """What Tesla says of a car's config. `has_config`: of our app. `is_full`: the car takes no further app."""

    is_synced: bool
    has_config: bool
    is_full: bool


def stands_by(how_far: HowFar) -> Stands:
    """`synced` with no config: rejected, or there is no room (fleet-telemetry #294)."""
    if how_far.has_config:
        return Stands.TAKEN if how_far.is_synced else Stands.WAITS
    if how_far.is_full:
        return Stands.FULL
    return Stands.REJECTED if how_far.is_synced else Stands.NOTHING


_FIRST: Final = (2024, 26)
_FIRST_OF_THE_OLD: Final = (2025, 20)
"""Cars without keys: an Intel Atom S or X (tesla-fleet-api §4.6)."""


def is_too_old(vin: Vin, firmware: str | None) -> bool:
    """Whether this firmware surely does not stream. One that is not told may well."""
    told = tuple(int(part) for part in (firmware or "").split(".")[:2] if part.isascii() and part.isdigit())
    return bool(told) and told < (_FIRST_OF_THE_OLD if vin.is_before_signed_commands else _FIRST)
