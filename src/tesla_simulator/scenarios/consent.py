"""A: the account, and what it has consented to."""

from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario

_CHARGING: Final = "vehicle_charging_cmds"
_LOCATION: Final = "vehicle_location"


def _keeps_back(cast: Cast, scope: str) -> None:
    """Of a consent that is given, this is taken out; of one still to come, its box is left empty."""
    if cast.account.consent_to(cast.client_id) is None:
        cast.account.would_rather_keep_back([scope])
    else:
        cast.account.unticks(cast.client_id, scope)


def _consented_to_less_before(cast: Cast) -> None:
    app = cast.world.portal.app(cast.client_id)
    cast.account.consents(cast.client_id, [scope for scope in (app.scopes if app else []) if scope != _CHARGING])


def _has_the_cars_in_another_account(cast: Cast) -> None:
    other = cast.somebody("my-other-account")
    for access in cast.account.accesses:
        cast.account.sells(access.vin)
        other.gets(access.vin, access.access_type)
    cast.phone.signs_in(other.email)


def _is_somebody_else_in_the_app(cast: Cast) -> None:
    other = cast.somebody("my-other-account")
    other.gets(cast.vin)
    cast.phone.signs_in(other.email)


def _lives_in_the_other_region(cast: Cast) -> None:
    cast.account.moves_to_region("na" if cast.account.region == "eu" else "eu")


SCENARIOS: Final = (
    Scenario("A1", "The box of the charging permission is not ticked.", lambda cast: _keeps_back(cast, _CHARGING)),
    Scenario(
        "A2",
        "An older, smaller consent is on the account; a plain sign-in goes straight back with it.",
        _consented_to_less_before,
    ),
    Scenario(
        "A3",
        "Everything is ticked by now, but the access token is older than that.",
        lambda cast: cast.world.tokens.is_older_than_its_consent(cast.email, _CHARGING),
        lambda cast: cast.world.tokens.expires_now(cast.email),
    ),
    Scenario(
        "A4",
        "The driver signs in and does not allow.",
        by_hand="On Tesla's page, press Cancel, or close the tab after signing in.",
    ),
    Scenario(
        "A5", "The account has no car: they are all in the driver's other account.", _has_the_cars_in_another_account
    ),
    Scenario(
        "A6", "The Tesla app is signed in to another account than the one that consented.", _is_somebody_else_in_the_app
    ),
    Scenario(
        "A7",
        "The pairing link is opened before anything was consented to.",
        by_hand="Open the pairing link on the phone before signing in at Tesla, or after removing the access there.",
    ),
    Scenario(
        "A8",
        "Nobody has ever signed in to the Tesla app with this account.",
        lambda cast: cast.account.has_never_used_the_app(),
    ),
    Scenario("A9", "The account took its consent back.", lambda cast: cast.account.revokes_consent(cast.client_id)),
    Scenario("A10", "The password of the account was changed.", lambda cast: cast.account.resets_its_password()),
    Scenario(
        "A11",
        "Tesla has locked the account.",
        lambda cast: cast.account.gets_locked(),
        lambda cast: cast.account.is_unlocked(),
    ),
    Scenario(
        "A12",
        "Something in the account waits to be agreed to: Tesla's sign-in goes no further.",
        lambda cast: cast.account.must_accept_new_terms(),
        lambda cast: cast.account.accepts_the_terms(),
    ),
    Scenario("A13", "The account lives in the other region.", _lives_in_the_other_region),
    Scenario(
        "A14",
        "The privacy settings of the account refuse data.",
        lambda cast: cast.account.refuses_to_share_data(),
        lambda cast: cast.account.shares_data_again(),
    ),
    Scenario(
        "A15",
        "Tesla's sign-in refuses the network that the phone is on.",
        lambda cast: cast.phone.is_on_a_network_that_tesla_refuses(),
        lambda cast: cast.phone.changes_network(),
    ),
    Scenario(
        "A16",
        "The code is too old or comes twice.",
        by_hand="Open the address of the callback a second time, or wait six minutes before it is opened.",
    ),
    Scenario(
        "A17",
        "The browser that comes back is not the one that left.",
        by_hand="Copy Tesla's address into a private window, sign in there and come back.",
    ),
    Scenario(
        "A18",
        "The app may not ask for offline access, so there is no refresh token.",
        lambda cast: cast.world.portal.scopes_are_not_enabled(cast.client_id, ["offline_access"]),
        lambda cast: cast.world.portal.all_scopes_are_enabled(cast.client_id),
    ),
    Scenario("A19", "The box of the location is not ticked.", lambda cast: _keeps_back(cast, _LOCATION)),
)
