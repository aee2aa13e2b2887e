"""Browsers of all kinds of people, which ask what no page offers."""

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tests.stories.phone import Phone
from tests.stories.town import PHONE, Town

_NUMBERS: Final = itertools.count(1)


def a_new_address() -> str:
    """Nobody's before: so many links an hour are sent to one."""
    return f"driver{next(_NUMBERS)}@driver.example"


@dataclass
class Person:
    """A browser with its cookies, and the token of its session where it has one."""

    name: str
    web: httpx2.AsyncClient
    csrf: str = ""

    async def asks(self, method: str, path: str, **also: Any) -> tuple[int, str]:
        """Status and what came; of a page that stays open, what came first."""
        async with self.web.stream(method, path, **also) as answer:
            if "event-stream" in answer.headers.get("content-type", ""):
                async for piece in answer.aiter_text():
                    return answer.status_code, piece
                return answer.status_code, ""
            await answer.aread()
            return answer.status_code, f"{answer.headers} {answer.text}"

    async def presses(self, path: str, **fields: str) -> tuple[int, str]:
        """As a page of ours would, or any page of the world."""
        return await self.asks("POST", path, data={"csrf": self.csrf, **fields})


async def a_person(town: Town, name: str, phone: Phone | None = None) -> Person:
    """Whoever sits at that phone; without one, somebody who has no cookie at all."""
    web = httpx2.AsyncClient(base_url=town.url, trust_env=False, timeout=30, headers=PHONE)
    if phone is None:
        return Person(name, web)
    web.cookies = httpx2.Cookies(phone.cookies)
    return Person(name, web, await csrf_of(town, phone.cookies["chargekey"]))


async def csrf_of(town: Town, cookie: str) -> str:
    """The token of that browser's forms, from the database: not every page has a form."""
    hashed = hashlib.sha256(cookie.encode()).hexdigest()
    async with town.home.engine.connect() as database:
        kept = await database.exec_driver_sql("SELECT csrf FROM web_session WHERE cookie_hash = ?", (hashed,))
        return str(kept.scalar_one())


async def the_link(town: Town, address: str) -> str:
    """What the latest mail to that address leads to."""
    assert town.home.outbox
    mail = next(one.mail for one in await town.home.outbox.letters() if one.mail.to == address)
    found = re.search(r"https?://\S+", mail.text)
    assert found
    return found.group()


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every way to ask the app anything: method and path, as the router itself knows them."""
    for route in _routes(app.router.routes):
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path


def _routes(routes: list[BaseRoute]) -> Iterator[APIRoute]:
    """FastAPI keeps a router that was included as one entry, with its routes inside."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from _routes(inner.routes)
