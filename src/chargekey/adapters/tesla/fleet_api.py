"""The Fleet API on a driver's behalf: the token from the vault, one renewal when it is stale, one move of region."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import httpx2

from chargekey.adapters.tesla.answers import fault_for, request_id_of
from chargekey.adapters.tesla.call_record import Ended, Record, unrecorded
from chargekey.adapters.tesla.metering import Meter, Unmetered
from chargekey.adapters.tesla.patience import Patience
from chargekey.domain.vehicle import Vin
from chargekey.ports.faults import AccessExpired, AnswerLost, Fault, OtherRegion, Puzzling, TeslaFails, Unreachable
from chargekey.ports.vault import AccessToken, Vault

TIMEOUT: Final = httpx2.Timeout(20.0, connect=8.0)
"""For each part of a request. A car answers a look in some seconds or not at all."""
WHOLE_S: Final = 30.0
"""For all of it, however slowly an answer drips."""


class FleetApi:
    """Requests by path, for a grant. Every answer that is no success becomes a Fault by the table."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        vault: Vault,
        trusted_base_urls: frozenset[str],
        *,
        whole_s: float = WHOLE_S,
        record: Record = unrecorded,
        patience: Patience | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._http, self._vault, self._trusted, self._whole_s = http, vault, trusted_base_urls, whole_s
        self._record, self._patience = record, patience
        self._meter = meter or Unmetered()

    async def ask(self, grant_id: int, path: str, *, for_order: bool = False, **query: str) -> httpx2.Response:
        """A question: it changes nothing, so it may be asked again. `for_order`: what the budget keeps pays for it."""
        asked = {"params": query or None, "is_command": False, "for_order": for_order}
        return await self._request(grant_id, "GET", path, **asked)

    async def ask_with(self, grant_id: int, path: str, body: Mapping[str, object]) -> httpx2.Response:
        """A question that Tesla wants posted."""
        return await self._request(grant_id, "POST", path, json=dict(body), is_command=False)

    async def command(
        self, grant_id: int, path: str, body: Mapping[str, object], *, about: Vin | None = None
    ) -> httpx2.Response:
        """Something that acts: silence after sending is `AnswerLost`. `about`: the car, where the path names none."""
        return await self._request(grant_id, "POST", path, json=dict(body), is_command=True, about=about)

    async def take_away(self, grant_id: int, path: str) -> httpx2.Response:
        """The same, for what is to be there no more."""
        return await self._request(grant_id, "DELETE", path, is_command=True)

    async def _request(self, grant_id: int, method: str, path: str, **asked: Any) -> httpx2.Response:
        """Again after a renewal and again after a move, each at most once: Tesla said no before anything ran."""
        if self._patience:
            self._patience.must_not_wait(grant_id, path)
        access = await self._vault.access(grant_id)
        may_renew = may_move = True
        while True:
            try:
                return await self._once(grant_id, access, method, path, **asked)
            except AccessExpired:
                if not may_renew:
                    raise
                access, may_renew = await self._vault.renewed(grant_id, access.token), False
            except OtherRegion as moved:
                if not may_move:
                    raise
                access, may_move = await self._move(grant_id, access, moved), False
            except Fault as fault:
                if self._patience:
                    self._patience.heed(grant_id, path, fault)
                raise

    async def _move(self, grant_id: int, access: AccessToken, moved: OtherRegion) -> AccessToken:
        """Go where Tesla sent us, if the operator trusts that address: a token never leaves for another."""
        base_url = moved.base_url.rstrip("/")
        if base_url not in self._trusted:
            raise Puzzling("Tesla named a region that is not configured", request_id=moved.request_id) from moved
        await self._vault.move(grant_id, base_url)
        return AccessToken(access.token, base_url)

    async def _once(
        self,
        grant_id: int,
        access: AccessToken,
        method: str,
        path: str,
        *,
        is_command: bool,
        for_order: bool = False,
        about: Vin | None = None,
        **asked: Any,
    ) -> httpx2.Response:
        """Past the meter, to the wire."""
        settle = await self._meter.lets_through(path, for_order=for_order, about=about)

        async def record(ended: Ended) -> None:
            await settle(ended)
            await self._record(ended)

        headers = {"Authorization": f"Bearer {access.token.reveal()}", "Content-Type": "application/json"}
        return await sent(
            self._http,
            method,
            access.base_url + path,
            headers=headers,
            is_command=is_command,
            whole_s=self._whole_s,
            record=record,
            grant_id=grant_id,
            **asked,
        )


async def sent(
    http: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    is_command: bool,
    whole_s: float = WHOLE_S,
    record: Record = unrecorded,
    grant_id: int | None = None,
    **asked: Any,
) -> httpx2.Response:
    """Send one request; returns a success. Raises the Fault that fits what happened instead.

    The one place where every answer passes, and every silence: each is recorded, for `grant_id` if it has one.
    """
    loop = asyncio.get_running_loop()
    began_s, response = loop.time(), None
    fault: Fault | None = None
    try:
        response = await _exchanged(http, method, url, is_command, whole_s, headers=dict(headers), **asked)
        if response.status_code != httpx2.codes.OK:
            raise fault_for(response, is_command=is_command)
        if not _is_json(response):
            raise Puzzling("a success that is no JSON", request_id=request_id_of(response))
    except Fault as met:
        fault = met
        raise
    finally:
        if response is not None or fault is not None:  # neither: we were stopped ourselves, which says nothing of Tesla
            took_ms = round(1000 * (loop.time() - began_s))
            await record(_ended(url, grant_id, response, fault, took_ms))
    return response


def _is_json(response: httpx2.Response) -> bool:
    """A proxy on the way, or Tesla's edge, answers with a page at times."""
    try:
        response.json()
    except (ValueError, RecursionError):
        return False
    return True


def _ended(
    url: str, grant_id: int | None, response: httpx2.Response | None, fault: Fault | None, took_ms: int
) -> Ended:
    word = type(fault).__name__ if fault else None
    if response is None:
        return Ended(url, grant_id, None, word, None, took_ms)
    return Ended(url, grant_id, response.status_code, word, request_id_of(response), took_ms)


async def _exchanged(
    http: httpx2.AsyncClient, method: str, url: str, is_command: bool, whole_s: float, **asked: Any
) -> httpx2.Response:
    """Whatever answer came; silence becomes the Fault that fits what was asked."""
    try:
        async with asyncio.timeout(whole_s):
            return await http.request(method, url, timeout=TIMEOUT, **asked)
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as unreachable:
        raise Unreachable("no connection to Tesla") from unreachable
    except (TimeoutError, httpx2.TransportError, httpx2.DecodingError) as lost:
        if is_command:
            raise AnswerLost("no answer from Tesla") from lost
        raise TeslaFails("no answer from Tesla") from lost
