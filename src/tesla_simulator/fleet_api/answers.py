"""The envelope of every Fleet API answer, and the refusals by their words."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse

SIGNING_REQUIRED: Final = (
    "Tesla Vehicle Command Protocol required, please refer to the documentation here: "
    "https://developer.tesla.com/docs/fleet-api#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning"
)
NO_SIGNING: Final = (
    "vehicle does not support the Tesla Vehicle Command Protocol, please refer to the documentation here: "
    "https://developer.tesla.com/docs/fleet-api#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning"
)
ASLEEP: Final = "vehicle unavailable: vehicle is offline or asleep"
MISSING_SCOPES: Final = "Unauthorized missing scopes"
EXCEEDED_LIMIT: Final = "account disabled: EXCEEDED_LIMIT"
# The reference has no body for these three; only the status is certain.
MUST_PAY: Final = "payment required"
LOCKED: Final = "account locked"
PRIVATE: Final = "unavailable for legal reasons"
REGISTER: Final = "https://developer.tesla.com/docs/fleet-api/endpoints/partner-endpoints#register"
REGIONS: Final = "https://developer.tesla.com/docs/fleet-api/getting-started/regions-countries"


class Refusal(Exception):
    """An answer that is not 2xx."""

    def __init__(self, status: int, error: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers

    def answer(self) -> JSONResponse:
        body = {"response": None, "error": self.error, "error_description": ""}
        return JSONResponse(body, status_code=self.status, headers=self.headers)


class TokenExpired(Refusal):
    """The one refusal with a bare body."""

    def __init__(self) -> None:
        super().__init__(401, "token expired (401)")

    def answer(self) -> JSONResponse:
        return JSONResponse({"error": self.error}, status_code=self.status)


def answered(response: object, **beside: object) -> JSONResponse:
    return JSONResponse({"response": response, **beside})


def asleep() -> Refusal:
    return Refusal(408, ASLEEP)


def missing_scopes() -> Refusal:
    return Refusal(403, MISSING_SCOPES)
