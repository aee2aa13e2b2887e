"""Where a phone finds this machine: said, found, or refused in one line."""

import pytest

from chargekey.entrypoints.cli.own_network import Phone, phone
from chargekey.entrypoints.setting_up.questions import WillNotDo


def test_nobody_is_let_in_who_was_not_asked_for() -> None:
    assert phone("") is None


def test_an_address_of_this_machine_is_taken_as_it_is() -> None:
    found = phone("127.0.0.2")
    assert found == Phone("127.0.0.2")
    assert (found.host, found.said) == ("127.0.0.2", "127.0.0.2")


def test_a_name_is_what_pages_are_opened_by() -> None:
    named = Phone("192.168.1.7", "my-machine.local")
    assert (named.host, named.said) == ("my-machine.local", "192.168.1.7=my-machine.local")


@pytest.mark.parametrize("said", ["0.0.0.0", "203.0.113.7", "100.64.0.1", "charge.example.org", "::1", "yes"])  # noqa: S104  refused
def test_beyond_ones_own_network_nothing_is_opened(said: str) -> None:
    with pytest.raises(WillNotDo, match="opened nowhere else"):
        phone(said)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(WillNotDo, match=r"169\.254\.254\.253 is no address of this machine"):
        phone("169.254.254.253")
