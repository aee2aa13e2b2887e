"""A driver with everything that the house can keep of her, and the wrong people who will ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update

from chargekey.adapters.store.of_driver import rows_of
from chargekey.adapters.store.passkey_tables import passkey
from chargekey.adapters.store.tables import timer
from chargekey.domain.surplus import SurplusSlot
from tesla_simulator.demo import MODEL_3, MODEL_Y, OWNER_OF_THE_Y
from tests.attacks.people import Person, a_person, the_link
from tests.contract.bookings import a_booking
from tests.stories.asking_an_owner import asks
from tests.stories.phone import Phone
from tests.stories.town import COMPUTER, EMAIL, Town

MESSAGE: Final = "Something private of Kim's"
NAME: Final = "Kim Driver"
CALLED: Final = "Kims Silver Arrow"


@dataclass
class Kim:
    """The driver whose rows are asked for. `numbers`: by what a route calls them."""

    town: Town
    driver_id: int
    numbers: Mapping[str, str]
    vehicles: tuple[int, ...]
    cookie: str

    async def rows(self) -> dict[str, list[Any]]:
        """Everything kept of her, row by row."""
        async with self.town.home.engine.connect() as database:
            return {
                table.name: sorted(map(tuple, await database.execute(select(table).where(whose))), key=str)
                for table, whose in rows_of(self.driver_id).items()
            }

    async def is_left_alone(self) -> None:
        """From now on nothing of hers falls due by itself: whatever changes then was changed by who asked."""
        later = update(timer).values(due_at=self.town.now + timedelta(days=365))
        async with self.town.home.engine.begin() as database:
            await database.execute(later)

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands on her pages and on nobody else's."""
        return (EMAIL, MESSAGE, NAME, CALLED, MODEL_3, MODEL_3[-4:], "52.0907", "5.1214", self.numbers["code"])


async def kim_moves_in(town: Town) -> Kim:
    """Signed in, connected, a page for an owner, a key, a plan, a night, a home, a told device, a support case."""
    phone = await town.a_phone()
    town.car.record.name = CALLED
    await phone.signs_in()
    used = (await the_link(town, EMAIL)).rsplit("/", 1)[1]
    await phone.allows()
    await phone.chooses(MODEL_Y)
    await asks(phone, NAME)
    await phone.opens("/choose-car")
    await phone.chooses(MODEL_3)
    await town.adds_the_key(phone)
    await phone.plans()
    town.car.plugs_in()
    await town.time_passes(minutes=30)
    await phone.opens("/help")
    code = phone.page.value("code")
    await phone.presses("Send", message=MESSAGE)
    kim = await a_person(town, "Kim", phone)
    key = (await kim.web.get("/account/devices/here")).json()["key"]
    await kim.presses("/account/devices", **town.world.push_vendor.a_browser(key).subscription)
    await kim.presses("/permissions")  # a trip to Tesla that is under way
    await town.time_passes(seconds=5)
    async with town.home.engine.connect() as database:

        async def numbers(query: str) -> list[int]:
            return [int(row[0]) for row in await database.exec_driver_sql(query)]

        (driver_id,) = await numbers(f"SELECT id FROM driver WHERE email = '{EMAIL}'")  # noqa: S608  a name of ours
        night, *_ = await numbers("SELECT id FROM night")
        device, *_ = await numbers("SELECT id FROM push_device")
        session, *_ = await numbers(f"SELECT id FROM web_session WHERE driver_id = {driver_id}")  # noqa: S608  a number of ours
        vehicles = await numbers("SELECT id FROM vehicle")
    await _a_booking(town, night)
    await _a_surplus(town, vehicles)
    ids = {
        "passkey_id": str(await _a_passkey(town, driver_id)),
        "session_id": str(session),
        "night_id": str(night),
        "device_id": str(device),
        "code": code,
        "token": used,
        "arrival": "cancelled",
    }
    return Kim(town, driver_id, ids, tuple(vehicles), phone.cookies["chargekey"])


async def _a_passkey(town: Town, driver_id: int) -> int:
    """As one of hers would lie there; how it comes there is for others to tell."""
    row = {
        "driver_id": driver_id,
        "credential_id": b"hers",
        "public_key": b"hers",
        "sign_count": 1,
        "is_synced": True,
        "transports": "internal",
        "named": CALLED,
        "added_at": town.now,
    }
    async with town.home.engine.begin() as database:
        return int((await database.execute(insert(passkey).values(**row).returning(passkey.c.id))).scalar_one())


async def _a_booking(town: Town, night_id: int) -> None:
    """As one of hers would lie there; how it comes there is for others to tell."""
    async with town.home.store.unit() as unit:
        await unit.ledger.book(night_id, a_booking(town.now))


async def _a_surplus(town: Town, vehicles: list[int]) -> None:
    """Of each of her cars, as it would lie there; how it comes there is for others to tell."""
    now = town.now.replace(minute=0, second=0, microsecond=0)
    async with town.home.store.unit() as unit:
        for one in vehicles:
            slot = SurplusSlot(now, now + timedelta(minutes=15), 2_500)
            await unit.surplus.keep(one, [slot], town.now, measured=True)
            await unit.surplus_keys.keep(one, f"a hash of {one}", town.now)


async def wrong_people(town: Town) -> list[tuple[Person, str]]:
    """Who asks, and the link of a page for an owner that he holds, if any."""
    guest, bea, agent, operator = [await town.a_phone() for _ in range(4)]
    await guest.opens("/sign-in")
    await bea.signs_in("bea@driver.example")
    await agent.signs_in("agent@home.example")
    await operator.signs_in("operator@home.example")
    lee, link = await lee_moves_in(town)
    owner = await town.a_phone(COMPUTER)
    await owner.opens(link)
    await owner.presses("Read the request")
    await owner.presses("Yes, I expected this")
    return [
        (await a_person(town, "nobody"), ""),
        (await a_person(town, "a guest", guest), ""),
        (await a_person(town, "a driver without a car", bea), ""),
        (await a_person(town, "a driver with a car", lee), ""),
        (await a_person(town, "an owner with a link about another car", owner), link.rsplit("/", 1)[1]),
        (await a_person(town, "an agent", agent), ""),
        (await a_person(town, "an operator", operator), ""),
    ]


async def lee_moves_in(town: Town) -> tuple[Phone, str]:
    """Connected with a car of his own, about which he makes a page for somebody."""
    lee = await town.a_phone()
    await lee.signs_in(OWNER_OF_THE_Y)
    await lee.goes_to_tesla(OWNER_OF_THE_Y)
    await lee.presses("Allow")
    await lee.chooses(MODEL_Y)
    return lee, await asks(lee, "Lee")
