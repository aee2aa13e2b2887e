"""Turns a screen into a page: its template, the driver's words, and the frame around it."""

from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chargekey.entrypoints.web.screens.frame import Frame
from chargekey.entrypoints.web.ways import leads_to, pressed_at
from chargekey.entrypoints.web.words import Words, catalogue

TEMPLATES: Final = Path(__file__).parent / "templates"


class Screen(Protocol):
    """A dataclass of `screens/`: values for one template."""

    template: ClassVar[str]


def page(screen: Screen, frame: Frame, words: Words) -> str:
    """The whole page, or only the part that changes if the frame asks for a fragment."""
    template = environment(words.locale.language).get_template(screen.template)
    return template.render(screen=screen, frame=frame, words=words)


@lru_cache(maxsize=16)
def environment(language: str) -> Environment:
    """The templates in one language. What is not set is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["leads_to"] = leads_to
    made.globals["pressed_at"] = pressed_at
    translations = catalogue(language)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        translations.gettext, translations.ngettext, newstyle=True
    )
    return made
