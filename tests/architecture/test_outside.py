"""What comes into the house from outside: locked packages, vendored scripts, and the stylesheet's two nights."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import pytest

from tests.architecture.tree import ROOT, SRC

STATIC: Final = SRC / "chargekey" / "entrypoints" / "web" / "static"
VENDOR: Final = STATIC / "vendor"
STYLESHEET: Final = STATIC / "chargekey.css"

_PINNED: Final = re.compile(r"^[A-Za-z0-9_.\-]+(?:\[[a-z0-9,_\-]+\])?==\S+")
_NIGHT_BY_SYSTEM: Final = re.compile(
    r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{\s*:root:not\(\[data-theme=\"light\"\]\)\s*\{(?P<body>[^{}]*)\}"
)
_NIGHT_BY_CHOICE: Final = re.compile(r":root\[data-theme=\"dark\"\]\s*\{(?P<body>[^{}]*--[^{}]*)\}")
_DECLARATION: Final = re.compile(r"(--[\w-]+)\s*:\s*([^;]+?)\s*(?:;|$)")


def lock_complaints(text: str) -> list[str]:
    """What is wrong with a lock file: an address in it, a requirement that is not pinned or has no hash."""
    found = ["holds an address"] if "://" in text else []
    lines = [
        line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    for line in lines:
        if not _PINNED.match(line):
            found.append(f"not pinned: {line.split()[0]}")
        elif "--hash=sha256:" not in line:
            found.append(f"no hash: {line.split()[0]}")
    return found


def vendor_complaints(folder: Path) -> list[str]:
    """What differs between a folder of vendored files and the manifest that lies in it."""
    listed = {
        entry["file"]: entry for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    }
    there = {path.name for path in folder.iterdir()} - {"manifest.json"}
    found = [f"{name}: not in the manifest" for name in sorted(there - listed.keys())]
    for name, entry in listed.items():
        if name not in there:
            found.append(f"{name}: not there")
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry["sha256"]:
            found.append(f"{name}: is not what was vendored")
        if not (entry.get("package") and entry.get("version") and entry.get("licence")):
            found.append(f"{name}: the manifest does not say whose it is")
    return found


def night(stylesheet: str, by: Literal["system", "choice"]) -> Mapping[str, str]:
    """The colours of the night, as the system asks for it or as the reader chose it."""
    block = (_NIGHT_BY_SYSTEM if by == "system" else _NIGHT_BY_CHOICE).search(stylesheet)
    return dict(_DECLARATION.findall(block["body"])) if block else {}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "peers.txt", "planners.txt"])
def test_a_lock_file_pins_and_hashes_all_and_names_no_address(name: str) -> None:
    assert lock_complaints((ROOT / "requirements" / name).read_text(encoding="utf-8")) == []


def test_every_vendored_file_is_what_the_manifest_says() -> None:
    assert vendor_complaints(VENDOR) == []


def test_the_night_is_the_same_whoever_asks_for_it() -> None:
    stylesheet = STYLESHEET.read_text(encoding="utf-8")
    by_system, by_choice = night(stylesheet, "system"), night(stylesheet, "choice")
    assert by_system, "the stylesheet has no block of dark colours"
    assert by_system == by_choice


# ── the checkers themselves, on made-up input ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("six==1.16.0 \\\n    --hash=sha256:abc\n    # via -r run.in\n", 0),
        ("psycopg[binary]==3.3.9 ; python_version < '3.15' \\\n    --hash=sha256:abc\n", 0),
        ("six==1.16.0\n", 1),
        ("six>=1.16.0 \\\n    --hash=sha256:abc\n", 1),
        ("--index-url https" + "://example.org/simple\nsix==1.16.0 \\\n    --hash=sha256:abc\n", 2),
    ],
)
def test_a_loose_lock_is_known(text: str, complaints: int) -> None:
    assert len(lock_complaints(text)) == complaints


def test_a_vendored_file_that_changed_came_or_went_is_known(tmp_path: Path) -> None:
    def listed(name: str, contents: bytes) -> dict[str, str]:
        digest = hashlib.sha256(contents).hexdigest()
        return {"file": name, "package": "p", "version": "1", "licence": "0BSD", "sha256": digest}

    entries = [listed("same.js", b"same"), listed("changed.js", b"before"), listed("gone.js", b"")]
    (tmp_path / "manifest.json").write_text(json.dumps({"files": entries}))
    (tmp_path / "same.js").write_bytes(b"same")
    (tmp_path / "changed.js").write_bytes(b"after")
    (tmp_path / "new.js").write_bytes(b"")

    assert vendor_complaints(tmp_path) == [
        "new.js: not in the manifest",
        "changed.js: is not what was vendored",
        "gone.js: not there",
    ]


def test_two_nights_that_differ_are_known() -> None:
    stylesheet = """
      @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --paper: #000; --ink: #fff } }
      :root[data-theme="dark"] { --paper: #000; --ink: #eee; }
      :root[data-theme="dark"] { color-scheme: dark; }
    """
    assert night(stylesheet, "system") == {"--paper": "#000", "--ink": "#fff"}
    assert night(stylesheet, "choice") == {"--paper": "#000", "--ink": "#eee"}
