"""What nights stood for in CO2, as their pages can look."""

from dataclasses import replace
from typing import Final

from chargekey.entrypoints.web.screens.span import NightsInSpan
from chargekey.entrypoints.web.screens.tonight import Morning

SOURCE: Final = "Carbon Intensity API"


def mornings(morning: Morning) -> dict[str, Morning]:
    """`morning` as it is otherwise."""
    clean = replace(morning, carbon_mg=3_420_000, avoided_mg=5_810_000, carbon_source=SOURCE)
    return {"15-morning-clean": clean, "15-morning-carbon-unknown": replace(morning, carbon_source=SOURCE)}


def months(month: NightsInSpan) -> dict[str, NightsInSpan]:
    """The same of a month."""
    sums = replace(month.sums, carbon_mg=41_300_000, avoided_mg=52_700_000, carbon_unknown=2)
    return {"16-month-clean": replace(month, sums=sums)}
