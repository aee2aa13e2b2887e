"""Another Tesla account came back than the one in use: the page where the driver chooses, and his word."""

from fastapi import APIRouter, Depends, Response

from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.screens.other_account import OtherAccount
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.ways import CHOOSE_ACCOUNT


def routes(door: Door, journeys: Journeys) -> APIRouter:
    """`/other-account`, and the two ways on from it."""
    router = APIRouter()

    @router.get(CHOOSE_ACCOUNT)
    async def choose(me: SignedIn = Depends(door.driver)) -> Response:
        """Both accounts with their cars; where nothing is to be chosen, on to his step."""
        two = await journeys.choose_account.look(me.driver.id)
        if two is None:
            return door.go(me.visitor, "/go")
        screen = OtherAccount(
            cars=two.cars,
            charged=two.charged,
            ended_at=two.ended_at,
            came_at=two.came_at,
            ends_at=two.ends_at,
            suggests_other=two.suggests_other,
            revoke_url=journeys.connect_account.portal_url,
        )
        return door.page(me.visitor, screen)

    @router.post(f"{CHOOSE_ACCOUNT}/stay")
    async def stay(press: DriverPress = Depends(door.driver_press)) -> Response:
        """With the account in use."""
        await journeys.choose_account.stay(press.me.driver.id)
        return door.go(press.me.visitor, "/go")

    @router.post(f"{CHOOSE_ACCOUNT}/go-over")
    async def go_over(press: DriverPress = Depends(door.driver_press)) -> Response:
        """To the account that came back."""
        await journeys.choose_account.go_over(press.me.driver.id)
        return door.go(press.me.visitor, "/go")

    return router
