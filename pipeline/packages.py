"""Packages and their links: to look at from the review on, to download once the film is approved. It fails closed.

Of a package whose files were deleted as agreed the names and sums are still told; asking for the files is Gone.
"""

import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Conflict, NotFound, UsageError
from kit.s3 import S3Storage
from pipeline import records
from pipeline.comments import WATCHED
from pipeline.decisions import Decisions
from pipeline.dispatch import Dispatch
from pipeline.jobs import GIVEN, PackedFile
from pipeline.keeping import Keep, check_kept
from pipeline.lifetimes import packages_go
from pipeline.projects import FileLink, Package
from pipeline.receipts import EVERYTHING
from pipeline.rows import read_job
from pipeline.settling import ask_archive

LINK_S = 3600
"""Seconds a download link holds."""

_LONGEST_TEXT = 4 << 20


class Packages:
    """The use-cases of packages; NotFound for another agency's job."""

    def __init__(
        self,
        engine: sa.Engine,
        storage: S3Storage,
        dispatch: Dispatch,
        decisions: Decisions,
        *,
        clock: Callable[[], float] = time.time,
        keep: Keep | None = None,
    ) -> None:
        self._engine = engine
        self._storage = storage
        self._dispatch = dispatch
        self._decisions = decisions
        self._clock = clock
        self._keep = keep or Keep()

    def of_job(self, job_id: str, *, agency_id: str | None = None) -> Sequence[Package]:
        """The packages made for a job, newest first, without links; each says when its files go, or went."""
        with self._engine.connect() as connection:
            read_job(connection, job_id, agency_id=agency_id)
            goes = packages_go(connection, self._keep, job_id=job_id)
            made = records.list_packages(connection, job_id)
        return [package.model_copy(update={"goes_at": goes.get(package.id)}) for package in made]

    def to_review(self, job_id: str, *, agency_id: str | None = None) -> list[FileLink]:
        """Links to look at a package from its review on; they show and do not download."""
        with self._engine.connect() as connection:
            job = read_job(connection, job_id, agency_id=agency_id)
            packages = records.list_packages(connection, job_id)
        if job.state not in WATCHED or not packages:
            raise Conflict("This film is not ready for review yet.")
        check_kept(packages[:1])
        return self._links(packages[0], inline=True)

    def deliver(self, job_id: str, what: str = EVERYTHING, *, agency_id: str | None = None) -> list[FileLink]:
        """Download links that expire, once the film is approved (Conflict before); asking marks it delivered.

        The receipt names `what` of the package is wanted: a file, or everything. NotFound.
        """
        made = self.of_job(job_id, agency_id=agency_id)[:1]
        check_kept(made)
        files = [file.name for package in made for file in package.files]
        if what not in (EVERYTHING, *files):
            raise NotFound("This package has no such file.")
        self._decisions.deliver(job_id, what, agency_id=agency_id)
        with self._engine.connect() as connection:
            return self._links(records.list_packages(connection, job_id)[0], inline=False)

    def archive(self, job_id: str, *, agency_id: str | None = None) -> FileLink:
        """A download link to the zip of an approved package; asking marks the job delivered.

        Conflict before the approval and while the zip is being made; one that could not be made is tried again.
        """
        made: list[str] = []
        with immediate(self._engine) as connection:
            job = read_job(connection, job_id, lock=True, agency_id=agency_id)
            packages = records.list_packages(connection, job_id)
            check_kept(packages[:1])
            archive = packages[0].archive if packages else None
            if archive is None and job.state in GIVEN:
                made = ask_archive(connection, job, self._clock())
        self._dispatch(made)
        if archive is None and job.state in GIVEN:
            raise Conflict("All files are being put into one zip: ask again in a minute.")
        if archive is None:
            raise Conflict("Approve the film before it is delivered.")
        self._decisions.deliver(job_id, archive.name, agency_id=agency_id)
        return self._link(archive, inline=False)

    def text(self, job_id: str, name: str, *, agency_id: str | None = None) -> str:
        """A text file of the newest package, such as `report.json` or `captions.vtt`, for pages that show it."""
        made = self.of_job(job_id, agency_id=agency_id)[:1]
        check_kept(made)
        for package in made:
            for file in package.files:
                shown = not file.media_type.startswith(("video", "image"))
                if file.name == name and file.size <= _LONGEST_TEXT and shown:
                    return self._storage.get_bytes(file.key).decode()
        raise UsageError(f"This package has no text file “{name}”.")

    def _links(self, package: Package, *, inline: bool) -> list[FileLink]:
        return [self._link(file, inline=inline) for file in package.files]

    def _link(self, file: PackedFile, *, inline: bool) -> FileLink:
        url = self._storage.sign_get(file.key, filename=file.name, expires_s=LINK_S, inline=inline)
        return FileLink(file=file, url=url)
