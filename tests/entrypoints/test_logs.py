"""What somebody logs by mistake does not survive: secrets, whole VINs, mail addresses, places."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

import pytest

from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.logs import mask, masked_text

VIN: Final = "5YJ3E7EA1PF123456"
JWT: Final = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
REFRESH: Final = "EU_c0ffee0123456789abcdef"


def masked(**event: object) -> Mapping[str, Any]:
    return mask(None, "info", dict(event))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"looked at {VIN}", "looked at …3456"),
        (f"/api/1/vehicles/{VIN}/wake_up", "/api/1/vehicles/…3456/wake_up"),
        (f"vehicle_{VIN}_seen", "vehicle_…3456_seen"),
        (f"'{VIN}','{VIN}'", "'…3456','…3456'"),
        (f"X{VIN}", f"X{VIN}"),  # 18 characters are no VIN
        (f"Bearer {JWT}", "Bearer (token)"),
        (f"refresh={REFRESH}!", "refresh=(token)!"),
        ("mail to anna.b+tesla@mail.example.org now", "mail to (mail) now"),
        ("/callback?code=abc123&state=def456 done", "/callback?code=…&state=… done"),
        (f"https://tesla.com/_ak/x.example?vin={VIN}", "https://tesla.com/_ak/x.example?vin=…"),
        ("GET /sign-in/Zm9vYmFyYmF6cXV4cXV1eA-_x", "GET /sign-in/…"),
        ("POST https://fcm.googleapis.com/fcm/send/d-K:APA91b done", "POST https://fcm.googleapis.com/… done"),
        ("two\nlines\r", "two\\nlines\\r"),  # nobody writes a second line into our log
        ("charging at 16 A until 07:00", "charging at 16 A until 07:00"),
    ],
)
def test_what_looks_private_is_shortened(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "access_token",
        "refresh_token",
        "client_secret",
        "password",
        "cookie",
        "Set-Cookie",
        "Authorization",
        "X-CSRF-Token",
        "state",
        "nonce",
        "code",
        "key_pem",
        "lat",
        "longitude",
        "email",
    ],
)
def test_fields_by_these_names_show_nothing(name: str) -> None:
    for value in ("hunter2", 52.3702, ["hunter2"], {"inner": "hunter2"}, b"hunter2"):
        assert masked(**{name: value}) == {name: "…"}


@pytest.mark.parametrize("name", ["work", "key", "attempts", "fault", "reach", "request_id"])
def test_other_fields_are_shown(name: str) -> None:
    assert masked(**{name: 7}) == {name: 7}


def test_masking_goes_all_the_way_in() -> None:
    event = masked(
        request={"headers": {"authorization": "Bearer x"}, "path": f"/vehicles/{VIN}", VIN: [VIN, (VIN,)]},
        seen=[{"lat": 52.37, "at": VIN}],
        many={VIN},
    )
    assert event["request"] == {
        "headers": {"authorization": "…"},
        "path": "/vehicles/…3456",
        "…3456": ["…3456", ["…3456"]],
    }
    assert event["seen"] == [{"lat": "…", "at": "…3456"}]
    assert VIN not in str(event["many"])


def test_whatever_is_logged_is_logged_by_how_it_prints() -> None:
    event = masked(about=Secret(JWT), car=Vin(VIN), why=ValueError(f"no {VIN}"), nothing=None, yes=True, power_kw=7.4)
    assert event == {
        "about": "…",
        "car": "…3456",
        "why": "no …3456",
        "nothing": None,
        "yes": True,
        "power_kw": 7.4,
    }


SPEAKS: Final = f"""
import logging, structlog
from chargekey.entrypoints.logs import set_up
set_up("FORM")
structlog.get_logger().info("looked", car="{VIN}", access_token="hunter2")
logging.getLogger("some.library").warning("sent %s to anna@example.org", "{JWT}")
logging.getLogger("httpx2").info("GET {VIN}")
for log in (structlog.get_logger(), logging.getLogger("some.library")):
    try:
        raise ValueError("car {VIN} with {REFRESH}")
    except ValueError:
        log.exception("broke")
"""


def spoken(form: str) -> list[str]:
    """The lines that a program of ours writes, in a process of its own: logging is set up once for all of it."""
    done = subprocess.run(
        [sys.executable, "-c", SPEAKS.replace("FORM", form)], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_of_ours_or_of_a_library_shows_anything_private(form: str) -> None:
    said = "\n".join(spoken(form))
    assert [private for private in (VIN, "hunter2", JWT, REFRESH, "anna@") if private in said] == []
    assert "3456" in said
    assert "GET" not in said  # that library tells too much, and is not listened to


def test_json_lines_can_be_read_by_a_machine_and_errors_are_whole() -> None:
    looked, sent, ours, theirs = (json.loads(line) for line in spoken("json"))
    assert (looked["event"], looked["level"], looked["car"]) == ("looked", "info", "…3456")
    assert (sent["event"], sent["level"]) == ("sent (token) to (mail)", "warning")
    for broke in (ours, theirs):
        assert (broke["event"], broke["level"]) == ("broke", "error")
        assert "Traceback" in broke["exception"]
        assert "ValueError: car …3456 with (token)" in broke["exception"]
    assert all(line["timestamp"].endswith("Z") for line in (looked, sent, ours, theirs))
