"""What goes along when a driver writes to us: no room for secrets, and nothing that was unticked."""

import dataclasses
import re
from datetime import UTC, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.evidence import ChargeState, Charging, ConsentEnded, KeyStatus, Listed
from chargekey.domain.journey import Step
from chargekey.domain.support import (
    Bundle,
    CauseLine,
    HoldsMore,
    Line,
    Locale,
    Shaped,
    StepLine,
    SupportCode,
    Value,
    Version,
    VersionLine,
    Word,
    Zone,
    details,
    readable_code,
    shaped,
    support_code,
)
from chargekey.domain.vehicle import Access, Reach, Vin

NOW: Final = datetime(2024, 11, 6, 20, 12, tzinfo=UTC)
KINDS: Final = tuple(Shaped.__subclasses__())
VIN: Final = "LRW3E7EK0NC004F21"

letters = st.text("ABCDEFGHJKLMNPRSTUVWXYZabcdefghjkmnpqrstuvwxyz0123456789-_", min_size=20, max_size=60)
secrets = st.one_of(
    letters.filter(lambda text: re.search("[G-Zg-z]", text) and re.search("[0-9]|[A-Z]{2}", text)),  # tokens
    letters.map(lambda text: f"eyJhbGciOi.{text}.{text}"),
    st.from_regex(r"[5LX][A-HJ-NPR-Z0-9]{16}", fullmatch=True),  # VINs of every plant
    st.emails(),
    st.builds("{:.5f},{:.5f}".format, st.floats(-90, 90), st.floats(-180, 180)),
    st.floats(-90, 90).map(lambda degrees: f"{degrees:.4f}"),
)


def reachable(kind: Any, met: set[Any]) -> set[Any]:
    """All types that a value of that type can be made of."""
    if kind in met:
        return met
    met.add(kind)
    if get_origin(kind) is Literal:
        return met
    for part in get_args(kind):
        if part is not Ellipsis:
            reachable(part, met)
    if dataclasses.is_dataclass(kind) and not (isinstance(kind, type) and issubclass(kind, Shaped)):
        for hint in get_type_hints(kind).values():
            reachable(hint, met)
    return met


def test_a_line_is_made_of_types_that_cannot_hold_a_secret() -> None:
    met = reachable(Line, set())
    plain = {one for one in met if isinstance(one, type) and get_origin(one) is None}
    harmless = {bool, int, datetime, NoneType}
    bare = {one for one in plain - harmless if not dataclasses.is_dataclass(one)}
    assert {one for one in bare if not issubclass(one, StrEnum | UnionType)} == set()
    assert not {str, float, Vin, Any, object} & met
    assert {get_origin(one) for one in met} <= {None, tuple, Literal, Union, UnionType, *_mappings(met)}


def _mappings(met: set[Any]) -> set[Any]:
    """Mappings are of enums to enums."""
    found = [one for one in met if get_origin(one) is not None and "Mapping" in str(get_origin(one))]
    assert all(issubclass(part, StrEnum) for one in found for part in get_args(one))
    return {get_origin(one) for one in found}


@given(secrets)
def test_no_short_text_takes_a_token_a_mail_address_a_place_or_a_whole_vin(secret: str) -> None:
    for kind in KINDS:
        assert shaped(kind, secret) is None, kind
        with pytest.raises(HoldsMore) as raised:
            kind(secret)
        assert secret not in str(raised.value)


@given(secrets)
def test_a_fact_tells_nothing_of_its_free_texts(secret: str) -> None:
    for fact in (
        Listed(Access.OWNER, Reach.ONLINE, secret, in_service=False, mobile_access_off=False),
        ConsentEnded(secret),
        KeyStatus(paired=True, must_sign=True, keys_on_car=4, firmware=secret),
    ):
        assert secret not in repr(details(fact))
    assert "keys_on_car" in repr(details(KeyStatus(paired=True, must_sign=None, keys_on_car=4, firmware=None)))


def test_whether_a_car_is_at_home_is_told_as_yes_or_no_and_nothing_finer() -> None:
    state = ChargeState(40, 80, Charging.STOPPED, 16, 16, 16, 230, 3, 0, 100, at_home=True)
    assert {type(value) for one in details(state) for value in one.values} <= {bool, int, Word}


CAUSE: Final = CauseLine(Word("C5"), Certainty.LIKELY, None, ((Word("other"), Value("77C0")),), NOW, None)
WHOLE: Final = Bundle(NOW, (StepLine(Step.ADD_KEY), CAUSE, CAUSE, VersionLine(Version("0.1.0 0a1b2c3d"))))


def test_what_is_unticked_is_gone_and_its_kind_is_remembered() -> None:
    left = WHOLE.without({2, 3})
    assert left.lines == WHOLE.lines[:2]
    assert left.held_back == {"cause", "version"}
    assert WHOLE.without(()) == WHOLE


def test_a_later_look_adds_nothing_of_a_kind_that_was_held_back() -> None:
    later = Bundle(NOW, (StepLine(Step.TONIGHT), CAUSE, CAUSE, CAUSE, VersionLine(None)))
    renewed = WHOLE.without({2, 3}).renewed(later)
    assert renewed.lines == (StepLine(Step.TONIGHT), CAUSE)
    assert renewed.held_back == {"cause", "version"}
    assert WHOLE.without({0, 1, 2, 3}).renewed(later).lines == ()


def test_what_a_later_look_knows_nothing_of_stays() -> None:
    assert WHOLE.renewed(Bundle(NOW, (StepLine(Step.TONIGHT),))).lines == (StepLine(Step.TONIGHT), *WHOLE.lines[1:])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("KEY-4F21-8842", "KEY-4F21-8842"),
        ("  key 4f21 8842 ", "KEY-4F21-8842"),
        ("chgnone0001", "CHG-NONE-0001"),
        ("KEY-4F21-884", None),
        ("' OR 1=1 --", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert readable_code(typed) == (SupportCode(code) if code else None)


def test_a_code_says_where_he_stood_and_the_cars_last_four() -> None:
    assert support_code(Step.ADD_KEY, Vin(VIN), 42).text == "KEY-4F21-0042"
    assert support_code(Step.GRANT_PERMISSIONS, None, 9999).text == "CON-NONE-9999"


def test_zones_and_locales_are_no_finer_than_a_region() -> None:
    assert shaped(Zone, "Europe/Amsterdam") == Zone("Europe/Amsterdam")
    assert shaped(Locale, "en_GB") == Locale("en_GB")
    assert shaped(Zone, "52.370216,4.895168") is None
