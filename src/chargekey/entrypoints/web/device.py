"""What somebody reads us on, as far as his browser says: it decides between a button, a code and advice (S5)."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chargekey.domain.findings import Device

_IN_APP: Final = re.compile(
    r"FBAN|FBAV|FB_IAB|Instagram|Line/|MicroMessenger|Snapchat|Pinterest|LinkedInApp|TikTok|BytedanceWebview"
    r"|Twitter for|GSA/|; wv\)"
)
"""Windows of other apps, which mostly keep a link to themselves (connect-and-pair C4)."""
_APPLE_PHONE: Final = re.compile(r"iPhone|iPod")
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order, since each calls itself by the names of those after it, too."""
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_PHONE: Final = re.compile(r"Mobi|Android|iPhone|iPod")


def device_of(headers: Mapping[str, str]) -> Device:
    """Only the demo's stage may frame a page, and what it frames is the driver's phone."""
    if headers.get("sec-fetch-dest") == "iframe":
        return Device.PHONE
    agent = headers.get("user-agent", "")
    if not agent:
        return Device.UNKNOWN
    if _IN_APP.search(agent) or (_APPLE_PHONE.search(agent) and "AppleWebKit" in agent and "Safari/" not in agent):
        return Device.IN_APP_BROWSER
    if headers.get("sec-ch-ua-mobile") == "?1" or _PHONE.search(agent):
        return Device.PHONE
    return Device.COMPUTER


def browser_named(headers: Mapping[str, str]) -> str:
    """Such as "Firefox, Android", for its owner to tell it from others; "" where the browser says neither."""
    agent = headers.get("user-agent", "")
    found = (_first(agent, _BROWSERS), _first(agent, _SYSTEMS))
    return ", ".join(name for name in found if name)


def _first(agent: str, names: Sequence[tuple[str, str]]) -> str:
    return next((name for mark, name in names if mark in agent), "")
