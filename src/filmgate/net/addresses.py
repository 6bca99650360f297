"""Which IP addresses are the public internet, and which would lead a request inside.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, and the address formats of RFC 4291 (mapped), RFC 3056
(6to4), RFC 4380 (Teredo) and RFC 6052 (NAT64). Clouds document 169.254.169.254 and fd00:ec2::254 (AWS),
100.100.100.200 (Alibaba), 192.0.0.192 (Oracle) and 168.63.129.16 (Azure) as their metadata or platform addresses; only
the last lies outside the special ranges.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# The more precise range stands first: the first match names the reason.
_SPECIAL_IPV4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), kind)
    for network, kind in (
        ("169.254.169.254/32", "cloud metadata"),
        ("100.100.100.200/32", "cloud metadata"),
        ("192.0.0.192/32", "cloud metadata"),
        ("168.63.129.16/32", "cloud metadata"),
        ("0.0.0.0/32", "unspecified"),
        ("0.0.0.0/8", "reserved"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_SPECIAL_IPV6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), kind)
    for network, kind in (
        ("fd00:ec2::254/128", "cloud metadata"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("fc00::/7", "private"),
        ("ff00::/8", "multicast"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("2001::/23", "reserved"),
    )
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public_address(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether `address` is a public unicast address. Raises ValueError for text that is no IP address."""
    return why_not_public(address) is None


def why_not_public(address: str | IPv4Address | IPv6Address) -> str | None:
    """What `address` is instead of public ("loopback", "private", ...); None when it is public.

    An IPv6 address that carries an IPv4 address is judged by what it carries. Raises ValueError for text that is no
    IP address in its canonical notation: `0177.0.0.1` and `2130706433` are not addresses here.
    """
    parsed = ip_address(address) if isinstance(address, str) else address
    if isinstance(parsed, IPv4Address):
        return next((kind for network, kind in _SPECIAL_IPV4 if parsed in network), None)
    carried = _carried_ipv4(parsed)
    if carried:
        return next((reason for ipv4 in carried if (reason := why_not_public(ipv4))), None)
    special = next((kind for network, kind in _SPECIAL_IPV6 if parsed in network), None)
    if special is None and parsed not in _GLOBAL_UNICAST:
        return "reserved"
    return special


def _carried_ipv4(address: IPv6Address) -> tuple[IPv4Address, ...]:
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo  # the relay's address and the client's
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()
