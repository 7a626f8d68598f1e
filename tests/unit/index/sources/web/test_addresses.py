from __future__ import annotations

from ipaddress import ip_network

import pytest

from onrecord.index.sources.web.addresses import networks, refusal

EVERYTHING = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::6810:84e5", "8.8.8.8", "64:ff9b::8.8.8.8", "1.1.1.1"])
def test_public_addresses_may_be_connected_to(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "::1"),
        *(
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "fc00::1",
        ),
        "fd12:3456::1",
        "64:ff9b::10.0.0.1",
    ],
)
def test_private_and_loopback_addresses_are_refused_unless_their_network_is_allowed(address: str) -> None:
    assert refusal(address)
    assert refusal(address, EVERYTHING) is None
    assert refusal(address, (ip_network("203.0.113.0/24"),))


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
        "64:ff9b::169.254.169.254",
        *("169.254.0.1", "fe80::1", "fe80::1%eth0", "224.0.0.1", "239.255.255.250", "ff02::1", "0.0.0.0", "::"),  # noqa: S104 - refused
        *("240.0.0.1", "255.255.255.255", "4000::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2001:0:1::1"),
        "64:ff9b:1::10.0.0.1",
    ],
)
def test_what_is_no_public_server_is_refused_whatever_is_allowed(address: str) -> None:
    assert refusal(address)
    assert refusal(address, EVERYTHING)


def test_networks_are_listed_between_commas() -> None:
    assert networks("10.0.0.0/8, ::1,127.0.0.1") == tuple(map(ip_network, ("10.0.0.0/8", "::1", "127.0.0.1")))
    assert networks("") == ()
    with pytest.raises(ValueError, match="host bits"):
        networks("10.0.0.1/8")
