"""Tesla's published example and what was worked out from it with Tesla's own Go code (vehicle-command §11)."""

from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.tesla.signing.keys import SharedKey, agree


def key(scalar: str) -> ec.EllipticCurvePrivateKey:
    """The private key with that number."""
    return ec.derive_private_key(int(scalar, 16), ec.SECP256R1())


VIN: Final = "5YJ30123456789ABC"
CLIENT: Final = key("2538CDC29A97C19C1E99A637D6CF4F8C970C118B56EDE1E6323E6D162C4B30DB")
CAR: Final = key("344EE5B466A7CF1EEB12B6F50331DB2E5EC5834EF5F4BEFCFD8CBE55C2528D70")
CLIENT_PUBLIC: Final = bytes.fromhex(
    "04b2b6bc68c2da0665ce656815594996c62394edd8bea905fe781a754fe6a845a7"
    "14330902f225e9269d466e05b349981fda9d85cc23c6fb444aa73b629105dc6e"
)
CAR_PUBLIC: Final = bytes.fromhex(
    "04c7a1f47138486aa4729971494878d33b1a24e39571f748a6e16c5955b3d877d3"
    "a6aaa0e955166474af5d32c410f439a2234137ad1bb085fd4e8813c958f11d97"
)
K: Final = bytes.fromhex("1b2fce19967b79db696f909cff89ea9a")
SESSION_INFO_KEY: Final = bytes.fromhex("fceb679ee7bca756fcd441bf238bf2f338629b41d9eb9c67be1b32c9672ce300")
COMMAND_KEY: Final = bytes.fromhex("6d3a14d0b6d762e4f076739e2cf6edd291d2e56e3f25bc6a2af5cb26dc753b14")

HANDSHAKE_UUID: Final = bytes.fromhex("1588d5a30eabc6f8fc9a951b11f6fd11")
HANDSHAKE_ADDRESS: Final = bytes.fromhex("2c907bd76c640d360b3027dc7404efde")
SESSION_INFO: Final = bytes.fromhex(
    "0806124104c7a1f47138486aa4729971494878d33b1a24e39571f748a6e16c5955b3d877d3a6aaa0e955166474af5d32c410f4"
    "39a2234137ad1bb085fd4e8813c958f11d971a104c463f9cc0d3d26906e982ed224adde6255a0a0000"
)
SESSION_METADATA: Final = bytes.fromhex(
    "000106021135594a333031323334353637383941424306101588d5a30eabc6f8fc9a951b11f6fd11ff"
)
SESSION_TAG: Final = bytes.fromhex("996c1fe38331be138f8039c194b14db2198846ed7d8251e6749284d7b32ea002")
EPOCH: Final = bytes.fromhex("4c463f9cc0d3d26906e982ed224adde6")
EXPIRES_AT: Final = 2655
COUNTER: Final = 7

HVAC_ON: Final = bytes.fromhex("120452020801")
CURRENT_16_A: Final = bytes.fromhex("1205da02020810")
LOCK: Final = bytes.fromhex("1001")

ANSWER_NONCE: Final = bytes.fromhex("dbf79447fa156674dae1caed")
ANSWER_COUNTER: Final = 1
SEALED_ANSWER: Final = bytes.fromhex("2005d48e")
OPEN_ANSWER: Final = bytes.fromhex("0a020800")

MIDNIGHT: Final = datetime(2024, 1, 1, tzinfo=UTC)


def shared() -> SharedKey:
    """What client and car agree on."""
    return agree(CLIENT, CAR_PUBLIC)
