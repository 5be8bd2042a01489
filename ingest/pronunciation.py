"""How a word outside the dictionary may sound, guessed from its letters by the habits of English spelling (ARPAbet)."""

import re
import unicodedata
from functools import cache

_NAMES = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            *("EY", "B IY", "S IY", "D IY", "IY", "EH F", "JH IY", "EY CH", "AY", "JH EY", "K EY", "EH L", "EH M"),
            *("EH N", "OW", "P IY", "K Y UW", "AA R", "EH S", "T IY", "Y UW", "V IY", "D AH B AH L Y UW", "EH K S"),
            *("W AY", "Z IY"),
        ),
        strict=True,
    )
)
"""Letters by name."""

# Spelling -> sounds; the first pattern that matches at a place is taken. `^` and `$` are the ends of the word,
# V a vowel letter, C a consonant letter. What stands in brackets must be there but is not used up.
_TABLE = """
^kn:N ^gn:N ^wr:R ^ps(?=y|e):S ^pn:N ^mc(?=C):M AH K ^mc:M AH K ^mac(?=d|k|l|n):M AH K ^x:Z ^wh:W ^sch(?=C|w):SH
^re(?=CV):R IY ^de(?=CV):D IH ^be(?=C):B IH ^e(?=CV):IH ^a(?=bb|cc|ff|ll|nn|ss|tt|pp|gg):AH ^un:AH N ^co(?=n|m):K AH
^ex(?=V):IH G Z ^y(?=V):Y ^eu:Y UW ^u(?=CV):Y UW
a(?=tion):EY o(?=tion):OW u(?=tion):UW tion:SH AH N ssion:SH AH N (?<=V)sion:ZH AH N
sion:SH AH N cian:SH AH N tial:SH AH L cial:SH AH L tious:SH AH S cious:SH AH S
ville:V IH L ton$:T AH N tons$:T AH N Z burgh$:B ER G burg$:B ER G borough$:B ER OW shire$:SH ER
ham$:AH M land$:L AH N D man$:M AH N mans$:M AH N Z men$:M AH N ford$:F ER D wood$:W UH D
field$:F IY L D stein$:S T IY N berg$:B ER G berger$:B ER G ER ski$:S K IY sky$:S K IY witz$:W IH T S
able$:AH B AH L ible$:AH B AH L age$:IH JH ages$:IH JH IH Z ous$:AH S ture:CH ER sure$:ZH ER ment:M AH N T
ness$:N AH S less$:L AH S ful$:F AH L ally$:AH L IY
ence$:AH N S ance$:AH N S ent$:AH N T ant$:AH N T ents$:AH N T S ants$:AH N T S al$:AH L als$:AH L Z
el$:AH L els$:AH L Z en$:AH N ens$:AH N Z on$:AH N ons$:AH N Z an$:AH N ans$:AH N Z in$:IH N ism:IH Z AH M
ic$:IH K ics$:IH K S ive$:IH V
ary$:EH R IY ory$:AO R IY ity$:AH T IY ify:AH F AY ize:AY Z ine$:IY N ia$:IY AH io:IY OW ius$:IY AH S ier$:IY ER
(?<=C)le$:AH L (?<=C)led$:AH L D (?<=C)les$:AH L Z (?<=[td])ed$:IH D (?<=[pkfsx])ed$:T (?<=ch|sh)ed$:T ed$:D
(?<=s|z|x|c|g)es$:IH Z (?<=ch|sh)es$:IH Z 'll$:AH L (?<=s|z|x)'s$:IH Z
ings$:IH NG Z ing:IH NG ingt:IH NG T ers$:ER Z er(?=V):EH R ar(?=V):EH R or(?=V):AO R ir(?=V):IH R ur(?=V):Y UH R
eigh:EY augh:AO ough(?=t):AO ough:OW igh:AY tch:CH sch:SH chr:K R ch:CH sh:SH th:TH ph:F ck:K qu:K W gh(?=V):G gh:
cqu:K W dge:JH dg:JH ng(?=V):NG G ng:NG nk:NG K nx:NG K S wh:W sc(?=[eiy]):S cz:CH sz:SH zz:Z ss:S ll:L tt:T
mb$:M mn$:M rh:R
eer:IH R ear:IH R air:EH R aire:EH R are$:EH R ire$:AY ER ore$:AO R our:AO R oor:AO R
ee:IY ea:IY oo:UW ou:AW ow$:OW ows$:OW Z ow:OW oi:OY oy:OY ai:EY ay:EY au:AO aw:AO ew:UW eu:OY oa:OW oe$:OW
ei:AY ey$:IY eys$:IY Z ie$:IY ies$:IY Z ied$:IY D ie(?=CV):IY ie:IY ui:UW ue$:UW uy:AY ae:EY oh:OW ah:AA ya:Y AA
wa(?=r):W AO wa:W AA er:ER ir:ER ur:ER ar:AA R or:AO R
a(?=Ce$|Ces$|Ced$):EY e(?=Ce$|Ces$):IY i(?=Ce$|Ces$|Ced$):AY o(?=Ce$|Ces$|Ced$):OW u(?=Ce$|Ces$|Ced$):UW
a(?=Cing$):EY i(?=Cing$):AY o(?=Cing$):OW
i(?=nd$|ld$):AY o(?=l[dt]|st$|ll$):OW a(?=l[lkdt]):AO
a$:AH as$:AH Z (?<=VC)e(?=C+$):AH (?<=VCC)e(?=C+$):AH (?<=C)e$: (?<=V)e$: es$:Z
^i(?=CV):IH ^o(?=CV):OW i$:IY is$:IH S o$:OW os$:OW Z y$:IY u$:UW us$:AH S y(?=V):Y y:IH
a(?=CV):AH e(?=CV):AH i(?=CV):IH o(?=CV):AH u(?=CV):UW i(?=[aou]):IY e(?=[ou]):IY u(?=[aeio]):UW
c(?=[eiy]):S cc(?=[ei]):K S g(?=[ey]):JH gg:G ge$:JH j:JH s$:Z (?<=[bdglmnrv])s$:Z (?<=V)s(?=V):Z
a:AE e:EH i:IH o:AA u:AH b:B c:K d:D f:F g:G h:HH k:K l:L m:M n:N p:P q:K r:R s:S t:T v:V w:W x:K S z:Z ':
"""

