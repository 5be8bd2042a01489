"""Passwords as argon2id digests; a few at a time, because each takes 64 MiB while it is worked out."""

import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

_AT_ONCE = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """A digest with its own salt."""
    with _AT_ONCE:
        return _hasher().hash(password)


def is_password(password: str, digest: str | None) -> bool:
    """Whether a digest is of this password. It takes as long without a digest, so that nothing is told by time."""
    with _AT_ONCE:
        try:
            return _hasher().verify(password, digest or _nobodys()) and digest is not None
        except UnknownHashError:
            return False


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
