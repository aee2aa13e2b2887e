"""From the authorize page to tokens, and how tokens live and die."""

from datetime import timedelta

import httpx2

from tesla_simulator.accounts import SCOPES as ALL_SCOPES
from tesla_simulator.demo import CLIENT_ID, CLIENT_SECRET, EMAIL
from tests.simulator.served import SCOPES, Tesla, came_back_with, claims_of


async def test_a_driver_signs_in_consents_and_comes_back_with_a_code(tesla: Tesla) -> None:
    page = await tesla.asks()
    assert page.status_code == 200
    assert 'name="email"' in page.text

    onward = await tesla.signs_in()
    assert onward.headers["location"].startswith("/auth/oauth2/v3/consent?")
    boxes = await tesla.web.get(tesla.url + onward.headers["location"])
    assert 'value="vehicle_location"' in boxes.text

    back = came_back_with(await tesla.consents())
    assert back["code"].startswith("EU_")
    assert back["state"] == "s-1"


async def test_a_code_becomes_tokens_that_say_what_was_granted(tesla: Tesla) -> None:
    pair = await tesla.connects()
    assert pair["token_type"] == "Bearer"
    assert pair["expires_in"] == 28800
    assert pair["refresh_token"].startswith("EU_")
    assert pair["state"] == "s-1"

    claims = claims_of(pair["access_token"])
    assert claims["scp"] == SCOPES.split()
    assert claims["ou_code"] == "EU"
    assert claims["azp"] == CLIENT_ID
    assert claims["exp"] - claims["iat"] == 28800
    assert claims["aud"] == [f"{tesla.url}/na", f"{tesla.url}/eu", f"{tesla.url}/auth/oauth2/v3/userinfo"]
    assert claims_of(pair["id_token"])["nonce"] == "n-1"
    assert claims_of(pair["id_token"])["sub"] == claims["sub"]


async def test_every_token_can_be_read_with_the_plain_alphabet(tesla: Tesla) -> None:
    for number in range(30):
        token, _ = tesla.world.tokens.signer.signed({"locale": "~?>" * (number % 4) + "x" * number})
        assert claims_of(token)["locale"].endswith("x" * number)


async def test_an_unticked_scope_is_not_granted(tesla: Tesla) -> None:
    kept = [scope for scope in SCOPES.split() if scope != "vehicle_charging_cmds"]
    pair = await tesla.connects(ticked=kept)
    assert claims_of(pair["access_token"])["scp"] == kept


async def test_unticking_the_locked_boxes_changes_nothing(tesla: Tesla) -> None:
    pair = await tesla.connects(ticked=["vehicle_device_data"])
    granted = claims_of(pair["access_token"])["scp"]
    assert granted == ["openid", "offline_access", "vehicle_device_data"]


async def test_cancelling_leads_back_with_login_cancelled(tesla: Tesla) -> None:
    for answer in (await tesla.signs_in(answer="cancel"), await _cancelled_at_consent(tesla)):
        back = came_back_with(answer)
        assert back == {
            "error": "login_cancelled",
            "error_description": "User cancelled login",
            "state": "s-1",
        }


async def _cancelled_at_consent(tesla: Tesla) -> httpx2.Response:
    await tesla.signs_in()
    return await tesla.consents(answer="cancel")


async def test_a_wrong_redirect_uri_gets_a_page_and_no_redirect(tesla: Tesla) -> None:
    answer = await tesla.asks(redirect_uri="https://elsewhere.example/callback")
    assert answer.status_code == 400
    assert "recognize this redirect URI" in answer.text


async def test_an_unknown_address_is_told_on_the_page(tesla: Tesla) -> None:
    answer = await tesla.signs_in("nobody@driver.example")
    assert answer.status_code == 200
    assert "nobody@driver.example" in answer.text


