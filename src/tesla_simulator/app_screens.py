"""What Tesla's app can show, and in which words. Where Tesla's own words are known, they are these."""

from enum import StrEnum
from typing import Final


class Shows(StrEnum):
    """What is on the phone after a pairing link was opened."""

    PRODUCTS = "products"
    PROMPT = "prompt"
    KEY_CARD = "key_card"
    PAIRED = "paired"
    CANCELLED = "cancelled"
    NOTHING = "nothing"
    SIGNED_OUT = "signed_out"
    NO_APP = "no_app"
    WEB_PAGE = "web_page"
    UNAVAILABLE = "unavailable"
    NOT_REGISTERED = "not_registered"
    NOT_HOSTED = "not_hosted"
    NO_CONSENT = "no_consent"
    NOT_YOUR_CAR = "not_your_car"
    NOT_THE_OWNER = "not_the_owner"
    NOT_NEEDED = "not_needed"
    LIST_FULL = "list_full"
    OFFLINE = "offline"
    NO_PHONE_KEY = "no_phone_key"
    BROKEN_PHONE_KEY = "broken_phone_key"
    NO_CARD_CAME = "no_card_came"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105 - a screen of the app, no secret
    MFA = "mfa"
    LENT = "lent"


_UNABLE: Final = "Unable to Share Vehicle"
_NOT_GRANTED: Final = "Unable to Grant Third-Party Access"
_UNKNOWN_PARTY: Final = "This third party isn't registered with Tesla. We can't grant them access at this time."

WORDS: Final[dict[Shows, tuple[str, str]]] = {
    Shows.PRODUCTS: ("Your cars", ""),
    Shows.PROMPT: ("Allow third-party access?", "{domain} asks for a virtual key on {name}."),
    Shows.KEY_CARD: ("Confirm in the car", "Sit in {name} and hold your key card to the reader."),
    Shows.PAIRED: ("Key added", "{domain} now has a virtual key on {name}."),
    Shows.CANCELLED: ("Cancelled", "{domain} did not get a key."),
    Shows.NOTHING: ("Your cars", ""),
    Shows.SIGNED_OUT: ("Sign in", "Sign in to see your cars."),
    Shows.NO_APP: ("Get the app", "This phone has no Tesla app. The link opened the store."),
    Shows.WEB_PAGE: ("Finish Setup", "Open the Tesla app to set up a virtual key for {domain}."),
    Shows.UNAVAILABLE: (_NOT_GRANTED, "The service is not available at this time. Try again later."),
    Shows.NOT_REGISTERED: (_NOT_GRANTED, _UNKNOWN_PARTY),
    Shows.NOT_HOSTED: (_NOT_GRANTED, _UNKNOWN_PARTY),
    Shows.NO_CONSENT: (
        _UNABLE,
        'Adding a virtual key for "{domain}" is forbidden because you have not granted "{domain}" access'
        " to your account",
    ),
    Shows.NOT_YOUR_CAR: (_UNABLE, "This car is not in your account."),
    Shows.NOT_THE_OWNER: (
        _UNABLE,
        "You are not authorized to share this vehicle. Contact the owner of the vehicle to grant third-party access.",
    ),
    Shows.NOT_NEEDED: ("No key needed", "You don't need to set up a virtual key for this vehicle"),
    Shows.LIST_FULL: (_UNABLE, "{name} already has {most_keys} keys. Remove one first."),
    Shows.OFFLINE: (_UNABLE, "{name} could not be reached."),
    Shows.NO_PHONE_KEY: (_UNABLE, "Set up this phone as a key for {name} first."),
    Shows.BROKEN_PHONE_KEY: (_UNABLE, "unpair your phone key and pair it again to retry"),
    Shows.NO_CARD_CAME: (_UNABLE, "No key card was held to the reader of {name} in time."),
    Shows.TOKEN_REJECTED: (_UNABLE, "Token rejected"),
    Shows.LENT: (_UNABLE, "{name} takes no keys just now."),
    Shows.MFA: (_UNABLE, "Your second factor could not be checked."),
}
