"""Everything that can be let happen from outside, by name, and whom each verb is about.

No two verbs share a name, whoever they are about.
"""

from collections.abc import Callable
from typing import Any, Final

from tesla_simulator.accounts import Account
from tesla_simulator.cars.car import Car
from tesla_simulator.internet import Internet
from tesla_simulator.outages import Outages
from tesla_simulator.phone import Phone
from tesla_simulator.portal import Portal
from tesla_simulator.telemetry.far_ends import FarEnds
from tesla_simulator.tokens import Tokens
from tesla_simulator.world import DRIVER, World

Verb = Callable[..., object]
Arguments = dict[str, Any]

_OF_CARS: Final = (
    Car.falls_asleep, Car.wakes_up, Car.loses_reception, Car.has_reception_again, Car.plugs_in, Car.unplugs,
    Car.plugs_in_elsewhere,
    Car.somebody_starts_charging, Car.somebody_stops_charging, Car.somebody_sets_the_limit,
    Car.charger_loses_power, Car.charger_has_power_again, Car.charger_offers, Car.drives, Car.drives_away,
    Car.gps_goes_stale, Car.gps_is_fresh_again,
    Car.has_in_its_battery, Car.battery_gets_cold, Car.battery_is_warm,
    Car.goes_to_service, Car.comes_back_from_service,
    Car.somebody_turns_mobile_access_off, Car.somebody_turns_mobile_access_on, Car.somebody_deletes_our_key,
    Car.fills_its_key_list, Car.somebody_makes_room_in_its_key_list, Car.is_missing_from_both_lists,
    Car.is_wrongly_told_to_need_no_key, Car.sleeps_deeply, Car.somebody_opens_a_door, Car.is_busy_for,
    Car.boots_for, Car.gets_firmware, Car.somebody_turns_third_party_streaming_off,
    Car.somebody_turns_third_party_streaming_on, Car.works_for_a_business, Car.switches_to_the_protocol,
    Car.its_keys_are_told_after, Car.has_its_security_parts_replaced, Car.is_lent_in_valet_mode,
    Car.is_lent_in_guest_mode, Car.leaves_its_mode,
)  # fmt: skip
_OF_ACCOUNTS: Final = (
    Account.revokes_consent, Account.unticks, Account.ticks, Account.resets_its_password,
    Account.has_never_used_the_app, Account.uses_the_app_once, Account.sells, Account.gets,
    Account.would_rather_keep_back, Account.moves_to_region, Account.gets_locked, Account.is_unlocked,
    Account.refuses_to_share_data,
    Account.shares_data_again, Account.belongs_to_a_business, Account.its_business_consents,
    Account.mfa_gets_in_the_way, Account.mfa_is_out_of_the_way, Account.is_refused_now_and_then,
    Account.is_refused_no_more, Account.hires, Account.orders, Account.takes_delivery_of, Account.hides,
    Account.shows_again, Account.place_is_hidden_from_it, Account.place_is_shown_to_it,
    Account.must_accept_new_terms, Account.accepts_the_terms,
    Account.is_not_the_primary_account_of, Account.is_the_primary_account_of,
)  # fmt: skip
_OF_PHONES: Final = (
    Phone.signs_in, Phone.signs_out, Phone.swipes_to, Phone.ignores_vin, Phone.swallows_the_next_prompt,
    Phone.goes_home, Phone.opens_pairing_link, Phone.allows, Phone.cancels, Phone.taps_key_card,
    Phone.app_gets_stuck, Phone.declines_the_next_prompt, Phone.has_no_app, Phone.has_an_old_app,
    Phone.opens_links_in_an_in_app_browser, Phone.is_no_phone_key, Phone.has_a_broken_phone_key,
    Phone.key_card_is_elsewhere, Phone.installs_the_app, Phone.updates_the_app, Phone.force_closes_the_app,
    Phone.opens_in_the_system_browser, Phone.sets_up_the_phone_key, Phone.removes_and_sets_up_the_phone_key,
    Phone.is_on_a_network_that_tesla_refuses, Phone.changes_network,
    Phone.fetches_the_key_card, Phone.sits_down_in, Phone.gets_out, Phone.clears_the_mfa,
)  # fmt: skip
_OF_OUTAGES: Final = (
    Outages.tesla_goes_down, Outages.a_region_goes_down, Outages.sign_in_goes_down, Outages.tesla_gets_slow,
    Outages.tesla_counts_requests, Outages.tesla_rejects_tokens,
)  # fmt: skip
_OF_THE_INTERNET: Final = (
    Internet.domain_lives_at, Internet.domain_cannot_be_reached, Internet.domain_can_be_reached_again,
    Internet.domain_does_not_find_its_key, Internet.domain_redirects_its_key,
    Internet.domain_shows_a_page_for_its_key, Internet.domain_hosts_another_key, Internet.domain_is_right_again,
)  # fmt: skip
_OF_THE_PORTAL: Final = (
    Portal.forgets_registration, Portal.redirect_uri_is_not_listed, Portal.redirect_uri_is_listed_again,
    Portal.scopes_are_not_enabled, Portal.all_scopes_are_enabled, Portal.client_secret_changes,
    Portal.client_secret_is_as_before, Portal.app_exceeds_its_limit, Portal.app_has_not_paid, Portal.app_has_paid,
    Portal.another_app_takes_the_domain, Portal.another_app_takes_the_key, Portal.the_other_app_goes_away,
)  # fmt: skip
_OF_TELEMETRY: Final = (
    FarEnds.telemetry_server_lives_at, FarEnds.telemetry_is_published, FarEnds.telemetry_is_published_no_more,
)  # fmt: skip
_OF_TOKENS: Final = (
    Tokens.unused_for_months, Tokens.tesla_ends_every_grant, Tokens.is_older_than_its_consent, Tokens.expires_now,
)  # fmt: skip
_OF_THE_WORLD: Final = (
    World.is_well_again, World.meets, World.throws_dice_from, World.tells_keys_after, World.removes_keys_on_revocation,
    World.car_changes_hands, World.somebody_has_a_phone, World.somebody_opens_an_account,
    World.somebody_buys_a_car, World.another_program_uses_the_tokens_of, World.developer_registers_app,
    World.operators_clock_is_ahead_by,
)  # fmt: skip


