"""The pages of price and carbon sources name each source that there is, and no area that is none."""

import re
from datetime import timedelta
from typing import Final

from chargekey.adapters.carbon.sources import SOURCES as MADE_OF_CARBON
from chargekey.adapters.tariffs.sources import SOURCES as MADE
from chargekey.domain.bidding_zones import CODES
from chargekey.domain.carbon import region
from chargekey.domain.market import SOURCES, Rhythm, Rolling, market
from tests.architecture.tree import ROOT

CARBON: Final = (ROOT / "docs" / "reference" / "carbon-sources.md").read_text(encoding="utf-8")
PAGE: Final = (ROOT / "docs" / "reference" / "price-sources.md").read_text(encoding="utf-8")
ROW: Final = re.compile(r"^\| `([a-z-]+:[^`]+)` \| (.*)\|$", re.MULTILINE)


def _told(rhythm: Rhythm | Rolling) -> str:
    if isinstance(rhythm, Rolling):
        return f"each {rhythm.every // timedelta(minutes=1)} minutes"
    return f"{rhythm.at:%H:%M}"


def test_each_source_has_its_row_with_its_currency_and_its_hour() -> None:
    rows = dict(ROW.findall(PAGE))
    assert {name.partition(":")[0] for name in rows} == SOURCES.keys() == MADE.keys()
    for name, row in rows.items():
        found = market(name)
        assert f"| {found.currency} |" in row
        assert _told(found.rhythm) in row
        assert ("CHARGEKEY_PRICES_KEY" in row) is found.needs_key


def test_each_zone_that_entsoe_is_asked_for_stands_there() -> None:
    (row,) = [row for name, row in ROW.findall(PAGE) if name.startswith("entsoe:")]
    named = set(re.findall(r"`([A-Z0-9-]+)`", row))
    for country, first, last in re.findall(r"`([A-Z]{2})(\d)` to `[A-Z]{2}(\d)`", row):
        named |= {f"{country}{number}" for number in range(int(first), int(last) + 1)}
    assert named - {"CHARGEKEY_PRICES_KEY"} == CODES.keys()


def test_each_source_of_carbon_has_its_row_and_says_whether_it_wants_a_key() -> None:
    rows = dict(ROW.findall(CARBON))
    assert {name.partition(":")[0] for name in rows} == MADE_OF_CARBON.keys()
    for name, row in rows.items():
        assert ("CHARGEKEY_CARBON_KEY" in row) is region(name).needs_key
