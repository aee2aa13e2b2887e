"""What the script of a page does about passkeys, done by hand: asks, has an authenticator answer, sends the form."""

from typing import Final

import httpx2

from tests.adapters.soft_authenticator import HONEST, Authenticator, Behaves
from tests.stories.phone import Phone

SIGN_IN: Final = "/sign-in/passkey"
ADD: Final = "/account/passkeys"
NOT_TAKEN: Final = "That passkey was not taken"


async def is_asked(phone: Phone, path: str) -> httpx2.Response:
    """What the server wants signed or made, from the page that the phone shows."""
    csrf = phone.page.value("csrf")
    return await phone._web.post(httpx2.URL(phone._base).join(f"{path}/ask"), data={"csrf": csrf})


async def hands_over(phone: Phone, path: str, form: dict[str, str]) -> None:
    """The form, as the script fills it."""
    sent = {"csrf": phone.page.value("csrf"), **form}
    await phone._lands(await phone._web.post(httpx2.URL(phone._base).join(path), data=sent))


async def adds_a_passkey(phone: Phone, authenticator: Authenticator, how: Behaves = HONEST) -> None:
    """On the account page."""
    await phone.opens("/account")
    await hands_over(phone, ADD, authenticator.makes((await is_asked(phone, ADD)).text, how))


async def signs_in_by_passkey(
    phone: Phone,
    authenticator: Authenticator,
    how: Behaves = HONEST,
) -> None:
    """On the sign-in page."""
    await phone.opens("/sign-in")
    await hands_over(phone, SIGN_IN, authenticator.signs((await is_asked(phone, SIGN_IN)).text, how))


async def is_signed_in(phone: Phone) -> bool:
    """Whether the browser gets to see the account page."""
    await phone.opens("/account")
    return phone.shows == "/account"
