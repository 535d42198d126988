import pytest

from chancela.kit.addresses import is_reachable, parse_networks


@pytest.mark.parametrize("address", ["8.8.8.8", "200.160.2.3", "2001:12ff:0:2::3", "::ffff:8.8.8.8"])
def test_public_addresses_are_reachable(address: str) -> None:
    assert is_reachable(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.9.9", "172.31.255.255", "192.168.0.1",
        "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
        "::1", "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:7f00:1::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        "", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
    ],
)  # fmt: skip
def test_everything_else_is_not(address: str) -> None:
    assert not is_reachable(address)


def test_a_network_can_be_allowed() -> None:
    allowed = parse_networks(["10.1.0.0/16", " 127.0.0.1 ", ""])
    assert is_reachable("10.1.2.3", allowed)
    assert is_reachable("127.0.0.1", allowed)
    assert not is_reachable("10.2.0.1", allowed)
    assert not is_reachable("127.0.0.2", allowed)
