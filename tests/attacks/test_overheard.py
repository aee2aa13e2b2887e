"""The search that ends every run of the tests can fail: whatever is private is found wherever it is written."""

import logging
import os
from pathlib import Path
from typing import Final

import pytest
import structlog

from tests.attacks.people import the_link
from tests.overhearing import HIS_OWN, Overheard, private_in
from tests.stories.town import EMAIL, MODEL_3, Town

TOKEN: Final = "ziuBsuCE3HlnO89Bl31Hw6QQ9XLG2ZnT4ZTZeFawm5I"
SPOILT: Final = {
    "a whole VIN": f"looked at {MODEL_3}",
    "a mail address": f"wrote to {EMAIL}",
    "an access token": "Bearer eyJhbGciOiJSUzI1NiJ9.e30.x",
    "a refresh token or a code": "EU_c0ffee0123456789abcdef",
    "a place": '{"latitude": 52.0907}',
    "a key": "-----BEGIN PRIVATE KEY-----",
    "a secret of the settings": "client_secret=demo-secret",
    "a token of 256 bits": f"GET /nights?x {TOKEN} done",
}


@pytest.mark.parametrize(("what", "line"), SPOILT.items(), ids=list(SPOILT))
def test_each_kind_is_found_in_a_log_an_argument_and_a_page(tmp_path: Path, what: str, line: str) -> None:
    in_log, in_arguments, on_page = (Overheard(tmp_path / name) for name in ("log", "arguments", "page"))
    for one in (in_log, in_arguments, on_page):
        one.folder.mkdir()
    in_log.a_log().write_text(f"all is well\n{line}\n", encoding="utf-8")
    in_arguments.arguments.append(line)
    on_page.pages.append(line)
    for one in (in_log, in_arguments, *([] if what in HIS_OWN else [on_page])):
        (found,) = one.found()
        assert found.what == what
        assert not list(private_in(found.where))  # the report itself repeats nothing


@pytest.mark.parametrize(
    "line",
    [
        "looked at …4F21, 16 A, 7.4 kW, at 0.2513 EUR",
        "E-20241106-1720-3F took 0.0123 s",
        "sha256 " + "0123456789abcdef" * 4,
        "/static/vendor/htmx.min.js?v=1",
    ],
)
def test_what_is_not_private_is_let_be(line: str) -> None:
    assert list(private_in(line)) == []


def test_what_is_logged_anywhere_is_heard(overheard: Overheard) -> None:
    """Ours and every library's; masked on the way, or this run would end in an error."""
    structlog.get_logger().info("overheard from us", car=MODEL_3, at=f"{EMAIL} 52.0907")
    logging.getLogger("uvicorn.error").warning("overheard from a library: %s", EMAIL)
    ours, theirs = [line for line in overheard.lines() if "overheard from" in line][-2:]
    assert "…4F21" in ours and "(mail)" in theirs


def test_the_arguments_of_a_program_are_read(tmp_path: Path) -> None:
    one = Overheard(tmp_path)
    one.program(os.getpid())
    assert "pytest" in one.arguments[0] or "python" in one.arguments[0]


async def test_every_token_that_tesla_or_we_hand_out_is_known_by_its_shape(town: Town) -> None:
    phone = await town.a_phone()
    await phone.signs_in()
    link = await the_link(town, EMAIL)
    await phone.allows()
    tokens = town.world.tokens
    async with town.home.engine.connect() as database:
        csrf = (await database.exec_driver_sql("SELECT csrf FROM web_session")).scalars().all()
    handed_out = [
        *tokens.record.codes,
        *(grant.refresh_token for grant in tokens.record.grants),
        tokens.partner_token("an-app", "an-app", [])["access_token"],
        *(phone.cookies["chargekey"], link.rsplit("/", 1)[1]),
        *csrf,
    ]
    assert len(handed_out) >= 6
    assert [one for one in handed_out if not list(private_in(f"said {one} aloud"))] == []


async def test_every_car_and_every_place_of_the_simulation_is_known_by_its_shape(town: Town) -> None:
    for vin, car in town.world.cars.items():
        assert list(private_in(f"car {vin}")) == ["a whole VIN"]
        assert list(private_in(f"at {car.record.home.latitude}")) == ["a place"]
        assert list(private_in(f"at {car.record.home.longitude}")) == ["a place"]
