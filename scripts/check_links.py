"""Checks the documentation: every link inside the tree leads somewhere, the README leads to every page.

Links to other hosts are not followed: a check must not depend on the weather outside.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
START: Final = "README.md"

_FENCE: Final = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
_INLINE_CODE: Final = re.compile(r"`[^`\n]*`")
_LINK: Final = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_TAG: Final = re.compile(r"<(?:img|a)\s[^>]*?(?:src|href)=\"([^\"]+)\"")
_HEADING: Final = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_ANCHOR: Final = re.compile(r"<a\s+(?:id|name)=\"([^\"]+)\"")


def links(text: str) -> Iterator[str]:
    """Where a page leads, in the order of its links. Code is not read."""
    prose = _INLINE_CODE.sub("", _FENCE.sub("", text))
    for pattern in (_LINK, _TAG):
        for found in pattern.finditer(prose):
            yield found[1]


def anchors(text: str) -> set[str]:
    """The places of a page that a link can name, as forges make them from its headings."""
    prose = _FENCE.sub("", text)
    named = set(_ANCHOR.findall(prose))
    for heading in _HEADING.findall(prose):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        count = sum(1 for one in named if re.fullmatch(re.escape(plain) + r"(-\d+)?", one))
        named.add(f"{plain}-{count}" if count else plain)
    return named


def broken(root: Path) -> list[str]:
    """What a reader of this tree would stumble over: links that lead nowhere, pages that nothing leads to."""
    pages = [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]
    found: list[str] = []
    leads: dict[Path, set[Path]] = {}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        leads[page] = set()
        for link in links(text):
            target, complaint = _follow(root, page, link)
            if complaint:
                found.append(f"{page.relative_to(root)}: {link} {complaint}")
            elif target:
                leads[page].add(target)
    reached = _reached(leads, root / START)
    return found + [f"{page.relative_to(root)}: no page leads here" for page in pages if page not in reached]


def _follow(root: Path, page: Path, link: str) -> tuple[Path | None, str]:
    """The file that a link names, and what is wrong with it. Neither for a link to another host."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None, ""
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.exists():
        return None, "is not there"
    if not target.is_relative_to(root):
        return None, "leads out of the project"
    places = anchors(target.read_text(encoding="utf-8")) if target.suffix == ".md" else set()
    if parts.fragment and parts.fragment not in places:
        return None, "names no place on that page"
    return target, ""


def _reached(leads: dict[Path, set[Path]], start: Path) -> set[Path]:
    seen: set[Path] = set()
    ahead = {start}
    while ahead:
        page = ahead.pop()
        seen.add(page)
        ahead |= leads.get(page, set()) - seen
    return seen


def main() -> int:
    """Say what is broken; fail if anything is."""
    found = broken(ROOT)
    for complaint in found:
        print(complaint)
    print(f"{len(found)} broken" if found else "Every link leads somewhere, every page is reached.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