_VOWELS, _CONSONANTS = "[aeiouy]", "[bcdfghjklmnpqrstvwxz]"


@cache
def _rules() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """The table by first letter of what is spelled."""
    rules: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for spelling, sounds in re.findall(r"(\S+):((?: ?[A-Z]+(?=\s))*)", _TABLE):
        pattern = spelling.replace("V", _VOWELS).replace("C", _CONSONANTS)
        first = re.sub(r"\(\?[^)]*\)|\^", "", spelling)[0]
        rules.setdefault(first, []).append((re.compile(pattern), sounds))
    return rules


def pronunciation(word: str) -> str:
    """A guess in ARPAbet at how a word outside the dictionary sounds; never empty."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if c in _NAMES or c == "'")
    letters = plain.replace("'", "")
    if not letters or (len(letters) <= 4 and not set(letters) & set("aeiouy")):
        return " ".join(_NAMES[c] for c in letters) or "AH"
    phones: list[str] = []
    at, rules = 0, _rules()
    while at < len(plain):
        if at and plain[at] == plain[at - 1] and plain[at] not in "aeiouyc":
            at += 1
            continue
        found, sounds = next((hit, said) for rule, said in rules.get(plain[at], ()) if (hit := rule.match(plain, at)))
        phones += sounds.split()
        at = max(found.end(), at + 1)
    return " ".join(phones) or "AH"
