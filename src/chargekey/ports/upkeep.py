"""What looking after a home tells its operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rotated:
    """How far the keys at rest are turned.

    `key` seals now; `added` False: it came with an earlier call, and this one went on. `sealed_anew`: how many values
    by column. `left`: how many each older key still seals. `broken`: what no key opens, as column and row.
    """

    key: int
    added: bool
    sealed_anew: Mapping[str, int]
    left: Mapping[int, int]
    broken: Sequence[str]
