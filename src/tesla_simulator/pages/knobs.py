"""What can be let happen on the stage: only what is possible now, so a plugged-in car can only be unplugged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tesla_simulator.accounts import Access, Account
from tesla_simulator.cars.car import Car
from tesla_simulator.outages import Trouble
from tesla_simulator.pages import faces
from tesla_simulator.world import World

_A_DRIVE_KM: Final = 60.0


class NothingLikeThat(LookupError):
    """The stage has no such button, or it has none at this moment."""


@dataclass(frozen=True)
class Knob:
    """`happened` is what the stage says after `does` was done."""

    name: str
    says: str
    happened: str
    does: Callable[[], None]


def let_happen(name: str, world: World) -> str:
    """Turn the knob of this name and say what happened. Raises `NothingLikeThat`."""
    for knob in knobs(world):
        if knob.name == name:
            knob.does()
            return knob.happened
    raise NothingLikeThat(name)


def knobs(world: World) -> list[Knob]:
    """In the order of the stage: the car of the moment, its keys, whose it is, the app, and Tesla itself."""
    car, account = faces.shown_car(world.phone), world.phone.account
    found: list[Knob] = []
    if car is not None:
        found += [*_of_the_car(car), *_of_its_keys(car)]
    if car is not None and account is not None:
        found += _of_its_owner(account.access_to(car.vin))
    if account is not None:
        found += _of_the_app(account, world)
    return [*found, _of_tesla(world)]


def tesla_is_down(world: World) -> bool:
    return any(outage.trouble is Trouble.FAILS for outage in world.outages.current)


def _of_the_car(car: Car) -> list[Knob]:
    seen = car.record
    return [
        Knob("unplugs", "Is unplugged", "The car was unplugged.", car.unplugs)
        if seen.is_plugged_in
        else Knob("plugs-in", "Is plugged in", "The car was plugged in.", car.plugs_in),
        Knob("elsewhere", "Plugs in elsewhere", "It was driven off and plugged in there.", car.plugs_in_elsewhere),
        Knob("sleeps", "Falls asleep", "The car falls asleep, unless it charges.", car.falls_asleep)
        if seen.is_awake
        else Knob("wakes", "Wakes up", "The car woke up.", car.wakes_up),
        Knob("loses-reception", "Loses reception", "The car lost reception.", car.loses_reception)
        if seen.has_reception
        else Knob("reception", "Has reception", "The car has reception again.", car.has_reception_again),
        Knob("drives", "Drives 60 km", "It drove 60 km and is back, unplugged.", lambda: car.drives(_A_DRIVE_KM)),
    ]


def _of_its_keys(car: Car) -> list[Knob]:
    found = []
    if car.keys:
        gone = "Somebody deleted the key on the car’s screen."
        found.append(Knob("key-deleted", "Key is deleted", gone, car.somebody_deletes_our_key))
    if car.is_full_of_keys:
        room = "There is room for a key again."
        found.append(Knob("room", "Key list has room", room, car.somebody_makes_room_in_its_key_list))
    else:
        found.append(Knob("full", "Key list fills up", "The list of keys is full.", car.fills_its_key_list))
    return found


def _of_its_owner(access: Access | None) -> list[Knob]:
    if access is None:
        return []

    def becomes(access_type: str) -> None:
        access.access_type = access_type

    if access.access_type == "OWNER":
        theirs = "Somebody else owns this car now."
        return [Knob("driver", "Owner is another", theirs, lambda: becomes("DRIVER"))]
    ours = "The driver owns this car now."
    return [Knob("owner", "Owner is the driver", ours, lambda: becomes("OWNER"))]


def _of_the_app(account: Account, world: World) -> list[Knob]:
    def revokes() -> None:
        for client_id in list(account.record.consents):
            account.revokes_consent(client_id)

    found = []
    if account.record.consents:
        found.append(Knob("revoked", "Consent is revoked", "The account took its consent back.", revokes))
    if not world.phone.record.swallows_next:
        nothing = "The app will swallow the next prompt."
        found.append(Knob("swallowed", "Prompt is swallowed", nothing, world.phone.swallows_the_next_prompt))
    return found


def _of_tesla(world: World) -> Knob:
    if tesla_is_down(world):
        return Knob("well", "Tesla comes back", "Tesla answers again.", world.is_well_again)
    return Knob("down", "Tesla goes down", "Tesla answers nobody.", world.tesla_goes_down)
