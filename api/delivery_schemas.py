"""What goes over the wire of packages: their files, links to them, and until when they are kept."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas import Listing, maybe_moment, moment
from pipeline.jobs import PackedFile, Review
from pipeline.keeping import told_of_package
from pipeline.projects import FileLink, Package


class FileOut(BaseModel):
    """A file of a package."""

    name: str
    size: int
    sha256: str
    type: str

    @classmethod
    def of(cls, file: PackedFile) -> "FileOut":
        """The public shape of a file."""
        return cls(name=file.name, size=file.size, sha256=file.sha256, type=file.media_type)


class DeliveryOut(BaseModel):
    """A package that a job made."""

    id: str
    job: str
    review: Review
    created: datetime
    files: list[FileOut]
    archive: Annotated[FileOut | None, Field(description="All of them in one zip, made after the approval.")]
    expires: Annotated[
        datetime | None,
        Field(description="When its files will be deleted, as things stand; null while needed."),
    ]
    expired: Annotated[datetime | None, Field(description="When its files were deleted, as agreed.")]
    retention: Annotated[str, Field(description="The same in a sentence for people; may be empty.")]

    @classmethod
    def of(cls, package: Package) -> "DeliveryOut":
        """The public shape of a package."""
        files = [FileOut.of(file) for file in package.files]
        return cls(
            id=package.id,
            job=package.job_id,
            review=package.review,
            created=moment(package.created_at),
            files=files,
            archive=FileOut.of(package.archive) if package.archive else None,
            expires=maybe_moment(package.goes_at),
            expired=maybe_moment(package.expired_at),
            retention=told_of_package(package),
        )


class LinkOut(FileOut):
    """A file with a link that expires."""

    url: str

    @classmethod
    def linked(cls, link: FileLink) -> "LinkOut":
        """The public shape of a link."""
        return cls(**FileOut.of(link.file).model_dump(), url=link.url)


class LinksOut(BaseModel):
    """Links to every file of a package."""

    expires_s: int
    files: list[LinkOut]


class ArchiveOut(LinkOut):
    """The zip of a package with a link that expires."""

    expires_s: int


class DeliveryList(Listing):
    """Deliveries, newest first."""

    items: list[DeliveryOut]
