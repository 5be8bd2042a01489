"""Which version this is."""

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    """The installed version, or `0` when run from sources that were never installed."""
    try:
        return version("promise-reel")
    except PackageNotFoundError:
        return "0"
