"""A clip whose films are captioned word by word, for tests in a browser."""

import pytest

from agencies.agency import Agency
from editing.captions import cues_for
from editing.documentary import RenderContext
from editing.spoken_words import SpokenWord
from editing.timeline import SoundClip, Timeline
from ingest.clip import Clip
from kit.timing import nearest_frame
from pipeline.tasks import StoredContext
from tests.editing.clips import anytown

from .visiting import Site


@pytest.fixture
def captioned(site: Site, monkeypatch: pytest.MonkeyPatch) -> Clip:
    """The clip that the next films show, captioned word by word."""
    clip = next(one for one in anytown() if one.file == "leader.mp4")
    agency = Agency(name="Anytown Police Department")
    words = [(n, word) for n, sentence in enumerate(clip.sentences) for word in sentence.words]
    spoken = [
        SpokenWord(
            text=word.text,
            said=word.text,
            start=nearest_frame(word.start_s),
            end=nearest_frame(word.end_s),
            source=(nearest_frame(word.start_s), nearest_frame(word.end_s)),
            voice="one",
            speaker=clip.speaker_name,
            file=clip.file,
            sentence=n,
        )
        for n, word in words
    ]
    cues = cues_for(spoken, 3600)
    heard = SoundClip(start=0, end=3600, file=clip.file, source_start=0)
    timeline = Timeline(storyboard="promise", frames=3600, shots=(), cues=cues, lower_thirds=(), sounds=(heard,))
    context = RenderContext(timeline=timeline, clips=(clip,), agency=agency)
    stored = StoredContext(context=context, keys={}, digests={clip.file: clip.digest})
    site.store.put_bytes("plans/captioned.json", stored.model_dump_json().encode())
    monkeypatch.setattr(site, "plan", "plans/captioned.json")
    monkeypatch.setattr(site, "clip", clip)
    return clip
