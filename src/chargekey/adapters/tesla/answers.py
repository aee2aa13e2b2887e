"""From Tesla's status and error word to a Fault: one table, used for every answer (tesla-fleet-api §6.1, §1.3).

A row fits when its status does and its word stands in the error text. The first row that fits counts, so the
particular ones stand above the general ones. A 5xx tells questions and commands apart: a question has nothing to
lose, a command may have run behind it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx2

from chargekey.domain.findings import AccountTrouble
from chargekey.ports.faults import (
    AccessExpired,
    AnswerLost,
    Asleep,
    ConsentGone,
    Fault,
    MobileAccessOff,
    MustBeSigned,
    OperatorFault,
    OtherRegion,
    OverLimit,
    Puzzling,
    Refused,
    ScopeMissing,
    TakesPlain,
    TeslaFails,
    TooOften,
    VehicleGone,
)

UNKNOWN_WAIT: Final = timedelta(minutes=15)
"""Without a Retry-After; TeslaMate waits as long (tesla-fleet-api §6.1)."""
LONGEST_WAIT: Final = timedelta(days=2)
DETAIL_LENGTH: Final = 120

Kind = type[Fault]


@dataclass(frozen=True, slots=True)
class Row:
    """Status, a word of the error text ("" fits any), what that means, and what to a command if that differs."""

    status: int
    word: str
    kind: Kind
    to_command: Kind | None = None


TABLE: Final = (
    Row(400, "invalid_grant", ConsentGone),
    Row(400, "invalid_auth_code", ConsentGone),
    Row(400, "unauthorized_client", OperatorFault),
    Row(400, "invalid_redirect", OperatorFault),
    Row(400, "invalid_client", OperatorFault),
    Row(400, "", Puzzling),
    Row(401, "mobile_access_disabled", MobileAccessOff),
    Row(401, "login_required", ConsentGone),
    Row(401, "revoked", ConsentGone),
    Row(401, "unknown user", Refused),
    Row(401, "invalid_client", OperatorFault),
    Row(401, "invalid api user", ConsentGone),
    Row(401, "", AccessExpired),
    Row(402, "", OverLimit),
    Row(403, "exceeded_limit", OverLimit),
    Row(403, "vehicle command protocol required", MustBeSigned),
    Row(403, "missing scopes", ScopeMissing),
    Row(403, "unsupported vehicle", Refused),
    Row(403, "", Refused),
    Row(404, "not_found", VehicleGone),
    Row(404, "not found", VehicleGone),
    Row(404, "", Puzzling),  # a wrong path is no proof that the car is gone
    Row(405, "in service", Refused),
    Row(405, "", Puzzling),
    Row(406, "", Puzzling),
    Row(408, "", Asleep),
    Row(412, "", OperatorFault),
    Row(418, "", OperatorFault),
    Row(421, "", OtherRegion),
    Row(422, "vehicle command protocol", TakesPlain),
    Row(422, "", Puzzling),
    Row(423, "", Refused),
    Row(424, "", OperatorFault),
    Row(429, "", TooOften),
    Row(451, "", Refused),
    Row(499, "", TeslaFails, AnswerLost),
    Row(503, "not available", Asleep, AnswerLost),
    Row(540, "", Refused, AnswerLost),
)


ACCOUNT: Final = (
    (401, "unknown user", AccountTrouble.UNKNOWN_USER),
    (403, "missing scopes", AccountTrouble.SCOPES_DENIED),
    (423, "", AccountTrouble.LOCKED),
    (451, "", AccountTrouble.DATA_NOT_SHARED),
)
"""Refusals that are about the account, whatever was asked (connect-and-pair A8, A11, A14, J3)."""


def fault_for(response: httpx2.Response, *, is_command: bool) -> Fault:
    """What an answer that is no success means. A 5xx to a command may hide that it ran."""
    fault = _fault(response, is_command=is_command)
    text = error_text(response).lower()
    fault.account = next(
        (why for status, word, why in ACCOUNT if status == response.status_code and word in text), None
    )
    return fault


def _fault(response: httpx2.Response, *, is_command: bool) -> Fault:
    text, request_id = error_text(response), request_id_of(response)
    detail = _detail(response.status_code, text)
    row = next((row for row in TABLE if row.status == response.status_code and row.word in text.lower()), None)
    if row is None:
        kind = _kind_outside_the_table(response.status_code, is_command=is_command)
        return kind(detail, request_id=request_id)
    if is_command and row.to_command:
        return row.to_command(detail, request_id=request_id)
    if row.kind is TooOften:
        return TooOften(detail, wait=_wait(response, text), request_id=request_id)
    if row.kind is OtherRegion:
        return OtherRegion(detail, base_url=_named_base_url(response, text), request_id=request_id)
    return row.kind(detail, request_id=request_id)


def request_id_of(response: httpx2.Response) -> str | None:
    """Tesla's own number for the request."""
    number: str | None = response.headers.get("x-txid")
    return number[:120] if number else None


def error_text(response: httpx2.Response) -> str:
    """The words of an error body: `error` and `error_description` of JSON, else the plain text, shortened."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return text_of(response)[:500]
    if not isinstance(body, dict):
        return ""
    words = [body.get("error"), body.get("error_description")]
    return " ".join(word for word in words if isinstance(word, str))[:500]


def text_of(response: httpx2.Response) -> str:
    """The body as text, whatever encoding it claims: a wrong claim costs letters, not the answer."""
    try:
        return response.text
    except (UnicodeError, LookupError):
        return response.content.decode(errors="replace")


def small_print(text: str) -> str:
    """In one line, without what could be a VIN, a token or an address, or what a database does not keep."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    shortened = re.sub(r"[A-HJ-NPR-Z0-9]{13}([A-HJ-NPR-Z0-9]{4})", r"…\1", shown)
    shortened = re.sub(r"[\w-]{40,}", "…", shortened)
    return " ".join(shortened.split())[:DETAIL_LENGTH].strip()


def _kind_outside_the_table(status: int, *, is_command: bool) -> Callable[..., Fault]:
    if status >= 500:
        return AnswerLost if is_command else TeslaFails
    return Puzzling


def _detail(status: int, text: str) -> str:
    """Status and words."""
    return small_print(f"{status} {text}")


def _wait(response: httpx2.Response, text: str) -> timedelta:
    """Retry-After in seconds, else ratelimit-reset, else the number in the text ("Retry in 49200 seconds")."""
    spoken = re.search(r"retry in (\d{1,7})", text.lower())
    for said in (
        response.headers.get("retry-after", ""),
        response.headers.get("ratelimit-reset", ""),
        spoken[1] if spoken else "",
    ):
        if said.isascii() and said.isdigit():
            return min(timedelta(seconds=int(said[:7])), LONGEST_WAIT)
    return UNKNOWN_WAIT


def _named_base_url(response: httpx2.Response, text: str) -> str:
    """From the text ("use base URL: …"), else from Alt-Svc. "" when neither names one."""
    if named := re.search(r"use base URL: (https?://[-a-zA-Z0-9.:/]*[a-zA-Z0-9])", text):
        return named[1]
    if named := re.search(r"h2=\"?(https?://[-a-zA-Z0-9.:/]*[a-zA-Z0-9])", response.headers.get("alt-svc", "")):
        return named[1]
    return ""
