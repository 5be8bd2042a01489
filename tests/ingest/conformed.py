"""Conformed frames of a file, decoded plainly for tests of the meters: 30 a second, upright, 540 lines at most."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

Planes = tuple[np.ndarray, np.ndarray, np.ndarray]
RATE = 30


def planes(frame: av.VideoFrame) -> Planes:
    """Luma and the two chroma planes of a decoded frame, upright, in BT.709 limited range."""
    scale = min(1.0, 540 / min(frame.width, frame.height))
    width, height = (max(16, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    small = frame.reformat(width, height, "yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
    luma, blue, red = (
        np.ascontiguousarray(
            np.rot90(np.frombuffer(p, np.uint8).reshape(-1, p.line_size)[: p.height, : p.width], frame.rotation // 90)
        )
        for p in small.planes
    )
    return luma, blue, red


def conformed(path: Path, seconds: float = 1e9) -> Iterator[Planes]:
    """Frame n is the last picture shown at n/30 seconds after the first one."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        count, before, first = 0, None, None
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            at = float(frame.pts * frame.time_base)
            first = at if first is None else first
            while before is not None and count / RATE < min(at - first - 1e-6, seconds):
                yield before
                count += 1
            if at - first >= seconds:
                return
            before = planes(frame)
        if before is not None:
            yield before
