"""The first-run pages: a home set up in four steps, by whoever runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from chargekey.entrypoints.setting_up.answers import Changed, LeftAlone
from chargekey.entrypoints.setting_up.home import Entry
from chargekey.entrypoints.web.screens.operator import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a field. `wrong` "": nothing is. `is_set`: a secret that is known, and never shown."""

    name: str
    label: str
    value: str
    wrong: str = ""
    is_secret: bool = False
    is_set: bool = False


@dataclass(frozen=True, slots=True)
class HomeAsked:
    """Step 1. `mail`: asked only where there is a mail server (`has_mail`)."""

    template: ClassVar[str] = "first_run/home.html"
    fields: Sequence[Asked]
    mail: Sequence[Asked]
    has_mail: bool
    is_set_up: bool


@dataclass(frozen=True, slots=True)
class AppAsked:
    """Step 2: what to enter at Tesla, and what Tesla gives for it. `trouble` "": nothing stood in the way."""

    template: ClassVar[str] = "first_run/app.html"
    entries: Sequence[Entry]
    key_url: str
    fields: Sequence[Asked]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class KeyToFetch:
    """Step 3: what was written, and whether Tesla could fetch the key. `not_yet` "": nobody has looked yet.

    `hands_on_to`: where the web server leads. `answered_here`: these pages answer for the key until Chargekey does.
    """

    template: ClassVar[str] = "first_run/key.html"
    domain: str
    key_url: str
    is_found: bool
    not_yet: str
    hands_on_to: str
    answered_here: bool
    file: Path
    key_path: Path
    made_key: bool
    changed: Sequence[Changed]
    left_alone: Sequence[LeftAlone]
    must_start_anew: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class HomeReady:
    """Step 4. `registered`: a line a region, and whether it is right. `way_in` "": drivers get mail."""

    template: ClassVar[str] = "first_run/ready.html"
    base_url: str
    is_right: bool
    registered: Sequence[tuple[str, bool]]
    wrong: Sequence[Row]
    others: Sequence[Row]
    way_in: str
    answered_here: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PagesOver:
    """The pages have ended. `starts`: Chargekey starts in their place."""

    template: ClassVar[str] = "first_run/over.html"
    base_url: str
    starts: bool
    way_in: str


class Refusal(StrEnum):
    """Why a first-run page does not open."""

    LINK = "link"
    PRESS = "press"
    PAGE = "page"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is shown, and nothing was done."""

    template: ClassVar[str] = "first_run/refused.html"
    why: Refusal