class Unusable(Exception):
    """An argument that is not what it should be."""


class Verbs:
    """The verbs of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_name: dict[str, Callable[[Arguments], Verb]] = {
            **_bound(_OF_CARS, self._car),
            **_bound(_OF_ACCOUNTS, self._account),
            **_bound(_OF_PHONES, self._phone),
            **_bound(_OF_OUTAGES, lambda _: world.outages),
            **_bound(_OF_THE_INTERNET, lambda _: world.internet),
            **_bound(_OF_THE_PORTAL, lambda _: world.portal),
            **_bound(_OF_TELEMETRY, lambda _: world.far_ends),
            **_bound(_OF_TOKENS, lambda _: world.tokens),
            **_bound(_OF_THE_WORLD, lambda _: world),
        }

    @property
    def names(self) -> list[str]:
        return sorted(self._by_name)

    def find(self, name: str, arguments: Arguments) -> Verb | None:
        """Takes what names its subject out of `arguments`. None: no such verb.

        Raises `LookupError` for a subject that is not there, `Unusable` for an argument of the wrong form.
        """
        found = self._by_name.get(name)
        return found(arguments) if found else None

    def _car(self, arguments: Arguments) -> Car:
        key = arguments.get("public_key")
        if isinstance(key, str):
            try:
                arguments["public_key"] = bytes.fromhex(key)
            except ValueError as error:
                raise Unusable("public_key is hex") from error
        return self._world.cars[str(arguments.pop("vin", ""))]

    def _account(self, arguments: Arguments) -> Account:
        return self._world.accounts[str(arguments.pop("email", ""))]

    def _phone(self, arguments: Arguments) -> Phone:
        return self._world.phones[str(arguments.pop("phone", DRIVER))]


def _bound(verbs: tuple[Verb, ...], of_whom: Callable[[Arguments], object]) -> dict[str, Callable[[Arguments], Verb]]:
    def binding(name: str) -> Callable[[Arguments], Verb]:
        def bind(arguments: Arguments) -> Verb:
            bound: Verb = getattr(of_whom(arguments), name)
            return bound

        return bind

    return {verb.__name__: binding(verb.__name__) for verb in verbs}
