"""Which counters of one client a domain has seen, so that nothing is obeyed twice."""

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 32
_ALL_BITS: Final = (1 << WIDTH) - 1


@dataclass
class SeenCounters:
    """The highest counter, and in `window` bit (age - 1) for each older one that was used."""

    highest: int = 0
    window: int = 0

    def takes(self, counter: int) -> bool:
        """Take an unused counter, also one that comes late. False changes nothing."""
        if counter > self.highest:
            self._moves_up_to(counter)
            return True
        age = self.highest - counter
        if age == 0 or age > WIDTH:
            return False
        bit = 1 << (age - 1)
        if self.window & bit:
            return False
        self.window |= bit
        return True

    def takes_in_order(self, counter: int) -> bool:
        """Take a counter above all others only: vehicle security knows no late comers."""
        if counter <= self.highest:
            return False
        self._moves_up_to(counter)
        return True

    def _moves_up_to(self, counter: int) -> None:
        ahead = counter - self.highest
        old_highest = 1 << (ahead - 1) if ahead <= WIDTH else 0
        self.window = ((self.window << min(ahead, WIDTH)) | old_highest) & _ALL_BITS
        self.highest = counter
