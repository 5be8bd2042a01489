"""One zip of an approved package, made by a worker once and stored beside it.

Drafts and versions that changes were asked for are never downloaded, so nothing is zipped before the approval.
"""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from delivery.archive import archive_name, write_archive
from kit.digest import file_sha256
from kit.errors import Bug, Outage
from kit.storage import Storage
from pipeline import records
from pipeline.jobs import PackedFile, Step, StepKind
from pipeline.projects import Package

MEDIA_TYPE = "application/zip"


def make_archive(
    engine: sa.Engine, storage: Storage, step: Step, check: Callable[[], None], scratch: Path
) -> PackedFile:
    """Zip the package of a step's job and store it. `check` may raise to stop the work; Outage for a damaged file."""
    package, agency = _package_of(engine, step)
    folder = scratch / "files"
    folder.mkdir()
    paths = []
    for file in package.files:
        check()
        paths.append(folder / file.name)
        storage.get_file(file.key, paths[-1])
        if file_sha256(paths[-1]) != file.sha256:
            raise Outage(f"“{file.name}” does not come back from storage as it was stored.")
    out = scratch / archive_name(agency)
    write_archive(out, paths)
    check()
    # Under the token, so that a worker that lost this step cannot write over what its successor made.
    key = f"archives/{package.job_id}/{step.round}/{step.token}/{out.name}"
    storage.put_file(key, out, content_type=MEDIA_TYPE, filename=out.name)
    held = storage.list(f"archives/{package.job_id}/{step.round}/")
    # What earlier holders left, who are no more or will be told that they lost the step.
    storage.delete([other for other in held if int(other.split("/")[3]) < step.token])
    return PackedFile(name=out.name, key=key, size=out.stat().st_size, sha256=file_sha256(out), media_type=MEDIA_TYPE)


def packed_bytes(engine: sa.Engine, step: Step) -> int:
    """Bytes of the package that a step zips; 0 for any other step."""
    if step.kind is not StepKind.ARCHIVE:
        return 0
    with engine.connect() as connection:
        newest = records.list_packages(connection, step.job_id or "")[:1]
    return sum(file.size for package in newest for file in package.files)


def _package_of(engine: sa.Engine, step: Step) -> tuple[Package, str]:
    """What is zipped, and the name of the agency whose film it is."""
    with engine.connect() as connection:
        packages = records.list_packages(connection, step.job_id or "")
        if not packages:
            raise Bug("There is no package to zip.")
        return packages[0], records.read_agency(connection, step.agency_id).profile.name
