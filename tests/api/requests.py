"""An honest request to every operation and every page, as far as it is more than its path."""

from collections.abc import Callable, Mapping
from typing import Any

PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "getEditsVersion": {"number": "1"},
    "getRendition": {"name": "poster.jpg"},
    "listVersions": {"storyboard": "promise"},
    "saveVersion": {"storyboard": "promise"},
    "getVersion": {"storyboard": "promise", "number": "1"},
    "getVersionYaml": {"storyboard": "promise", "number": "1"},
    "diffVersions": {"storyboard": "promise"},
    "GET /storyboards/{storyboard_id}/edit": {"storyboard_id": "promise"},
    "GET /storyboards/{storyboard_id}/changes": {"storyboard_id": "promise"},
    "GET /storyboards/{storyboard_id}/guide": {"storyboard_id": "promise"},
    "POST /agencies/{agency_id}/jobs/{job_id}/{decision}": {"decision": "approve"},
    "GET /agencies/{agency_id}/jobs/{job_id}/files/{name}": {"name": "documentary.mp4"},
    "GET /agencies/{agency_id}/jobs/{job_id}/text/{name}": {"name": "captions.vtt"},
    "GET /s/{token}": {"token": "nobodys"},
    "GET /s/{token}/film": {"token": "nobodys"},
    "GET /s/{token}/text/{name}": {"token": "nobodys", "name": "captions.vtt"},
    "POST /applications/{application_id}/{decision}": {"decision": "admit"},
}
"""What stands in a path beside ids."""

STORYBOARD = """\
schema: 1
id: promise
title: Ours
slots: [{id: leader, title: Leader, takes: interview}]
beats:
  - {beat: interview, slot: leader, max_s: 25}
  - {beat: card, kind: promise}
  - {beat: card, kind: end}
"""

FILM = STORYBOARD.replace("max_s: 25", "max_s: 150")
"""One that makes a whole film."""

SOME_SHA256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="

WISH = {"clip": "0", "start": 0, "end": 30, "shape": "made"}

Ids = Mapping[str, str]
BODIES: Mapping[str, Callable[[Ids], dict[str, Any]]] = {
    "apply": lambda _: {"json": {"name": "Third PD", "contact": "Speaker Two", "email": "chief@third.example"}},
    "invitePerson": lambda ids: {
        "json": {"email": "guest@third.example", "role": "member", "agency": ids["agency_id"]}
    },
    "changePerson": lambda ids: {"json": {"role": "member", "agency": ids["agency_id"]}},
    "makeKey": lambda _: {"json": {"name": "a program"}},
    "createAgency": lambda _: {"json": {"name": "Third PD"}},
    "giveSeal": lambda _: {"content": b"\x89PNG other", "headers": {"Content-Type": "image/png"}},
    "createProject": lambda _: {"json": {}},
    "checkStoryboard": lambda _: {"json": {"text": STORYBOARD}},
    "sketchStoryboard": lambda _: {"json": {"text": FILM}},
    "drawSketch": lambda _: {"json": {"text": FILM, "key": "0" * 24}},
    "saveVersion": lambda _: {"json": {"text": STORYBOARD, "author": "Speaker One", "note": "Shorter.", "based_on": 1}},
    "createUpload": lambda ids: {"json": {"project": ids["project_id"], "name": "a.mp4", "size": 4}},
    "signParts": lambda _: {"json": [{"n": 1, "sha256": SOME_SHA256}]},
    "describeClip": lambda _: {"json": {"slot": "leader"}},
    "prioritiseJob": lambda _: {"json": {"priority": "high"}},
    "saveEdits": lambda _: {
        "json": {"edits": {"music_db": -24}, "author": "Speaker One", "note": "Quieter still.", "based_on": 1}
    },
    "correctCaptions": lambda _: {
        "json": {"captions": [{"number": 1, "words": "So."}], "round": 99, "author": "Speaker One", "based_on": 1}
    },
    "tryCut": lambda _: {"json": {"edits": {"music_db": -24}}},
    "drawCard": lambda _: {"json": {"card": "chapter", "lines": ["Thank you"]}},
    "makeCut": lambda _: {"json": {"preview": True}},
    "tryCaptions": lambda _: {"json": {"captions": [WISH]}},
    "makeCaptions": lambda _: {"json": {"captions": [WISH], "round": 99, "author": "Speaker One", "based_on": 1}},
    "addComment": lambda _: {"json": {"at_s": 12.5, "text": "Her name is misspelt."}},
    "addWebhook": lambda _: {"json": {"url": "https://third.example/told"}},
    "submitJob": lambda ids: {"json": {"project": ids["project_id"]}},
}

FORMS: Mapping[str, Mapping[str, str]] = {
    "POST /sign-in": {"email": "nobody@third.example", "password": "not a password"},
    "POST /forgotten": {"email": "member@anytown.example"},
    "POST /password": {"code": "not a code", "password": "correct horse battery"},
    "POST /join": {"name": "Third PD", "contact": "Speaker Two", "email": "chief@third.example"},
    "POST /account/password": {"present": "not mine", "password": "correct horse battery"},
    "POST /account/keys": {"name": "a program"},
    "POST /agencies": {"name": "Third PD"},
    "POST /agencies/{agency_id}/people": {"email": "guest@third.example"},
    "POST /agencies/{agency_id}/webhooks": {"url": "https://third.example/told"},
    "POST /people": {"email": "guest@house.example", "role": "editor"},
    "POST /people/{person_id}": {"role": "member", "agency": "{agency_id}", "active": "true"},
    "POST /agencies/{agency_id}/jobs/{job_id}/corrections": {"caption-1": "So.", "round": "99", "based_on": "1"},
    "POST /agencies/{agency_id}/jobs/{job_id}/changes": {"said": "Her name is misspelt.", "round": "99"},
    "POST /agencies/{agency_id}/projects/{project_id}/jobs": {"once": "once-and-only-once"},
}

LEAVE_NO_LINE = {"checkStoryboard", "sketchStoryboard", "drawSketch", "reopenComment", "signParts"} | {
    "drawCard",
    "tryCaptions",
    "tryCut",
}
"""Operations that answer without changing anything, though they are no GET; a comment is open before it is asked."""

BY_ANYBODY = {"apply", "POST /join", "POST /forgotten"}
"""What is asked without signing in."""