async def test_who_consented_before_goes_straight_back_with_the_old_scopes(tesla: Tesla) -> None:
    await tesla.connects(ticked=["vehicle_device_data"])
    code = came_back_with(await tesla.asks())["code"]
    pair = (await tesla.redeems(code)).json()
    assert "vehicle_charging_cmds" not in claims_of(pair["access_token"])["scp"]


async def test_missing_scopes_are_asked_for_when_the_app_says_so(tesla: Tesla) -> None:
    await tesla.connects(ticked=["vehicle_device_data"])
    onward = await tesla.asks(prompt_missing_scopes="true")
    assert "/consent" in onward.headers["location"]
    back = came_back_with(await tesla.consents(prompt_missing_scopes="true"))
    pair = (await tesla.redeems(back["code"])).json()
    assert claims_of(pair["access_token"])["scp"] == SCOPES.split()
    assert "code" in came_back_with(await tesla.asks(prompt_missing_scopes="true"))


async def test_required_scopes_must_all_be_ticked(tesla: Tesla) -> None:
    await tesla.signs_in(require_requested_scopes="true")
    again = await tesla.consents(["vehicle_device_data"], require_requested_scopes="true")
    assert again.status_code == 200
    assert "code" in came_back_with(await tesla.consents(require_requested_scopes="true"))


async def test_prompt_login_asks_again_who_is_there(tesla: Tesla) -> None:
    await tesla.connects()
    assert (await tesla.asks(prompt="login")).status_code == 200
    assert "code" in came_back_with(await tesla.signs_in(prompt="login"))


