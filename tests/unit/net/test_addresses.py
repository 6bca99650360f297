from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from filmgate.net.addresses import is_public_address, why_not_public


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("0.0.0.0", "unspecified"),  # noqa: S104 - an address to refuse, nothing is bound
        ("0.1.2.3", "reserved"),
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.127.255.255", "carrier-grade NAT"),
        ("100.100.100.200", "cloud metadata"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("168.63.129.16", "cloud metadata"),
        ("169.254.169.254", "cloud metadata"),
        ("169.254.0.1", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.192", "cloud metadata"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "benchmarking"),
        ("203.0.113.7", "documentation"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "cloud metadata"),
        ("ff02::1", "multicast"),
        ("2001:db8::1", "documentation"),
        ("4000::1", "reserved"),
        ("64:ff9b:1::1", "reserved"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:169.254.169.254", "cloud metadata"),
        ("::127.0.0.1", "reserved"),
        ("2002:7f00:1::", "loopback"),
        ("2002:a00:1::1", "private"),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b::a9fe:a9fe", "cloud metadata"),
        ("2001:0:5db8:d822:0:0:f5ff:fffe", "private"),  # Teredo client 10.0.0.1, its bits inverted
    ],
)
def test_an_inside_address_is_named_for_what_it_is(address: str, reason: str) -> None:
    assert why_not_public(address) == reason
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "168.63.129.15",
        "2606:4700:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
    ],
)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize("text", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", ""])
def test_only_the_canonical_notation_is_an_address(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public_address(text)


@given(ip_addresses())
def test_what_we_call_public_the_standard_library_never_calls_local(address: IPv4Address | IPv6Address) -> None:
    if is_public_address(address):
        assert not any((address.is_loopback, address.is_link_local, address.is_multicast, address.is_unspecified))
        carries_ipv4 = isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour)
        assert address.is_global or carries_ipv4


@given(ip_addresses(v=4))
def test_an_address_is_judged_alike_in_every_ipv6_wrapping(address: IPv4Address) -> None:
    bits = int(address)
    wrapped = [
        IPv6Address(0xFFFF << 32 | bits),
        IPv6Address(int(ip_address("64:ff9b::")) | bits),
        IPv6Address(0x2002 << 112 | bits << 80),
        IPv6Address(0x20010000 << 96 | int(ip_address("1.1.1.1")) << 64 | (bits ^ 0xFFFF_FFFF)),
    ]
    assert {why_not_public(each) for each in wrapped} == {why_not_public(address)}
