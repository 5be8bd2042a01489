"""Codes that let somebody in: drawn at random, and kept as digests only."""

import hashlib
import secrets


def new_code() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest_of(code: str) -> str:
    """What is kept of a code. A code is random and long, so a quick digest cannot be turned back."""
    return hashlib.sha256(code.encode()).hexdigest()
