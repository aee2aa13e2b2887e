"""Every way in which Tesla, or the road to it, says no (tesla-fleet-api §6.1, §6.2 and §1.3), by short names of ours.

The faults that a car itself answers with (§6.3) are in `car_rows`.
"""

from typing import Final

from chargekey.ports.faults import (
    AnswerLost,
    Asleep,
    ConsentGone,
    MobileAccessOff,
    MustBeSigned,
    NotRegistered,
    OperatorFault,
    OverLimit,
    Puzzling,
    Refused,
    ScopeMissing,
    TakesPlain,
    TeslaFails,
    TooOften,
    VehicleGone,
)
from tesla_simulator.faults import Fault as Trouble
from tesla_simulator.faults import Kind
from tesla_simulator.fleet_api.answers import ASLEEP, EXCEEDED_LIMIT, MISSING_SCOPES, NO_SIGNING, SIGNING_REQUIRED
from tests.tesla_faults import outcomes as comes
from tests.tesla_faults.row import ALWAYS, Ask, Outcome, Row, answers, says

HTML: Final = "<!doctype html><title>Access denied</title><h1>You have no permission for this page</h1>"
REGISTER: Final = "Account ours must be registered in the current region {base}, please see our pages"
ELSEWHERE: Final = "user out of region, use base URL: {other}, see our pages"
LATE_S: Final = 1.0
"""Longer than the tests' own client waits."""

OF_REQUESTS: Final = (
    Row(
        "unknown command", "6.1", answers(400, "invalid_command"),
        {Ask.DATA: Puzzling, Ask.PLAIN: Puzzling}, comes.ASKED_AGAIN,
    ),
    Row("bad field", "6.1", answers(400, "invalid_field"), {Ask.DATA: Puzzling}, comes.ASKED_AGAIN),
    Row("bad request", "6.1", answers(400, "invalid_request"), {Ask.LIST: Puzzling}, comes.ASKED_AGAIN),
    Row(
        "wrong method", "6.1", answers(405, "invalid_method"),
        {Ask.DATA: Puzzling, Ask.PLAIN: Puzzling}, comes.ASKED_AGAIN,
    ),
    Row("no JSON was sent", "6.1", answers(406), {Ask.LIST: Puzzling, Ask.PLAIN: Puzzling}, comes.ASKED_AGAIN),
    Row("client too old", "6.1", answers(418), {Ask.LIST: OperatorFault}, comes.ASKED_AGAIN),
    Row(
        "data that make no sense", "6.1", answers(422, "semantic problem with the data"),
        {Ask.DATA: Puzzling, Ask.PLAIN: Puzzling}, comes.ASKED_AGAIN,
    ),
)  # fmt: skip

OF_ACCESS: Final = (
    Row(
        "access token expired", "6.1", says(401, {"error": "token expired (401)"}, times=1),
        {Ask.LIST: None, Ask.DATA: None, Ask.SIGNED: None}, comes.UNSEEN,
    ),
    Row(
        "access token not known", "6.1", answers(401, "invalid bearer token", times=1),
        {Ask.LIST: None, Ask.PLAIN: None}, comes.UNSEEN,
    ),
    Row("401 without a word", "6.1", says(401, "", times=1), {Ask.LIST: None, Ask.SIGNED: None}, comes.UNSEEN),
    Row("sign-in wanted", "6.1", answers(401, "login_required"), {Ask.LIST: ConsentGone}, comes.SIGNS_IN_AGAIN),
    Row(
        "consent revoked", "6.1", answers(401, "User revoked consent"),
        {Ask.LIST: ConsentGone, Ask.SIGNED: ConsentGone}, comes.CONSENT_ENDED,
    ),
    Row("token revoked", "6.1", answers(401, "token revoked"), {Ask.DATA: ConsentGone}, comes.CONSENT_ENDED),
    Row(
        "token shared by two programs", "6.1", answers(401, "Invalid API User"),
        {Ask.DATA: ConsentGone}, comes.CONSENT_ENDED,
    ),
    Row("user not known", "6.1", answers(401, "unknown user"), {Ask.LIST: Refused}, comes.NEVER_USED_THE_APP),
    Row(
        "mobile access is off", "6.1", answers(401, "mobile_access_disabled"),
        {Ask.DATA: MobileAccessOff, Ask.SIGNED: MobileAccessOff}, comes.MOBILE_ACCESS,
    ),
    Row("payment required", "6.1", answers(402), {Ask.LIST: OverLimit, Ask.SIGNED: OverLimit}, comes.RUNS_INTO_LIMIT),
    Row(
        "over the billing limit", "6.1", answers(403, EXCEEDED_LIMIT),
        {Ask.LIST: OverLimit, Ask.DATA: OverLimit, Ask.SIGNED: OverLimit}, comes.RUNS_INTO_LIMIT,
    ),
    Row("permission not given", "6.1", answers(403, MISSING_SCOPES), {Ask.SIGNED: ScopeMissing}, comes.SCOPE_MISSING),
    Row(
        "permission denied although given", "6.1", answers(403, MISSING_SCOPES),
        {Ask.LIST: ScopeMissing, Ask.DATA: ScopeMissing}, comes.SCOPE_REFUSED,
    ),
    Row("command must be signed", "6.1", answers(403, SIGNING_REQUIRED), {Ask.PLAIN: MustBeSigned}, comes.NEEDS_KEY),
    Row("unsupported vehicle", "6.1", answers(403, "unsupported vehicle"), {Ask.DATA: Refused}, comes.ASKED_AGAIN),
    Row("a page instead of an answer", "6.1", says(403, HTML), {Ask.LIST: Refused}, comes.ASKED_AGAIN),
    Row(
        "account locked", "6.1", answers(423),
        {Ask.LIST: Refused, Ask.DATA: Refused, Ask.SIGNED: Refused}, comes.LOCKED,
    ),
    Row("kept back by privacy settings", "6.1", answers(451), {Ask.DATA: Refused}, comes.NOT_SHARED),
)  # fmt: skip

