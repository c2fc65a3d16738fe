from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.adapters.kernel.outbound_addresses import AddressRules, is_public
from pixie.adapters.kernel.outbound_errors import OutboundRefused


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.com/", "it does not begin with https://"),
        ("ftp://example.com/", "it does not begin with https://"),
        ("file:///etc/passwd", "it names no host"),
        ("//example.com/", "it does not begin with https://"),
        ("javascript:alert(1)", "it names no host"),
        ("https:///path", "it names no host"),
        ("", "it names no host"),
        ("https://user@example.com/", "it holds a user name or password"),
        ("https://user:password@example.com/", "it holds a user name or password"),
        ("https://example.com\\@127.0.0.1/", "it is no proper URL"),
        ("https://example.com/\r\nX-Header: y", "it is no proper URL"),
        ("https://exam ple.com/", "it is no proper URL"),
        ("https://example.com:99999/", "it is no proper URL"),
        ("https://example.com:0/", "it is no proper URL"),
        ("https://example.com/" + "a" * 8000, "it is no proper URL"),
        ("https://example.com:22/", "port 22 is not for https"),
        ("https://example.com:25/", "port 25 is not for https"),
        ("https://localhost/", "its host is no name of the public internet"),
        ("https://LOCALHOST/", "its host is no name of the public internet"),
        ("https://intranet/", "its host is no name of the public internet"),
        ("https://example.com./", "its host is no name of the public internet"),
        ("https://metadata.google.internal/", "its host is no name of the public internet"),
        ("https://printer.local/", "its host is no name of the public internet"),
        ("https://exa%6dple.com/", "its host is no name of the public internet"),
        ("https://127.0.0.1/", "its host is no address of the public internet"),
        ("https://127。0。0。1/", "its host is no address of the public internet"),
        ("https://169.254.169.254/latest/meta-data/", "its host is no address of the public internet"),
        ("https://[::1]/", "its host is no address of the public internet"),
        ("https://[::ffff:127.0.0.1]/", "its host is no address of the public internet"),
        ("https://[fe80::1%25eth0]/", "its host is no address of the public internet"),
        ("https://127.1/", "its host is an oddly written number"),
        ("https://127.0.0.1./", "its host is an oddly written number"),
        ("https://2130706433/", "its host is an oddly written number"),
        ("https://017700000001/", "its host is an oddly written number"),
        ("https://0177.0.0.1/", "it is no proper URL"),
        ("https://0x7f000001/", "its host is an oddly written number"),
        ("https://0x7f.0.0.1/", "its host is an oddly written number"),
        ("https://127.0.0.0x1/", "its host is an oddly written number"),
        ("https://127.0.0.256/", "it is no proper URL"),
        ("https://１２７.0.0.1/", "it is no proper URL"),
        ("https://①②⑦.⓪.⓪.①/", "it is no proper URL"),
    ],
)
def test_a_suspicious_url_is_refused_with_a_reason(url: str, reason: str) -> None:
    with pytest.raises(OutboundRefused) as refused:
        AddressRules().target(url)

    assert refused.value.detail == f"This address is not asked: {reason}."


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://Example.com", "https://example.com:443/"),
        ("https://example.com:8443/a?b=c#d", "https://example.com:8443/a?b=c"),
        ("https://8.8.8.8/x", "https://8.8.8.8:443/x"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]:443/"),
        ("https://münchen.example.de/ü", "https://xn--mnchen-3ya.example.de:443/%C3%BC"),
    ],
)
def test_a_public_https_url_is_fine(url: str, asked: str) -> None:
    target = AddressRules().target(url)

    assert target.url == asked
    assert not target.allowed


def test_what_the_operator_allowed_may_be_asked_without_https() -> None:
    rules = AddressRules(["127.0.0.1:9000", "files.internal", "[::1]:80"])

    for url in ("http://127.0.0.1:9000/x", "http://files.internal/x", "https://FILES.internal:22/x", "http://[::1]/"):
        assert rules.target(url).allowed
    for url in ("http://127.0.0.1:9001/", "http://127.0.0.1/", "http://other.internal/", "http://[::1]:81/"):
        with pytest.raises(OutboundRefused):
            rules.target(url)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
        *("172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
        *("198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "::", "::1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::8.8.8.8", "::127.0.0.1"),
        *("fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1", "2001:db8::1"),
        *("2001::1", "2001:10::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "64:ff9b::7f00:1"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "not a number", ""),
    ],
)
def test_special_numbers_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808"]
)
def test_ordinary_numbers_are_public(address: str) -> None:
    assert is_public(address)


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_nothing_is_public_that_the_standard_library_knows_as_special(number: IPv4Address | IPv6Address) -> None:
    if is_public(str(number)) and not str(number).startswith("64:ff9b::"):
        assert number.is_global
        assert not number.is_multicast


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "::{}", "64:ff9b::{}"]))
def test_wrapping_a_number_never_makes_it_public(number: IPv4Address, wrapping: str) -> None:
    wrapped = ip_address(wrapping.format(number))

    assert not is_public(str(wrapped)) or is_public(str(number))


@given(st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_any_text_is_judged_without_a_crash(url: str) -> None:
    try:
        AddressRules().target(url)
    except OutboundRefused:
        return
