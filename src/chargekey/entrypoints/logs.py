"""Structured logs in which no secret, whole VIN, mail address or place survives.

Masking is the last step before a line is written: whatever somebody logs by mistake passes through it.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog

HIDDEN_NAMES: Final = re.compile(
    r"token|secret|password|cookie|authorization|csrf|state|nonce|code|key_pem|lat|lon|latitude|longitude|email",
    re.IGNORECASE,
)
"""Fields of which nothing is shown. Whole words of a field's name, such as `access_token`."""
_PATTERNS: Final = (
    (re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{13}(?=[A-HJ-NPR-Z0-9]{4}(?![A-Za-z0-9]))"), "…"),
    (re.compile(r"eyJ[\w-]{5,}(?:\.[\w-]+)*"), "(token)"),
    (re.compile(r"\b(?:NA|EU|CN)_[\w-]{12,}"), "(token)"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "(mail)"),
    (re.compile(r"(?<![\w.])-?\d{1,3}\.\d{4,}"), "(number)"),
    (re.compile(r"([?&](?:code|state|token|securityToken|vin)=)[^&\s\"']+"), r"\1…"),
    (re.compile(r"(/(?:sign-in|owner)/)[\w-]{20,}"), r"\1…"),
    (re.compile(r"((?:fcm\.googleapis|push\.services\.mozilla|push\.apple|notify\.windows)\.com)/[^\s\"']+"), r"\1/…"),
)


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What ends a line, moves a terminal's cursor, or turns the direction of what is read."""


def masked_text(text: str) -> str:
    """The text with everything private in it shortened or left out, on one line.

    A number with four decimals or more may be a place, and is hidden: what we log ourselves has fewer.
    """
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return _CONTROL.sub(lambda found: repr(found.group())[1:-1], text)


def mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """structlog's processor: hide by the field's name, then by what a value looks like."""
    return {name: _masked(name, value) for name, value in event.items()}


def set_up(form: Literal["text", "json"], to: TextIO | None = None) -> None:
    """Send our own and every library's log lines through the mask. `to` None: to standard error."""
    to = to or sys.stderr
    render: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, render],
        logger_factory=structlog.PrintLoggerFactory(to),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("httpx2", "httpcore2", "uvicorn.access", "aiosqlite"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _masked(name: str, value: Any) -> Any:
    if HIDDEN_NAMES.fullmatch(re.split(r"[_-]", name)[-1]) or HIDDEN_NAMES.fullmatch(name):
        return "…"
    if isinstance(value, str):
        return value if name == "timestamp" else masked_text(value)
    if isinstance(value, Mapping):
        return {masked_text(str(key)): _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(name, inner) for inner in value]
    return value if isinstance(value, bool | int | float) or value is None else masked_text(str(value))
