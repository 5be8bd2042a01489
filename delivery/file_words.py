"""What the name of a file says in words, where a person gave it one: nothing of cameras, numbers and dates. Pure."""

import re
import unicodedata

_CODES = re.compile(
    r"avc|cimg|dcim|dji|dsc[fn]?|fullsizerender|gh|gopr|gp|gx|hdr|hevc|hlg|img|lrv|mov|mvi|pano|pxl|received|slomo|"
    r"snapchat|trim|uhd|vid|wa|whatsapp",
    re.IGNORECASE,
)
"""What cameras, phones and programs that send pictures put into names."""
_FILLERS = re.compile(
    r"an?|am|and|at|broll|roll|clips?|copy|cut|draft|edit(ed)?|export|file|final|footage|for|from|images?|in|movie|my|new|"
    r"of|on|our|part|photos?|pic(ture)?s?|pm|proxy|raw|rec(ording)?|scenes?|screen(shot)?|shot|take|test|the|to|unnamed|"
    r"untitled|version|videos?|with",
    re.IGNORECASE,
)
"""Words that say nothing of what is seen at the beginning or end of a name."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[Kk]9")
_SPOKEN = re.compile(r"[aeiouy]|[^\x00-\x7f]", re.IGNORECASE)
"""A vowel, or a letter of another script: codes often have none."""


def words_of(file: str, slot: str) -> str:
    """The words of a file's name without its folder, its ending, its slot, numbers and codes; empty when none is left.

    “broll_city-hall_2.mp4” of the slot broll gives “city hall”; “IMG_0412.MOV” and “A001C002_0101.mp4” give nothing.
    """
    stem = unicodedata.normalize("NFC", file.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    parts = [part for part in re.split(r"[\s_\-.,()\[\]]+", stem) if part]
    while parts and parts[0].casefold() in (slot, slot.removesuffix("s")):
        parts = parts[1:]
    words = [part for part in parts if _WORD.fullmatch(part) and not _CODES.fullmatch(part)]
    while words and _FILLERS.fullmatch(words[0]):
        words = words[1:]
    while words and _FILLERS.fullmatch(words[-1]):
        words = words[:-1]
    if not any(len(word) > 2 and _SPOKEN.search(word) for word in words):
        return ""
    text = " ".join(words)
    return text.lower() if text.isupper() else text
