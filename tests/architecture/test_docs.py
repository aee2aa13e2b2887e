"""The documentation describes this tree: lengths, settings, steps and links are held to what is really here."""

import re
from pathlib import Path
from typing import Final, Literal

import pytest
import typer
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chargekey.domain.journey import Step
from scripts import check_links, reference
from tests.architecture.tree import ROOT

README_LINES: Final = 120
ROADMAP_LINES: Final = 40
GUIDE: Final = ROOT / "docs" / "driver-guide.md"
PROSE: Final = (
    "*.md",
    "docs/**/*.md",
    "src/**/*.py",
    "tests/**/*.py",
    "scripts/*",
    "requirements/*",
    "Makefile",
    "*.toml",
)
MACHINE_PATH: Final = re.compile(r"(?<![\w.])/(?:work|root)/[\w.]")


def test_the_readme_and_the_roadmap_stay_short() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    roadmap = (ROOT / "docs" / "roadmap.md").read_text(encoding="utf-8").splitlines()
    assert (len(readme) <= README_LINES, len(roadmap) <= ROADMAP_LINES) == (True, True)


def test_what_is_generated_is_fresh() -> None:
    stale = [path.name for path, text in reference.pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_every_step_has_its_chapter_in_the_drivers_guide_in_their_order() -> None:
    chapters = re.findall(r'<a id="step-([\w-]+)"></a>', GUIDE.read_text(encoding="utf-8"))
    assert chapters == [step.value for step in Step]


def test_every_link_leads_somewhere_and_every_page_is_reached() -> None:
    assert check_links.broken(ROOT) == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    written = [path for pattern in PROSE for path in ROOT.glob(pattern) if path.is_file() and path.suffix != ".pyc"]
    found = [path for path in written if MACHINE_PATH.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert [path.relative_to(ROOT).as_posix() for path in found if path != Path(__file__)] == []


# ── the checkers themselves, on made-up input ────────────────────────────────────────────────────


class MadeUp(BaseSettings):
    """Settings of nothing."""

    model_config = SettingsConfigDict(env_prefix="MADE_UP_")

    port: int = Field(8700, description="The port | to listen on.")
    log: Literal["text", "json"] = Field("text", description="How lines are written.")
    secret: SecretStr = Field(SecretStr("hush"), description="Never written out.")
    name: str = Field(description="Has no default.")


class Silent(BaseSettings):
    """A setting without a sentence."""

    port: int = 8700


def test_the_settings_page_is_read_off_the_settings() -> None:
    rows = [line for line in reference.settings_page(MadeUp).splitlines() if line.startswith("| `")]
    assert rows == [
        "| `MADE_UP_PORT` | The port \\| to listen on. | `8700` |",
        "| `MADE_UP_LOG` | How lines are written. One of `text`, `json`. | `text` |",
        "| `MADE_UP_SECRET` | Never written out. | nothing |",
        "| `MADE_UP_NAME` | Has no default. | must be set |",
    ]


def test_a_setting_without_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="PORT has no sentence"):
        reference.settings_page(Silent)


def test_a_command_without_a_sentence_is_refused() -> None:
    cli = typer.Typer()
    cli.command("say")(lambda: None)
    with pytest.raises(ValueError, match="say has no sentence"):
        reference.commands_page(cli)


def test_links_that_lead_nowhere_and_pages_that_nothing_leads_to_are_known(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(
        "# A tree\n[guide](docs/guide.md#the-key) [away](https" + "://example.org/x) `[code](is-not-read.md)`\n"
        "![picture](docs/missing.png) [place](docs/guide.md#the-car) [self](#a-tree)\n"
    )
    (tmp_path / "docs" / "guide.md").write_text("## The key\n[back](../README.md)\n")
    (tmp_path / "docs" / "forgotten.md").write_text("# Nobody comes here\n")

    assert check_links.broken(tmp_path) == [
        "README.md: docs/missing.png is not there",
        "README.md: docs/guide.md#the-car names no place on that page",
        "docs/forgotten.md: no page leads here",
    ]
