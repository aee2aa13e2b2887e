"""The one HTTP client towards Tesla, for all drivers: patient, and without a memory of its own.

Cookies are refused. What Tesla hands to one driver's call must never go along with another's.
"""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx2

PATIENCE: Final = httpx2.Timeout(20.0, connect=8.0)
CONNECTIONS: Final = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=3.0)
"""An idle connection is let go before the other side does it: servers wait five seconds or more. Whoever sends just
as a connection is being closed hears nothing, and cannot know whether the request arrived."""


def open_client(*, trust_env: bool, transport: httpx2.AsyncBaseTransport | None = None) -> httpx2.AsyncClient:
    """`trust_env`: whether a proxy that the environment names is used. `transport` None: the network."""
    return httpx2.AsyncClient(
        timeout=PATIENCE,
        limits=CONNECTIONS,
        trust_env=trust_env,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        transport=transport,
    )
