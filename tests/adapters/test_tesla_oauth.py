"""Consent, codes and tokens; registration; the pairing link; the command key."""

import stat
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.tesla.command_key import (
    CommandKeyMissing,
    CommandKeyUnreadable,
    load_command_key,
    make_command_key,
)
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.adapters.tesla.pairing_link import TeslaPairingLink
from chargekey.adapters.tesla.registration import PartnerRegistration
from chargekey.domain.secret import Secret
from chargekey.ports.faults import (
    ConsentGone,
    Fault,
    OperatorFault,
    Puzzling,
    ScopeMissing,
    TeslaFails,
    TooOften,
    Unreachable,
)
from tests.adapters.tesla_side import EU, GRANT, NA, VIN, StillClock, Tesla, jwt, said

CLAIMS = {
    "iss": "https://auth.tesla.com/oauth2/v3/nts",
    "aud": [NA, EU],
    "sub": "account-1",
    "scp": ["openid", "offline_access", "vehicle_device_data"],
    "ou_code": "EU",
}
TOKENS = {
    "access_token": jwt(CLAIMS),
    "refresh_token": "EU_next",
    "id_token": jwt({"sub": "account-1", "nonce": "once"}),
    "expires_in": 28800,
    "token_type": "Bearer",
}


def oauth(tesla: Tesla, clock: StillClock | None = None) -> TeslaOAuth:
    return TeslaOAuth(
        tesla.http,
        clock or StillClock(),
        auth_url="https://auth.example",
        token_url="https://token.example",
        client_id="our-app",
        client_secret=Secret("hush"),
        redirect_uri="https://charge.example/tesla/callback",
        audience=EU,
    )


def form(tesla: Tesla) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(tesla.asked[-1].content.decode()).items()}


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


# ── consent ──────────────────────────────────────────────────────────────────────────────────────


def test_the_consent_page_is_asked_for_all_scopes_and_no_more() -> None:
    url = oauth(Tesla()).consent_url(state="s&s", nonce="once", locale="nl-NL", repair=False)
    assert url.startswith("https://auth.example/oauth2/v3/authorize?")
    asked = query(url)
    assert set(asked.pop("scope").split()) == {
        "openid",
        "offline_access",
        "vehicle_device_data",
        "vehicle_charging_cmds",
        "vehicle_location",
    }
    assert asked == {
        "client_id": "our-app",
        "redirect_uri": "https://charge.example/tesla/callback",
        "response_type": "code",
        "state": "s&s",
        "nonce": "once",
        "locale": "nl-NL",
        "show_keypair_step": "true",
        "prompt": "login",
        "prompt_missing_scopes": "true",
    }


def test_a_repair_insists_on_what_is_missing_and_asks_for_no_second_login() -> None:
    asked = query(oauth(Tesla()).consent_url(state="s", nonce="n", locale="en-GB", repair=True))
    assert asked["prompt_missing_scopes"] == asked["require_requested_scopes"] == "true"
    assert "prompt" not in asked


def test_no_secret_stands_in_a_link() -> None:
    ours = oauth(Tesla())
    assert "hush" not in ours.consent_url(state="s", nonce="n", locale="en", repair=True) + ours.revoke_url
    assert query(ours.revoke_url) == {"revoke_client_id": "our-app"}


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_code_becomes_tokens_at_the_token_host() -> None:
    tesla, clock = Tesla(said(200, TOKENS)), StillClock()
    tokens = await oauth(tesla, clock).exchange("EU_code")
    assert tesla.urls == ["https://token.example/oauth2/v3/token"]
    assert tesla.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert form(tesla) == {
        "grant_type": "authorization_code",
        "client_id": "our-app",
        "client_secret": "hush",
        "code": "EU_code",
        "audience": EU,
        "redirect_uri": "https://charge.example/tesla/callback",
    }
    assert tokens.access.reveal() == TOKENS["access_token"]
    assert tokens.refresh.reveal() == "EU_next"
    assert tokens.access_expires_at == clock.now() + timedelta(hours=8)
    claims = tokens.claims
    assert (claims.account, claims.region_code, claims.nonce) == ("account-1", "EU", "once")
    assert claims.scopes == frozenset({"openid", "offline_access", "vehicle_device_data"})


async def test_a_renewal_names_neither_secret_nor_scope() -> None:
    tesla = Tesla(said(200, {**TOKENS, "id_token": None}))
    tokens = await oauth(tesla).renew(GRANT, Secret("EU_old"))
    assert form(tesla) == {"grant_type": "refresh_token", "client_id": "our-app", "refresh_token": "EU_old"}
    assert tokens.claims.nonce is None


async def test_tokens_do_not_print() -> None:
    tokens = await oauth(Tesla(said(200, TOKENS))).exchange("EU_code")
    assert "EU_next" not in repr(tokens)
    assert str(TOKENS["access_token"]) not in repr(tokens)


async def test_without_offline_access_there_is_no_lasting_grant() -> None:
    with pytest.raises(ScopeMissing, match="offline_access"):
        await oauth(Tesla(said(200, {**TOKENS, "refresh_token": None}))).exchange("EU_code")


