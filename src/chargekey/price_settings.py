"""Whose prices by the hour a home goes by: the part of the settings that is about it."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from chargekey.domain.market import Market, market
from chargekey.domain.network import is_loopback


class PriceSettings(BaseSettings):
    """One source for one area, where it is asked, and the key it may want."""

    prices: str = Field(
        "",
        description="Whose prices by the hour drivers may plan with, a source and an area: `energy-charts:NL`, "
        "`octopus:E-1R-AGILE-24-10-01-C`. docs/reference/price-sources.md has all. Empty: the Dutch of 2023 and 2024.",
    )
    prices_url: str = Field("", description="Where that source is asked, if not at its own address.")
    prices_key: SecretStr = Field(SecretStr(""), description="The key for that source, if it wants one.")

    @field_validator("prices")
    @classmethod
    def _is_a_market(cls, value: str) -> str:
        if value:
            market(value)
        return value

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        where = urlsplit(self.prices_url)
        if where.scheme == "http" and not is_loopback(where.hostname or ""):
            raise ValueError("CHARGEKEY_PRICES_URL must be https, but on this machine")
        if self.market and self.market.needs_key and not self.prices_key.get_secret_value():
            raise ValueError(f"missing: CHARGEKEY_PRICES_KEY, which {self.market.source} wants")
        return self

    @property
    def market(self) -> Market | None:
        """None: no source of prices is set."""
        return market(self.prices) if self.prices else None
