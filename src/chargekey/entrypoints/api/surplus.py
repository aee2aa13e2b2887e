"""Where a home tells of its own sun: `POST /api/surplus`, by key, in JSON.

No cookie counts here, so no page of another site can press it in a driver's name. Every answer is JSON: what counts, or
one sentence that says what is wrong.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import ClientDisconnect

from chargekey.domain.secret import Secret
from chargekey.domain.surplus import MOST_W, SurplusSlot, SurplusUnclear
from chargekey.domain.told_surplus import MOST_SLOTS, Unheard
from chargekey.journeys.hear_surplus import HearSurplus, KeyUnknown, SurplusHeard, SurplusTold, TooManyWords

PATH: Final = "/api/surplus"
BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9_-]{20,100})", re.ASCII)
UNAUTHORIZED: Final = 401
UNPROCESSABLE: Final = 422
TOO_MANY_REQUESTS: Final = 429
YEARS: Final = range(2000, 2500)
"""Dates beyond them are no forecast, and near the end of all years no date can be counted with."""
NO_KEY: Final = "This needs the key that the page for solar surplus makes: Authorization: Bearer KEY."
TOO_OFTEN: Final = "So much came within a minute that the rest waits: once every few seconds is enough."
NO_JSON: Final = "The body is a JSON object with surplus_w or grid_w, forecast, or both."
NOTHING_OR_BOTH: Final = "The body has surplus_w or grid_w, not both, or a forecast, or one of the two and a forecast."
UNKNOWN_FIELD: Final = (
    "A field is not known here: the body has surplus_w, grid_w, forecast; a slot start, end, surplus_w."
)
REFUSED: Final = {413: "That is more than 64 kB.", 405: "This takes POST alone."}
WHY: Final = {
    Unheard.TOO_SOON: "Something counted less than 5 minutes ago.",
    Unheard.ALIKE: "It is nearly what is known already.",
    Unheard.ORDERED_SINCE: "The car was told something and has not yet said what it draws since.",
    Unheard.WORD_TOO_OLD: "The car last said more than 90 minutes ago what it draws.",
    Unheard.NO_WORD_OF_POWER: "The car does not say just now what it draws.",
    Unheard.OVER: "All of the forecast is over.",
}
WANTS: Final = {
    "surplus_w": f"a whole number of watts from 0 to {MOST_W}",
    "grid_w": f"a whole number of watts from -{MOST_W} to {MOST_W}, below 0 what is fed in",
    "forecast": f"a list of 1 to {MOST_SLOTS} slots, each with start, end and surplus_w",
    "start": "a moment with its offset, such as 2026-06-10T10:00:00Z",
    "end": "a moment with its offset, such as 2026-06-10T11:00:00Z",
}


def _countable(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError("no year to count with")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_countable)]


class Slot(BaseModel):
    """So much on average from `start` up to before `end`."""

    model_config = ConfigDict(extra="forbid", strict=True)
    start: Moment
    end: Moment
    surplus_w: int = Field(ge=0, le=MOST_W)


class Told(BaseModel):
    """What a home tells at once."""

    model_config = ConfigDict(extra="forbid", strict=True)
    surplus_w: Annotated[int, Field(ge=0, le=MOST_W)] | None = None
    grid_w: Annotated[int, Field(ge=-MOST_W, le=MOST_W)] | None = None
    forecast: Annotated[list[Slot], Field(min_length=1, max_length=MOST_SLOTS)] | None = None

    @model_validator(mode="after")
    def _one_measurement(self) -> Self:
        if self.surplus_w is not None and self.grid_w is not None:
            raise ValueError("both")
        if self.surplus_w is None and self.grid_w is None and self.forecast is None:
            raise ValueError("neither")
        return self

    def in_domain_words(self) -> SurplusTold:
        slots = tuple(SurplusSlot(one.start, one.end, one.surplus_w) for one in self.forecast or ())
        return SurplusTold(self.surplus_w, self.grid_w, slots)


def routes(hear_surplus: HearSurplus) -> APIRouter:
    """One door. A body that is too large is refused before it comes here (`limits`)."""
    router = APIRouter()

    @router.post(PATH)
    async def surplus(request: Request) -> Response:
        """Measured now, as the house's meter shows it, or a forecast."""
        key = _key(request.headers.getlist("authorization"))
        try:
            vehicle_id = await hear_surplus.let_in(key)
            told = Told.model_validate_json(await request.body())
            heard = await hear_surplus.hear(vehicle_id, key or Secret(""), told.in_domain_words())
        except KeyUnknown:
            return _says(UNAUTHORIZED, NO_KEY, **{"WWW-Authenticate": "Bearer"})
        except TooManyWords:
            return _says(TOO_MANY_REQUESTS, TOO_OFTEN, **{"Retry-After": "60"})
        except ValidationError as wrong:
            return _says(UNPROCESSABLE, _sentence(wrong))
        except SurplusUnclear as unclear:
            return _says(UNPROCESSABLE, f"forecast: {unclear}.")
        except ClientDisconnect:
            return _says(UNPROCESSABLE, NO_JSON)  # nobody reads it
        return JSONResponse(_answer(heard))

    return router


def says_wrong(status: int) -> Response:
    """For what no route of ours has taken."""
    return _says(status, REFUSED.get(status, "This was not understood."))


def _key(sent: Sequence[str]) -> Secret | None:
    """None: none was sent, two were, or it has not the shape of ours."""
    found = BEARER.fullmatch(sent[0]) if len(sent) == 1 else None
    return Secret(found[1]) if found else None


def _answer(heard: SurplusHeard) -> dict[str, bool | str]:
    why = " ".join(WHY[one] for one in heard.why)
    return {"counted": heard.counted, **({"why": why} if why else {})}


def _says(status: int, sentence: str, **headers: str) -> Response:
    return JSONResponse({"error": sentence}, status, headers)


def _sentence(wrong: ValidationError) -> str:
    """Of the first thing that is wrong. It repeats nothing that came but numbers of slots."""
    first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
    where = [one for one in first["loc"] if isinstance(one, int) or one in WANTS]
    if first["type"] == "extra_forbidden":
        return UNKNOWN_FIELD
    if first["type"] == "value_error" and not where:
        return NOTHING_OR_BOTH
    if not where or not isinstance(where[-1], str):
        return NO_JSON if not where else f"{_place(where)} wants start, end and surplus_w."
    return f"{_place(where)} wants {WANTS[where[-1]]}."


def _place(where: Sequence[int | str]) -> str:
    """Such as forecast[3].start."""
    text = ""
    for one in where:
        text += f"[{one}]" if isinstance(one, int) else f".{one}" if text else one
    return text
