"""A clip as its proxy shows it: a clip like any other, so that whoever cuts it need not know of proxies. Pure."""

from ingest.clip import Clip, Picture, Sound
from ingest.conforming import proxy_size
from kit.timing import SAMPLE_RATE


def stand_in(clip: Clip) -> Clip:
    """The clip with the facts of its proxy, under the digest of the proxy's bytes; itself when it has no proxy.

    What was measured and said stays, and so does the rate of the pictures: the proxy shows no others, it only shows
    them on the film's grid. Frame n and sample n are those of the conformed clip.
    """
    if clip.proxy is None:
        return clip
    picture, sound = clip.picture and _picture(clip.picture), clip.sound and _sound(clip.sound, clip.picture)
    facts = {"digest": clip.proxy, "container": "mp4", "seekable": True, "seek_margin_s": 1.0, "proxy": None}
    return clip.model_copy(update={**facts, "picture": picture, "sound": sound})


def _picture(picture: Picture) -> Picture:
    width, height = proxy_size(picture)
    conformed = Picture(stream=0, width=width, height=height, codec="h264")
    kept = {"rate": picture.rate, "variable_rate": picture.variable_rate, "duration_s": picture.duration_s}
    return conformed.model_copy(update=kept)


def _sound(sound: Sound, picture: Picture | None) -> Sound:
    proxy = Sound(stream=1 if picture else 0, channels=2, layout="stereo", sample_rate=SAMPLE_RATE)
    kept = ("duration_s", "voice", "loudness_lufs", "peak_dbtp")
    return proxy.model_copy(update={name: getattr(sound, name) for name in kept})
