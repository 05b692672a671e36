"""Where a message may go: e-mail addresses that cannot hold a header, URLs that lead to no private network."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from tracker.errors import BadQuestion
from tracker.messages import message

Resolver = Callable[[str, int], Sequence[str]]  # a host and a port; all its addresses, as text

MAX_EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1
MAX_URL_LENGTH = 1000
PORTS = frozenset({80, 443, *range(1024, 65536)})  # below 1024 other services listen, which a POST might speak to

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9])")
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")  # the last part of a host that some resolvers read as an address
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")  # RFC 8215: whatever it leads to is the network's own affair
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, 2.5.5.1: deprecated, and still understood
_SITE_LOCAL = IPv6Network("fec0::/10")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214, 6.1: the half of an interface's number before its address
_SPECIAL = (
    IPv4Network("168.63.129.16/32"),  # public by its number, and the inside of a cloud to whoever stands in it
    IPv4Network("192.0.0.0/24"),  # RFC 6890: for protocols; some clouds keep their metadata in it
    IPv4Network("192.88.99.0/24"),  # RFC 7526: was for 6to4 relays
)
_PROVIDERS = {  # by domain: the provider's first, and what it passes over in a mailbox's name
    **dict.fromkeys(("gmail.com", "googlemail.com"), ("gmail.com", ".")),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), ("proton.me", ".-_")),
}
_INSIDE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".localdomain")


def check_email(text: str) -> str:
    """The address with its domain in small letters; BadQuestion for anything that is not plainly one address.

    Stricter than RFC 5322: no quoted parts, comments, spaces, controls or letters beyond ASCII, so
    that an address can never be more than an address in a header.
    """
    found = _EMAIL.fullmatch(text.strip(" "))
    if not found or len(found[0]) > MAX_EMAIL_LENGTH or len(found["local"]) > 64:
        raise BadQuestion(message("That is not an e-mail address: write one like name@example.org."))
    return f"{found['local']}@{found['domain'].lower()}"


def normalized_mailbox(email: str) -> str:
    """The mailbox that an address surely leads to, for counting: small letters, without a `+tag`.

    Where the provider passes over dots, hyphens or underscores, or has several names, so does this.
    """
    local, _, domain = email.lower().rpartition("@")
    provider, passed_over = _PROVIDERS.get(domain, (domain, ""))
    plain = local.partition("+")[0].translate(str.maketrans("", "", passed_over))
    return f"{plain}@{provider}"


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """A web address that may be called, and the one address to connect to."""

    url: str
    scheme: str
    host: str
    port: int
    address: str


def check_url(text: str, *, private: bool = False) -> str:
    """The web address if, as it is written, it may be called; BadQuestion if not. `private` lets inside hosts pass."""
    text = text.strip(" ")
    _parts(text, private=private)
    return text


def check_target(url: str, resolve: Resolver, *, private: bool = False) -> WebhookTarget:
    """Where to connect for that address. BadQuestion if its form or any address of its host is refused.

    The name is asked for once; if one of its addresses is inside, none is used. OSError where the
    name cannot be resolved.
    """
    parts, host, port = _parts(url, private=private)
    addresses = list(dict.fromkeys(resolve(host, port)))
    if not addresses:
        raise OSError(f"{host} has no address")
    if not private and any(_is_inside(each) for each in addresses):
        raise BadQuestion(
            message("{host} leads to an address inside a network, which this program does not call.", host=host)
        )
    return WebhookTarget(url=url, scheme=parts.scheme, host=host, port=port, address=addresses[0])


def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host, asked of the system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def _parts(url: str, *, private: bool) -> tuple[SplitResult, str, int]:
    if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadQuestion(
            message(
                "Write the web address in plain ASCII, without spaces, up to {n} characters.",
                n=MAX_URL_LENGTH,
            )
        )
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        raise BadQuestion(message("That web address cannot be read.")) from None
    if parts.scheme not in ("http", "https"):
        raise BadQuestion(message("A web address here begins with https:// or http://."))
    if "@" in parts.netloc or not parts.hostname:
        raise BadQuestion(message("Give a host, and no user name: https://example.org/path."))
    if parts.port == 0 or port not in PORTS:
        raise BadQuestion(message("Port {port} is not for the web: use 80, 443, or one from 1024 up.", port=port))
    return parts, _checked_host(parts.hostname, private=private), port


def _checked_host(host: str, *, private: bool) -> str:
    try:
        literal = ip_address(host.partition("%")[0])
    except ValueError:
        return _checked_name(host, private=private)
    if "%" in host or (not private and _is_inside(host)):
        raise BadQuestion(
            message("{host} is an address inside a network, which this program does not call.", host=host)
        )
    return str(literal)


def _checked_name(host: str, *, private: bool) -> str:
    bare = host.removesuffix(".")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise BadQuestion(message("The host of that web address is not a host."))
    if _NUMBER.fullmatch(bare.rpartition(".")[2]):
        raise BadQuestion(message("Write a numeric host as four decimal numbers, 192.0.2.1, or as IPv6 in brackets."))
    if not private and ("." not in bare or f".{bare}".endswith(_INSIDE)):
        raise BadQuestion(message("{host} is a name inside a network, which this program does not call.", host=host))
    return host


def _is_inside(text: str) -> bool:
    """Is it anything but an address of the public internet, directly or wrapped in another?"""
    if "%" in text:
        return True
    address = ip_address(text)
    wrapped = _embedded_ipv4(address) if isinstance(address, IPv6Address) else None
    if wrapped is not None:
        return _is_inside(str(wrapped))
    own = any(address in network for network in (*_SPECIAL, _SITE_LOCAL, _LOCAL_NAT64))
    return own or not address.is_global or address.is_multicast or address.is_reserved


def _embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64, 6to4, Teredo, ISATAP."""
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    isatap = (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    if isatap or address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
