"""Every status and error word of Tesla's, and what it means to a question and to a command."""

from datetime import timedelta

import pytest

from chargekey.adapters.tesla.answers import LONGEST_WAIT, TABLE, UNKNOWN_WAIT, Row, error_text, fault_for
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
from tests.adapters.tesla_side import said

ASLEEP = "vehicle unavailable: vehicle is offline or asleep"
NEEDS_SIGNING = "Tesla Vehicle Command Protocol required, please refer to the documentation here: https://…"
KNOWS_NO_SIGNING = "vehicle does not support the Tesla Vehicle Command Protocol, please refer …"
ELSEWHERE = "user out of region, use base URL: https://fleet-api.prd.eu.vn.cloud.tesla.com, see https://…"
CASES = [
    # status, error, to a question, to a command
    (400, "invalid_command", Puzzling, Puzzling),
    (400, "invalid_field", Puzzling, Puzzling),
    (400, "invalid_grant", ConsentGone, ConsentGone),
    (400, "invalid_auth_code", ConsentGone, ConsentGone),
    (400, "unauthorized_client", OperatorFault, OperatorFault),
    (400, "invalid_redirect_url", OperatorFault, OperatorFault),
    (400, "invalid_client", OperatorFault, OperatorFault),
    (401, "mobile_access_disabled", MobileAccessOff, MobileAccessOff),
    (401, "token expired (401)", AccessExpired, AccessExpired),
    (401, "invalid bearer token", AccessExpired, AccessExpired),
    (401, "", AccessExpired, AccessExpired),
    (401, "login_required", ConsentGone, ConsentGone),
    (401, "User revoked consent", ConsentGone, ConsentGone),
    (401, "token revoked", ConsentGone, ConsentGone),
    (401, "Invalid API User", ConsentGone, ConsentGone),
    (401, "unknown user", Refused, Refused),
    (401, "invalid_client", OperatorFault, OperatorFault),
    (402, "", OverLimit, OverLimit),
    (403, "Unauthorized missing scopes", ScopeMissing, ScopeMissing),
    (403, NEEDS_SIGNING, MustBeSigned, MustBeSigned),
    (403, "unsupported vehicle", Refused, Refused),
    (403, "account disabled: EXCEEDED_LIMIT", OverLimit, OverLimit),
    (403, "anything else", Refused, Refused),
    (404, "not_found", VehicleGone, VehicleGone),
    (404, "LRWYGCEK0PC000001 not_found", VehicleGone, VehicleGone),
    (404, "vehicle not found", VehicleGone, VehicleGone),
    (404, "", Puzzling, Puzzling),
    (405, "vehicle is currently in service", Refused, Refused),
    (405, "invalid_method", Puzzling, Puzzling),
    (406, "", Puzzling, Puzzling),
    (408, ASLEEP, Asleep, Asleep),
    (408, 'vehicle unavailable: {:error=>"vehicle unavailable:"}', Asleep, Asleep),
    (412, "Account x must be registered in the current region https://…", OperatorFault, OperatorFault),
    (418, "", OperatorFault, OperatorFault),
    (421, ELSEWHERE, OtherRegion, OtherRegion),
    (422, KNOWS_NO_SIGNING, TakesPlain, TakesPlain),
    (422, "semantic problem with the data", Puzzling, Puzzling),
    (423, "", Refused, Refused),
    (424, "", OperatorFault, OperatorFault),
    (429, "", TooOften, TooOften),
    (451, "", Refused, Refused),
    (499, "", TeslaFails, AnswerLost),
    (500, "upstream internal error", TeslaFails, AnswerLost),
    (502, "max retry exhausted", TeslaFails, AnswerLost),
    (503, "vehicle is not available", Asleep, AnswerLost),
    (503, "", TeslaFails, AnswerLost),
    (504, "", TeslaFails, AnswerLost),
    (540, "", Refused, AnswerLost),
    (302, "", Puzzling, Puzzling),
    (204, "", Puzzling, Puzzling),
    (444, "a status nobody told us of", Puzzling, Puzzling),
]


@pytest.mark.parametrize(("status", "error", "to_question", "to_command"), CASES)
def test_every_answer_has_its_meaning(
    status: int, error: str, to_question: type[Fault], to_command: type[Fault]
) -> None:
    body = {"response": None, "error": error, "error_description": ""}
    assert type(fault_for(said(status, body), is_command=False)) is to_question
    assert type(fault_for(said(status, body), is_command=True)) is to_command


