"""Clips for the tests of footage: probed from real files, or made up."""

import fcntl
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.clip import Clip, Kind, Picture, Verdict
from ingest.inspect import inspect
from ingest.reading import read
from kit.process import run_ffmpeg_bytes


@pytest.fixture(scope="session")
def clip_from() -> Callable[[Path], Clip]:
    """A clip with the facts of a file and no measurements."""

    def make(path: Path) -> Clip:
        facts = read(path, [], None, lambda _: None)
        return Clip(
            file=path.name,
            digest="",
            size=0,
            kind=Kind.VIDEO if facts.picture else Kind.SOUND,
            verdict=Verdict.ACCEPTED,
            container=facts.container,
            seekable=facts.seekable,
            seek_margin_s=facts.seek_margin_s,
            picture=facts.picture,
            sound=facts.sound,
            frames=facts.frames,
            duration_s=facts.duration_s,
        )

    return make


@pytest.fixture(scope="session")
def made_up() -> Callable[..., Clip]:
    """A clip of 300 frames whose picture has the given facts."""

    def make(seekable: bool = True, **facts: object) -> Clip:
        picture = Picture.model_validate({"stream": 0, "width": 1280, "height": 720, **facts})
        return Clip(
            file="a.mp4",
            digest="",
            size=0,
            kind=Kind.VIDEO,
            verdict=Verdict.ACCEPTED,
            picture=picture,
            frames=300,
            seekable=seekable,
        )

    return make


@pytest.fixture(scope="session")
def frame_digests() -> Callable[..., list[str]]:
    """MD5 of each frame that a graph yields, made small first when `small`."""

    def run(stream: object, *, small: bool = True) -> list[str]:
        if small:
            stream = stream.filter("scale", 320, 180, flags="fast_bilinear").filter("format", "yuv420p")  # type: ignore[attr-defined]
        args = ffmpeg.output(stream, "pipe:1", format="framemd5", fps_mode="passthrough").get_args()
        lines = run_ffmpeg_bytes(["-v", "error", *args]).decode().splitlines()
        return [line.rsplit(",", 1)[1].strip() for line in lines if not line.startswith("#")]

    return run


@pytest.fixture(scope="session")
def mono() -> Callable[..., NDArray[np.float32]]:
    """The first seconds of a file's first sound track, mono at a rate."""

    def read(path: Path, rate: int = 16_000, seconds: int = 20) -> NDArray[np.float32]:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        parts = []
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                frame.pts = None
                parts += [part.to_ndarray()[0] for part in resampler.resample(frame)]
                if sum(map(len, parts)) > seconds * rate:
                    break
        return np.concatenate(parts).astype(np.float32)[: seconds * rate]

    return read


@pytest.fixture(scope="session")
def inspected(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Clip]:
    """Inspects a file of the footage folder, each once for all tests of all processes."""
    folder = tmp_path_factory.getbasetemp()
    # Processes that share the tests have folders side by side.
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "inspected"
    folder.mkdir(exist_ok=True)

    def find(name: str) -> Clip:
        with (folder / sha256(name.encode()).hexdigest()).open("a+") as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            kept.seek(0)
            known = kept.read()
            if known:
                return Clip.model_validate_json(known)
            clip = inspect(footage / name, name)
            kept.write(clip.model_dump_json())
            return clip

    return find