async def test_a_code_works_once(tesla: Tesla) -> None:
    code = await tesla.a_code()
    assert (await tesla.redeems(code)).status_code == 200
    again = await tesla.redeems(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_auth_code")


async def test_a_code_grows_old(tesla: Tesla) -> None:
    code = await tesla.a_code()
    await tesla.world.time_passes(timedelta(minutes=6))
    assert (await tesla.redeems(code)).json()["error"] == "invalid_auth_code"


async def test_each_mistake_at_the_token_endpoint_has_its_word(tesla: Tesla) -> None:
    code = await tesla.a_code()
    secret = await tesla.redeems(code, client_secret="wrong")
    assert (secret.status_code, secret.json()["error"]) == (400, "unauthorized_client")
    uri = await tesla.redeems(code, redirect_uri="http://localhost/else")
    assert (uri.status_code, uri.json()["error"]) == (400, "invalid_redirect_url")
    missing = await tesla.token(grant_type="refresh_token", refresh_token="EU_1")
    assert missing.json()["error_description"].startswith("The 'client_id' parameter is missing.")
    kind = await tesla.token(grant_type="password")
    assert (kind.status_code, kind.json()["error"]) == (400, "unsupported_grant_type")
    unknown = await tesla.renews("EU_unknown")
    assert (unknown.status_code, unknown.json()["error"]) == (401, "login_required")


async def test_renewing_ends_the_tokens_before(registered: Tesla) -> None:
    first = await registered.connects()
    second = (await registered.renews(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    old = await registered.gets(first["access_token"], "vehicles")
    assert (old.status_code, old.json()["error"]) == (401, "invalid bearer token")
    assert (await registered.gets(second["access_token"], "vehicles")).status_code == 200


async def test_an_app_that_lost_the_new_token_may_use_the_old_one_for_a_day(tesla: Tesla) -> None:
    first = (await tesla.connects())["refresh_token"]
    lost = (await tesla.renews(first)).json()["refresh_token"]
    await tesla.world.time_passes(timedelta(hours=23))
    fresh = (await tesla.renews(first)).json()["refresh_token"]
    assert (await tesla.renews(lost)).status_code == 401
    await tesla.world.time_passes(timedelta(hours=2))
    assert (await tesla.renews(first)).status_code == 401
    assert (await tesla.renews(fresh)).status_code == 200


async def test_once_the_new_token_was_used_the_old_one_is_dead(tesla: Tesla) -> None:
    first = (await tesla.connects())["refresh_token"]
    second = (await tesla.renews(first)).json()["refresh_token"]
    assert (await tesla.renews(second)).status_code == 200
    assert (await tesla.renews(first)).status_code == 401
    assert (await tesla.renews(second)).status_code == 200


async def test_a_refresh_token_lives_three_months(tesla: Tesla) -> None:
    token = (await tesla.connects())["refresh_token"]
    await tesla.world.time_passes(timedelta(days=91))
    assert (await tesla.renews(token)).json()["error"] == "login_required"


async def test_an_access_token_lives_eight_hours(registered: Tesla) -> None:
    token = (await registered.connects())["access_token"]
    await registered.world.time_passes(timedelta(hours=8))
    answer = await registered.gets(token, "vehicles")
    assert (answer.status_code, answer.json()) == (401, {"error": "token expired (401)"})


async def test_a_password_reset_asks_for_a_new_login(tesla: Tesla) -> None:
    token = (await tesla.connects())["refresh_token"]
    tesla.world.accounts[EMAIL].resets_its_password()
    assert (await tesla.renews(token)).json()["error"] == "login_required"


async def test_other_ticks_come_with_the_next_access_token(tesla: Tesla) -> None:
    pair = await tesla.connects()
    address = f"{tesla.url}/auth/user/revoke/consent"
    query = {"revoke_client_id": CLIENT_ID, "back_url": f"{tesla.partner.url}/permissions"}
    assert (await tesla.web.get(address, params=query)).status_code == 200
    form = {"scope": ["vehicle_device_data"], "answer": "change"}
    back = await tesla.web.post(address, params=query, data=form)
    assert back.headers["location"] == query["back_url"]
    renewed = (await tesla.renews(pair["refresh_token"])).json()
    assert "vehicle_location" not in claims_of(renewed["access_token"])["scp"]


async def test_removed_access_is_felt_at_once(registered: Tesla) -> None:
    pair = await registered.connects()
    address = f"{registered.url}/auth/user/revoke/consent"
    query = {"revoke_client_id": CLIENT_ID}
    await registered.web.post(address, params=query, data={"answer": "revoke"})
    answer = await registered.gets(pair["access_token"], "vehicles")
    assert (answer.status_code, answer.json()["error"]) == (401, "User revoked consent")
    assert (await registered.renews(pair["refresh_token"])).json()["error"] == "login_required"


async def test_the_way_back_from_consent_leads_only_to_the_app(tesla: Tesla) -> None:
    query = {"revoke_client_id": CLIENT_ID, "back_url": "https://evil.example/"}
    answer = await tesla.web.get(f"{tesla.url}/auth/user/revoke/consent", params=query)
    assert answer.status_code == 400


async def test_the_metadata_names_where_keys_and_tokens_are(tesla: Tesla) -> None:
    known = f"{tesla.url}/fleet-auth/oauth2/v3/thirdparty/.well-known/openid-configuration"
    metadata = (await tesla.web.get(known)).json()
    assert metadata["token_endpoint"] == f"{tesla.url}/fleet-auth/oauth2/v3/token"
    keys = (await tesla.web.get(metadata["jwks_uri"])).json()["keys"]
    assert [sorted(key) for key in keys] == [["e", "kid", "kty", "n"]]


def test_the_names_of_all_scopes_are_known() -> None:
    assert set(SCOPES.split()) <= set(ALL_SCOPES)


async def test_older_programs_get_their_tokens_from_the_sign_in_site_and_without_an_audience(tesla: Tesla) -> None:
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code": await tesla.a_code(),
        "redirect_uri": tesla.callback,
        "code_verifier": "of a proof key that Tesla does not ask for",
    }
    answer = await tesla.web.post(f"{tesla.url}/auth/oauth2/v3/token", data=form)
    assert answer.json()["expires_in"] == 28800

    wrong = {**form, "code": await tesla.a_code(), "audience": "https://example.org"}
    assert (await tesla.web.post(f"{tesla.url}/auth/oauth2/v3/token", data=wrong)).status_code == 400