def test_every_row_of_the_table_is_met_by_a_case() -> None:
    def row_for(status: int, text: str) -> Row | None:
        return next((row for row in TABLE if row.status == status and row.word in text.lower()), None)

    assert set(TABLE) <= {row_for(status, error) for status, error, _, _ in CASES}


@pytest.mark.parametrize("status", range(500, 600))
def test_after_no_server_fault_is_a_command_thought_undone(status: int) -> None:
    assert fault_for(said(status, {"error": "vehicle is not available"}), is_command=True).may_have_happened


@pytest.mark.parametrize("status", [*range(401, 404), 408, 412, 421, 429])
def test_a_clear_no_leaves_nothing_to_look_for(status: int) -> None:
    assert not fault_for(said(status, {"error": ""}), is_command=True).may_have_happened


# ── how long to wait, where to go ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "headers", "wait"),
    [
        ("", {"retry_after": "90"}, timedelta(seconds=90)),
        ("", {"ratelimit_reset": "14692"}, timedelta(seconds=14692)),
        ("", {"retry_after": "5", "ratelimit_reset": "9"}, timedelta(seconds=5)),
        ("Retry in 49200 seconds", {}, timedelta(seconds=49200)),
        ("", {"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, UNKNOWN_WAIT),
        ("", {"retry_after": "-1"}, UNKNOWN_WAIT),
        ("", {"retry_after": "9999999999"}, LONGEST_WAIT),
        ("", {}, UNKNOWN_WAIT),
    ],
)
def test_a_rate_limit_says_how_long(text: str, headers: dict[str, str], wait: timedelta) -> None:
    fault = fault_for(said(429, text, **headers), is_command=False)
    assert isinstance(fault, TooOften)
    assert fault.wait == wait


@pytest.mark.parametrize(
    ("text", "headers", "base_url"),
    [
        (ELSEWHERE, {}, "https://fleet-api.prd.eu.vn.cloud.tesla.com"),
        ("out of region", {"alt_svc": "h2=https://eu.example"}, "https://eu.example"),
        ("use base URL: http://127.0.0.1:8701/eu.", {}, "http://127.0.0.1:8701/eu"),
        ("out of region", {}, ""),
    ],
)
def test_the_other_region_is_named(text: str, headers: dict[str, str], base_url: str) -> None:
    fault = fault_for(said(421, {"error": text}, **headers), is_command=False)
    assert isinstance(fault, OtherRegion)
    assert fault.base_url == base_url


# ── what is kept of the words ────────────────────────────────────────────────────────────────────


def test_a_fault_carries_teslas_number_of_the_request() -> None:
    assert fault_for(said(500, {"error": ""}, x_txid="abc-1"), is_command=False).request_id == "abc-1"
    assert fault_for(said(500, {"error": ""}), is_command=False).request_id is None


def test_a_fault_holds_no_whole_vin_and_no_token() -> None:
    secret = "e" * 50
    fault = fault_for(said(404, {"error": f"LRWYGCEK0PC000001 not_found {secret}"}), is_command=False)
    assert fault.detail == "404 …0001 not_found …"
    assert str(fault) == fault.detail


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"error": "one", "error_description": "two"}, "one two"),
        ({"error": {"message": "nested"}}, ""),
        ({"error": None}, ""),
        (["a", "list"], ""),
        ("<html>You don't have permission</html>", "<html>You don't have permission</html>"),
        ("", ""),
    ],
)
def test_the_words_of_any_body_are_found(body: object, text: str) -> None:
    assert error_text(said(403, body)) == text


# ── what a refusal says of the account ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "error", "why"),
    [
        (401, "unknown user", AccountTrouble.UNKNOWN_USER),
        (403, "Unauthorized missing scopes", AccountTrouble.SCOPES_DENIED),
        (423, "account locked", AccountTrouble.LOCKED),
        (451, "", AccountTrouble.DATA_NOT_SHARED),
        (403, "unsupported vehicle", None),
        (401, "token expired", None),
    ],
)
def test_a_refusal_of_the_whole_account_says_why(status: int, error: str, why: AccountTrouble | None) -> None:
    assert fault_for(said(status, {"error": error}), is_command=False).account is why
