"""Short forms of written words, whose full stop ends no sentence. Pure."""

_NAMES = "mr mrs ms dr prof rev fr hon st sgt lt capt cpl det ofc insp cmdr maj col gen gov sen rep asst"
_FIGURES = "no nos jan feb mar apr jun jul aug sep sept oct nov dec"
_BEFORE_NAMES, _BEFORE_FIGURES = frozenset(_NAMES.split()), frozenset(_FIGURES.split())


def goes_on(word: str, following: str) -> bool:
    """Whether a word with a full stop is a short form that the following word belongs to: “Sgt. Miller”, “Jan. 5”."""
    short, after = word.lstrip("\"'“‘(["), following.lstrip("\"'“‘([")
    if not short.endswith(".") or not after:
        return False
    bare = short[:-1].casefold()
    if after[0].isdigit():
        return bare in _BEFORE_FIGURES
    # A lone capital is an initial; “I” ends sentences too.
    initial = len(bare) == 1 and short[0].isupper() and bare != "i"
    return after[0].isupper() and (initial or bare in _BEFORE_NAMES)
