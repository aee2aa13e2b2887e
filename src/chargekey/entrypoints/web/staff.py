"""Pages for those with a role: nobody is asked to sign in, and everybody else finds no page there at all."""

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request

from chargekey.domain.role import Role
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn

NOT_FOUND = 404


def only(door: Door, role: Role) -> Callable[[Request], Awaitable[SignedIn]]:
    """For FastAPI's Depends: whoever holds the role. Raises `NotSignedIn`, or that there is no such page."""

    async def comes_in(request: Request) -> SignedIn:
        me = await door.driver(request)
        if not door.site.staff.holds(me.driver.email, role):
            raise HTTPException(NOT_FOUND)
        return me

    return comes_in


def only_pressing(door: Door, role: Role) -> Callable[[Request], Awaitable[DriverPress]]:
    """The same of a press. Raises `OpenTooLong` and `FormUnreadable` too."""

    async def presses(request: Request) -> DriverPress:
        press = await door.driver_press(request)
        if not door.site.staff.holds(press.me.driver.email, role):
            raise HTTPException(NOT_FOUND)
        return press

    return presses
