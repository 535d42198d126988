"""Which network addresses a server may be sent to by a stranger: the public ones, and those it allows itself.

Used wherever a caller names a URL that we fetch. The address that was checked is the one to connect to: asking the
name server twice lets the second answer differ (DNS rebinding).
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_REFUSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
"""Special-purpose blocks of the IANA registries, and every IPv6 form that carries an IPv4 address inside."""


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks from `10.1.0.0/16` or single addresses. ValueError when one is not a network."""
    return tuple(ip_network(text.strip()) for text in texts if text.strip())


def is_listed(address: str, networks: Sequence[Network]) -> bool:
    """Whether a textual address lies in one of the `networks`; a mapped IPv4 address counts as the IPv4 address."""
    parsed = _parse(address)
    return parsed is not None and any(parsed.version == n.version and parsed in n for n in networks)


def is_reachable(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a textual address is public, or inside one of the `allowed` networks. What does not parse is neither."""
    parsed = _parse(address)
    if parsed is None:
        return False
    return is_listed(address, allowed) or (parsed.is_global and not is_listed(address, _REFUSED))


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        return None if parsed.scope_id is not None else parsed.ipv4_mapped or parsed
    return parsed
