"""What can be set from outside: environment variables named CHARGEKEY_…, and a `.env` file.

A wrong or missing one stops the start with one clear line (`SettingsWrong`).
"""

import ipaddress
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from chargekey.carbon_settings import CarbonSettings
from chargekey.data_folder import DataFolder
from chargekey.domain.network import is_in_own_network, is_loopback, web_address
from chargekey.domain.role import Staff, staff
from chargekey.domain.spend import Budgets
from chargekey.ports.notify import MailPrivacy
from chargekey.price_settings import PriceSettings
from chargekey.telemetry_settings import TelemetrySettings

PREFIX: Final = "CHARGEKEY_"
ENV_FILE: Final = Path(".env")
"""In the folder where Chargekey starts."""
SMTP_OVER_TLS: Final = 465
"""RFC 8314 §7.3."""
TESLA_HOSTS = ("tesla.com", "tesla.cn", "teslamotors.com")
_PUBLIC_HOST = re.compile(r"(?:[a-z0-9-]+\.)+(?!(?:local|localhost|internal|lan|home|corp|intranet)$)[a-z][a-z0-9-]+")

_LOCAL_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?\.local")


class SettingsWrong(Exception):
    """A setting is missing or wrong; the text is one line that says which and why."""


class Settings(PriceSettings, CarbonSettings, TelemetrySettings, DataFolder):
    """Every setting, each with a sentence. The reference is made from these."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    demo: bool = Field(
        False,
        description="Run the demo: a simulated Tesla, a clock to turn, mail that stays here.",
    )
    database_url: str = Field(
        "",
        description="Where the database is, `sqlite:///…` or `postgresql://…`. Empty: a file in the data folder.",
    )
    bind: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8700, ge=1, le=65535, description="The port to listen on.")
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="The proxies, addresses or networks with commas between, that say truly from where a driver comes.",
    )
    most_connections: int = Field(
        800,
        ge=20,
        description="How many connections may be open at once, each open page being one; more are told to come again. "
        "Keep it below what your system lets one process open, which is often 1024.",
    )
    base_url: str = Field("http://localhost:8700", description="The address under which drivers open Chargekey.")
    operator_name: str = Field(
        "Chargekey", min_length=1, max_length=60, description="What drivers see as the name of this service."
    )
    domain: str = Field(
        "",
        description="The domain registered at Tesla, where the public key is hosted. Empty: the host of the base URL.",
    )
    tesla_client_id: str = Field("", description="The client id of your app at developer.tesla.com.")
    tesla_client_secret: SecretStr = Field(
        SecretStr(""), description="The client secret of your app at developer.tesla.com."
    )
    tesla_auth_url: str = Field("https://auth.tesla.com", description="Where drivers sign in at Tesla and consent.")
    tesla_token_url: str = Field(
        "https://fleet-auth.prd.vn.cloud.tesla.com",
        description="Where codes and refresh tokens are exchanged.",
    )
    tesla_fleet_api_na: str = Field(
        "https://fleet-api.prd.na.vn.cloud.tesla.com",
        description="The Fleet API for North America and Asia-Pacific.",
    )
    tesla_fleet_api_eu: str = Field(
        "https://fleet-api.prd.eu.vn.cloud.tesla.com",
        description="The Fleet API for Europe, the Middle East and Africa.",
    )
    tesla_pairing_url: str = Field(
        "https://tesla.com/_ak",
        description="The link that opens the Tesla app to add a key, without the domain.",
    )
    smtp_host: str = Field(
        "",
        description="The mail server. Empty: no mail leaves, and whoever wants to sign in asks an operator for a link "
        "(`chargekey sign-in-link`); then `CHARGEKEY_OPERATORS` must name one.",
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_tls: Literal["", "starttls", "tls", "none"] = Field(
        "",
        description="What keeps the way to the mail server private: `starttls`, `tls` from the first byte on, or "
        "`none` within a network of your own. Empty: `tls` at port 465, `none` to this machine, else `starttls`.",
    )
    smtp_user: str = Field("", description="The user name at the mail server. Empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password at the mail server.")
    mail_from: str = Field("", description="The sender of our mail. Empty: chargekey@ and the domain.")
    zone: str = Field("Europe/Amsterdam", description="The time zone that a new driver's plan starts with.")
    stage_url: str = Field(
        "", description="Demo only: the address of the stage, the one page that may frame Chargekey."
    )
    internet_url: str = Field(
        "", description="Demo only: where the simulated internet shows each domain, our own among them."
    )
    phone_host: str = Field(
        "",
        description="Demo only: this machine's address in its own network, or its .local name, under which a phone "
        "opens the demo through the HTTPS that `chargekey demo --phone` puts before it.",
    )
    operators: str = Field(
        "",
        description="The mail addresses, with commas between, of those who run this service: they see /operator, and "
        "are told when our side is not right.",
    )
    support_agents: str = Field(
        "",
        description="The mail addresses, with commas between, of those who answer drivers: they see /console, and the "
        "first is shown to whoever cannot sign in.",
    )
    push_services: str = Field(
        "fcm.googleapis.com,push.services.mozilla.com,push.apple.com,notify.windows.com",
        description="The hosts, with commas between and their subdomains included, of the push services through which "
        "drivers' own devices may be told. Nobody else is ever asked. Empty: no device is told.",
    )
    budget_usd: Decimal = Field(
        Decimal("10.00"),
        ge=Decimal("0.01"),
        le=1_000_000,
        max_digits=12,
        decimal_places=2,
        description="What Tesla may bill for all cars of this home in a month, in US dollars, before its discount; "
        "once it is reached, nothing that Tesla bills is asked until the next month (by UTC). Unset, it is what Tesla "
        "gives free to each developer account.",
    )
    budget_per_car_usd: Decimal = Field(
        Decimal("5.00"),
        ge=Decimal("0.01"),
        le=1_000_000,
        max_digits=12,
        decimal_places=2,
        description="What Tesla may bill for one car in a month, in US dollars, so that a car that never sleeps leaves "
        "the others theirs. Both budgets hold at once: whichever is reached first.",
    )
    log_format: Literal["text", "json"] = Field("text", description="How log lines are written.")

    @field_validator(
        "base_url",
        "tesla_auth_url",
        "tesla_token_url",
        "tesla_fleet_api_na",
        "tesla_fleet_api_eu",
        "tesla_pairing_url",
        "stage_url",
        "internet_url",
        "carbon_url",
    )
    @classmethod
    def _is_a_url(cls, value: str) -> str:
        return web_address(value)

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        """Never everybody: then anybody could say that he comes from anywhere."""
        for one in _listed(value):
            if not ipaddress.ip_network(one, strict=False).prefixlen:
                raise ValueError("must not be everybody")
        return value

    @field_validator("push_services")
    @classmethod
    def _are_public_hosts(cls, value: str) -> str:
        """Names of the Internet, so that no browser can have us ask a machine of our own network."""
        for one in _listed(value):
            if not _PUBLIC_HOST.fullmatch(one):
                raise ValueError("must be names of hosts on the Internet, in small letters")
        return value

    @field_validator("phone_host")
    @classmethod
    def _is_in_own_network(cls, value: str) -> str:
        if value and not (_LOCAL_NAME.fullmatch(value) or is_in_own_network(value)):
            raise ValueError("must be an address that is private to a network, or a .local name")
        return value

    @model_validator(mode="after")
    def _demo_is_walled_off(self) -> Self:
        """What Chargekey itself asks stays on this machine; a phone's pages may be in its own network."""
        for_demo_alone = {"STAGE_URL": self.stage_url, "INTERNET_URL": self.internet_url, "PHONE_HOST": self.phone_host}
        if not self.demo:
            if name := next((name for name, value in for_demo_alone.items() if value), None):
                raise ValueError(f"{PREFIX}{name} is for the demo alone")
            return self
        asked = {
            "CHARGEKEY_TESLA_TOKEN_URL": self.tesla_token_url,
            "CHARGEKEY_TESLA_FLEET_API_NA": self.tesla_fleet_api_na,
            "CHARGEKEY_TESLA_FLEET_API_EU": self.tesla_fleet_api_eu,
            "CHARGEKEY_INTERNET_URL": self.internet_url or "http://localhost",
            "CHARGEKEY_PRICES_URL": self.asked_for_prices or "http://localhost",
            "CHARGEKEY_CARBON_URL": self.carbon_url or ("the source's own" if self.carbon else "http://localhost"),
            "CHARGEKEY_TELEMETRY_ZMQ": self.telemetry_zmq.replace("ipc:///", "ipc://localhost/") or "http://localhost",
            "CHARGEKEY_TELEMETRY_MQTT": self.telemetry_mqtt or "http://localhost",
        }
        opened = {
            "CHARGEKEY_TESLA_AUTH_URL": self.tesla_auth_url,
            "CHARGEKEY_TESLA_PAIRING_URL": self.tesla_pairing_url,
            "CHARGEKEY_BASE_URL": self.base_url,
        }
        for name, url in {**opened, **asked}.items():
            host = urlsplit(url).hostname or ""
            if not (is_loopback(host) or (name in opened and host == self.phone_host)):
                raise ValueError(f"the demo stays on this machine, but {name} is {url}")
        if not is_loopback(self.bind):
            raise ValueError(f"the demo listens on this machine only, but CHARGEKEY_BIND is {self.bind}")
        return self

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.demo:
            return self
        missing = [
            name
            for name, value in {
                "CHARGEKEY_TESLA_CLIENT_ID": self.tesla_client_id,
                "CHARGEKEY_TESLA_CLIENT_SECRET": self.tesla_client_secret.get_secret_value(),
                "CHARGEKEY_SMTP_HOST (or CHARGEKEY_OPERATORS, who then hand out sign-in links)": (
                    self.smtp_host or self.operators
                ),
            }.items()
            if not value
        ]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)} (or start the demo with CHARGEKEY_DEMO=true)")
        if urlsplit(self.base_url).scheme != "https":
            raise ValueError("CHARGEKEY_BASE_URL must be https outside the demo")
        return self

    @model_validator(mode="after")
    def _streams_to_its_own_domain(self) -> Self:
        """Tesla judges by the last two words (fleet-telemetry #86)."""
        if self.telemetry_host and _root(self.telemetry_host) != _root(self.key_domain):
            raise ValueError(
                f"CHARGEKEY_TELEMETRY_HOST must end in {_root(self.key_domain)}, as the domain does that is registered"
            )
        return self

    @property
    def key_domain(self) -> str:
        return self.domain or (urlsplit(self.base_url).hostname or "")

    @property
    def domain_url(self) -> str:
        """Where the world reaches our domain; in the demo, where the simulated world does."""
        return f"{self.internet_url}/{self.key_domain}" if self.internet_url else f"https://{self.key_domain}"

    @property
    def staff(self) -> Staff:
        return staff(agents=_listed(self.support_agents), operators=_listed(self.operators))

    @property
    def budgets(self) -> Budgets:
        return Budgets(car_micro_usd=_micro(self.budget_per_car_usd), home_micro_usd=_micro(self.budget_usd))

    @property
    def push_hosts(self) -> tuple[str, ...]:
        return tuple(_listed(self.push_services))

    @property
    def simulated_push(self) -> str | None:
        """The demo's push service, beside its Tesla; None elsewhere."""
        tesla = urlsplit(self.tesla_token_url)
        return f"{tesla.scheme}://{tesla.netloc}/push" if self.demo else None

    @property
    def proxies(self) -> list[str]:
        return [str(ipaddress.ip_network(one, strict=False)) for one in _listed(self.trusted_proxies)]

    @property
    def sends_mail(self) -> bool:
        """The demo does, into its outbox."""
        return self.demo or bool(self.smtp_host)

    @property
    def mail_privacy(self) -> MailPrivacy:
        if self.smtp_tls:
            return MailPrivacy(self.smtp_tls)
        if self.smtp_port == SMTP_OVER_TLS:
            return MailPrivacy.TLS
        return MailPrivacy.NONE if is_loopback(self.smtp_host) else MailPrivacy.STARTTLS

    @property
    def sender(self) -> str:
        return self.mail_from or f"chargekey@{self.key_domain}"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'chargekey.db').absolute()}"

    @property
    def tesla_regions(self) -> dict[str, str]:
        return {"eu": self.tesla_fleet_api_eu, "na": self.tesla_fleet_api_na}

    @property
    def callback_url(self) -> str:
        return f"{self.base_url}/connect/callback"


def read_settings(instead: Mapping[str, str] | None = None, env_file: Path = ENV_FILE) -> Settings:
    """The settings as they stand, some of them replaced. Raises `SettingsWrong` with one line."""
    try:
        return Settings(_env_file=env_file, **dict(instead or {}))  # type: ignore[arg-type]  # texts, as from the environment
    except ValidationError as wrong:
        raise SettingsWrong(_one_line(wrong)) from wrong
    except (OSError, UnicodeDecodeError) as unreadable:
        raise cannot_be_read(env_file, unreadable) from unreadable


def cannot_be_read(path: Path, why: OSError | UnicodeDecodeError) -> SettingsWrong:
    """In one line, for whoever reads such a file."""
    said = why.strerror if isinstance(why, OSError) else "it is not written in UTF-8"
    return SettingsWrong(f"{path} cannot be read: {said}")


def _one_line(wrong: ValidationError) -> str:
    first = wrong.errors()[0]
    text = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return text
    return f"{PREFIX}{str(first['loc'][0]).upper()}: {text[0].lower()}{text[1:]}"


def _root(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _micro(usd: Decimal) -> int:
    return int(usd * 1_000_000)


def _listed(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]
