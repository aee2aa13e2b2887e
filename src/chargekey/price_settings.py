"""Whose prices by the hour a home goes by: the part of the settings that is about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from chargekey.domain.market import SOURCES, Market, market
from chargekey.domain.network import is_loopback, web_address
from chargekey.domain.secret import Secret

OF_ITS_OWN: Final = "the source's own"


@dataclass(frozen=True, slots=True, repr=False)
class PriceSource:
    """Where a market is asked, "" for its source's own address, and with which key."""

    market: Market
    url: str
    key: Secret


class PriceSettings(BaseSettings):
    """Sources, each for one area, where they are asked, and the keys they may want."""

    prices: str = Field(
        "",
        description="Whose prices by the hour drivers may plan with, a source and an area: `energy-charts:NL`, "
        "`octopus:E-1R-AGILE-24-10-01-C`. docs/reference/price-sources.md has all. Several, with commas between, are "
        "for drivers in several markets; the first is for who never chose. Empty: the Dutch of 2023 and 2024.",
    )
    prices_url: str = Field(
        "",
        description="Where that source is asked, if not at its own address. Of several sources each by its name, with "
        "commas between: `octopus=https://prices.example.org`.",
    )
    prices_key: SecretStr = Field(
        SecretStr(""),
        description="The key for that source, if it wants one. Where several want one, each by its name, with commas "
        "between: `tibber=…,entsoe=…`.",
    )

    @field_validator("prices")
    @classmethod
    def _are_markets(cls, value: str) -> str:
        names = [market(one).name for one in _listed(value)]
        if len(set(names)) < len(names):
            raise ValueError("names a market twice")
        return value

    @field_validator("prices_url")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for one in _each(value):
            web_address(one)
        return value.rstrip("/")

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        sources = list(dict.fromkeys(_source(one) for one in self.markets))
        self._names_only_these(sources)
        for where in map(urlsplit, _each(self.prices_url)):
            if where.scheme == "http" and not is_loopback(where.hostname or ""):
                raise ValueError("CHARGEKEY_PRICES_URL must be https, but on this machine")
        for one in self.price_sources:
            if one.market.needs_key and not one.key.reveal():
                raise ValueError(f"missing: CHARGEKEY_PRICES_KEY, which {one.market.source} wants")
        return self

    def _names_only_these(self, sources: Sequence[str]) -> None:
        """No value is for a source that is not set, or may be for any of two."""
        wanting = {_source(one) for one in self.markets if one.needs_key}
        said = {"URL": (self.prices_url, set(sources)), "KEY": (self.prices_key.get_secret_value(), wanting)}
        for name, (value, meant) in said.items():
            named = _by_source(value)
            if not set(named or ()) <= set(sources):
                raise ValueError(f"CHARGEKEY_PRICES_{name} names a source that CHARGEKEY_PRICES does not")
            if value and named is None and len(meant) > 1:
                raise ValueError(f"CHARGEKEY_PRICES_{name} must say of which source it is, such as {min(meant)}=…")

    @property
    def markets(self) -> tuple[Market, ...]:
        """In the order of the setting. None: no source of prices is set."""
        return tuple(market(one) for one in _listed(self.prices))

    @property
    def price_sources(self) -> tuple[PriceSource, ...]:
        """Each market with where it is asked and by which key."""
        return tuple(
            PriceSource(
                one,
                _of(self.prices_url, _source(one)).rstrip("/"),
                Secret(_of(self.prices_key.get_secret_value(), _source(one)) if one.needs_key else ""),
            )
            for one in self.markets
        )

    @property
    def asked_for_prices(self) -> str:
        """The first address that is not on this machine, "" where there is none."""
        urls = [one.url or OF_ITS_OWN for one in self.price_sources] or [self.prices_url]
        return next((one for one in urls if one and not is_loopback(urlsplit(one).hostname or "")), "")


def _listed(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]


def _source(one: Market) -> str:
    """As it is called in the settings."""
    return one.name.partition(":")[0]


def _by_source(value: str) -> Mapping[str, str] | None:
    """What `name=…,name=…` says of each source; None: it is not written so, and all of it is one value."""
    parts = [one.partition("=") for one in _listed(value)]
    if not parts or not all(name in SOURCES and said for name, said, _ in parts):
        return None
    return {name: text for name, _, text in parts}


def _each(value: str) -> Sequence[str]:
    found = _by_source(value)
    return [value] if found is None else list(found.values())


def _of(value: str, source: str) -> str:
    found = _by_source(value)
    return value if found is None else found.get(source, "")
