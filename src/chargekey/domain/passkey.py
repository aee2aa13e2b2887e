"""Passkeys: a key pair in the driver's phone, computer or password manager, of which we know the public half.

Rules of this room:

1. A passkey is the second way in. The link by mail stays the first, so losing every passkey locks nobody out.
2. What a passkey signs is a challenge of ours, good once, for minutes, in the browser session that asked for it.
"""

from datetime import timedelta
from typing import Final

CHALLENGE_LASTS: Final = timedelta(minutes=5)
"""WebAuthn (level 3, 15.1) advises browsers to give people five minutes."""
MOST_OF_ONE_DRIVER: Final = 20
"""Far more than anybody has devices and password managers."""
LONGEST_NAME: Final = 60
LONGEST_ID_BYTES: Final = 1023
"""Of a credential, by WebAuthn (level 3, 4)."""
LONGEST_KEY_BYTES: Final = 2048
"""A public key of RSA with 8192 bits is half of it."""


def is_copied(count_before: int, count: int) -> bool:
    """Whether two devices count apart from each other: then somebody has copied the key (WebAuthn, 6.1.1).

    Passkeys that move between devices do not count: theirs stays nought.
    """
    return (count_before > 0 or count > 0) and count <= count_before


def name_of(typed: str, otherwise: str) -> str:
    """What its owner calls it, on one line; `otherwise` when he typed nothing that can be seen."""
    seen = "".join(letter for letter in " ".join(typed.split()) if letter.isprintable())
    return seen[:LONGEST_NAME].strip() or otherwise[:LONGEST_NAME]
