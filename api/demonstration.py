"""What an agency and an editor do, one after the other, as calls to the API."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from api.client import Client
from api.telling import Teller
from delivery.delivery import SUMS
from ingest.footage import Footage, FootageFile
from kit.digest import file_sha256
from kit.errors import Bug, InputRefused, Outage, PromiseReelError
from pipeline.jobs import AT_REST

LOOK_EVERY_S = 1.0
STALLED_S = 900.0
"""Seconds without any change after which nobody seems to work."""

BY_BLAME: dict[str | None, type[PromiseReelError]] = {"input": InputRefused, "outage": Outage}


@dataclass(frozen=True)
class AtTheApi:
    """A signed-on agency with a project, at the API."""

    client: Client
    teller: Teller
    agency: str
    project: str

    @classmethod
    def sign_on(cls, client: Client, teller: Teller, name: str) -> Self:
        """Sign an agency on and begin a project."""
        agency = client.patiently("POST", "/v1/agencies", body={"name": name}, new=True)
        project = client.patiently(
            "POST", "/v1/projects", agency=agency["id"], body={"title": "Our documentary"}, new=True
        )
        teller.say(f"Signed on: {agency['name']}.")
        return cls(client, teller, agency["id"], project["id"])

    def send(self, footage: Footage) -> None:
        """Upload every file with its transcript, then wait until each has been looked at."""
        sizes = {file.path: file.path.stat().st_size for file in footage.files}
        total, arrived = max(sum(sizes.values()), 1), 0
        with self.teller.bar(f"Sending {len(sizes)} files") as bar:

            def tell(count: int) -> None:
                nonlocal arrived
                arrived += count
                bar.at(arrived / total)

            for file in footage.files:
                if file.transcript:  # first, so that the clip finds its words
                    self._upload(file.transcript, file.transcript.name, {})
                self._upload(file.path, file.name, details_of(file, footage.music), tell)
        self._wait_for_verdicts(len(sizes))

    def submit(self, storyboard: str) -> dict[str, Any]:
        """Ask for the film."""
        body = {"project": self.project, "storyboard": storyboard}
        job: dict[str, Any] = self.client.patiently("POST", "/v1/jobs", agency=self.agency, body=body, new=True)
        return job

    def follow(self, job: dict[str, Any]) -> dict[str, Any]:
        """Show how far the job is until it rests; raises what it failed of."""
        with self.teller.bar("Making the film") as bar:
            patience = _Patience()
            while job["state"] not in AT_REST:
                patience.wait((job["state"], job["progress"]))
                job = self.client.patiently("GET", f"/v1/jobs/{job['id']}", agency=self.agency)
                bar.at(job["progress"], job["state"].replace("_", " "))
        if job["state"] == "failed":
            raise BY_BLAME.get(job["blame"], Bug)(job["error"] or "The film was not made.")
        for note in job["notes"]:
            self.teller.say(f"Note: {note}")
        return job

    def review(self, job: dict[str, Any]) -> dict[str, Any]:
        """Accept the captions and approve, as an editor does; a draft is left in review."""
        if job["review"] != "finished":
            self.teller.say(
                "This film is a draft: the service does not let it be approved. Its notes say what is missing."
            )
            return job
        for step, words in (("captions", "Captions accepted."), ("approve", "Film approved.")):
            job = self.client.patiently("POST", f"/v1/jobs/{job['id']}/{step}", agency=self.agency)
            self.teller.say(words)
        return job

    def download(self, job: Mapping[str, Any], folder: Path) -> None:
        """Get every file of the package by its expiring link."""
        if job["review"] == "finished":
            links = self.client.patiently("POST", f"/v1/jobs/{job['id']}/deliveries/links", agency=self.agency)
        else:
            links = self.client.patiently("GET", f"/v1/jobs/{job['id']}/review", agency=self.agency)
        total, arrived = max(sum(file["size"] for file in links["files"]), 1), 0
        with self.teller.bar(f"Downloading {len(links['files'])} files") as bar:
            for file in links["files"]:
                if self.client.download(file["url"], folder / file["name"]) != file["sha256"]:
                    raise Bug(f"{file['name']} did not arrive as it was made.")
                arrived += file["size"]
                bar.at(arrived / total)

    def _upload(self, path: Path, name: str, details: dict[str, Any], tell: Any = lambda _n: None) -> None:
        self.client.upload(path, agency=self.agency, project=self.project, name=name, details=details, on_bytes=tell)

    def _wait_for_verdicts(self, count: int) -> None:
        with self.teller.bar("Looking at the footage") as bar:
            patience = _Patience()
            while True:
                clips = self._clips()
                looked = [clip for clip in clips if clip["state"] != "waiting"]
                bar.at(len(looked) / max(count, 1))
                if len(looked) == len(clips):
                    break
                patience.wait(len(looked))
        for clip in clips:
            words = " ".join(f"{note['message']} {note['action']}".strip() for note in clip["notes"])
            verdict = clip["failed"] or str(clip["verdict"]).replace("_", " ")
            self.teller.say(f"  {clip['name']}: {verdict}{'. ' + words if words else ''}")

    def _clips(self) -> list[dict[str, Any]]:
        clips: list[dict[str, Any]] = []
        cursor = ""
        while True:
            path = f"/v1/projects/{self.project}/clips?limit=200&agency={self.agency}" + (
                f"&cursor={cursor}" if cursor else ""
            )
            page = self.client.patiently("GET", path)
            clips += page["items"]
            if not (cursor := page["next"]):
                return clips


class _Patience:
    """Waits between two looks, and gives up when nothing changes for long."""

    def __init__(self) -> None:
        self._seen: object = None
        self._since = time.monotonic()

    def wait(self, seen: object) -> None:
        """Wait a little; raises Outage when `seen` has stayed the same for too long."""
        if seen != self._seen:
            self._seen, self._since = seen, time.monotonic()
        elif time.monotonic() - self._since > STALLED_S:
            raise Outage(f"Nothing has moved for {STALLED_S / 60:.0f} minutes; see the logs in the data folder.")
        time.sleep(LOOK_EVERY_S)


def details_of(file: FootageFile, music: str | None) -> dict[str, Any]:
    """What a footage folder says of a file, as the API takes it."""
    return {
        "slot": file.slot,
        "speaker_name": file.speaker_name,
        "speaker_role": file.speaker_role,
        "transcript": file.transcript.name if file.transcript else None,
        "in_s": file.in_s,
        "out_s": file.out_s,
        "music": file.name == music,
    }


def check_package(folder: Path) -> int:
    """Compare every file with `SHA256SUMS`; how many files the package has. Raises Bug when one differs."""
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    for line in lines:
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or file_sha256(path) != digest:
            raise Bug(f"{name} is not as {SUMS} says.")
    return len(lines) + 1
