"""Footage of kinds that the folder does not hold: made here out of real clips, and what is said of it."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter

from ingest.clip import Clip
from ingest.duplicates import find_duplicates
from ingest.inspect import inspect
from kit.process import run_ffmpeg

HIKERS = "b_broll/hikers_640x480_17s.mp4"
CAR = "f_photos/iphone_plate_809x606.jpg"
PLACE = "+40.6800-074.4999/"
XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description {}/></x:xmpmeta>'


def said(clip: Clip) -> str:
    """Kind, verdict and codes, as the table of the folder has them."""
    return " ".join([clip.kind, clip.verdict, *(note.code for note in clip.notes)])


@pytest.fixture
def made(footage: Path, tmp_path: Path) -> Callable[..., Path]:
    """Three seconds of people walking, written as FFmpeg is told."""

    def make(name: str, told: str, more: tuple[str, ...] = ()) -> Path:
        source = ["-ss", "2", "-t", "3.1", "-i", str(footage / HIKERS)]
        run_ffmpeg([*source, *more, *told.split(), str(tmp_path / name)])
        return tmp_path / name

    return make


@pytest.mark.parametrize(
    ("name", "told", "expected"),
    [
        ("prores.mov", "-c:v prores_ks -profile:v 3 -pix_fmt yuv422p10le -c:a pcm_s24le", "video accepted"),
        ("dnxhr.mov", "-c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p -c:a pcm_s16le", "video accepted"),
        ("studio.mxf", "-c:v mpeg2video -b:v 8M -r 25 -c:a pcm_s16le -ar 48000", "video accepted"),
        ("av1.mkv", "-c:v libsvtav1 -preset 12 -c:a libopus", "video accepted"),
        ("deep.mp4", "-c:v libx264 -preset ultrafast -pix_fmt yuv422p10le", "video accepted"),
        ("mjpeg.mov", "-c:v mjpeg -q:v 5 -c:a pcm_s16be", "video accepted"),
        ("hevc.ts", "-c:v libx265 -preset ultrafast -x265-params log-level=error", "video accepted"),
        ("ntsc.dv", "-target ntsc-dv", "video accepted_with_notes interlaced"),
        ("old.wmv", "-c:v wmv1 -b:v 2M -c:a wmav1", "video accepted"),
        ("sound.flac", "-vn", "sound accepted_with_notes sound_only"),
        ("sound.aiff", "-vn", "sound accepted_with_notes sound_only"),
        ("sound.m4a", "-vn", "sound accepted_with_notes sound_only"),
        ("sound.opus", "-vn -c:a libopus", "sound accepted_with_notes sound_only"),
        ("moves.gif", "-vf scale=160:-2,fps=5", "video refused unreadable"),
        ("place.mp4", f"-c copy -metadata location={PLACE}", "video accepted_with_notes place_tags"),
        (
            "place.mov",
            f"-c copy -movflags use_metadata_tags -metadata com.apple.quicktime.location.ISO6709={PLACE}",
            "video accepted_with_notes place_tags",
        ),
        ("place.3gp", f"-c copy -f 3gp -metadata location={PLACE}", "video accepted_with_notes place_tags"),
    ],
)
def test_other_formats(made: Callable[..., Path], name: str, told: str, expected: str) -> None:
    assert said(inspect(made(name, told), name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("cover.mp3", "sound accepted_with_notes sound_only"), ("cover.mp4", "video accepted")]
)
def test_cover_art_is_no_picture(footage: Path, made: Callable[..., Path], name: str, expected: str) -> None:
    kept = (
        "-map 0:a -c:a libmp3lame"
        if name.endswith("mp3")
        else "-map 0:v -map 0:a -c copy -disposition:v:1 attached_pic"
    )
    told = f"{kept} -map 1 -c:v:1 copy" if name.endswith("mp4") else f"{kept} -map 1 -c:v copy"
    assert said(inspect(made(name, told, ("-i", str(footage / CAR))), name)) == expected


@pytest.mark.parametrize("name", ["a.avif", "a.tif", "a.png", "moving.webp"])
def test_other_photos(footage: Path, tmp_path: Path, name: str) -> None:
    photo = Image.open(footage / CAR).convert("RGB")
    more: dict[str, Any] = {}
    if name == "moving.webp":
        more = {"save_all": True, "append_images": [photo.rotate(180)], "duration": 100}
    photo.save(tmp_path / name, **more)
    clip = inspect(tmp_path / name, name)
    assert said(clip) == "photo accepted"
    assert clip.picture is not None
    assert clip.picture.upright_size == (809, 606)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ('exif:GPSLatitude="40,40.8N"', "place_tags"),
        ('photoshop:City="Anytown"', "place_tags"),
        ('GCamera:MicroVideo="1"', "motion_photo"),
        ('GCamera:MotionPhoto="0"', None),
        ('hdrgm:Version="1.0"', "gain_map"),
    ],
)
def test_what_a_photo_carries_besides_its_picture(footage: Path, tmp_path: Path, tags: str, code: str | None) -> None:
    path = tmp_path / "a.jpg"
    Image.open(footage / CAR).save(path, xmp=XMP.format(tags).encode())
    assert [note.code for note in inspect(path, "a.jpg").notes] == ([code] if code else [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda photo: photo.filter(ImageFilter.GaussianBlur(20)), "out_of_focus"),
        (lambda photo: photo.point(lambda light: light // 12), "dark"),
        (lambda photo: photo.point(lambda light: light // 40), "mostly_black"),
    ],
    ids=["blurred", "dark", "black"],
)
def test_a_photo_in_which_little_can_be_seen(
    footage: Path, tmp_path: Path, change: Callable[[Image.Image], Image.Image], code: str
) -> None:
    change(Image.open(footage / "f_photos/tokyo.jpg").convert("RGB")).save(tmp_path / "street.png")
    clip = inspect(tmp_path / "street.png", "street.png")
    assert [note.code for note in clip.notes] == [code]


def test_a_photo_that_was_sent_twice_is_used_once(footage: Path, tmp_path: Path) -> None:
    with Image.open(footage / CAR) as photo:
        photo.convert("RGB").resize((640, 480)).save(tmp_path / "mailed.jpg", quality=50)
    clips = [
        inspect(path, path.name) for path in (footage / CAR, tmp_path / "mailed.jpg", footage / "f_photos/london.jpg")
    ]
    notes = find_duplicates(clips)
    assert list(notes) == ["mailed.jpg"]
    assert "the same photo as “iphone_plate_809x606.jpg”; the sharper one is used" in notes["mailed.jpg"].message


def test_a_photo_that_says_where_it_was_taken(footage: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (40.0, 40.0, 48.0), 3: "W", 4: (74.0, 30.0, 0.0)}
    Image.open(footage / CAR).save(path, exif=exif.tobytes())
    assert [note.code for note in inspect(path, "a.jpg").notes] == ["place_tags"]


@pytest.mark.parametrize(
    ("source", "share", "codes"),
    [
        (CAR, 0.5, {"truncated"}),
        ("f_photos/sample_still_photo.heic", 0.5, {"truncated", "unreadable"}),
        ("f_photos/extra_bytes.webp", 0.3, {"truncated", "unreadable"}),
    ],
)
def test_a_photo_cut_short_is_refused(
    footage: Path, tmp_path: Path, source: str, share: float, codes: set[str]
) -> None:
    data = (footage / source).read_bytes()
    path = tmp_path / Path(source).name
    path.write_bytes(data[: int(len(data) * share)])
    clip = inspect(path, path.name)
    assert clip.verdict == "refused"
    assert {note.code for note in clip.notes} <= codes


def test_a_log_of_places_beside_the_picture_is_found(made: Callable[..., Path]) -> None:
    path = made("a.mp4", "-c copy")
    # An action camera names the track that logs where it was; here a track of another kind bears that name.
    handler = b"MP4 Sound Media Handler"
    assert handler in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(handler, b"GoPro MET".ljust(len(handler))))
    assert [note.code for note in inspect(path, "a.mp4").notes] == ["place_tags"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("negate=enable='lt(mod(t,0.2),0.1)'", "flashing"),
        ("eq=brightness=-0.45:contrast=0.3", "dark"),
        ("boxblur=20:3", "out_of_focus"),
    ],
)
def test_what_spoils_a_picture(made: Callable[..., Path], filters: str, expected: str) -> None:
    clip = inspect(made("a.mp4", f"-vf {filters} -c:v libx264 -preset ultrafast"), "a.mp4")
    assert [note.code for note in clip.notes][:1] == [expected]


def test_an_empty_matroska_file_has_no_media(tmp_path: Path) -> None:
    header = bytes.fromhex("1a45dfa3a3") + bytes.fromhex(
        "42868101 42f78101 42f28104 42f38108 4282886d6174726f736b61".replace(" ", "")
    )
    header += struct.pack(">BBB", 0x42, 0x87, 0x81) + b"\x04" + bytes.fromhex("42858102")
    path = tmp_path / "a.mkv"
    path.write_bytes(header + bytes.fromhex("18538067 80".replace(" ", "")))
    assert inspect(path, "a.mkv").verdict == "refused"
