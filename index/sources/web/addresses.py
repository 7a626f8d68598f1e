"""Which network addresses may be connected to. Pure.

A page's links and redirects are written by strangers. Without this, a fetch would reach what only this machine or its
network can: a cloud's metadata service, a router, a database without a password.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Network = IPv4Network | IPv6Network

_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
    )
)
"""Where clouds hand out credentials; the second to fourth are in no private range, or in one that carriers share."""

_SITE_LOCAL = IPv6Network("fec0::/10")  # withdrawn, and to ipaddress neither private nor reserved
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_HIDES_IPV4 = tuple(
    map(ip_network, ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "2002::/16", "2001::/32", str(_NAT64_LOCAL)))
)
"""IPv6 forms of an IPv4 address: mapped, translated, compatible, 6to4, Teredo, local NAT64. No server has one."""


def networks(written: str | Sequence[Network]) -> tuple[Network, ...]:
    """Read networks between commas, “10.0.0.0/8, 127.0.0.1”; what has been read stays as it is.

    Raises:
        ValueError: one of them is no network.
    """
    if not isinstance(written, str):
        return tuple(written)
    return tuple(ip_network(each.strip()) for each in written.split(",") if each.strip())


def refusal(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why an address must not be connected to, as the end of “it is …”; None where it may be.

    Only addresses of the public internet may be, and those in `allowed`: private and loopback ones. Metadata services,
    link-local, multicast and reserved addresses never.
    """
    ip = ip_address(address.partition("%")[0])  # what stands behind % is the interface of a link-local address
    if isinstance(ip, IPv6Address) and ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    permitted = _within(ip, allowed)
    if ip in _METADATA:
        return "a cloud's metadata service"
    mapped = isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None  # loopback, too, to Python 3.13
    if ip.is_loopback and not mapped:
        return None if permitted else "a loopback address"
    for applies, name in (
        (_within(ip, _HIDES_IPV4), "an IPv4 address in IPv6 clothing"),
        (ip.is_unspecified, "the unspecified address"),
        (ip.is_multicast, "a multicast address"),
        (ip.is_link_local, "a link-local address"),
        (ip.is_reserved or _within(ip, (_SITE_LOCAL,)), "a reserved address"),
        (not ip.is_global and not permitted, "a private address"),
    ):
        if applies:
            return name
    return None


def _within(ip: IPv4Address | IPv6Address, many: Sequence[Network]) -> bool:
    return any(ip.version == network.version and ip in network for network in many)
