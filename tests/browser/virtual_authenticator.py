"""Chromium's own authenticator in software, by its debugging protocol: a phone that verifies its owner at once."""

from typing import Any, Final

from playwright.sync_api import Page

AS_A_PHONE: Final = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "defaultBackupEligibility": True,
    "defaultBackupState": True,
}


class VirtualAuthenticator:
    """Belongs to the page. `answers`: whether its owner agrees to whatever is asked."""

    def __init__(self, page: Page, *, answers: bool = True) -> None:
        self._tools: Any = page.context.new_cdp_session(page)
        self._tools.send("WebAuthn.enable")
        options = {**AS_A_PHONE, "automaticPresenceSimulation": answers}
        self._id = self._tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    @property
    def credentials(self) -> list[dict[str, Any]]:
        """What it keeps, private keys and all."""
        kept: list[dict[str, Any]] = self._tools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})[
            "credentials"
        ]
        return kept

    def owner_is_not_known(self) -> None:
        """Face, finger and PIN are all wrong."""
        self._sees(is_verified=False)

    def owner_is_known(self) -> None:
        """As in the beginning."""
        self._sees(is_verified=True)

    def _sees(self, *, is_verified: bool) -> None:
        seen = {"authenticatorId": self._id, "isUserVerified": is_verified}
        self._tools.send("WebAuthn.setUserVerified", seen)
