"""Which network an address belongs to, and which addresses tell nothing of who asks."""

import pytest

from chargekey.domain.network import is_in_own_network, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.200", "203.0.113.0/24"),
        ("203.0.114.7", "203.0.114.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),  # an IPv4 caller at an IPv6 socket
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
    ],
)
def test_neighbours_share_a_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "address",
    ["", "testclient", "127.0.0.1", "::1", "10.1.2.3", "172.17.0.2", "192.168.1.4", "fd00::7", "fe80::1%eth0"],
)
def test_a_proxy_that_nobody_told_us_of_is_no_network(address: str) -> None:
    assert network_of(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.31.0.2", "192.168.1.4", "169.254.7.7"])
def test_a_home_of_its_own_has_such_addresses(address: str) -> None:
    assert is_in_own_network(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "100.64.0.7", "172.32.0.2", "203.0.113.7", "fd00::7", "::1", "my-mac.local", "10.1.2", ""]
)
def test_nothing_else_is_of_ones_own_network(address: str) -> None:
    assert not is_in_own_network(address)
