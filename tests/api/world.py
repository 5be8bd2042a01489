"""Two agencies with all that an agency can have, people of every role, and a way back to how it was."""

import copy
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.limits import Limits
from api.security import COOKIE
from kit.database import immediate
from pipeline.entering import actor_of, open_session
from pipeline.people import Actor, Person, Role

from .conftest import Door

UNKNOWN = "0" * 24


@dataclass(frozen=True)
class Who:
    """Somebody of a role: a key for the API, a session for pages, and what is his alone."""

    actor: Actor | None
    key: str = ""
    session: str = ""
    key_id: str = UNKNOWN

    @property
    def headers(self) -> dict[str, str]:
        """What lets him in at the API."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    @property
    def cookies(self) -> dict[str, str]:
        """What lets him in at the pages."""
        return {COOKIE: self.session} if self.session else {}


class World:
    """Built once; `back` undoes what a request has changed."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.shared: dict[str, str] = {}
        """By agency, its film that is approved and shared."""
        self.ids = [self._agency("Anytown Police Department"), self._agency("Elsewhere Police Department")]
        one, other = (ids["agency_id"] for ids in self.ids)
        self.who = {
            "anonymous": Who(None),
            "member": self._who("member@anytown.example", Role.MEMBER, one),
            "editor": self._who("editor@house.example", Role.EDITOR),
            "administrator": self._who("administrator@house.example", Role.ADMINISTRATOR),
        }
        elsewhere = self._who("member@elsewhere.example", Role.MEMBER, other)
        for ids, member in zip(self.ids, (self.who["member"], elsewhere), strict=True):
            said = {"at_s": 3, "text": "Longer, please."}
            path = f"/v1/jobs/{ids['job_id']}/comments"
            ids["comment_id"] = door.anonymous.post(path, headers=member.headers, json=said).json()["id"]
        strangers_key = self._who("stranger@house.example", Role.EDITOR).key_id
        for ids, email in zip(self.ids, ("new@anytown.example", "new@elsewhere.example"), strict=True):
            ids["person_id"] = door.service.accounts.invite(email, Role.MEMBER, ids["agency_id"]).id
        self.ids[1]["key_id"] = strangers_key
        self._database = Path(door.settings.data / "promisereel.db")
        self._kept = self._database.with_suffix(".kept")
        with immediate(door.ledger.engine) as connection:
            connection.exec_driver_sql("SELECT 1")
        door.ledger.engine.dispose()
        shutil.copy(self._database, self._kept)
        self._parts = copy.deepcopy(door.store.open)

    def back(self) -> None:
        """As it was when it was built."""
        self.door.ledger.engine.dispose()
        for ending in ("-wal", "-shm"):
            self._database.with_name(self._database.name + ending).unlink(missing_ok=True)
        shutil.copy(self._kept, self._database)
        self.door.store.open = copy.deepcopy(self._parts)
        self.door.app.state.limits = Limits(None)

    def named(self, role: str, target: str) -> dict[str, str]:
        """The ids that a request names; `access.txt` tells what the targets are."""
        own, other = self.ids
        agency, key = {"agency_id": own["agency_id"]}, {"key_id": self.who[role].key_id}
        nothing = dict.fromkeys((*own, "key_id"), UNKNOWN)
        by_target = {"own": own | key, "other": other, "unknown": nothing, "crossed": other | agency}
        return by_target.get(target, nothing | agency)

    def _agency(self, name: str) -> dict[str, str]:
        door = self.door
        agency = door.agency(name)
        door.service.seals.give(agency, b"\x89PNG seal")
        project = door.project(agency)
        door.send(agency, project)
        query: Mapping[str, Any] = {"params": {"agency": agency}}
        job = door.client.post("/v1/jobs", **query, json={"project": project}).json()["id"]
        door.work(project)
        door.client.post(f"/v1/jobs/{job}/captions", **query)
        edits = {"edits": {"music_db": -20}, "author": "Speaker One", "note": "Quieter.", "based_on": 0}
        assert door.client.post(f"/v1/projects/{project}/edits", **query, json=edits).status_code == 201
        shared = door.client.post("/v1/jobs", **query, json={"project": project}).json()["id"]
        door.work(project)
        for decision in ("captions", "approve"):
            door.client.post(f"/v1/jobs/{shared}/{decision}", **query)
        self.shared[agency] = shared
        link = door.client.post(f"/v1/jobs/{shared}/share-links", **query).json()["id"]
        body = {"project": project, "name": "more.mp4", "size": 4}
        upload = door.client.post("/v1/uploads", **query, json=body).json()["id"]
        door.store.open[f"uploads/{upload}"][1] = b"more"
        clip = door.client.get(f"/v1/projects/{project}/clips", **query).json()["items"][0]["id"]
        hook = door.client.post("/v1/webhooks", **query, json={"url": "https://department.example/told"}).json()["id"]
        asked = {"name": f"{name} too", "contact": "Speaker One", "email": f"contact-{agency}@anytown.example"}
        application = door.anonymous.post("/v1/applications", json=asked).json()["id"]
        found = {"agency_id": agency, "project_id": project, "job_id": job, "upload_id": upload, "clip_id": clip}
        return found | {"application_id": application, "webhook_id": hook, "link_id": link}

    def _who(self, email: str, role: Role, agency: str | None = None) -> Who:
        person: Person = self.door.service.accounts.invite(email, role, agency)
        actor = actor_of(person)
        key, secret = self.door.service.acting_as(actor).entering.make_key("a test")
        with immediate(self.door.ledger.engine) as connection:
            session = open_session(connection, self.door.service._clock(), person_id=person.id)
        return Who(actor, secret, session, key.id)
