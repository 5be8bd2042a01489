"""An agency's seal: given by the API or a page, read in a process of its own, shown by a link that expires."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from api.security import COOKIE


def picture(side: int = 300, kind: str = "PNG") -> bytes:
    """A round seal."""
    drawn = io.BytesIO()
    Image.radial_gradient("L").resize((side, side)).save(drawn, kind)
    return drawn.getvalue()


def bomb(side: int) -> bytes:
    """A PNG whose header tells of far more pixels than it holds."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def give(door, agency: str, data: bytes, media: str = "image/png"):
    return door.client.put(f"/v1/agencies/{agency}/seal", content=data, headers={"Content-Type": media})


@pytest.mark.parametrize(("kind", "media"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_seal_is_kept_and_shown(door, kind, media):
    agency, seal = door.agency(), picture(kind=kind)
    assert door.client.get(f"/v1/agencies/{agency}").json()["seal"] is None
    assert door.client.get(f"/v1/agencies/{agency}/seal").status_code == 404
    answer = give(door, agency, seal, media)
    digest = hashlib.sha256(seal).hexdigest()
    assert (answer.status_code, answer.json()["seal"]) == (200, digest)
    assert door.store.get_bytes(f"seals/{digest}") == seal
    shown = door.client.get(f"/v1/agencies/{agency}/seal")
    assert shown.headers["location"].startswith(f"https://store.test/seals/{digest}")
    profile = door.service.read_agency(agency).profile
    assert profile.seal is not None
    assert (profile.name, profile.seal.key) == ("Anytown Police Department", f"seals/{digest}")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cannot be read"),
        (b"no picture at all", "cannot be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawing"),
        (picture(40), "too small"),
        (picture()[:400], "cannot be read"),
        (bomb(30_000), "too large"),
        (bomb(8_000), "too large"),
        (bomb(7_000), "cannot be read"),
    ],
    ids=["nothing", "words", "drawing", "tiny", "cut", "vast", "large", "hollow"],
)
def test_what_cannot_stand_on_a_card_is_refused_and_changes_nothing(door, data, why):
    agency = door.agency()
    give(door, agency, picture())
    before = door.service.read_agency(agency)
    answer = give(door, agency, data)
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
    assert answer.json()["detail"][0].isupper()
    assert door.service.read_agency(agency) == before


def test_a_seal_may_be_larger_than_other_requests_but_not_without_end(door):
    agency = door.agency()
    assert "cannot be read" in give(door, agency, b"x" * (3 << 20)).json()["detail"]
    answer = give(door, agency, b"x" * ((20 << 20) + 1))
    assert (answer.status_code, "1000 pixels" in answer.json()["detail"]) == (413, True)
    assert door.client.post("/v1/projects", content=b"x" * (3 << 20)).status_code == 413


def test_another_agency_is_not_touched(door):
    mine, other = door.agency(), door.agency("Otherville Police Department")
    give(door, mine, picture())
    assert door.service.read_agency(other).profile.seal is None
    assert give(door, "nobody", picture()).status_code == 404


def test_the_pages_take_a_seal_at_signing_on_and_later(door):
    door.anonymous.cookies.set(COOKIE, door.client.app.state.gate.new_session())
    door.anonymous.headers.update({"Accept": "text/html", "Origin": "http://testserver"})
    refused = door.anonymous.post(
        "/agencies", data={"name": "Anytown Police Department"}, files={"seal": ("s.png", b"no picture")}
    )
    assert refused.status_code == 422
    assert "The seal cannot be read" in refused.text
    assert door.service.list_agencies() == [], "a person corrects the form and sends it again"
    here = door.anonymous.post(
        "/agencies", data={"name": "Anytown Police Department"}, files={"seal": ("s.png", picture())}
    ).headers["location"]
    (agency,) = door.service.list_agencies()
    assert agency.profile.seal
    assert "The seal of Anytown Police Department" in door.anonymous.get(here).text
    other = picture(500)
    chosen = {"storyboard": "certified"}
    led = door.anonymous.post(f"{here}/seal", data=chosen, files={"seal": ("s.png", other)}).headers["location"]
    assert led == f"{here}?storyboard=certified", "the chosen film is not forgotten"
    (agency,) = door.service.list_agencies()
    assert agency.profile.seal
    assert agency.profile.seal.digest == hashlib.sha256(other).hexdigest()
    wrong = door.anonymous.post(f"{here}/seal", data=chosen, files={"seal": ("s.png", picture(10))})
    assert (wrong.status_code, "The seal is too small" in wrong.text) == (422, True)
    assert '<option value="certified" selected>' in wrong.text
    assert f'<form method="get" action="{here}">' in wrong.text, "the page works on from where a form led"
