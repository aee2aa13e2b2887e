"""What drivers do that no page told them to, each once: a world may have a driver with one of these."""

from enum import StrEnum


class Habit(StrEnum):
    """Nothing that is wrong with car, phone or account: only what somebody does."""

    TURNS_BACK = "turns_back"
    """Presses Cancel on Tesla's page."""
    GOES_BACK = "goes_back"
    """Comes back from Tesla, and goes back to the same address once more."""
    USES_ANOTHER_BROWSER = "uses_another_browser"
    """Takes the address of Tesla's page to another browser and allows it there."""
    OPENS_A_LINK_FIRST = "opens_a_link_first"
    """Has the pairing link from somewhere, and opens it before he allowed anything."""
    SAYS_IT_IS_DONE = "says_it_is_done"
    """Takes his phone key for ours, and says that the link is opened."""
    USES_A_COMPUTER = "uses_a_computer"
    """Reads our pages on a computer, and scans their code with his phone."""
    WOULD_RATHER_ASK = "would_rather_ask"
    """Asks the owner instead of walking to the car."""
