"""A page for the owner of a car that somebody else drives: how long it is good for, and how it stands.

Rules of this room:

1. It is good for one thing: to let whoever reads it answer one request, about the cars that it lists. It opens no
   account and shows nothing else.
2. It is answered once. A yes belongs to the browser that gave it; a no is final.
3. Nothing is allowed in advance: before the yes there is no link to Tesla on it, and after the yes Tesla still asks,
   twice: on its own page whether our name may know of the car, and in its app whether the car takes our key. The
   app refuses a key for a name that its own account has not allowed (tesla-fleet-api §7, prerequisite 2).
4. What the one who asked may know is in `state` and the reason of a no: not who answered, nor whether he said yes
   before the key arrived.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.causes.case import HandOff
from chargekey.domain.evidence import ChoseVehicle, KeyStatus, Listed, Seen
from chargekey.domain.findings import MobileAccess, StaysReadOnly
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed, Vin

VALID_FOR: Final = timedelta(hours=72)
"""Long enough for a weekend, short enough that a forwarded link does not lie about (RFC 10027 asks for short)."""
MADE_A_DAY: Final = 5
"""Pages that one driver may make in a day: each is a link, and may be a mail of ours to a stranger."""
MOST_CARS: Final = 50
LONGEST_NAME: Final = 60
LONGEST_WORDS: Final = 300
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’\-])*")


class Reason(StrEnum):
    """Why the owner says no, in the order of his page."""

    NOT_EXPECTED = "not_expected"
    NOT_MY_CAR = "not_my_car"
    NOT_NOW = "not_now"
    DO_NOT_WANT = "do_not_want"
    OTHER = "other"


class NameUnreadable(ValueError):
    """This cannot stand on the owner's page as a name: empty, too long, or with more in it than letters."""


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to a page for the owner, and when. None: it did not."""

    made_at: datetime
    ends_at: datetime
    opened_at: datetime | None = None
    agreed_at: datetime | None = None
    consented_at: datetime | None = None
    declined_at: datetime | None = None
    revoked_at: datetime | None = None
    done_at: datetime | None = None


def state(course: Course, now: datetime) -> HandOff:
    """What the one who asked sees. The last four are final."""
    if course.done_at:
        return HandOff.DONE
    if course.revoked_at:
        return HandOff.REVOKED
    if course.declined_at:
        return HandOff.DECLINED
    if now >= course.ends_at:
        return HandOff.RUN_OUT
    return HandOff.OPENED if course.opened_at else HandOff.WAITING


def changed_at(course: Course, now: datetime) -> datetime:
    """Since when it stands so."""
    return {
        HandOff.DONE: course.done_at,
        HandOff.REVOKED: course.revoked_at,
        HandOff.DECLINED: course.declined_at,
        HandOff.RUN_OUT: course.ends_at,
        HandOff.OPENED: course.opened_at,
    }.get(state(course, now)) or course.made_at


def is_open(course: Course, now: datetime) -> bool:
    """Whether anything can still come of it."""
    return state(course, now) in (HandOff.WAITING, HandOff.OPENED)


def waits_for_key(course: Course, now: datetime) -> bool:
    """The owner said yes, so the key may arrive any moment: worth looking for."""
    return is_open(course, now) and course.agreed_at is not None


class Stop(StrEnum):
    """Why Tesla's link is not offered for a car: it would fail, and the owner would not learn why."""

    KEY_LIST_FULL = "key_list_full"
    MOBILE_ACCESS_OFF = "mobile_access_off"
    IN_SERVICE = "in_service"


MOST_KEYS: Final = 20
"""A Tesla takes no more; sources say 19 or 20, so only 20 is called full (connect-and-pair 2.4)."""


def stops_link(seen: Seen) -> Stop | None:
    """What keeps the owner's link from working, by the latest of what was seen; None where nothing is known to.

    Only of the car: what a diagnosis holds against a driver's own account does not hold against its owner.
    """
    status, listed, access = seen.fact(KeyStatus), seen.fact(Listed), seen.fact(MobileAccess)
    if status and not status.paired and status.keys_on_car is not None and status.keys_on_car >= MOST_KEYS:
        return Stop.KEY_LIST_FULL
    if access and not access.allowed and not seen.is_later(Listed, than=MobileAccess):
        return Stop.MOBILE_ACCESS_OFF
    if listed and listed.mobile_access_off:
        return Stop.MOBILE_ACCESS_OFF
    return Stop.IN_SERVICE if listed and listed.in_service else None


def has_key(vin: Vin, seen: Seen) -> bool:
    """Whether nothing is left for the owner to do about this car."""
    return need_of_key(vin, seen) in (KeyNeed.ON_THE_CAR, KeyNeed.NOT_NEEDED)


def stays_read_only(driver: Seen, vehicle_id: int) -> bool:
    """Whether the driver gave up asking about this car, and has not chosen it anew since."""
    stays = driver.fact(StaysReadOnly)
    return stays is not None and stays.vehicle_id == vehicle_id and driver.is_later(StaysReadOnly, than=ChoseVehicle)


def readable_name(typed: str) -> str:
    """The name as it will stand on the owner's page and in our mail. Raises `NameUnreadable`.

    Letters and what joins them, and nothing that could pass for an address or a number to call: a stranger reads it.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name) or ".." in name or re.search(r"\.\w", name):
        raise NameUnreadable("a name has letters, spaces, dots and dashes only")
    return name


def readable_words(typed: str) -> str:
    """What the owner wrote beside his no, on one line and cut to length. Control characters go."""
    plain = "".join(" " if unicodedata.category(one).startswith("C") else one for one in typed)
    return " ".join(plain.split())[:LONGEST_WORDS].rstrip()
