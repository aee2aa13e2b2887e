"""Every sentence of the templates, and the English catalogue written from them.

`python -m tests.browser.catalogue` writes it anew; a test says when that is due.
"""

from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po, write_po

from chargekey.entrypoints.web import words
from chargekey.entrypoints.web.pages import TEMPLATES

PO: Final = words.CATALOGUES / "en" / "LC_MESSAGES" / f"{words.DOMAIN}.po"
LEFT_OUT: Final = ("#", '"POT-C', '"PO-R', '"Report', '"Last', '"Language-T', '"Generated')
JINJA: Final = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trim_blocks": "true", "silent": "false"}


def sentences() -> Catalog:
    """All of them, in the order of templates; places of use are left out, so that moving a line changes nothing."""
    found = Catalog(locale="en", project="Chargekey", version="1", fuzzy=False)
    templates = extract_from_dir(
        str(TEMPLATES), [("**.html", "jinja2")], {"**.html": JINJA}, comment_tags=(), directory_filter=None
    )
    for _, _, message, _, _ in sorted(templates, key=lambda one: (one[0], one[1])):
        found.add(message)
    for path in sorted(TEMPLATES.parent.glob("*.py")):
        for _, message, _, _ in extract_from_file("python", path, keywords={"said": None}):
            found.add(message)
    return found


def written() -> Catalog:
    """The catalogue as it lies in the tree."""
    with PO.open("rb") as source:
        return read_po(source, locale="en")


def main() -> None:
    """Write the catalogue. English sentences are their own translation, so they stay empty in it."""
    text = BytesIO()
    write_po(text, sentences(), omit_header=False, no_location=True, width=110, sort_output=False)
    lines = [line for line in text.getvalue().decode().splitlines() if not line.startswith(LEFT_OUT)]
    head = "# Chargekey's sentences. The key of each is its English text; an empty translation means just that.\n"
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(head + "\n".join(lines).strip() + "\n")


if __name__ == "__main__":
    main()
