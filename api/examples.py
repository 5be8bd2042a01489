"""One honest request to each operation that takes a body, as the OpenAPI document shows it."""

from collections.abc import Mapping
from typing import Any

from api.cut_schemas import EXAMPLE

_ID = "0198c0ffee00a1b2c3d4e5f6"
_STORYBOARD = """\
schema: 1
id: promise
title: The Promise
slots: [{id: leader, title: Your leader, takes: interview}]
beats:
  - {beat: interview, slot: leader, max_s: 150}
  - {beat: card, kind: promise}
  - {beat: card, kind: end}
"""
_SPOKEN = {"clip": "9f86d081884c7d65", "start": 90, "end": 630}
_REVIEWED = {"round": 1, "author": "Speaker One", "note": "Her name is spelt right.", "based_on": 0}

EXAMPLES: Mapping[str, Any] = {
    "apply": {"name": "Anytown Police Department", "contact": "Speaker One", "email": "chief@anytown.example"},
    "invitePerson": {"email": "sergeant@anytown.example", "role": "member", "agency": _ID},
    "changePerson": {"role": "member", "agency": _ID, "active": True},
    "makeKey": {"name": "Our newsroom’s script"},
    "createAgency": {"name": "Anytown Police Department", "colours": {"ground": "#0B1F3A", "accent": "#C8A14B"}},
    "createProject": {"title": "Our documentary"},
    "createUpload": {
        "project": _ID,
        "name": "leader.mp4",
        "size": 734003200,
        "type": "video/mp4",
        "details": {"slot": "leader", "speaker_name": "Speaker One", "speaker_role": "Chief of Police"},
    },
    "signParts": [{"n": 1, "sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="}, {"n": 2}],
    "describeClip": {"slot": "leader", "speaker_name": "Speaker One", "speaker_role": "Chief of Police", "in_s": 3.0},
    "submitJob": {"project": _ID, "storyboard": "promise", "films": "both"},
    "prioritiseJob": {"priority": "high"},
    "askChanges": {"edits_version": 2},
    "addComment": {"at_s": 42.5, "text": "The chief’s name is misspelt.", "round": 1},
    "shareFilm": {"days": 30},
    "addWebhook": {"url": "https://department.example/promise-reel"},
    "checkStoryboard": {"text": _STORYBOARD, "storyboard": "promise"},
    "saveVersion": {"text": _STORYBOARD, "author": "Speaker One", "note": "A longer interview.", "based_on": 1},
    "sketchStoryboard": {"text": _STORYBOARD, "department": "Anytown Police Department"},
    "drawSketch": {"text": _STORYBOARD, "department": "Anytown Police Department", "key": "5e884898da28047151d0e56f"},
    "saveEdits": {"edits": EXAMPLE, "author": "Speaker One", "note": "The music is quieter.", "based_on": 0},
    "tryCut": {"edits": EXAMPLE},
    "makeCut": {"preview": True, "edits_version": 2},
    "drawCard": {"card": "opening", "lines": ["Anytown Police Department", "A Peace Officer Promise documentary"]},
    "correctCaptions": {**_REVIEWED, "captions": [{"number": 12, "words": "We promise to do no harm."}]},
    "tryCaptions": {"captions": [{**_SPOKEN, "shape": "made", "words": "We promise to do no harm."}]},
    "makeCaptions": {**_REVIEWED, "captions": [{**_SPOKEN, "shape": "made", "at_s": 3.0, "until_s": 6.5}]},
}
"""By operation id."""


def show_examples(document: dict[str, Any]) -> None:
    """Put them beside the bodies of an OpenAPI document."""
    for methods in document["paths"].values():
        for operation in methods.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body and operation["operationId"] in EXAMPLES:
                body["example"] = EXAMPLES[operation["operationId"]]
