"""Asking a source of prices, or of carbon intensity, over the network: one guarded question, and what may come of it.

Rules of this room:

1. Only the address that the operator set is asked. No redirect is followed, and no link that an answer holds.
2. An answer is read up to `LONGEST` bytes and for `WHOLE_S` seconds; nothing in it is believed before it is checked.
3. A question may hold a key: neither it nor an address is in what is raised.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Final, Generic, TypeVar

import httpx2
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from chargekey.domain.published import PublishedWrong, cut, in_order
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.faults import AnswerLost, Puzzling, Refused, TooOften, Unreachable

TIMEOUT: Final = httpx2.Timeout(12.0, connect=6.0)
WHOLE_S: Final = 20.0
LONGEST: Final = 2 * 1024 * 1024
"""A week of quarter hours is some twenty kilobytes; ENTSO-E writes more words around them."""
WAIT: Final = timedelta(minutes=10)
MOST_WAIT: Final = timedelta(hours=6)
DEAREST_MICRO: Final = 100_000_000
"""A hundred of any currency for a kWh: Europe's auction ends at 5. Beyond it the unit is another one than we think."""
MICRO: Final = 1_000_000
MICRO_PER_MINOR: Final = 10_000
MICRO_PER_MWH: Final = 1_000
"""One unit per MWh in micro-units per kWh."""
M = TypeVar("M", bound=BaseModel)
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC))]
"""With its offset. Beyond these years it is no moment of a price, and not every clock can show it."""


class Asking:
    """One source at `base_url`."""

    def __init__(self, http: httpx2.AsyncClient, base_url: str) -> None:
        self._http, self._base_url = http, base_url.rstrip("/")

    async def get(self, path: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None) -> bytes | None:
        """The body; None where the source says that there is nothing yet (204). Raises a `Fault`."""
        return await self._asked("GET", path, dict(params), None, headers or {})

    async def post(self, path: str, said: Mapping[str, str], headers: Mapping[str, str] | None = None) -> bytes | None:
        """The same of a question that is written as JSON, and changes nothing there."""
        return await self._asked("POST", path, {}, dict(said), headers or {})

    async def _asked(
        self, method: str, path: str, params: dict[str, str], said: dict[str, str] | None, headers: Mapping[str, str]
    ) -> bytes | None:
        client, url = self._http, self._base_url + path
        try:
            question = client.build_request(
                method, url, params=params, json=said, headers=dict(headers), timeout=TIMEOUT
            )
            async with asyncio.timeout(WHOLE_S):
                return await self._answered(question)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            raise Unreachable("the source does not answer") from None
        except (TimeoutError, httpx2.TransportError, httpx2.DecodingError, httpx2.InvalidURL):
            raise AnswerLost("the source did not finish its answer") from None

    async def _answered(self, question: httpx2.Request) -> bytes | None:
        body = bytearray()
        answer = await self._http.send(question, stream=True, follow_redirects=False)
        try:
            _heed(answer)
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LONGEST:
                    raise Puzzling("the answer is too long")
        finally:
            await answer.aclose()
        return None if answer.status_code == httpx2.codes.NO_CONTENT else bytes(body)


class Read(Generic[M]):
    """Answers of one shape. Fields that it does not name are left alone."""

    def __init__(self, shape: type[M]) -> None:
        self._shape = shape

    def __call__(self, body: bytes) -> M:
        """Raises `Puzzling` for anything else, a page in place of JSON included; of the text nothing is repeated."""
        try:
            return self._shape.model_validate_json(body)
        except ValidationError as wrong:
            raise Puzzling(f"the answer does not have its shape: {_where(wrong)}") from None


def micro(price: Decimal, micro_per_unit: int) -> int:
    """Whole micro-units per kWh, half to even. Raises `Puzzling` for what no kWh ever cost."""
    bound = Decimal(DEAREST_MICRO) / micro_per_unit
    if not -bound <= price <= bound:  # compared before it is reckoned with: 1e999999 is a number, too
        raise Puzzling("a price is out of all bounds")
    return int((price * micro_per_unit).to_integral_value(ROUND_HALF_EVEN))


def checked(slots: list[PriceSlot], start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
    """In order, and no more than was asked for. Raises `Puzzling`."""
    try:
        return cut(in_order(slots), start, end)
    except PublishedWrong as wrong:
        raise Puzzling(str(wrong)) from wrong


def _heed(answer: httpx2.Response) -> None:
    status = answer.status_code
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        raise TooOften("the source asks for patience", wait=_wait(answer.headers.get("retry-after", "")))
    if status >= 500:
        raise Unreachable(f"the source answered {status}")
    if not 200 <= status < 300:
        raise Refused(f"the source answered {status}")


def _wait(said: str) -> timedelta:
    return min(timedelta(seconds=int(said)), MOST_WAIT) if said.isdecimal() and len(said) < 9 else WAIT


def _where(wrong: ValidationError) -> str:
    """The first field that is wrong, without numbers of rows and without what stood in it."""
    first = wrong.errors(include_input=False, include_url=False, include_context=False)[0]
    return ".".join(part for part in map(str, first["loc"]) if part.isidentifier())[:60] or "not JSON"
