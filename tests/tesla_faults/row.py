"""What a row of Tesla's errors is: what Tesla does, what that becomes, what people see of it, and which story shows it.

The rows themselves are in `rows`; `tests/tesla_faults/test_on_the_wire.py` plays each, and
docs/reference/tesla-faults.md is written off them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chargekey.ports.faults import Fault
from tesla_simulator.faults import Fault as Trouble
from tesla_simulator.faults import Kind

ALWAYS: Final = 99
"""So often a trouble is met that no second try comes past it."""


class Ask(StrEnum):
    """What is asked of Tesla, by our own adapters."""

    LIST = "the list of cars"
    DATA = "a look at a car"
    SIGNED = "a signed command"
    PLAIN = "a plain command"
    RENEWAL = "a new token"
    CODE = "a code's tokens"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of it. `story` is the test that shows it: a path below tests/ and the test's name."""

    driver: str
    operator: str
    story: str


@dataclass(frozen=True, slots=True)
class Row:
    """`trouble` as the simulator brings it about; `becomes` by what is asked, None where it is mended unseen."""

    name: str
    section: str
    trouble: Trouble
    becomes: dict[Ask, type[Fault] | None]
    outcome: Outcome

    @property
    def tells(self) -> str:
        """What the wire shows, in a word or two."""
        if self.trouble.kind is Kind.ANSWERS:
            return str(self.trouble.status)
        return self.trouble.kind.value.replace("_", " ")


def answers(status: int, error: str = "", *, times: int = ALWAYS, **headers: str) -> Trouble:
    """Tesla's envelope with this error word."""
    body: dict[str, object] = {"response": None, "error": error, "error_description": ""}
    return says(status, body, times=times, **headers)


def says(status: int, body: dict[str, object] | str, *, times: int = ALWAYS, **headers: str) -> Trouble:
    """Any body at all; `retry_after` becomes Retry-After."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Trouble(Kind.ANSWERS, status=status, body=body, headers=told, count=times)