OF_CARS: Final = (
    Row("car not found", "6.1", answers(404, "{vin} not_found"), {Ask.DATA: VehicleGone}, comes.CAR_GONE),
    Row("not found", "6.1", answers(404, "not_found"), {Ask.SIGNED: VehicleGone}, comes.CAR_GONE),
    Row("404 without a word", "6.1", says(404, ""), {Ask.DATA: Puzzling}, comes.ASKED_AGAIN),
    Row(
        "car in service", "6.1", answers(405, "vehicle is currently in service"),
        {Ask.DATA: Refused, Ask.SIGNED: Refused}, comes.ASKED_AGAIN,
    ),
    Row("car asleep", "6.1", answers(408, ASLEEP), {Ask.DATA: Asleep, Ask.SIGNED: Asleep}, comes.SLEEPS),
    Row(
        "car asleep, in older words", "6.1", answers(408, 'vehicle unavailable: {:error=>"vehicle unavailable:"}'),
        {Ask.DATA: Asleep}, comes.SLEEPS,
    ),
    Row("car without the protocol", "6.1", answers(422, NO_SIGNING), {Ask.SIGNED: TakesPlain}, comes.PLAIN),
    Row(
        "car did not answer", "6.1", answers(503, "vehicle is not available"),
        {Ask.DATA: Asleep, Ask.PLAIN: AnswerLost}, comes.SLEEPS,
    ),
    Row(
        "car answered with an error of its own", "6.1", answers(540),
        {Ask.DATA: Refused, Ask.PLAIN: AnswerLost}, comes.ASKED_AGAIN,
    ),
)  # fmt: skip

OF_PARTNERS: Final = (
    Row("app not registered here", "6.1", answers(412, REGISTER), {Ask.LIST: OperatorFault}, comes.OUR_REGION),
    Row(
        "domain not of this app", "6.1", answers(412, "Root domain x must match registered allowed origin"),
        {Ask.REGISTRATION: NotRegistered}, comes.OUR_REGION,
    ),
    Row(
        "registration makes no sense", "2", answers(422, "semantic problem with the data"),
        {Ask.REGISTRATION: NotRegistered}, comes.OUR_REGION,
    ),
    Row(
        "key belongs to another app", "2", answers(422, "Validation failed: Public key hash has already been taken"),
        {Ask.REGISTRATION: NotRegistered}, comes.OUR_REGION,
    ),
    Row("key file not fetched", "6.1", answers(424), {Ask.REGISTRATION: NotRegistered}, comes.OUR_KEY_FILE),
    Row(
        "another region, in words", "6.1", answers(421, ELSEWHERE),
        {Ask.LIST: None, Ask.SIGNED: None}, comes.MOVED,
    ),
    Row(
        "another region, by Alt-Svc", "6.1", answers(421, "user out of region", alt_svc="h2={other}"),
        {Ask.LIST: None}, comes.MOVED,
    ),
    Row(
        "another region, not named", "6.1", answers(421, "user out of region"),
        {Ask.LIST: Puzzling}, comes.ASKED_AGAIN,
    ),
)  # fmt: skip


def _every(question: type, command: type) -> dict[Ask, type | None]:
    """What a fault of Tesla's own means: to a question nothing is lost, a command may have run."""
    return {Ask.LIST: question, Ask.DATA: question, Ask.PLAIN: command, Ask.SIGNED: command, Ask.RENEWAL: question}


def _of_servers(name: str, trouble: Trouble, outcome: Outcome = comes.LOOKED_AFTER) -> Row:
    return Row(name, "6.1", trouble, _every(TeslaFails, AnswerLost), outcome)


