"""Day-ahead prices of Europe's bidding zones from ENTSO-E's Transparency Platform, with a key (smart-charging §4.1).

`documentType=A44` answers XML: `TimeSeries`, in them a `Period` with `Point`s that are numbered from 1. A number that
is left out repeats the price before it (curve type A03). Several series may tell of one period, each with a
`classificationSequence` position; the lowest counts. Where nothing is out an `Acknowledgement_MarketDocument` comes
instead, with reason 999.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.etree import ElementTree

import httpx2

from chargekey.adapters.tariffs.asking import MICRO_PER_MWH, Asking, checked, micro
from chargekey.domain.bidding_zones import CODES
from chargekey.domain.market import Market
from chargekey.domain.secret import Secret
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.faults import Puzzling

HOME: Final = "https://web-api.tp.entsoe.eu"
STEPS: Final[Mapping[str, timedelta]] = {
    "PT15M": timedelta(minutes=15),
    "PT30M": timedelta(minutes=30),
    "PT60M": timedelta(hours=1),
}
NOTHING_OUT: Final = "999"
LONGEST_PERIOD: Final = timedelta(days=8)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Entsoe:
    """`ports.prices.PublishedPrices`."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, key: Secret, base_url: str = "") -> None:
        self._asking, self._market, self._key = Asking(http, base_url or HOME), market, key

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        asked = {
            "securityToken": self._key.reveal(),
            "documentType": "A44",
            "in_Domain": CODES[self._market.area],
            "out_Domain": CODES[self._market.area],
            "periodStart": _written(start),
            "periodEnd": _written(end),
        }
        body = await self._asking.get("/api", asked)
        return checked(_slots(_parsed(body)), start, end) if body is not None else ()


def _parsed(body: bytes) -> ElementTree.Element:
    """Raises `Puzzling` for what is no plain XML: an entity of its own could grow without end, or point elsewhere."""
    try:
        text = body.decode("utf-8")
        if "<!" in text:
            raise Puzzling("XML with declarations of its own")
        return ElementTree.fromstring(text)  # noqa: S314  without a document type there are no entities to grow
    except (UnicodeDecodeError, ElementTree.ParseError):
        raise Puzzling("the answer is no XML") from None


def _slots(document: ElementTree.Element) -> list[PriceSlot]:
    if _name(document) == "Acknowledgement_MarketDocument":
        if _text(document, "Reason", "code") == NOTHING_OUT:
            return []
        raise Puzzling("the source has a complaint of another kind")
    if _name(document) != "Publication_MarketDocument":
        raise Puzzling("the answer is another document")
    by_period: dict[tuple[datetime, datetime], tuple[int, list[PriceSlot]]] = {}
    for series in _all(document, "TimeSeries"):
        place = _whole(_text(series, "classificationSequence_AttributeInstanceComponent.position") or "1")
        if _text(series, "currency_Unit.name") != "EUR" or _text(series, "price_Measure_Unit.name").upper() != "MWH":
            raise Puzzling("prices in another unit than EUR per MWh")
        for period in _all(series, "Period"):
            start, end = (_moment(_text(period, "timeInterval", one)) for one in ("start", "end"))
            known = by_period.get((start, end))
            if known is None or place < known[0]:
                by_period[start, end] = place, list(_period(period, start, end))
    return [slot for _, slots in by_period.values() for slot in slots]


def _period(period: ElementTree.Element, start: datetime, end: datetime) -> Iterator[PriceSlot]:
    step = STEPS.get(_text(period, "resolution"))
    if step is None or not timedelta(0) < end - start <= LONGEST_PERIOD:
        raise Puzzling("a period of another length")
    points = {_whole(_text(one, "position")): _price(_text(one, "price.amount")) for one in _all(period, "Point")}
    price: int | None = None
    for number in range(1, (end - start) // step + 1):
        price = points.get(number, price)
        if price is not None:
            yield PriceSlot(start + (number - 1) * step, start + number * step, price)


# ── reading one element ──────────────────────────────────────────


def _name(element: ElementTree.Element) -> str:
    """Without its namespace, which is another one for each version of the document."""
    return element.tag.rpartition("}")[2]


def _all(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in element if _name(one) == name]


def _text(element: ElementTree.Element, *path: str) -> str:
    """Of the first that lies there; "" where nothing does."""
    for name in path:
        found = _all(element, name)
        if not found:
            return ""
        element = found[0]
    return (element.text or "").strip()


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Puzzling("a number is none")
    return int(text)


def _price(text: str) -> int:
    try:
        return micro(Decimal(text), MICRO_PER_MWH)
    except InvalidOperation:
        raise Puzzling("a price is no number") from None


def _moment(text: str) -> datetime:
    """As in 2026-01-09T23:00Z."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Puzzling("a moment is none") from None
    if moment.utcoffset() != timedelta(0) or not EARLIEST <= moment <= LATEST:
        raise Puzzling("a moment is not in UTC, or in no year of ours")
    return moment.astimezone(UTC)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M")
