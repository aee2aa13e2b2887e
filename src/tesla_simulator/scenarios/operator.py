"""F: the operator's own side."""

from datetime import timedelta
from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario

_TWO_MINUTES: Final = timedelta(minutes=2)


def _is_right_again(cast: Cast) -> None:
    cast.world.internet.domain_is_right_again(cast.domain)


async def _another_has_the_key(cast: Cast) -> None:
    await cast.world.portal.another_app_takes_the_key(cast.domain, cast.account.region)


async def _another_has_the_domain(cast: Cast) -> None:
    await cast.world.portal.another_app_takes_the_domain(cast.domain, cast.account.region)


def _the_other_goes_away(cast: Cast) -> None:
    """The app itself has to register again."""
    cast.world.portal.the_other_app_goes_away(cast.account.region)


SCENARIOS: Final = (
    Scenario(
        "F1",
        "Where the public key should be, the operator's site shows a page.",
        lambda cast: cast.world.internet.domain_shows_a_page_for_its_key(cast.domain),
        _is_right_again,
    ),
    Scenario(
        "F1/missing",
        "The operator's site does not find its public key.",
        lambda cast: cast.world.internet.domain_does_not_find_its_key(cast.domain),
        _is_right_again,
    ),
    Scenario(
        "F1/moved",
        "The operator's site redirects whoever fetches the public key.",
        lambda cast: cast.world.internet.domain_redirects_its_key(cast.domain),
        _is_right_again,
    ),
    Scenario(
        "F1/unreachable",
        "The operator's domain cannot be reached.",
        lambda cast: cast.world.internet.domain_cannot_be_reached(cast.domain),
        _is_right_again,
    ),
    Scenario(
        "F2",
        "The operator's site hosts another key than the registered one.",
        lambda cast: cast.world.internet.domain_hosts_another_key(cast.domain),
        _is_right_again,
    ),
    Scenario(
        "F3",
        "The app is not registered in the driver's region.",
        lambda cast: cast.world.portal.forgets_registration(cast.client_id, cast.account.region),
    ),
    Scenario("F4", "Another app has registered the operator's key.", _another_has_the_key, _the_other_goes_away),
    Scenario("F4/domain", "Another app has the operator's domain.", _another_has_the_domain, _the_other_goes_away),
    Scenario(
        "F5",
        "The redirect URI is not listed in the portal.",
        lambda cast: cast.world.portal.redirect_uri_is_not_listed(cast.client_id),
        lambda cast: cast.world.portal.redirect_uri_is_listed_again(cast.client_id),
    ),
    Scenario(
        "F6",
        "The client secret is not the one in the portal any more.",
        lambda cast: cast.world.portal.client_secret_changes(cast.client_id),
        lambda cast: cast.world.portal.client_secret_is_as_before(cast.client_id),
    ),
    Scenario(
        "F6/limit",
        "The app is over its spending limit.",
        lambda cast: cast.world.portal.app_exceeds_its_limit(cast.client_id),
        lambda cast: cast.world.portal.app_has_paid(cast.client_id),
    ),
    Scenario(
        "F6/unpaid",
        "The app's account has no way to pay.",
        lambda cast: cast.world.portal.app_has_not_paid(cast.client_id),
        lambda cast: cast.world.portal.app_has_paid(cast.client_id),
    ),
    Scenario(
        "F9",
        "The clock of the operator's machine is two minutes ahead of Tesla's.",
        lambda cast: cast.world.operators_clock_is_ahead_by(_TWO_MINUTES),
        lambda cast: cast.world.operators_clock_is_ahead_by(timedelta(0)),
    ),
    Scenario(
        "F12",
        "A scope is not enabled in the portal: nobody is offered it.",
        lambda cast: cast.world.portal.scopes_are_not_enabled(cast.client_id, ["vehicle_charging_cmds"]),
        lambda cast: cast.world.portal.all_scopes_are_enabled(cast.client_id),
    ),
)