OF_SERVERS: Final = (
    Row(
        "too often, by Retry-After", "6.1", says(429, "", retry_after="90"),
        {Ask.LIST: TooOften, Ask.DATA: TooOften, Ask.SIGNED: TooOften, Ask.RENEWAL: TooOften}, comes.WAITS,
    ),
    Row(
        "too often, by ratelimit-reset", "6.1", answers(429, ratelimit_limit="60", ratelimit_reset="90"),
        {Ask.DATA: TooOften}, comes.WAITS,
    ),
    Row("too often, in words", "6.1", says(429, "Retry in 90 seconds"), {Ask.DATA: TooOften}, comes.WAITS),
    Row("too often, without a time", "6.1", says(429, ""), {Ask.DATA: TooOften}, comes.WAITS),
    _of_servers("request closed", answers(499)),
    _of_servers("server error", answers(500, "upstream internal error")),
    _of_servers("server error without a word", says(500, "")),
    _of_servers("server error as a page", says(500, HTML)),
    _of_servers("upstream not reached", answers(502, "max retry exhausted")),
    _of_servers("service not available", says(503, HTML), comes.LATER),
    _of_servers("no answer from within", answers(504), comes.LATER),
    _of_servers("a 5xx that nobody told us of", answers(599)),
    Row("answer without a body", "6.1", says(200, ""), {Ask.LIST: Puzzling, Ask.SIGNED: Puzzling}, comes.ASKED_AGAIN),
    Row("a page that says 200", "6.1", says(200, HTML), {Ask.DATA: Puzzling, Ask.PLAIN: Puzzling}, comes.ASKED_AGAIN),
    Row("half an answer", "6.1", says(200, '{"response":{"vin'), {Ask.DATA: Puzzling}, comes.ASKED_AGAIN),
    Row("a redirect", "6.1", says(302, "", location="/elsewhere"), {Ask.LIST: Puzzling}, comes.ASKED_AGAIN),
    Row(
        "silence", "6.1", Trouble(Kind.HANGS, hang_s=LATE_S, count=ALWAYS),
        _every(TeslaFails, AnswerLost), comes.LOOKED_AFTER,
    ),
    Row("an answer that drips", "6.1", Trouble(Kind.DRIPS, hang_s=LATE_S, count=ALWAYS),
        _every(TeslaFails, AnswerLost), comes.LOOKED_AFTER,
    ),
    Row(
        "cut before it was heard", "6.1", Trouble(Kind.CUT_BEFORE, count=ALWAYS),
        _every(TeslaFails, AnswerLost), comes.LOOKED_AFTER,
    ),
    Row(
        "done, and the answer cut", "6.1", Trouble(Kind.CUT_AFTER, count=ALWAYS),
        _every(TeslaFails, AnswerLost), comes.LOOKED_AFTER,
    ),
    Row(
        "cut within the answer", "6.1", Trouble(Kind.CUT_WITHIN, count=ALWAYS),
        _every(TeslaFails, AnswerLost), comes.LOOKED_AFTER,
    ),
)  # fmt: skip

OF_SIGN_IN: Final = (
    Row("sign-in wanted at renewal", "1.3", says(401, {"error": "login_required"}),
        {Ask.RENEWAL: ConsentGone}, comes.SIGNS_IN_AGAIN),
    Row("dead grant", "1.3", says(400, {"error": "invalid_grant"}), {Ask.RENEWAL: ConsentGone}, comes.SIGNS_IN_AGAIN),
    Row("code spent or old", "1.3", says(400, {"error": "invalid_auth_code"}),
        {Ask.CODE: ConsentGone}, comes.COMES_BACK_LATE),
    Row("way back not ours", "1.3", says(400, {"error": "invalid_redirect_url"}),
        {Ask.CODE: OperatorFault}, comes.OUR_SIDE),
    Row("client or secret not known", "1.3", says(400, {"error": "unauthorized_client"}),
        {Ask.CODE: OperatorFault, Ask.RENEWAL: OperatorFault, Ask.REGISTRATION: NotRegistered}, comes.OUR_SIDE),
    Row("form not understood", "1.3", says(400, {"error": "invalid_request"}), {Ask.RENEWAL: TeslaFails}, comes.LATER),
    Row("kind of grant not known", "1.3", says(400, {"error": "unsupported_grant_type"}),
        {Ask.RENEWAL: TeslaFails}, comes.LATER),
    Row("permission missing in Tesla's own books", "1.3",
        says(400, {"error": "Auth Customer Error", "error_description": "insufficient scopes"}),
        {Ask.RENEWAL: TeslaFails}, comes.LATER),
    Row("sign-in fails", "1.3", says(500, {"error": "server_error"}), {Ask.RENEWAL: TeslaFails}, comes.LATER),
    Row("a page at the token host", "6.1", says(403, HTML), {Ask.RENEWAL: TeslaFails}, comes.LATER),
)  # fmt: skip

ROWS: Final = (*OF_REQUESTS, *OF_ACCESS, *OF_CARS, *OF_PARTNERS, *OF_SERVERS, *OF_SIGN_IN)
