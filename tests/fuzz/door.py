"""A door is a place where something from outside comes in; the rule of each is that nothing of ours breaks there.

What may come out: an answer, or a Fault. What they carry can be kept in either database, and names no car.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import Fault
from tests.adapters.tesla_side import VIN
from tests.fuzz.dice import Dice

LARGEST: Final = 2**31 - 1
"""What an INTEGER column of PostgreSQL holds."""
LONGEST: Final = 20_000


class Broke(AssertionError):
    """A door let through what it must not."""


@dataclass(frozen=True)
class Door:
    """`share`: how often it is taken beside the others. `makes` a case; `plays` it, and raises what broke."""

    name: str
    share: int
    makes: Callable[[Dice], Any]
    plays: Callable[[Any], Awaitable[None]]


async def only_faults(asked: Awaitable[object]) -> None:
    """An answer that can be kept, or a Fault that can be told."""
    try:
        answer = await asked
    except Fault as fault:
        must_be_tellable(fault)
    else:
        must_be_keepable(answer)


def must_be_tellable(fault: Fault) -> None:
    """In a log or in the small print."""
    must_be_keepable([fault.detail, fault.request_id])
    if VIN.whole in f"{fault} {fault!r} {fault.request_id}":
        raise Broke(f"a {type(fault).__name__} names a car")


def must_be_keepable(answer: object) -> None:
    """By both databases: text without nought, in UTF-8, of bearable length; numbers that fit, and are numbers."""
    for leaf in _leaves(answer):
        if isinstance(leaf, str):
            if "\x00" in leaf or len(leaf) > LONGEST:
                raise Broke(f"no database keeps {leaf[:80]!r}")
            leaf.encode()
        elif isinstance(leaf, int | float) and not -LARGEST <= leaf <= LARGEST:  # which no NaN is
            raise Broke(f"no column holds {leaf!r}"[:120])


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Secret):
        yield value.reveal()
    elif isinstance(value, Vin):
        yield value.whole
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _leaves(getattr(value, one.name))
    elif isinstance(value, dict):
        yield from _leaves([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _leaves(each)
    else:
        yield value
