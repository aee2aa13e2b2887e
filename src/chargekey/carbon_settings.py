"""Whose word a home goes by on how much CO2 power stands for: the part of the settings that is about it."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from chargekey.domain.carbon import Region, region
from chargekey.domain.network import is_loopback


class CarbonSettings(BaseSettings):
    """One source for one area, where it is asked, and the key it may want."""

    carbon: str = Field(
        "",
        description="Who tells how much CO2 power stands for, a source and an area: `gb-carbon:GB`, "
        "`electricity-maps:DE`. docs/reference/carbon-sources.md has all. Empty: nobody, and nothing is said of it.",
    )
    carbon_url: str = Field("", description="Where that source is asked, if not at its own address.")
    carbon_key: SecretStr = Field(SecretStr(""), description="The key for that source, if it wants one.")

    @field_validator("carbon")
    @classmethod
    def _is_a_region(cls, value: str) -> str:
        if value:
            region(value)
        return value

    @model_validator(mode="after")
    def _carbon_can_be_asked(self) -> Self:
        where = urlsplit(self.carbon_url)
        if where.scheme == "http" and not is_loopback(where.hostname or ""):
            raise ValueError("CHARGEKEY_CARBON_URL must be https, but on this machine")
        if self.region and self.region.needs_key and not self.carbon_key.get_secret_value():
            raise ValueError(f"missing: CHARGEKEY_CARBON_KEY, which {self.region.source} wants")
        return self

    @property
    def region(self) -> Region | None:
        """None: no source of carbon intensity is set."""
        return region(self.carbon) if self.carbon else None
