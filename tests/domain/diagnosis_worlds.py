"""How good the diagnosis is, measured in many worlds. `python -m tests.domain.diagnosis_worlds` prints the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from chargekey.domain.causes.questions import Answer
from chargekey.domain.findings import Device, KeyFile, Registered
from chargekey.domain.vehicle import Access, Reach
from tests.domain.led_by_diagnosis import Diary, Driver, End
from tests.domain.world_of_facts import InApp, PhoneKey, World

SEED: Final = 20261123
TIMES: Final = 12
"""Each fact is met so often: another log from before, other answers not known, other looks that fail."""
PAIRS: Final = 240

MENDABLE: Final[Mapping[str, Mapping[str, Any]]] = {
    "the app hangs": {"app_is_stuck": True},
    "the app is old": {"app_is_old": True},
    "a browser inside another app": {"hands_links_over": False, "reads_on": Device.IN_APP_BROWSER},
    "a browser that keeps links": {"hands_links_over": False},
    "read on a computer": {"reads_on": Device.COMPUTER},
    "no app": {"has_app": False, "in_app": InApp.NOBODY},
    "nobody signed in to the app": {"in_app": InApp.NOBODY},
    "another account in the app": {"in_app": InApp.ANOTHER},
    "the phone is no key": {"phone_key": PhoneKey.NONE},
    "the phone key is broken": {"phone_key": PhoneKey.BROKEN},
    "pressed beside Allow": {"presses_beside": True},
    "the app shows the other car": {"has_sister": True, "app_shows_sister": True},
    "a second factor": {"second_factor_fails": True},
    "a deep sleep": {"is_dozing": True},
    "the car does not answer the app": {"answers_app": False},
    "the car is busy": {"is_busy": True},
    "no reception": {"reach": Reach.OFFLINE},
    "mobile access is off": {"mobile_access": False},
    "a special mode": {"is_in_special_mode": True},
    "twenty keys": {"keys_on_car": 20},
    "nineteen keys and room for no more": {"keys_on_car": 19, "takes_keys": 19},
    "a driver's account": {"access": Access.DRIVER, "whose": Answer.SOMEBODYS},
    "a leased car": {"access": Access.DRIVER, "whose": Answer.LEASED},
    "an account of an unknown kind": {"access": Access.UNKNOWN, "whose": Answer.SOMEBODYS},
    "in the workshop": {"in_service": True},
    "the account is locked": {"is_locked": True},
    "our key file is gone": {"key_file": KeyFile.MISSING},
    "our key file is another key": {"key_file": KeyFile.ANOTHER_KEY},
    "our site is down": {"key_file": KeyFile.UNREACHABLE},
    "we are not registered": {"registered": Registered.NOTHING},
    "another key is registered": {"registered": Registered.ANOTHER_KEY},
    "Tesla fails": {"tesla_fails": True},
    "Tesla rejects all tokens": {"tesla_rejects": True, "others_rejected": (6, 8)},
    "Tesla rejects mine": {"tesla_rejects": True},
    "not the main account": {"is_main_account": False, "whose": Answer.SOMEBODYS},
    "a car without keys": {"needs_no_key": True},
    "the car is in neither list": {"lists_key": None},
    "nothing wrong": {},
    "no consent for keys": {"has_consent_for_keys": False},
}
"""By the words somebody standing by would use."""
LASTING: Final[Mapping[str, Mapping[str, Any]]] = {
    "the owner says no": {"access": Access.DRIVER, "whose": Answer.SOMEBODYS, "owner_agrees": False},
    "locked for good": {"is_locked": True, "lasts": True},
    "weeks in the workshop": {"in_service": True, "lasts": True},
    "our operator is away": {"key_file": KeyFile.MISSING, "lasts": True},
    "Tesla fails for days": {"tesla_fails": True, "lasts": True},
}
APART: Final = frozenset({"nothing wrong", "a car without keys"})
"""No pairs with these: they leave nothing to be paired with."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One world and what came of it."""

    name: str
    world: World
    diary: Diary


def alone(facts: Mapping[str, Mapping[str, Any]], times: int = TIMES) -> Iterator[Measured]:
    for name, told in facts.items():
        for number in range(times):
            world = World(**told)
            yield Measured(name, world, Driver(world, Random(f"{name} {number}")).goes_to_the_end())


def in_pairs(count: int = PAIRS) -> Iterator[Measured]:
    """Two things at once, drawn; two that say different things of one fact are no pair."""
    dice = Random(SEED)
    names = [name for name in MENDABLE if name not in APART]
    while count:
        first, second = dice.sample(names, 2)
        if set(MENDABLE[first]) & set(MENDABLE[second]):
            continue
        world = replace(World(**MENDABLE[first]), **MENDABLE[second])
        yield Measured(f"{first} and {second}", world, Driver(world, Random(dice.random())).goes_to_the_end())
        count -= 1


def row(name: str, measured: Sequence[Measured]) -> str:
    """Shares in percent; questions and steps on the average."""
    count = len(measured)
    told = [one for one in measured if one.diary.first_said]

    def percent(hits: int, of: int) -> str:
        return f"{100 * hits // of:4}%" if of else "    -"

    return " ".join(
        (
            f"{name:38}",
            percent(sum(one.diary.first_is_right for one in told), len(told)),
            percent(sum(one.diary.in_three for one in told), len(told)),
            f"{sum(one.diary.questions for one in measured) / count:5.1f}",
            f"{sum(one.diary.steps for one in measured) / count:5.1f}",
            percent(sum(one.diary.end is End.CURED for one in measured), count),
            percent(sum(one.diary.end in (End.ENDED, End.NAMED) for one in measured), count),
            percent(sum(one.diary.end is End.WITH_US for one in measured), count),
            percent(sum(one.diary.end is End.LOST for one in measured), count),
        )
    )


def table() -> str:
    singles, lasting, pairs = list(alone(MENDABLE)), list(alone(LASTING)), list(in_pairs())
    head = f"{'':38} first three   asks steps cured  said w.us  lost"
    rows = [row(name, [one for one in (*singles, *lasting) if one.name == name]) for name in (*MENDABLE, *LASTING)]
    sums = [row("all alone", singles), row("what lasts", lasting), row("two at once", pairs)]
    return "\n".join((head, *rows, "", *sums))


if __name__ == "__main__":
    print(table())
