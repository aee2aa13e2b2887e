"""The pages by which a home is set up: its questions, what to enter at Tesla, the key, and how all of it stands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.background import BackgroundTask

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.setting_up.home import NOT_YET, KeyAnswered, came_of, entries, first_way_in
from chargekey.entrypoints.setting_up.questions import ASKED
from chargekey.entrypoints.setting_up.sitting import OF_ITS_MAIL, OF_THE_APP, OF_THE_HOME, Kept, Sitting
from chargekey.entrypoints.web.first_run_door import BEGIN, FirstRunDoor
from chargekey.entrypoints.web.routes_operator import shown
from chargekey.entrypoints.web.screens.first_run import AppAsked, Asked, HomeAsked, HomeReady, KeyToFetch, PagesOver
from chargekey.entrypoints.web.words import PLACES, Words

LOOKS_FOR_KEY_EVERY_S: Final = 5.0
"""At one file of the home's own domain."""
LOOKS_AT_ALL_EVERY_S: Final = 20.0
"""Each asks Tesla some six times."""
UNPROCESSABLE: Final = 422
NOTHING_THERE: Final = "Nothing answers there yet. Let your web server hand everything on, as it stands below"


class KeyHost:
    """Answers for the public key until Chargekey does. What these pages need of the server; `first_run` has it."""

    def __init__(self, opens: Callable[[KeyAnswered], Awaitable[bool]]) -> None:
        self._opens = opens
        self.is_here = False

    async def answers(self, key: KeyAnswered) -> None:
        """Where somebody answers already, he goes on doing so."""
        self.is_here = self.is_here or await self._opens(key)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a page that is open looks, in seconds of the machine."""

    for_key_s: float = LOOKS_FOR_KEY_EVERY_S
    at_all_s: float = LOOKS_AT_ALL_EVERY_S


class Ending:
    """How the pages end. `starts`: Chargekey is to start in their place."""

    def __init__(self) -> None:
        self.starts = False
        self.now = asyncio.Event()


def routes(door: FirstRunDoor, sitting: Sitting, host: KeyHost, ending: Ending, pace: Pace) -> APIRouter:
    """Looking is GET and does nothing but look; all else is a press."""
    router = APIRouter()
    screens = _Screens(sitting, host)

    @router.get(f"{BEGIN}{{token}}")
    async def begin(request: Request, token: str) -> Response:
        return door.begin(request, token)

    _asking(router, door, sitting, screens)
    _at_tesla(router, door, sitting, screens, host)
    _key(router, door, sitting, screens, pace)
    _ready(router, door, sitting, screens, pace)
    _closing(router, door, sitting, ending)
    return router


def _asking(router: APIRouter, door: FirstRunDoor, sitting: Sitting, screens: "_Screens") -> None:
    @router.get("/", dependencies=[Depends(door.let_in)])
    async def ask(request: Request) -> Response:
        return door.page(request, screens.home())

    @router.post("/")
    async def hear(request: Request, said: Mapping[str, str] = Depends(door.press)) -> Response:
        names = (*OF_THE_HOME, *(_asked_of_mail(said) if said.get("smtp_host", "").strip() else ()))
        wrong = sitting.hears({name: said.get(name, "") for name in names})
        return door.page(request, screens.home(said, wrong), UNPROCESSABLE) if wrong else door.go("/tesla")


def _asked_of_mail(said: Mapping[str, str]) -> Sequence[str]:
    """Whoever has no user name has no password."""
    has_user = bool(said.get("smtp_user", "").strip())
    return [name for name in OF_ITS_MAIL if has_user or name != "smtp_password"]


def _at_tesla(router: APIRouter, door: FirstRunDoor, sitting: Sitting, screens: "_Screens", host: KeyHost) -> None:
    @router.get("/tesla", dependencies=[Depends(door.let_in)])
    async def show(request: Request) -> Response:
        return door.page(request, screens.app()) if sitting.domain else door.go("/")

    @router.post("/tesla")
    async def hear(request: Request, said: Mapping[str, str] = Depends(door.press)) -> Response:
        if not sitting.domain:
            return door.go("/")
        wrong = sitting.hears({name: said.get(name, "") for name in OF_THE_APP})
        if not wrong:
            await asyncio.to_thread(sitting.keep)
        if wrong or sitting.trouble:
            return door.page(request, screens.app(said, wrong), UNPROCESSABLE)
        await host.answers(sitting.home.key_answered())
        return door.go("/key")


def _key(router: APIRouter, door: FirstRunDoor, sitting: Sitting, screens: "_Screens", pace: Pace) -> None:
    @router.get("/key", dependencies=[Depends(door.let_in)])
    async def show(request: Request) -> Response:
        return door.page(request, screens.key(sitting.kept)) if sitting.kept else door.go("/tesla")

    @router.get("/key/live", response_class=EventSourceResponse, dependencies=[Depends(door.let_in)])
    async def watch(request: Request) -> AsyncIterator[ServerSentEvent]:
        while sitting.kept:
            await asyncio.to_thread(sitting.look_for_key)
            if sitting.key_found is KeyFile.RIGHT:
                yield ServerSentEvent(raw_data="/key", event="moved")
                return
            yield ServerSentEvent(raw_data=door.fragment(request, screens.key(sitting.kept)))
            await asyncio.sleep(pace.for_key_s)

    @router.post("/register", dependencies=[Depends(door.press)])
    async def register() -> Response:
        if not sitting.kept:
            return door.go("/tesla")
        await asyncio.to_thread(sitting.register)
        return door.go("/ready" if sitting.side else "/key")


def _ready(router: APIRouter, door: FirstRunDoor, sitting: Sitting, screens: "_Screens", pace: Pace) -> None:
    @router.get("/ready", dependencies=[Depends(door.let_in)])
    async def show(request: Request) -> Response:
        return door.page(request, screens.ready()) if sitting.side else door.go("/key")

    @router.get("/ready/live", response_class=EventSourceResponse, dependencies=[Depends(door.let_in)])
    async def watch(request: Request) -> AsyncIterator[ServerSentEvent]:
        while sitting.side:
            await asyncio.sleep(pace.at_all_s)
            await asyncio.to_thread(sitting.look)
            if sitting.side.is_right and not sitting.trouble:
                yield ServerSentEvent(raw_data="/ready", event="moved")
                return
            yield ServerSentEvent(raw_data=door.fragment(request, screens.ready()))


def _closing(router: APIRouter, door: FirstRunDoor, sitting: Sitting, ending: Ending) -> None:
    @router.post("/close")
    async def close(request: Request, said: Mapping[str, str] = Depends(door.press)) -> Response:
        ending.starts = said.get("starts") == "yes" and sitting.kept is not None
        answer = door.page(request, PagesOver(sitting.base_url, ending.starts, _way_in(sitting)))
        answer.background = BackgroundTask(ending.now.set)
        return answer


def _way_in(sitting: Sitting) -> str:
    return "" if sitting.sends_mail else first_way_in(sitting.answers.known(ASKED["operators"]) or "")


class _Screens:
    """What there is, as screens."""

    def __init__(self, sitting: Sitting, host: KeyHost) -> None:
        self._sitting, self._host = sitting, host

    def home(self, said: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None) -> HomeAsked:
        """`said`: what was typed and not taken, so that nothing is lost."""
        fields, mail = (self._asked(names, said or {}, wrong or {}) for names in (OF_THE_HOME, OF_ITS_MAIL))
        has_mail = any(one.value for one in fields if one.name == "smtp_host")
        return HomeAsked(fields, mail, has_mail, bool(self._sitting.answers.in_file))

    def app(self, said: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None) -> AppAsked:
        at_tesla = self._sitting.at_tesla
        fields = self._asked(OF_THE_APP, said or {}, wrong or {})
        return AppAsked(entries(at_tesla), at_tesla.key_url, fields, self._sitting.trouble)

    def key(self, kept: Kept) -> KeyToFetch:
        sitting, found = self._sitting, self._sitting.key_found
        answered = sitting.home.key_answered()
        not_yet = "" if found is None or found is KeyFile.RIGHT else NOT_YET[found]
        return KeyToFetch(
            domain=sitting.domain,
            key_url=sitting.at_tesla.key_url,
            is_found=found is KeyFile.RIGHT,
            not_yet=NOTHING_THERE if found is KeyFile.UNREACHABLE else not_yet,
            hands_on_to=f"{answered.host}:{answered.port}",
            answered_here=self._host.is_here,
            file=kept.file,
            key_path=kept.key_path,
            made_key=kept.made_key,
            changed=kept.changed,
            left_alone=kept.left_alone,
            must_start_anew=kept.was_set_up and bool(kept.changed) and not self._host.is_here,
            trouble=sitting.trouble,
        )

    def ready(self) -> HomeReady:
        """Something was looked at."""
        sitting = self._sitting
        if sitting.side is None:
            raise ValueError("nothing was looked at yet")
        check = shown(Words(PLACES[0], "UTC"), sitting.side)
        return HomeReady(
            base_url=sitting.base_url,
            is_right=sitting.side.is_right and not sitting.trouble,
            registered=[(came_of(one), one.is_right) for one in sitting.registered],
            wrong=check.wrong,
            others=check.others,
            way_in=_way_in(sitting),
            answered_here=self._host.is_here,
            trouble=sitting.trouble,
        )

    def _asked(self, names: Sequence[str], said: Mapping[str, str], wrong: Mapping[str, str]) -> list[Asked]:
        made = []
        for name in names:
            question = ASKED[name]
            known = self._sitting.answers.known(question)
            value = said.get(name, known if known is not None else question.instead or "")
            shown_value, is_set = ("", known is not None) if question.is_secret else (value, False)
            made.append(Asked(name, question.words, shown_value, wrong.get(name, ""), question.is_secret, is_set))
        return made
