"""The sixteen situations of a driver: how each is brought about, walked and mended, and where else it is told.

A title is the driver's own word for it; design and documentation name a situation by its id.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.browser import walks_account as account
from tests.browser import walks_car as car
from tests.browser import walks_phone as phone
from tests.browser.walk import AT_A_DESK, IN_A_CHAT_APP, ON_A_PHONE, Walk


@dataclass(frozen=True)
class Situation:
    """`mended_by` in words of the driver; `story` tells the same without a browser.

    `billed_at_most`: calls that cost the operator money. One greets the car for the proof.
    """

    id: str
    title: str
    scenarios: tuple[str, ...]
    story: str
    walk: Callable[[Walk], Awaitable[None]]
    ends_at: str
    mended_by: str
    at_a_desk: Callable[[Walk], Awaitable[None]] | None = None
    agent: str = ON_A_PHONE
    billed_at_most: int = 1

    @property
    def walks(self) -> tuple[tuple[str, str, Callable[[Walk], Awaitable[None]]], ...]:
        """Name, browser and walk, on the phone and perhaps at a desk."""
        on_phone = ((self.id, self.agent, self.walk),)
        return on_phone if self.at_a_desk is None else (*on_phone, (f"{self.id}-desk", AT_A_DESK, self.at_a_desk))


A_LOOK_AT_THE_BATTERY: Final = 2
"""Whoever goes on to tonight sees how full the car is: one call more than the proof."""
A_NIGHT: Final = 26
"""Two wakes, two orders for each of two windows, and a look at the battery every half hour while the cable is in."""
SITUATIONS: Final = (
    Situation("S1", "The driver presses Pair", ("J1", "C1"), "test_key", phone.presses_pair_on_a_phone, "paired",
              "pressing Allow in the Tesla app", phone.presses_pair_at_a_desk),
    Situation("S2", "First visit, left and taken up again on another device", ("A4", "J1"), "test_consent",
              account.comes_for_the_first_time, "paired", "going on where it was left",
              billed_at_most=A_LOOK_AT_THE_BATTERY),
    Situation("S3", "The Tesla app is too old", ("C3",), "test_situations_phone", phone.has_an_app_that_is_too_old,
              "paired", "updating the Tesla app, after closing it did not help"),
    Situation("S4", "Several cars, and the key went to another", ("C7", "E8"), "test_key",
              phone.gives_the_key_to_another_car, "paired", "swiping to the car in the Tesla app"),
    Situation("S5", "The link is opened where there is no Tesla app", ("C4", "C1"), "test_situations_phone",
              phone.reads_in_a_window_of_another_app, "paired", "opening the page in the browser of the phone",
              phone.sends_it_to_the_phone, IN_A_CHAT_APP),
    Situation("S6", "The Tesla app opens and asks nothing", ("C5",), "test_situations_phone",
              phone.opens_an_app_that_asks_nothing, "paired", "closing the Tesla app by force"),
    Situation("S7", "Too few permissions", ("A1",), "test_consent", account.allows_too_little, "paired",
              "ticking the box at Tesla, asked for in place"),
    Situation("S8", "The account is a driver's, not the owner's", ("B1",), "test_not_my_car",
              account.drives_somebody_elses_car, "paired", "tapping the key card, seated in the car"),
    Situation("S9", "The car is leased", ("B2",), "test_not_my_car", account.leases_the_car, "paired",
              "the lessor's yes, on a phone of his own", account.leases_the_car),
    Situation("S10", "The owner does not want it", ("B6",), "test_not_my_car", account.is_told_no, "read-only",
              "nothing: we look, and do not charge; nobody reminds", billed_at_most=0),
    Situation("S11", "The car is out of reach", ("D2",), "test_situations_car", car.has_a_car_out_of_reach, "paired",
              "waiting: reception came back, and a mail said so"),
    Situation("S12", "A Model S from before 2021", ("D8",), "test_key", car.has_a_car_that_needs_no_key,
              "needs no key", "nothing was wrong: the step falls away"),
    Situation("S13", "The phone is no key of the car", ("C8",), "test_situations_phone",
              phone.has_a_phone_that_is_no_key, "paired", "setting up the phone key beside the car"),
    Situation("S14", "Tesla rejects the token while granting", ("J8",), "test_situations_car",
              car.is_refused_by_tesla_for_now, "paired", "waiting hours on our side; a mail called back"),
    Situation("S15", "Nothing helps, and the driver writes to us", ("C5",), "test_support", account.writes_to_us,
              "paired", "an agent's answer: close the Tesla app"),
    Situation("S16", "Paired, and charged by seven", ("J1",), "test_first_night", car.charges_by_seven, "charged",
              "nothing was wrong: the plan ran", billed_at_most=A_NIGHT),
)  # fmt: skip
