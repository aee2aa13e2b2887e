"""The world of the demo: one driver, four cars, one app that she has not met yet."""

from typing import Final
from urllib.parse import urlsplit

from tesla_simulator.clock import TurnedClock
from tesla_simulator.sites import Sites
from tesla_simulator.world import World

EMAIL: Final = "kim@driver.example"
OWNER_OF_THE_Y: Final = "lee@owner.example"
DOMAIN: Final = "demo.chargekey.example"
CLIENT_ID: Final = "demo-chargekey"
CLIENT_SECRET: Final = "demo-secret"  # noqa: S105 - opens nothing but the simulation
MODEL_3: Final = "LRW3E7EK0NC004F21"
MODEL_Y: Final = "XP7YGCEL0RB007C38"
MODEL_S: Final = "5YJSA7E20KF009D64"
MODEL_X: Final = "5YJXCBE20NF002B57"
SCOPES: Final = (
    "openid",
    "offline_access",
    "user_data",
    "vehicle_device_data",
    "vehicle_location",
    "vehicle_charging_cmds",
)


def demo_world(clock: TurnedClock, sites: Sites, chargekey_url: str, followers: tuple[str, ...] = ()) -> World:
    """Nobody has connected, and the app is no partner yet."""
    world = World(clock, sites, followers=followers)
    chargekey_registers(world, chargekey_url)
    world.somebody_opens_an_account(EMAIL, "eu", "Kim Driver")
    lee = world.somebody_opens_an_account(OWNER_OF_THE_Y, "eu", "Lee Owner")
    model_3 = world.somebody_buys_a_car(MODEL_3, "Model 3", 57.5, 42, EMAIL, wh_per_km=145)
    world.somebody_buys_a_car(MODEL_Y, "Model Y", 75.0, 61, lee.email, wh_per_km=165)
    world.somebody_buys_a_car(MODEL_S, "Model S", 94.0, 55, EMAIL, wh_per_km=190)
    world.somebody_buys_a_car(MODEL_X, "Model X", 95.0, 70, EMAIL, wh_per_km=205)
    world.accounts[EMAIL].gets(MODEL_Y, "DRIVER")
    world.cars[MODEL_S].falls_asleep()
    world.cars[MODEL_X].falls_asleep()
    world.phone.signs_in(EMAIL)
    world.phone.swipes_to(model_3.vin)
    return world


def chargekey_registers(world: World, chargekey_url: str, opened_at: str = "") -> None:
    """The app as its developer entered it; partner registration is left to the app's own command.

    `opened_at`: where browsers open it, if that is elsewhere than where it answers on this machine.
    """
    home, opened = _origin(chargekey_url), _origin(opened_at or chargekey_url)
    world.developer_registers_app(
        CLIENT_ID,
        CLIENT_SECRET,
        "Chargekey (demo)",
        redirect_uris=[f"{opened}/connect/callback"],
        allowed_origins=[f"https://{DOMAIN}"],
        scopes=SCOPES,
    )
    world.domain_lives_at(DOMAIN, home)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
