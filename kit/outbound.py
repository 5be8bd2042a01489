"""Requests to addresses that strangers gave: never to a private one, checked at the very moment of connecting."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import httpcore

from kit.errors import InputRefused, Outage

TIMEOUT_S = 10.0
"""For connecting, for sending and for the first words of the answer, each."""

LONGEST_S = 15.0
"""For all of it: a receiver that sends byte after byte holds nobody longer."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as numbers."""


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine finds for a host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Outage(f"{host} cannot be found") from error
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open network and to nobody's house, machine or cloud."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


class PublicOnly(httpcore.NetworkBackend):
    """Connects to the address that was checked, so that a name which answers otherwise a moment later gains nothing."""

    def __init__(self, find: Resolve = resolve, allowed: Callable[[Address], bool] = is_public) -> None:
        self._find = find
        self._allowed = allowed
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore asks; InputRefused for a host of which any address is private."""
        addresses = self.check(host, port)
        return self._sockets.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def check(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, all of them public; InputRefused otherwise."""
        found = self._find(host.strip("[]"), port)
        if not found:
            raise Outage(f"{host} cannot be found")
        for text in found:
            if not self._allowed(ipaddress.ip_address(text.partition("%")[0])):
                raise InputRefused(f"{host} leads to a private address; give one that the open network can reach.")
        return found


class _Hurried(httpcore.NetworkStream):
    """A connection on which nothing is waited for beyond one moment, however often something comes."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self._stream = stream
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """As httpcore asks."""
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """As httpcore asks."""
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """As httpcore asks."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """As httpcore asks."""
        left = self._left(timeout, httpcore.ConnectTimeout)
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, left), self._ends_at)

    def get_extra_info(self, info: str) -> Any:
        """As httpcore asks."""
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise late("it took too long")
        return left if timeout is None else min(left, timeout)


class _Hurry(httpcore.NetworkBackend):
    """Connections that all end at one moment."""

    def __init__(self, network: PublicOnly, seconds: float) -> None:
        self._network = network
        self._ends_at = time.monotonic() + seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore asks; InputRefused as `PublicOnly`."""
        stream = self._network.connect_tcp(host, port, timeout, local_address, socket_options)
        return _Hurried(stream, self._ends_at)


def post(url: str, body: bytes, headers: Mapping[str, str], network: PublicOnly) -> int:
    """POST to an address and return the status of the answer; redirects are not followed, the answer is not read.

    Raises Outage when no answer came in time, InputRefused for a private address.
    """
    limits = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_S)
    hurry = _Hurry(network, LONGEST_S)
    pool = httpcore.ConnectionPool(network_backend=hurry, ssl_context=ssl.create_default_context(), retries=0)
    try:
        with (
            pool,
            pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": limits}
            ) as answer,
        ):
            return int(answer.status)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Outage(f"no answer: {error or type(error).__name__}") from error


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
