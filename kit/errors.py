"""Errors by who must act. All take positional text only, so that they survive pickling."""


class PromiseReelError(Exception):
    """The root of every error we raise on purpose. `str(error)` is one sentence fit to show a person."""

    exit_code = 1
    """What the command line exits with: 1 failed, 2 usage, 3 the input is refused."""


class InputRefused(PromiseReelError):
    """The agency's to mend: footage, a name, a storyboard. Never retried. HTTP 422, exit code 3."""

    exit_code = 3


class UsageError(PromiseReelError):
    """The command or the request was called wrongly. HTTP 400, exit code 2."""

    exit_code = 2


class NotFound(PromiseReelError):
    """There is no such thing, or it is not yours. HTTP 404, exit code 2."""

    exit_code = 2


class Conflict(PromiseReelError):
    """The thing is not in a state that allows this. HTTP 409, exit code 2."""

    exit_code = 2


class NotAllowed(PromiseReelError):
    """It is there to be seen, but not for this person to change. HTTP 403, exit code 2."""

    exit_code = 2


class Gone(PromiseReelError):
    """It was there and will not come back: a link that ran out, files that were let go of. HTTP 410, exit code 2."""

    exit_code = 2


class Outage(PromiseReelError):
    """A part outside the code failed (storage, disk, broker): worth another try. HTTP 503, exit code 1."""


class NoRoom(Outage):
    """A disk is full, or would be: waiting for room helps, and trying meanwhile counts as no try. HTTP 503."""


class Bug(PromiseReelError):
    """Our own fault: never retried, always told. HTTP 500, exit code 1."""
