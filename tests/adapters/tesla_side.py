"""Tesla's end of the wire for adapter tests: answers said beforehand, through httpx2's own transport seam."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import ConsentGone
from chargekey.ports.tesla import Tokens
from chargekey.ports.vault import AccessToken, SealedTokens

EU, NA = "https://eu.example", "https://na.example/base"
TRUSTED = frozenset({EU, NA})
GRANT = 7
VIN = Vin("LRWYGCEK0PC000001")
OTHER_VIN = Vin("5YJSA1E20KF000002")

Said = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response | Awaitable[httpx2.Response]]


def said(status: int = 200, body: object = None, **headers: str) -> httpx2.Response:
    """An answer; a text stays text, anything else is JSON."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, str):
        return httpx2.Response(status, text=body, headers=told)
    return httpx2.Response(status, json=body, headers=told)


class Tesla:
    """Says the next of its answers to each request, and remembers what it was asked."""

    def __init__(self, *answers: Said) -> None:
        self._answers = list(answers)
        self.asked: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx2.Response):
            return answer
        told = answer(request)
        return told if isinstance(told, httpx2.Response) else await told

    @property
    def http(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self))

    @property
    def tokens_seen(self) -> list[str]:
        return [request.headers["authorization"] for request in self.asked]

    @property
    def urls(self) -> list[str]:
        return [str(request.url) for request in self.asked]

    def body(self, number: int = -1) -> Any:
        return json.loads(self.asked[number].content)


async def never(request: httpx2.Request) -> httpx2.Response:
    """An answer that does not come."""
    await asyncio.Event().wait()
    raise AssertionError("nobody waits that long")


class PocketVault:
    """`ports.vault.Vault` for one grant, with as many renewals as it is given tokens."""

    def __init__(self, *later: str, base_url: str = EU) -> None:
        self.present, self.base_url, self._later = Secret("first"), base_url, list(later)

    def sealed(self, grant_id: int, tokens: Tokens) -> SealedTokens:
        raise NotImplementedError

    async def access(self, grant_id: int) -> AccessToken:
        return AccessToken(self.present, self.base_url)

    async def renewed(self, grant_id: int, stale: Secret) -> AccessToken:
        if stale == self.present:
            if not self._later:
                raise ConsentGone("login_required")
            self.present = Secret(self._later.pop(0))
        return await self.access(grant_id)

    async def move(self, grant_id: int, base_url: str) -> None:
        self.base_url = base_url


class PocketSessions:
    """`ports.tesla.SessionCache`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Vin, int], bytes] = {}

    async def load(self, vin: Vin, domain: int) -> bytes | None:
        return self.kept.get((vin, domain))

    async def save(self, vin: Vin, domain: int, session: bytes) -> None:
        self.kept[vin, domain] = session


class StillClock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2024, 1, 10, 18, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def passes(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def jwt(claims: Mapping[str, object]) -> str:
    """A token of three parts; nobody checks the third."""
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "RS256"}, claims)]
    return b".".join([*parts, b"c2lnbmVk"]).decode()