@pytest.mark.parametrize(
    ("status", "error", "means"),
    [
        (401, "login_required", ConsentGone),
        (400, "invalid_grant", ConsentGone),
        (400, "invalid_auth_code", ConsentGone),
        (400, "unauthorized_client", OperatorFault),
        (401, "invalid_client", OperatorFault),
        (400, "invalid_redirect_url", OperatorFault),
        (429, "", TooOften),
        (400, "invalid_request", TeslaFails),
        (400, "unsupported_grant_type", TeslaFails),
        (401, "", TeslaFails),
        (403, "<html>You don't have permission to access", TeslaFails),
        (404, "", TeslaFails),
        (500, "server_error", TeslaFails),
        (503, "vehicle is not available", TeslaFails),
        (302, "", TeslaFails),
    ],
)
async def test_only_a_dead_grant_is_thought_dead(status: int, error: str, means: type[Fault]) -> None:
    with pytest.raises(Fault) as said_no:
        await oauth(Tesla(said(status, {"error": error}, x_txid="t-1"))).renew(GRANT, Secret("EU_old"))
    assert type(said_no.value) is means
    assert said_no.value.request_id == "t-1"


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (httpx2.ConnectError("no"), Unreachable),
        (httpx2.ConnectTimeout("no"), Unreachable),
        (httpx2.ReadTimeout("slow"), TeslaFails),
        (httpx2.RemoteProtocolError("cut"), TeslaFails),
    ],
    ids=repr,
)
async def test_a_renewal_whose_answer_is_lost_may_be_asked_again(error: Exception, means: type[Fault]) -> None:
    with pytest.raises(means) as lost:
        await oauth(Tesla(error)).renew(GRANT, Secret("EU_old"))
    assert lost.value.worth_repeating


async def test_a_page_in_place_of_tokens_passes() -> None:
    with pytest.raises(TeslaFails):
        await oauth(Tesla(said(200, "<html>we are busy</html>"))).renew(GRANT, Secret("EU_old"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**TOKENS, "expires_in": -1},
        {**TOKENS, "access_token": ""},
        {**TOKENS, "access_token": "two.parts"},
        {**TOKENS, "access_token": "a.!!!.c"},
        {**TOKENS, "access_token": "a.W10.c"},
        {**TOKENS, "access_token": jwt({"scp": []})},
        {**TOKENS, "id_token": "no jwt"},
    ],
    ids=[
        "nothing",
        "expired before",
        "no token",
        "two parts",
        "no base64",
        "no object",
        "no account",
        "id token",
    ],
)
async def test_tokens_that_cannot_be_read_are_puzzling(body: object) -> None:
    with pytest.raises(Puzzling):
        await oauth(Tesla(said(200, body))).exchange("EU_code")


# ── the operator's side ──────────────────────────────────────────────────────────────────────────

PARTNER = {"access_token": "partner", "expires_in": 28800}


def registration(tesla: Tesla) -> PartnerRegistration:
    return PartnerRegistration(tesla.http, oauth(tesla), {"eu": EU, "na": NA}, SystemClock())


async def test_the_domain_is_registered_with_a_partner_token_of_the_region() -> None:
    tesla = Tesla(said(200, PARTNER), said(200, {"response": {"domain": "charge.example", "public_key": "04ab"}}))
    answer = await registration(tesla).register("na", "charge.example")
    assert answer.value == "04ab"
    assert parse_qs(tesla.asked[0].content.decode())["audience"] == [NA]
    assert tesla.urls[1] == f"{NA}/api/1/partner_accounts"
    assert tesla.asked[1].headers["authorization"] == "Bearer partner"
    assert tesla.body() == {"domain": "charge.example"}


@pytest.mark.parametrize("status", [412, 424])
async def test_a_registration_that_tesla_rejects_is_the_operators_to_mend(status: int) -> None:
    with pytest.raises(OperatorFault):
        await registration(Tesla(said(200, PARTNER), said(status, {"error": "no"}))).register("eu", "charge.example")


async def test_the_registered_key_is_asked_for_by_domain() -> None:
    tesla = Tesla(said(200, PARTNER), said(200, {"response": {"public_key": "04ab"}}))
    assert (await registration(tesla).registered_key("eu", "charge.example")).value == "04ab"
    assert tesla.urls[1] == f"{EU}/api/1/partner_accounts/public_key?domain=charge.example"


async def test_a_domain_that_tesla_does_not_know_has_no_key() -> None:
    tesla = Tesla(said(200, PARTNER), said(404, {"error": "not_found"}))
    assert (await registration(tesla).registered_key("eu", "charge.example")).value is None


# ── the pairing link ─────────────────────────────────────────────────────────────────────────────


def test_the_pairing_link_names_domain_and_car() -> None:
    link = TeslaPairingLink("https://tesla.com/_ak", "charge.example")
    assert link.for_vehicle(VIN) == f"https://tesla.com/_ak/charge.example?vin={VIN.whole}"
    assert link.shown(VIN) == "tesla.com/_ak/charge.example?vin=…0001"


# ── the command key ──────────────────────────────────────────────────────────────────────────────


def test_the_command_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "command-key.pem"
    assert make_command_key(path)
    first = path.read_bytes()
    assert not make_command_key(path)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = load_command_key(path)
    assert key.public_pem.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert len(key.public_bytes) == 65
    assert key.public_hex.startswith("04")
    assert "PRIVATE" not in repr(key)


def test_a_missing_or_strange_command_key_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandKeyMissing):
        load_command_key(tmp_path / "none.pem")
    (tmp_path / "strange.pem").write_text("no key")
    with pytest.raises(CommandKeyUnreadable):
        load_command_key(tmp_path / "strange.pem")
