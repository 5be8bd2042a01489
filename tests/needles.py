"""What must stand in no log: the secrets that are known, and the shapes of those that are made meanwhile."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from kit.settings import Settings, load_secrets

SHAPES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(shape)
    for name, shape in {
        "a signed link": r"X-Amz-(Signature|Credential)=",
        "a session": r"promisereel_session=",
        "a key or token as it is sent": r"[Bb]earer [\w.~+/=-]{8}",
        "an API key": r"\bpr_[\w-]{20}",
        "a link that shares a film": r"/s/[\w-]{20}",
        "a link that signs in or sets a password": r"[?&]code=[\w-]{8}",
        "the secret of a webhook": r"\bwhsec_[\w+/=]{8}",
        "a password in an address": r"://[^/\s:@]*:[^/\s:@*]+@",
    }.items()
}
"""Of an installation with a mail server: without one, letters stand in the log with their links."""


def needles_of(settings: Settings) -> dict[str, str]:
    """The secrets of an installation by name: those it made, and those an operator gave it."""
    given = {name: getattr(settings, name) for name, field in Settings.model_fields.items() if not field.repr}
    told = {name: urlsplit(value).password if name.endswith("_url") else value for name, value in given.items()}
    return {**load_secrets(settings.data).model_dump(), **{name: value for name, value in told.items() if value}}


def leaks(logs: Mapping[str, str], needles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Which secret stands in which log: nothing, when all is well."""
    whole = {name: re.compile(re.escape(value)) for name, value in needles.items()}
    looked_for = {**SHAPES, **whole}
    return [(name, log) for log, text in logs.items() for name, shape in looked_for.items() if shape.search(text)]
