"""Requests on a driver's behalf: stale tokens, other regions and silence."""

import httpx2
import pytest

from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.ports.faults import (
    AccessExpired,
    AnswerLost,
    ConsentGone,
    Fault,
    OtherRegion,
    Puzzling,
    TeslaFails,
    Unreachable,
)
from tests.adapters.tesla_side import EU, GRANT, NA, TRUSTED, PocketVault, Tesla, never, said

EXPIRED = {"error": "token expired (401)"}


def elsewhere(base_url: str) -> httpx2.Response:
    return said(421, {"error": f"user out of region, use base URL: {base_url}, see https://developer.example"})


def api(tesla: Tesla, vault: PocketVault | None = None, whole_s: float = 30.0) -> FleetApi:
    return FleetApi(tesla.http, vault or PocketVault("second"), TRUSTED, whole_s=whole_s)


async def test_a_question_carries_the_token_and_goes_where_the_account_lives() -> None:
    tesla = Tesla(said(200, {}))
    await api(tesla, PocketVault(base_url=NA)).ask(GRANT, "/api/1/vehicles", page="1")
    assert tesla.urls == [f"{NA}/api/1/vehicles?page=1"]
    assert tesla.tokens_seen == ["Bearer first"]
    assert tesla.asked[0].headers["content-type"] == "application/json"  # else Tesla answers 406


# ── stale tokens ─────────────────────────────────────────────────────────────────────────────────


async def test_a_stale_token_is_renewed_once() -> None:
    tesla = Tesla(said(401, EXPIRED), said(200, {}))
    await api(tesla).ask(GRANT, "/x")
    assert tesla.tokens_seen == ["Bearer first", "Bearer second"]


async def test_a_token_stale_twice_is_not_renewed_again() -> None:
    tesla = Tesla(said(401, EXPIRED), said(401, EXPIRED))
    with pytest.raises(AccessExpired):
        await api(tesla, PocketVault("second", "third")).ask(GRANT, "/x")
    assert len(tesla.asked) == 2


async def test_a_dead_grant_is_said_so() -> None:
    with pytest.raises(ConsentGone):
        await api(Tesla(said(401, EXPIRED)), PocketVault()).ask(GRANT, "/x")


async def test_a_withdrawn_consent_spends_no_refresh_token() -> None:
    tesla, vault = Tesla(said(401, {"error": "User revoked consent"})), PocketVault("second")
    with pytest.raises(ConsentGone):
        await api(tesla, vault).ask(GRANT, "/x")
    assert vault.present.reveal() == "first"


# ── other regions ────────────────────────────────────────────────────────────────────────────────


async def test_an_account_of_another_region_is_followed_once_and_remembered() -> None:
    tesla, vault = Tesla(elsewhere(NA), said(200, {})), PocketVault()
    await api(tesla, vault).ask(GRANT, "/x")
    assert tesla.urls == [f"{EU}/x", f"{NA}/x"]
    assert vault.base_url == NA


async def test_a_token_never_goes_to_a_host_that_the_operator_did_not_name() -> None:
    tesla, vault = Tesla(elsewhere("https://thief.example")), PocketVault()
    with pytest.raises(Puzzling):
        await api(tesla, vault).ask(GRANT, "/x")
    assert tesla.urls == [f"{EU}/x"]
    assert vault.base_url == EU


async def test_an_account_is_not_sent_back_and_forth() -> None:
    tesla = Tesla(elsewhere(NA), elsewhere(EU))
    with pytest.raises(OtherRegion):
        await api(tesla).ask(GRANT, "/x")
    assert len(tesla.asked) == 2


@pytest.mark.parametrize("first", [elsewhere(NA), said(401, EXPIRED)], ids=["moved first", "stale first"])
async def test_a_stale_token_in_the_wrong_region_is_mended_too(first: httpx2.Response) -> None:
    then = said(401, EXPIRED) if first.status_code == 421 else elsewhere(NA)
    tesla = Tesla(first, then, said(200, {}))
    await api(tesla).ask(GRANT, "/x")
    assert tesla.urls[-1] == f"{NA}/x"
    assert tesla.tokens_seen[-1] == "Bearer second"


# ── silence ──────────────────────────────────────────────────────────────────────────────────────

LOST = [
    httpx2.ReadTimeout("slow"),
    httpx2.ReadError("cut"),
    httpx2.WriteError("cut"),
    httpx2.WriteTimeout("slow"),
    httpx2.RemoteProtocolError("cut"),
    httpx2.DecodingError("garbled"),
]


@pytest.mark.parametrize(
    "error", [httpx2.ConnectError("no"), httpx2.ConnectTimeout("no"), httpx2.PoolTimeout("no")], ids=repr
)
async def test_without_a_connection_nothing_arrived(error: Exception) -> None:
    with pytest.raises(Unreachable) as question:
        await api(Tesla(error)).ask(GRANT, "/x")
    with pytest.raises(Unreachable) as command:
        await api(Tesla(error)).command(GRANT, "/x", {})
    assert not question.value.may_have_happened
    assert not command.value.may_have_happened


@pytest.mark.parametrize("error", LOST, ids=repr)
async def test_a_lost_answer_to_a_command_may_hide_that_it_ran(error: Exception) -> None:
    tesla = Tesla(error)
    with pytest.raises(AnswerLost):
        await api(tesla).command(GRANT, "/x", {})
    assert len(tesla.asked) == 1


@pytest.mark.parametrize("error", LOST, ids=repr)
async def test_a_lost_answer_to_a_question_may_be_asked_for_again(error: Exception) -> None:
    with pytest.raises(TeslaFails) as asked:
        await api(Tesla(error)).ask(GRANT, "/x")
    with pytest.raises(TeslaFails):
        await api(Tesla(error)).ask_with(GRANT, "/x", {})
    assert asked.value.worth_repeating


async def test_an_answer_that_never_ends_is_given_up() -> None:
    with pytest.raises(AnswerLost):
        await api(Tesla(never), whole_s=0).command(GRANT, "/x", {})
    with pytest.raises(TeslaFails):
        await api(Tesla(never), whole_s=0).ask(GRANT, "/x")


@pytest.mark.parametrize("status", [201, 204, 302, 304])
async def test_only_200_is_a_success(status: int) -> None:
    with pytest.raises(Fault):
        await api(Tesla(said(status, {}))).ask(GRANT, "/x")
