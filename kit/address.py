"""What can be told from an address alone."""

import ipaddress
from urllib.parse import urlsplit


def is_on_this_machine(address: str) -> bool:
    """Whether a URL leads to this machine: a proxy set for the outside world must not be asked for it."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
