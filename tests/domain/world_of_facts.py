"""Worlds in which something is wrong, told in facts of the account, the car, the phone, the operator and Tesla.

Rules of this room:

1. No fact is a cause. What the Tesla app shows, what a remedy changes, and which causes are true follow from the facts
   by the three tables here, and from nothing in the catalogue.
2. The app's rules are those of the simulator's phones and pairing, said once more: an exam is not written by its pupil.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, Final

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.findings import Device, KeyFile, Registered
from chargekey.domain.vehicle import Access, Reach


class InApp(Enum):
    """Who is signed in to the Tesla app."""

    THE_SAME = auto()
    ANOTHER = auto()
    NOBODY = auto()


class PhoneKey(Enum):
    """Whether the phone opens the car."""

    WORKS = auto()
    NONE = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class World:
    """Facts, each well unless told otherwise. `lasts`: nobody mends in time what is neither the driver's nor ours.

    `lists_key`: what Tesla's lists say of our key; None: the car is in neither. `answers_app`: the car answers when
    the app asks it, whatever Tesla's list says. `is_dozing`: only somebody at the car wakes it.
    """

    access: Access = Access.OWNER
    whose: Answer = Answer.MINE
    owner_agrees: bool = True
    owner_was_asked: bool = False
    card_at_hand: bool = True
    is_main_account: bool = True
    is_locked: bool = False
    shares_data: bool = True
    second_factor_fails: bool = False
    has_consent_for_keys: bool = True

    reach: Reach = Reach.ONLINE
    is_dozing: bool = False
    answers_app: bool = True
    in_service: bool = False
    mobile_access: bool = True
    keys_on_car: int = 4
    takes_keys: int = 20
    needs_no_key: bool = False
    is_in_special_mode: bool = False
    is_busy: bool = False
    has_our_key: bool = False
    lists_key: bool | None = False
    has_sister: bool = False
    sister_has_key: bool = False

    reads_on: Device = Device.PHONE
    hands_links_over: bool = True
    has_app: bool = True
    in_app: InApp = InApp.THE_SAME
    app_is_old: bool = False
    app_is_stuck: bool = False
    app_shows_sister: bool = False
    phone_key: PhoneKey = PhoneKey.WORKS
    presses_beside: bool = False
    sits_inside: bool = False

    key_file: KeyFile = KeyFile.RIGHT
    registered: Registered = Registered.RIGHT
    tesla_fails: bool = False
    tesla_rejects: bool = False
    others_rejected: tuple[int, int] = (0, 0)
    lasts: bool = False


# ── what the Tesla app shows ─────────────────────────────────────────


def opens_link(world: World) -> tuple[Answer, World]:
    """What the driver would say that it showed, and the world after it."""
    shown = _before_the_prompt(world) or _after_allow(world)
    once = replace(world, presses_beside=False, is_busy=False)
    if shown is not Answer.ALLOWED:
        return shown, once
    if world.app_shows_sister:
        return shown, replace(once, sister_has_key=True)
    return shown, replace(once, has_our_key=True)


def _before_the_prompt(world: World) -> Answer | None:
    """None: the prompt comes."""
    if world.reads_on is Device.COMPUTER or not world.hands_links_over or not world.has_app:
        return Answer.DID_NOT_OPEN
    if world.in_app is InApp.NOBODY:
        return Answer.DID_NOT_OPEN
    if world.app_is_stuck:
        return Answer.NOTHING_ASKED
    if world.tesla_fails or world.is_locked:
        return Answer.UNABLE_TO_SHARE
    if world.key_file is not KeyFile.RIGHT or world.registered is not Registered.RIGHT:
        return Answer.NOT_REGISTERED
    if world.in_app is InApp.ANOTHER or not world.has_consent_for_keys:
        return Answer.UNABLE_TO_SHARE
    if world.needs_no_key:
        return Answer.NO_KEY_NEEDED
    if world.has_our_key and not world.app_shows_sister:
        return Answer.ALLOWED
    if world.reach is Reach.OFFLINE:
        return Answer.NOT_REACHED
    return Answer.LIST_FULL if world.keys_on_car >= world.takes_keys else None


def _after_allow(world: World) -> Answer:
    if world.presses_beside:
        return Answer.DECLINED
    if world.app_is_old:
        return Answer.NOTHING_ASKED
    if world.tesla_rejects or not world.is_main_account:
        return Answer.TOKEN_REJECTED
    if world.second_factor_fails:
        return Answer.SECOND_FACTOR
    if world.access is not Access.OWNER and not world.sits_inside:
        return Answer.NOT_AUTHORIZED
    if world.is_dozing or world.in_service or world.is_busy or not (world.mobile_access and world.answers_app):
        return Answer.NOT_REACHED
    if world.access is not Access.OWNER:
        return Answer.ALLOWED if world.card_at_hand else Answer.KEY_CARD
    if world.is_in_special_mode or world.phone_key is not PhoneKey.WORKS:
        return Answer.UNABLE_TO_SHARE
    return Answer.ALLOWED


def says(world: World, question: Question, shown: Answer) -> Answer:
    """The true answer of a driver who knows it."""
    return {
        Question.APP_SHOWED: shown,
        Question.PHONE_OPENS_CAR: {
            PhoneKey.WORKS: Answer.YES,
            PhoneKey.NONE: Answer.NO,
            PhoneKey.BROKEN: Answer.SOMETIMES,
        }[PhoneKey.NONE if world.in_app is InApp.NOBODY else world.phone_key],
        Question.SAME_ACCOUNT: Answer.YES if world.in_app is InApp.THE_SAME else Answer.NO,
        Question.WHOSE_CAR: world.whose,
        Question.NAME_IN_LOCKS: Answer.YES if world.has_our_key else Answer.NO,
    }.get(question, Answer.DONT_KNOW)


# ── what a remedy changes ────────────────────────────────────────────


def does(world: World, remedy: Remedy) -> World:
    """What comes of it when the driver does it; a remedy of somebody else's changes nothing at once."""
    if remedy in (Remedy.ASK_THE_OWNER, Remedy.WRITE_TO_LESSOR):
        return owner_tries(replace(world, owner_was_asked=True))
    if remedy in (Remedy.SET_UP_PHONE_KEY, Remedy.RENEW_PHONE_KEY) and world.phone_key is PhoneKey.BROKEN:
        return replace(world, phone_key=PhoneKey.WORKS if remedy is Remedy.RENEW_PHONE_KEY else PhoneKey.BROKEN)
    if remedy is Remedy.SIGN_IN_TO_THE_APP and not world.has_app:
        return world
    return replace(world, **CHANGES.get(remedy, {}))


