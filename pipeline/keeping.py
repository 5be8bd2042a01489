"""How long things are kept, and when each may go: the agreement as values and pure rules."""

from collections.abc import Iterable
from datetime import UTC, datetime

from kit.errors import Gone
from kit.settings import Settings
from kit.values import Value
from pipeline.jobs import AT_REST, GIVEN, JobState
from pipeline.projects import ClipRecord, Package

DAY_S = 86_400.0


class Keep(Value):
    """How long each kind of thing is kept, in seconds."""

    footage_s: float = 180 * DAY_S
    """Footage with its small pictures, after the last thing that was done in its project."""
    pieces_s: float = 30 * DAY_S
    """The pieces of a film, after the last work on it, for quick changes; files that others took the place of too."""
    previews_s: float = 30 * DAY_S
    """Packages of previews, of films that were made anew since, and of films that were given up."""
    packages_s: float = 730 * DAY_S
    """The newest package of a film in review, approved or delivered, after it was made."""
    archives_s: float = 30 * DAY_S
    """The zip of a package; whoever asks later has another made."""
    uploads_s: float = 7 * DAY_S
    """An upload that is never completed."""
    links_s: float = 90 * DAY_S
    """A share link, after it ran out or was revoked."""
    events_s: float = 90 * DAY_S
    """Steps and percents of a job for replay, sent mail and webhooks, and Idempotency-Keys."""


def keep_of(settings: Settings) -> Keep:
    """What an operator agreed with those whose films these are."""
    return Keep(
        footage_s=settings.keep_footage_days * DAY_S,
        pieces_s=settings.keep_pieces_days * DAY_S,
        previews_s=settings.keep_previews_days * DAY_S,
        packages_s=settings.keep_packages_days * DAY_S,
        archives_s=settings.keep_archives_days * DAY_S,
        uploads_s=settings.keep_uploads_days * DAY_S,
        links_s=settings.keep_links_days * DAY_S,
        events_s=settings.keep_events_days * DAY_S,
    )


def package_goes_at(
    keep: Keep,
    *,
    made_at: float,
    state: JobState,
    preview: bool,
    newest: bool,
    busy: bool,
    shared_until: float | None,
) -> float | None:
    """When a package may go; None while its job is under way. Never while a share link leads to it."""
    if state not in AT_REST or busy:
        return None
    if not newest or preview or state not in GIVEN | {JobState.IN_REVIEW}:
        return made_at + keep.previews_s
    return max(made_at + keep.packages_s, shared_until or 0.0)


def footage_goes_at(keep: Keep, *, last_done: float, busy: bool, reviewed_until: float | None = None) -> float | None:
    """When the footage of a project may go; None while one of its jobs is under way.

    A film in review holds its footage for as long as its own package is kept.
    """
    if busy:
        return None
    return max(last_done + keep.footage_s, reviewed_until or 0.0)


def day_of(seconds: float) -> str:
    """A moment since 1970 as its day."""
    return f"{datetime.fromtimestamp(seconds, UTC):%B %-d, %Y}"


def footage_gone(at: float) -> str:
    """What is said where footage was."""
    return f"The footage was deleted on {day_of(at)} as agreed; upload it again to make a new film."


def package_gone(at: float) -> str:
    """What is said where a film's files were."""
    return f"The files of this film were deleted on {day_of(at)} as agreed; they cannot be downloaded any more."


def check_kept(packages: Iterable[Package]) -> None:
    """Gone, in words that say when, for files that were deleted as agreed."""
    for package in packages:
        if package.expired_at is not None:
            raise Gone(package_gone(package.expired_at))


def told_of_footage(clip: ClipRecord) -> str:
    """What is said of a clip: that its footage was deleted, or when it will be; nothing while nobody can tell."""
    if clip.expired_at is not None:
        return footage_gone(clip.expired_at)
    return f"The footage will be deleted on {day_of(clip.goes_at)}." if clip.goes_at is not None else ""


def told_of_package(package: Package) -> str:
    """What is said of a package: that its files were deleted, or when they will be; nothing while nobody can tell."""
    if package.expired_at is not None:
        return package_gone(package.expired_at)
    return f"The files will be deleted on {day_of(package.goes_at)}." if package.goes_at is not None else ""
