"""Reading what is said: timed sidecars (SRT, VTT) and plain words, whatever program wrote them."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pysubs2

from kit.errors import InputRefused
from kit.short_forms import goes_on
from kit.values import Value

LARGEST = 1 << 20
"""Bytes above which a transcript is refused."""

SUFFIXES = (".srt", ".vtt", ".txt")

# Bounded, so that a hostile line of opening brackets is not searched to its end from each of them.
_TAG = re.compile(r"<[^<>\n]{0,500}>|\{[^{}\n]{0,500}\}")
_STRAY = str.maketrans("", "", "<{}")
_MARK = r"\[\d?\d:\d\d(?::\d\d)?(?:[.,]\d{1,3})?\]|^\(?\d?\d:\d\d:\d\d(?:[.,]\d{1,3})?\)?(?=\s|$)"
"""A time mark of a typed transcript: [00:01:23]."""

_ROLE = "Chief|Captain|Lieutenant|Sergeant|Detective|Officer|Deputy|Sheriff|Mayor|Narrator|Interviewer|Reporter|Host"
_NAME = (
    r"[A-Z][A-Z.'’\-]{1,20}(?: [A-Z0-9.'’\-]{1,20}){0,4}|[Ss]peaker \w{1,20}"
    rf"|(?:[A-Z][\w.'’\-]{{0,20}} ){{1,3}}[A-Z][\w.'’\-]{{0,20}}|{_ROLE}"
)
"""Who speaks, before a colon: CHIEF, SPEAKER 1, Chief Smith; a lone capitalised word may be speech (“Remember: …”)."""

_SPEAKER = re.compile(rf"^(?:>{{1,3}}\s*|[-–—]\s+)?(?:(?:{_NAME}) ?:(?=\s|$)\s*)?")
_SPEAKS = re.compile(rf"(?m)^(?=(?:>>|(?:{_MARK})? ?(?:{_NAME}) ?:(?:\s|$)))")
_WORD = re.compile(r"\[[^\[\]]{0,80}\]|\S+")
_TIMES = re.compile(r"\s{0,9}(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d{1,9}\s{0,9}-->\s{0,9}(?:\d{1,3}:)?\d{1,2}:\d\d[.,]\d")
_WIDE_SECONDS = re.compile(r"(?<=:)0(\d\d[.,])")
"""Seconds of three digits, which some programs write."""

_STOPS = (".", "!", "?", "…")
_CLOSERS = '"”’)'


class Line(Value):
    """One cue of a timed transcript, or one sentence of a plain one (then without times)."""

    text: str
    start_s: float | None = None
    end_s: float | None = None

    @property
    def words(self) -> list[str]:
        """What is written between blanks; a sound in brackets is one word."""
        return _WORD.findall(self.text)


def read_transcript(path: Path) -> tuple[Line, ...]:
    """The lines of a transcript in order of time. Raises InputRefused naming the file when it holds no words."""
    if path.stat().st_size > LARGEST:
        raise InputRefused(f"the transcript “{path.name}” is too large: send the words of one clip only")
    # Tags go first: pysubs2 looks for their ends with searches that a hostile file makes endless.
    text = _TAG.sub("", _decoded(path.read_bytes()))
    lines = _plain(text) if path.suffix.lower() == ".txt" else _timed(path, text)
    if not lines:
        raise InputRefused(f"the transcript “{path.name}” holds no words: write what is said, or remove the file")
    return lines


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _tidy(text: str) -> str:
    unmarked = re.sub(_MARK, " ", text.strip(), flags=re.MULTILINE)
    return " ".join(_SPEAKER.sub("", unmarked.strip()).split())


def _timed(path: Path, text: str) -> tuple[Line, ...]:
    kind = "vtt" if text.lstrip("\ufeff \n").startswith("WEBVTT") else "srt"
    bare = _mended(text.translate(_STRAY))
    try:
        events = pysubs2.SSAFile.from_string(bare, format_=kind, keep_unknown_html_tags=False).events
    except Exception as error:  # pysubs2 lets parsing errors of many kinds out
        raise InputRefused(f"the transcript “{path.name}” cannot be read: save it again as SRT or VTT") from error
    rows = [
        Line(text=words, start_s=event.start / 1000, end_s=event.end / 1000)
        for event in sorted(events, key=lambda event: (event.start, event.end))
        if not event.is_comment and event.end > event.start >= 0 and (words := _tidy(event.plaintext))
    ]
    return tuple(_apart(rows))


def _mended(text: str) -> str:
    """Timed text without remarks, and without the number and times of cues whose times cannot be read.

    The words of such a cue follow the cue before it, so that nothing said is lost.
    """
    blocks = []
    for written in text.split("\n\n"):
        block = "\n".join(_WIDE_SECONDS.sub(r"\1", line) if "-->" in line else line for line in written.split("\n"))
        lines = [line for line in block.split("\n") if "-->" not in line or _TIMES.match(line)]
        if re.match(r"\s*(?:NOTE|STYLE|REGION)\b", block):
            continue
        if not any("-->" in line for line in lines) and lines and re.fullmatch(r"\s*\d+\s*", lines[0]):
            lines = lines[1:]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _apart(rows: list[Line]) -> list[Line]:
    """Cues that overlap end where the next begins; the same cue said twice is kept once."""
    kept: list[Line] = []
    for row in rows:
        last = kept[-1] if kept else None
        if last and row.start_s is not None and last.start_s is not None and last.end_s is not None:
            if row.start_s <= last.start_s:
                if row.text not in last.text:
                    # Two people, or two lines, that begin together.
                    end_s = max(last.end_s, row.end_s or last.end_s)
                    kept[-1] = last.model_copy(update={"text": f"{last.text} {row.text}", "end_s": end_s})
                continue
            kept[-1] = last.model_copy(update={"end_s": min(last.end_s, row.start_s)})
        kept.append(row)
    return kept


def _plain(text: str) -> tuple[Line, ...]:
    text = _SPEAKS.sub("\n\n", text.lstrip("\ufeff"))
    # Words typed without any full stop are taken line by line.
    break_at = r"\n\s*\n" if re.search(r"[.!?…]", text) else r"\n"
    paragraphs = [_tidy(part) for part in re.split(break_at, text)]
    return tuple(Line(text=sentence) for part in paragraphs for sentence in _sentences(part))


def ends_sentence(word: str) -> bool:
    """Whether a written word ends in a full stop or its like, whatever quotes or brackets close after it."""
    return word.rstrip(_CLOSERS).endswith(_STOPS)


def _sentences(paragraph: str) -> Iterator[str]:
    """Runs of words up to each that ends in a full stop or its like, but for short forms such as “Sgt. Miller”."""
    words: list[str] = []
    written = paragraph.split()
    for word, following in zip_longest(written, written[1:], fillvalue=""):
        words.append(word)
        if ends_sentence(word) and not goes_on(word, following):
            yield " ".join(words)
            words = []
    if words:
        yield " ".join(words)
