"""G: tokens that died before their time."""

from typing import Final

from tesla_simulator.scenarios.scenario import Scenario

SCENARIOS: Final = (
    Scenario(
        "G1",
        "Another program has used the same refresh token.",
        lambda cast: cast.world.another_program_uses_the_tokens_of(cast.email),
    ),
    Scenario(
        "G2",
        "The tokens were not used for three months.",
        lambda cast: cast.world.tokens.unused_for_months(cast.email),
    ),
    Scenario(
        "G3",
        "Tesla has ended the tokens of all users at once.",
        lambda cast: cast.world.tokens.tesla_ends_every_grant(),
    ),
    Scenario(
        "G4",
        "The operator restored a backup, and the tokens in it were used up long ago.",
        by_hand="Stop Chargekey, put back a copy of its data directory that is some days old, and start it again.",
    ),
    Scenario(
        "G5",
        "The key that opens the kept tokens is lost.",
        by_hand="Stop Chargekey, move the file of its key ring out of the data directory, and start it again.",
    ),
)
