"""What a browser says of itself, and what that makes of the key page."""

import pytest

from chargekey.domain.findings import Device
from chargekey.entrypoints.web.device import device_of

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9{}) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", Device.PHONE),
        (f"{IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1", Device.PHONE),
        (f"{IPHONE} Mobile/15E148", Device.IN_APP_BROWSER),  # a mail app's own window
        (f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/490.0]", Device.IN_APP_BROWSER),
        (f"{IPHONE} GSA/340.1 Mobile/15E148 Safari/604.1", Device.IN_APP_BROWSER),
        (ANDROID.format(""), Device.PHONE),
        (ANDROID.format("; wv"), Device.IN_APP_BROWSER),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", Device.COMPUTER),
        ("Mozilla/5.0 (iPhone) Mobile", Device.PHONE),
        ("", Device.UNKNOWN),
    ],
)
def test_a_browser_says_what_it_runs_on(agent: str, device: Device) -> None:
    assert device_of({"user-agent": agent}) is device


def test_what_the_stage_frames_is_a_phone() -> None:
    assert device_of({"user-agent": "Mozilla/5.0 (X11; Linux)", "sec-fetch-dest": "iframe"}) is Device.PHONE
