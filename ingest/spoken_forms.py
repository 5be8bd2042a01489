"""What a written word is said as: punctuation off, compounds apart, short forms and numbers in words."""

import itertools
import re

from ingest.numbers import Reading, said

MOST = 8
"""Readings of one word that are tried."""

LONGEST = 60
"""Letters of a word that are looked at; nobody says more between two blanks."""

_SOUND = re.compile(
    r"\[.{0,80}\]\W{0,3}$"
    r"|\((?:laugh|chuckl|applau|clap|cheer|sigh|cough|cry|sob|pause|music|inaudible|crosstalk|siren)\w{0,9}\)\W{0,3}$",
    re.IGNORECASE,
)
"""Sounds that are written and not said: [applause], (laughs)."""

_SHORT: dict[str, tuple[str, ...]] = {
    "dr.": ("doctor", "drive"),
    "st.": ("saint", "street"),
    "sgt.": ("sergeant",),
    "lt.": ("lieutenant",),
    "cpl.": ("corporal",),
    "capt.": ("captain",),
    "cmdr.": ("commander",),
    "det.": ("detective",),
    "insp.": ("inspector",),
    "ofc.": ("officer",),
    "off.": ("officer", "off"),
    "sup.": ("supervisor",),
    "supt.": ("superintendent",),
    "mr.": ("mister",),
    "mrs.": ("missus",),
    "ms.": ("miz",),
    "jr.": ("junior",),
    "sr.": ("senior",),
    "no.": ("number", "no"),
    "nos.": ("numbers",),
    "ave.": ("avenue",),
    "blvd.": ("boulevard",),
    "rd.": ("road",),
    "hwy.": ("highway",),
    "dept.": ("department",),
    "approx.": ("approximately",),
    "vs.": ("versus",),
    "&": ("and",),
    "+": ("plus",),
    "=": ("equals",),
    "@": ("at",),
    "#": ("number", "hashtag", "pound"),
    "%": ("percent",),
    "w/": ("with",),
}


def readings(word: str) -> tuple[Reading, ...]:
    """Ways to say a written word, likeliest first, each in lower-case words; empty for a sign that is not said."""
    if _SOUND.match(word):
        return ()
    plain = re.sub(r"[‐‑–—−]", "-", word[:LONGEST].replace("’", "'").replace("‘", "'"))
    core = re.sub(r"^[^\w$#&@+=%']+|[^\w.%&@+=#/']+$", "", plain)
    short = _SHORT.get(core.lower()) or _SHORT.get(core.lower().rstrip(".") + ".") if core.endswith(".") else None
    short = short or _SHORT.get(core.lower())
    if short:
        return tuple((one,) for one in short)
    core = core.strip("'._/")
    if core.startswith("#"):
        return tuple(("number", *reading) for reading in readings(core[1:]))
    if number := said(core.lower()):
        return number[:MOST]
    pieces = [form for piece in re.split(r"[-/]", core) if (form := _piece(piece))]
    ways = (
        [tuple(itertools.chain(*way)) for way in itertools.islice(itertools.product(*pieces), MOST)] if pieces else []
    )
    return tuple(dict.fromkeys(ways))


def _piece(text: str) -> tuple[Reading, ...]:
    """One part of a compound."""
    if number := said(text.lower()):
        return number
    letters = re.sub(r"[^\w]", "", text)
    apart = tuple(letters.lower())
    if re.fullmatch(r"(?:\w\.)+\w", text):
        return (apart,)
    runs = re.findall(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*'?", text)
    if not runs:
        return ()
    if len(runs) > 1:
        return tuple(
            tuple(itertools.chain(*way))
            for way in itertools.islice(itertools.product(*(_piece(run) for run in runs)), MOST)
        )
    whole = (runs[0].lower().rstrip("'"),)
    # Capitals may be a word (SWAT) or be spelled (PD).
    return (whole, apart) if text.isupper() and 2 <= len(letters) <= 4 and letters.isascii() else (whole,)