def owner_tries(world: World) -> World:
    """His page waits for him for days, so that he tries again when something changed, on a phone that is well.

    The car, Tesla and our side are the same for him.
    """
    his = World(
        reach=world.reach,
        is_dozing=world.is_dozing,
        in_service=world.in_service,
        mobile_access=world.mobile_access,
        keys_on_car=world.keys_on_car,
        takes_keys=world.takes_keys,
        key_file=world.key_file,
        registered=world.registered,
        tesla_fails=world.tesla_fails,
        tesla_rejects=world.tesla_rejects,
    )
    gets_through = world.owner_was_asked and world.owner_agrees and opens_link(his)[0] is Answer.ALLOWED
    return replace(world, has_our_key=world.has_our_key or gets_through)


CHANGES: Final[Mapping[Remedy, Mapping[str, Any]]] = {
    Remedy.CLOSE_THE_APP: {"app_is_stuck": False},
    Remedy.OPEN_IN_BROWSER: {"hands_links_over": True, "reads_on": Device.PHONE},
    Remedy.SCAN_THE_CODE: {"reads_on": Device.PHONE},
    Remedy.SWIPE_TO_THE_CAR: {"app_shows_sister": False},
    Remedy.SIGN_IN_TO_THE_APP: {"in_app": InApp.THE_SAME},
    Remedy.SWITCH_APP_ACCOUNT: {"in_app": InApp.THE_SAME},
    Remedy.INSTALL_THE_APP: {"has_app": True, "app_is_old": False, "app_is_stuck": False, "in_app": InApp.THE_SAME},
    Remedy.UPDATE_THE_APP: {"app_is_old": False, "app_is_stuck": False},
    Remedy.CONFIRM_SECOND_FACTOR: {"second_factor_fails": False},
    Remedy.START_CONSENT_AGAIN: {"has_consent_for_keys": True},
    Remedy.CHANGE_DATA_SHARING: {"shares_data": True},
    Remedy.WAKE_THE_CAR: {"is_dozing": False, "answers_app": True, "is_busy": False},
    Remedy.GIVE_IT_WIFI: {"reach": Reach.ONLINE},
    Remedy.MOVE_THE_CAR: {"reach": Reach.ONLINE},
    Remedy.RESTART_THE_SCREEN: {"reach": Reach.ONLINE, "answers_app": True},
    Remedy.ALLOW_MOBILE_ACCESS: {"mobile_access": True},
    Remedy.LEAVE_SPECIAL_MODE: {"is_in_special_mode": False},
    Remedy.DELETE_OLD_KEYS: {"keys_on_car": 6},
    Remedy.SET_UP_PHONE_KEY: {"phone_key": PhoneKey.WORKS},
    Remedy.RENEW_PHONE_KEY: {"phone_key": PhoneKey.WORKS},
    Remedy.HOLD_KEY_CARD: {"sits_inside": True, "is_dozing": False},
}
OTHERS_MEND: Final[Mapping[str, Any]] = {
    "is_locked": False,
    "in_service": False,
    "key_file": KeyFile.RIGHT,
    "registered": Registered.RIGHT,
    "tesla_fails": False,
    "tesla_rejects": False,
    "is_busy": False,
}
"""What Tesla, the workshop and our operator do in their own time, unless it lasts."""


