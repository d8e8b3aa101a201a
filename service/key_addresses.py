"""Where the keys of an identity provider may be fetched: never where its document could lead us astray.

The document comes from the provider, but whoever forges or changes it must not make this service ask other
machines: not over an open line, and not in the network around it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from service.settings import is_secure_url

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host and port; none where it has no address."""


async def resolve_host(host: str, port: int) -> Sequence[str]:
    """The addresses of a host."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port)
    except OSError:
        return []
    return [str(each[4][0]) for each in found]


async def read_keys_url(found: Mapping[str, Any], issuer: str, resolve: Resolve = resolve_host) -> str:
    """The address of a provider's keys: of the same scheme as its own, which is HTTPS except in local mode.

    The host may be another one, as with large providers, but not one in a private network, unless the issuer
    is in one too. The request is a GET without body, credentials or redirect, and its answer is not passed
    on to anybody. Raises ``ValueError``.
    """
    place = found.get("jwks_uri")
    if found.get("issuer") != issuer or not isinstance(place, str) or not is_secure_url(place):
        raise ValueError("a provider of another name, or keys that do not come by HTTPS")
    asked, own = urlsplit(place), urlsplit(issuer)
    if asked.scheme != own.scheme or asked.username is not None or asked.password is not None:
        raise ValueError("keys that do not come by the issuer's scheme, or that want credentials")
    if asked.hostname is None:
        raise ValueError("keys without a host")
    if asked.hostname != own.hostname:
        await _expect_host_allowed(asked.hostname, asked.port or 443, own.hostname or "", resolve)
    return place


async def _expect_host_allowed(host: str, port: int, issuer: str, resolve: Resolve) -> None:
    addresses = await resolve(host, port)
    if any(_is_never_asked(each) for each in addresses):
        raise ValueError("keys at an address that belongs to no server")
    if all(_is_global(each) for each in addresses):
        return
    at_home = await resolve(issuer, 443)
    if not at_home or any(_is_global(each) for each in at_home):
        raise ValueError("keys in a private network, of a provider that is not in one")


def _read_address(text: str) -> Any:
    address = ip_address(text.partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_never_asked(text: str) -> bool:
    """Whether an address is link-local, as those of cloud metadata are, or stands for no single machine."""
    address = _read_address(text)
    return bool(address.is_link_local or address.is_multicast or address.is_unspecified)


def _is_global(text: str) -> bool:
    return bool(_read_address(text).is_global)
