"""The driver's guide shows the screens that it speaks of."""

import re

from tests.browser.guide_pictures import FOLDER, GUIDE, SHOWN
from tests.browser.samples import screens

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
PICTURE = re.compile(r'<img src="pictures/guide/([\w-]+)\.png" width="\d+" alt="([^"]+)">')


def test_each_picture_stands_under_its_heading_with_words_for_who_cannot_see_it() -> None:
    parts = HEADING.split(GUIDE.read_text())[1:]
    found = {heading: PICTURE.findall(text) for heading, text in zip(parts[::2], parts[1::2], strict=True)}
    assert {heading: [name for name, _ in one] for heading, one in found.items() if one} == {
        heading: [name] for heading, name in SHOWN.items()
    }
    assert all(len(alt.split()) > 3 for one in found.values() for _, alt in one)


def test_each_picture_is_of_a_screen_that_there_is_and_none_is_left_over() -> None:
    assert set(SHOWN.values()) <= set(screens())
    assert {file.stem for file in FOLDER.iterdir()} == set(SHOWN.values())
