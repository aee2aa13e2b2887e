"""How values of the domain are written into a text column, and read back checked."""

from functools import cache, lru_cache
from typing import Any, Final, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError

from chargekey.domain.evidence import FACTS, Fact

T = TypeVar("T")
log = structlog.get_logger()
LEFT_OUT: Final = "what another version wrote is left out"
REMEMBERED: Final = 1024
"""So many texts are not checked again: a car's facts, its settings and its plan are read at every tick."""
_NAMES = {kind: name for name, kind in FACTS.items()}


class ContentsUnreadable(Exception):
    """The database holds a value that this version cannot read."""


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _key(kind: object) -> Any:
    """The same; `cache` asks for something hashable, which a type is and mypy does not see."""
    return kind


def write(kind: type[T], value: T) -> str:
    """The value as JSON."""
    return _adapter(_key(kind)).dump_json(value).decode()


def read(kind: type[T], text: str) -> T:
    """The value back. Raises `ContentsUnreadable`; the text itself is not repeated in the error."""
    try:
        value: T = _adapter(_key(kind)).validate_json(text)
    except ValidationError as wrong:
        fields = sorted({".".join(str(part) for part in error["loc"]) for error in wrong.errors()})
        name = getattr(kind, "__name__", str(kind))
        raise ContentsUnreadable(f"a kept {name} cannot be read: {', '.join(fields)}") from wrong
    return value


@lru_cache(REMEMBERED)
def _read_once(kind: Any, text: str) -> Any:
    return read(kind, text)


def readable(kind: type[T], text: str) -> T | None:
    """The same where another version may have written it: None, and a line in the log, for what cannot be read."""
    try:
        return read(kind, text)
    except ContentsUnreadable as wrong:
        log.warning(LEFT_OUT, why=str(wrong))
        return None


def remembered(kind: type[T], text: str) -> T | None:
    """The same for what is read again and again, never changed and no secret: one text is one value."""
    try:
        value: T = _read_once(_key(kind), text)
    except ContentsUnreadable as wrong:
        log.warning(LEFT_OUT, why=str(wrong))
        return None
    return value


def name_of(kind: type[Fact]) -> str:
    """Under which name facts of that kind are kept."""
    return _NAMES[kind]


def write_fact(fact: Fact) -> str:
    return write(type(fact), fact)


def readable_fact(name: str, text: str) -> Fact | None:
    """A fact back from its name and JSON; None for a kind or a shape that this version does not know."""
    if name not in FACTS:
        log.warning(LEFT_OUT, why=f"an observation of the unknown kind {name}")
        return None
    return remembered(FACTS[name], text)
