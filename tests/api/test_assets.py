"""What was built for browsers: pages name it by its content, and it is kept for good."""

import gzip
import json
import re
from typing import Any

import pytest

from api.pages import assets
from kit.errors import Outage

MANIFEST: dict[str, dict[str, Any]] = {
    "src/a.ts": {"file": "assets/a-1.js", "imports": ["_shared-2.js"], "css": ["assets/a-3.css"]},
    "_shared-2.js": {"file": "assets/shared-2.js", "imports": ["_svelte-4.js"], "css": ["assets/shared-5.css"]},
    "_svelte-4.js": {"file": "assets/svelte-4.js"},
    "src/style/b.scss": {"file": "assets/b-6.css"},
}

SCRIPT_BUDGET = 150_000
"""Packed bytes of one page."""


def test_a_page_brings_a_script_with_its_styles_and_all_that_it_imports():
    assert assets._tags(MANIFEST, "src/a.ts").splitlines() == [
        '<link rel="stylesheet" href="/static/built/assets/a-3.css">',
        '<link rel="stylesheet" href="/static/built/assets/shared-5.css">',
        '<link rel="modulepreload" href="/static/built/assets/shared-2.js">',
        '<link rel="modulepreload" href="/static/built/assets/svelte-4.js">',
        '<script type="module" src="/static/built/assets/a-1.js"></script>',
    ]


def test_a_style_alone_is_a_link():
    assert assets._tags(MANIFEST, "src/style/b.scss") == '<link rel="stylesheet" href="/static/built/assets/b-6.css">'


def test_what_is_not_built_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    with pytest.raises(Outage, match="make setup"):
        assets.tags_of("style/reel.scss")


@pytest.mark.parametrize("gone", ["src/a.ts", "_svelte-4.js"])
def test_what_is_newer_than_what_was_built_says_what_to_do(gone):
    with pytest.raises(Outage, match="make setup"):
        assets._tags({name: held for name, held in MANIFEST.items() if name != gone}, "src/a.ts")


def test_what_was_built_is_kept_for_good_and_the_rest_for_a_day(door):
    page = door.anonymous.get("/sign-in").text
    (style,) = re.findall(r'href="(/static/built/assets/reel-[\w-]+\.css)"', page)
    answer = door.anonymous.get(style)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    assert "public, max-age=86400" in door.anonymous.get("/static/icon.svg").headers["cache-control"]
    assert door.anonymous.get("/static/built/nothing.js").headers["cache-control"] == "no-store"


def test_what_everybody_gets_is_packed_and_pages_are_not(door):
    page = door.anonymous.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in page.headers
    (style,) = re.findall(r'href="(/static/built/assets/reel-[\w-]+\.css)"', page.text)
    packed = door.anonymous.get(style, headers={"Accept-Encoding": "gzip"})
    plain = door.anonymous.get(style, headers={"Accept-Encoding": "identity"})
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert packed.num_bytes_downloaded < len(plain.content) / 3
    assert packed.content == plain.content
    assert "content-encoding" not in plain.headers
    part = door.anonymous.get(style, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)


def test_no_page_brings_more_script_than_a_slow_line_takes():
    manifest = json.loads((assets.BUILT / "manifest.json").read_text("utf-8"))
    weights = {}
    for template in (assets.HERE / "templates").glob("*.html"):
        text = template.read_text("utf-8")
        files = {assets.HERE / "static" / name for name in re.findall(r'src="/static/([\w.-]+\.js)"', text)}
        for entry in re.findall(r'built\("([\w.-]+\.ts)"\)', text):
            files |= {assets.BUILT / manifest[name]["file"] for name in all_of(manifest, f"src/{entry}")}
        weights[template.stem] = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    assert {name for name, weight in weights.items() if weight} >= {"board", "captions", "cut", "footage", "job"}
    assert {name: weight for name, weight in weights.items() if weight > SCRIPT_BUDGET} == {}


def all_of(manifest: dict[str, Any], name: str) -> set[str]:
    """A script and all that it brings along, at once or later."""
    brought = (*manifest[name].get("imports", ()), *manifest[name].get("dynamicImports", ()))
    return {name}.union(*(all_of(manifest, one) for one in brought))
