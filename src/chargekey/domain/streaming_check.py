"""Which cars stream as they were told, and which do not and why: lines of the operator's check.

What is the operator's to mend is wrong. A car that cannot stream is asked what it does, and that is not wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chargekey.domain.operator_check import Check, Line, State
from chargekey.domain.told_to_stream import Stands, ToldToStream


@dataclass(frozen=True, slots=True)
class StreamingLine(Line):
    """`which`: the cars that it is about, by their last four, "" for none; `trouble`: small print."""

    which: str = ""
    trouble: str = ""

    @property
    def name(self) -> str:
        """Each way in which cars stand has a line of its own."""
        return f"{self.check.value}.{self.saw}"


STREAMING: Final[Mapping[Stands, tuple[State, str]]] = {
    Stands.TAKEN: (State.RIGHT, "taken"),
    Stands.WAITS: (State.UNKNOWN, "waits"),
    Stands.ASKED: (State.UNKNOWN, "waits"),
    Stands.NOTHING: (State.UNKNOWN, "nothing"),
    Stands.REJECTED: (State.WRONG, "rejected"),
    Stands.REFUSED: (State.WRONG, "refused"),
    Stands.NO_KEY: (State.NOT_USED, "no_key"),
    Stands.HARDWARE: (State.NOT_USED, "hardware"),
    Stands.FIRMWARE: (State.NOT_USED, "firmware"),
    Stands.FULL: (State.NOT_USED, "full"),
    Stands.NOT_HIS: (State.NOT_USED, "not_his"),
}
IN_TROUBLE: Final = (State.WRONG, "in_trouble")
NAMED: Final = 5
"""So many cars of a line by their last four."""


def streaming_lines(all_told: Sequence[tuple[str, ToldToStream]]) -> Sequence[StreamingLine]:
    """`all_told`: each car that was told, by its last four, and how far that got. The cars that stream come first."""
    groups: dict[tuple[State, str], list[tuple[str, ToldToStream]]] = {}
    for car, told in all_told:
        in_trouble = told.stands is Stands.TAKEN and told.trouble
        groups.setdefault(IN_TROUBLE if in_trouble else STREAMING[told.stands], []).append((car, told))
    order = [*dict.fromkeys(STREAMING.values()), IN_TROUBLE]
    return [_line(group, groups[group]) for group in order if group in groups] or [
        StreamingLine(Check.STREAMING, State.UNKNOWN, "nobody_yet", None)
    ]


def _line(group: tuple[State, str], cars: Sequence[tuple[str, ToldToStream]]) -> StreamingLine:
    state, saw = group
    more = "…" if len(cars) > NAMED else ""
    which = ", ".join(car for car, _ in cars[:NAMED]) + more
    trouble = next((told.trouble for _, told in cars if told.trouble), "")
    return StreamingLine(Check.STREAMING, state, saw, None, number=len(cars), which=which, trouble=trouble)
