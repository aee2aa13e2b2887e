"""E: a key that somebody deleted, and a key that we ourselves gave up."""

from typing import Any

import pytest

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.diagnosis import diagnose
from chargekey.domain.evidence import KeyStatus, Listed, ScopesGranted
from chargekey.domain.findings import AccountAnswered, HostedKey, KeyFile, MobileAccess, Registered, RegisteredKeys
from chargekey.domain.grant import ASKED
from chargekey.domain.vehicle import Access, Reach
from tests.domain.case_of import case_of, minutes_ago

UNPAIRED = (KeyStatus(paired=False, must_sign=True, keys_on_car=3, firmware=None), 1)
PAIRED = (KeyStatus(paired=True, must_sign=True, keys_on_car=3, firmware=None), 1)
AGREES = ((HostedKey(KeyFile.RIGHT), 1), (RegisteredKeys({"eu": Registered.RIGHT}), 1))
DIFFERS = ((HostedKey(KeyFile.ANOTHER_KEY), 1), AGREES[1])


@pytest.mark.parametrize(
    ("known", "deleted", "changed"),
    [
        ({}, "was_never_there", "keys_agree"),
        ({"key_was_on_until": minutes_ago(90)}, "gone_since", "keys_agree"),
        ({"key_was_on_until": minutes_ago(90), "our_key_changed": True}, "ours_changed", "knew_another"),
        (
            {"key_was_on_until": minutes_ago(90), "our_key_changed": True, "in_service_before_that": True},
            "ours_changed",
            "knew_another",
        ),
    ],
)
def test_a_key_that_we_gave_up_was_deleted_by_nobody(known: dict[str, Any], deleted: str, changed: str) -> None:
    case = case_of(UNPAIRED, *AGREES, **known)
    assert (BY_ID["E2"].signal(case).reason, BY_ID["E3"].signal(case).reason) == (deleted, changed)


def test_what_the_car_proved_says_more_than_what_we_show_now() -> None:
    known: dict[str, Any] = {"key_was_on_until": minutes_ago(90), "our_key_changed": True}
    assert BY_ID["E3"].signal(case_of(UNPAIRED, *DIFFERS)).certainty is Certainty.LIKELY
    assert BY_ID["E3"].signal(case_of(UNPAIRED, *DIFFERS, **known)).certainty is Certainty.PRESENT
    assert BY_ID["E3"].signal(case_of(PAIRED, *AGREES, **known)).certainty is Certainty.RULED_OUT


def test_the_new_key_is_added_by_the_link() -> None:
    allowed, listed = ScopesGranted(frozenset(ASKED)), Listed(Access.OWNER, Reach.ONLINE, None, False, False)
    well = ((allowed, 5), (AccountAnswered(1), 1), (listed, 1), (MobileAccess(True), 1))
    case = case_of(UNPAIRED, *AGREES, *well, key_was_on_until=minutes_ago(90), our_key_changed=True)
    found = diagnose(case, CATALOGUE, stage=Stage.KEY, something_failed=False)
    assert "E3" in {one.cause.id for place in found.places for one in place.findings}
    assert found.offers_link
