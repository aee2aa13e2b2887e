"""Pictures every screen into build/look: on a phone in light and dark, and on a desk."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from tests.browser.gallery import gallery, served
from tests.browser.samples import screens
from tests.browser.virtual_authenticator import VirtualAuthenticator

ARGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Chromium builds the pop-up of its address bar, two pages of its own, for every window that is opened: more work
    # than our pages are.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
PHONE, DESK = (390, 844), (1280, 800)
VIEWS: Final = (("light", PHONE), ("dark", PHONE), ("desk", DESK))


def picture(browser: Browser, address: str, names: list[str], folder: Path, *, whole: bool) -> Iterator[Path]:
    """One PNG a screen and view; `whole` takes the full length of the page."""
    for view, (width, height) in VIEWS:
        scheme = "dark" if view == "dark" else "light"
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
        )
        context.grant_permissions(["notifications"])
        page = context.new_page()
        VirtualAuthenticator(page, answers=False)
        for name in names:
            page.goto(f"{address}/gallery/{name}")
            path = folder / f"{name}-{view}.png"
            page.screenshot(path=path, full_page=whole)
            yield path
        context.close()


def main() -> int:
    """`python -m tests.browser.look [part of a name]` writes the pictures and says where."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on this machine: apt-get install chromium")
        return 1
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    folder = Path("build/look")
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in screens() if wanted in name]
    with served(gallery()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        count = sum(1 for _ in picture(browser, address, names, folder, whole="--whole" in sys.argv))
        browser.close()
    print(f"{count} pictures of {len(names)} screens in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