def others_mend(world: World) -> World:
    mended = world if world.lasts else replace(world, **OTHERS_MEND)
    tried = owner_tries(mended)
    return replace(tried, lists_key=tried.has_our_key)


# ── which causes are true ────────────────────────────────────────────

TRUE_WHEN: Final[tuple[tuple[str, Callable[[World], bool]], ...]] = (
    ("A6", lambda world: world.in_app is InApp.ANOTHER),
    ("A7", lambda world: not world.has_consent_for_keys),
    ("A11", lambda world: world.is_locked),
    ("A14", lambda world: not world.shares_data),
    ("B1", lambda world: world.access is Access.DRIVER),
    ("B2", lambda world: world.access is Access.DRIVER and world.whose is Answer.LEASED),
    ("B5", lambda world: world.access is Access.UNKNOWN),
    ("C1", lambda world: world.reads_on is Device.COMPUTER),
    ("C2", lambda world: not world.has_app or world.in_app is InApp.NOBODY),
    ("C3", lambda world: world.app_is_old),
    ("C4", lambda world: not world.hands_links_over),
    ("C5", lambda world: world.app_is_stuck),
    ("C6", lambda world: world.key_file is not KeyFile.RIGHT),
    ("C7", lambda world: world.app_shows_sister),
    ("C8", lambda world: world.phone_key is PhoneKey.NONE),
    ("C9", lambda world: world.phone_key is PhoneKey.BROKEN),
    ("C10", lambda world: world.is_dozing or not world.answers_app),
    ("C11", lambda world: world.presses_beside),
    ("C15", lambda world: world.sits_inside and not world.card_at_hand),
    ("D1", lambda world: world.is_dozing),
    ("D2", lambda world: world.reach is Reach.OFFLINE),
    ("D3", lambda world: world.is_busy),
    ("D4", lambda world: world.in_service),
    ("D5", lambda world: not world.mobile_access),
    ("D6", lambda world: world.is_in_special_mode),
    ("D8", lambda world: world.needs_no_key),
    ("E1", lambda world: world.keys_on_car >= world.takes_keys),
    ("F1", lambda world: world.key_file not in (KeyFile.RIGHT, KeyFile.ANOTHER_KEY)),
    ("F2", lambda world: KeyFile.ANOTHER_KEY is world.key_file or world.registered is Registered.ANOTHER_KEY),
    ("F3", lambda world: world.registered is Registered.NOTHING),
    ("H1", lambda world: world.tesla_fails),
    ("H5", lambda world: world.has_our_key and not world.lists_key),
    ("J2", lambda world: world.lists_key is None and not world.needs_no_key),
    ("J7", lambda world: world.second_factor_fails),
    ("J8", lambda world: world.tesla_rejects),
    ("J9", lambda world: not world.is_main_account),
)


def truth(world: World) -> frozenset[str]:
    return frozenset(cause for cause, is_true in TRUE_WHEN if is_true(world))
