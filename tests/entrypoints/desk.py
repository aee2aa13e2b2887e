"""An operator at his machine who sets up a home, in a terminal or by pages; what Tesla would say is set by the test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import typer
from typer.testing import CliRunner, Result

from chargekey import env_file
from chargekey.adapters.clock.system import SystemClock
from chargekey.domain.findings import KeyFile
from chargekey.domain.operator_check import Check, Line, State
from chargekey.entrypoints.cli import init_options
from chargekey.entrypoints.setting_up.home import AtTesla, KeyAnswered, SettingUp
from chargekey.entrypoints.setting_up.questions import WillNotDo
from chargekey.env_file import in_file
from chargekey.journeys.check_operator import OurSide, RegionChecked
from chargekey.settings import SettingsWrong

SECRET: Final = "hunter2 of the app"
ENVIRONMENT: Final = {"tesla_client_secret": SECRET}


def our_side(*, is_right: bool) -> OurSide:
    """One line, which is right or wrong."""
    line = Line(
        Check.DISK, State.RIGHT if is_right else State.WRONG, "enough" if is_right else "little", None, number=7
    )
    return OurSide((line,), None, None, None)


@dataclass
class Desk:
    """An operator at his machine, with a folder of his own. What Tesla would say is set by the test."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))
    key_file: KeyFile = KeyFile.RIGHT
    regions: Sequence[RegionChecked] = (RegionChecked("eu", True, ""), RegionChecked("na", True, ""))
    is_right: bool = True
    keys_made: int = 0
    port: int = 8700
    happened: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / ".env"

    def types(self, words: str, answers: str | None = None) -> Result:
        """`answers` None: nobody sits there."""
        cli = typer.Typer(pretty_exceptions_enable=False)
        init_options.add_to(cli, self.home(answers is not None), serve=lambda: None)
        return CliRunner().invoke(cli, words.split(), input=answers or "")

    def home(self, may_ask: bool) -> SettingUp:
        return SettingUp(
            in_file=lambda: in_file(self.file),
            in_environment=lambda: self.environment,
            may_ask=lambda: may_ask,
            keep=self._keep,
            at_tesla=lambda domain, base_url: AtTesla([base_url], f"{base_url}/back", f"https://{domain}/key.pem"),
            make_key=self._make_key,
            key_path=lambda: self.folder / "command-key.pem",
            key_file=lambda: self.key_file,
            register=self._register,
            check=lambda: our_side(is_right=self.is_right),
            key_answered=lambda: KeyAnswered(b"a public key", "127.0.0.1", self.port),
            clock=SystemClock(),
            mendable=(WillNotDo, SettingsWrong),
        )

    def _keep(self, values: Mapping[str, str]) -> Path:
        env_file.write(self.file, values)
        return self.file

    def _make_key(self) -> bool:
        self.keys_made += 1
        return self.keys_made == 1

    def _register(self) -> Sequence[RegionChecked]:
        self.happened.append("registered")
        return self.regions
