"""Where a client is, for whoever counts what clients do: one answer to it everywhere.

What a proxy in front writes of the client is taken as it comes (`trust_proxies`), so that it may be anything.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

NOWHERE = "no address"  # the one place of all that is none

_WITH_PORT = re.compile(r"\[(?P<six>[0-9A-Fa-f:.]{2,45})\](?::\d{1,5})?|(?P<four>[0-9.]{7,15}):\d{1,5}")


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The network address that is written there, with or without a port (RFC 7239, 6); None for anything else.

    An IPv4 address as a dual-stack socket shows it (`::ffff:192.0.2.1`; RFC 4291, 2.5.5.2) is that IPv4 address.
    """
    ported = _WITH_PORT.fullmatch(text)
    bare = (ported["six"] or ported["four"]) if ported else text.partition("%")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def place_of(text: str) -> str:
    """The place of a client: its IPv4 address, or the /64 of its IPv6 address, since whoever has one has them all.

    What is no address is refused a place of its own: all of it shares one, so that nobody gets a new allowance by
    what is written there.
    """
    found = address_of(text)
    if found is None:
        return NOWHERE
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
