"""Who may do more here than drive: those whose mail addresses the operator has named.

A role is held by an address alone, and an address is proved by signing in with a mailed link. Nobody acts as
another: a role opens pages of its own and lends nobody's session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody may see beside his own car."""

    AGENT = "agent"
    """Answers drivers who write to us."""
    OPERATOR = "operator"
    """Looks after our own side."""


@dataclass(frozen=True, slots=True, repr=False)
class Staff:
    """The addresses of each role in the order in which the settings name them, in small letters."""

    agents: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()

    def holds(self, email: str, role: Role) -> bool:
        """Whether the owner of that address has the role."""
        return email.lower() in (self.agents if role is Role.AGENT else self.operators)


NOBODY: Final = Staff()


def staff(*, agents: Iterable[str], operators: Iterable[str]) -> Staff:
    return Staff(tuple(one.lower() for one in agents), tuple(one.lower() for one in operators))
