"""The pictures of the driver's guide: samples of the screens that it speaks of, light, on a phone.

`python -m tests.browser.guide_pictures` takes them anew. `test_guide_pictures.py` holds that the guide shows each of
them under the words of its screen, and none else.
"""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.browser.gallery import gallery, served
from tests.browser.look import ARGS, PHONE

DOCS: Final = Path(__file__).parents[2] / "docs"
GUIDE: Final = DOCS / "driver-guide.md"
FOLDER: Final = DOCS / "pictures" / "guide"
SHOWN: Final[Mapping[str, str]] = {
    "Permissions": "02-permissions",
    "If a permission is missing": "03-permissions-missing",
    "Your car": "04-choose-car",
    "The key": "06-key-phone",
    "The test": "09-test-proved",
    "The plan": "10-plan",
    "Tonight": "13-tonight",
    "When something is in the way": "05-in-the-way",
    "When no key comes: the questions": "08-why-question",
    "Asleep, out of reach, in service": "12-offline",
    "If it is not your car": "09-not-my-car",
    "If it stops working later": "24-lost-key",
    "If another Tesla account comes back": "03-other-account",
    "Help": "18-write",
    "Leaving": "17-receipt",
}
"""The sample under each heading of the guide that has one."""


def main() -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium on this machine: apt-get install chromium")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    width, height = PHONE
    with served(gallery()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        for name in SHOWN.values():
            page.goto(f"{address}/gallery/{name}")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()
    print(f"{len(SHOWN)} pictures in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
