"""What stands beside the two phones on the stage: the clock, the car, and the buttons that let things happen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tesla_simulator.cars.car import MOST_KEYS, Car
from tesla_simulator.pages import faces
from tesla_simulator.pages.faces import CarFace
from tesla_simulator.world import World

HOME: Final = ZoneInfo("Europe/Amsterdam")
MORNING_HOUR: Final = 7
_A_DRIVE_KM: Final = 60.0
_NEWEST_ENTRIES: Final = 30


class NothingLikeThat(LookupError):
    """The stage has no such button, or it has none at this moment."""


@dataclass(frozen=True)
class Turn:
    """A way to turn the clock."""

    name: str
    says: str
    possible: bool = True


@dataclass(frozen=True)
class Pill:
    """`kind` is a class of the stylesheet, `drawing` an icon's name."""

    kind: str
    drawing: str
    says: str


@dataclass(frozen=True)
class Knob:
    """`does` is told the world; `happened` is what the stage says afterwards."""

    name: str
    says: str
    happened: str
    does: Callable[[World], None]


@dataclass(frozen=True)
class Line:
    """One line of the car's diary."""

    at_iso: str
    time: str
    says: str


@dataclass(frozen=True)
class StagePanes:
    """Everything on the stage that changes with time, in words."""

    now_iso: str
    time: str
    weekday: str
    day: str
    next_words: str
    is_turning: bool
    trouble: str
    turns: list[Turn]
    car: CarFace | None
    pills: list[Pill]
    knobs: list[Knob]
    happened: str
    log: list[Line]


def panes(world: World, *, trouble: str = "", happened: str = "") -> StagePanes:
    """The stage at this moment."""
    world.settle()
    now = world.now.astimezone(HOME)
    car = faces.shown_car(world.phone)
    return StagePanes(
        now_iso=now.isoformat(timespec="seconds"),
        time=f"{now:%H:%M}",
        weekday=f"{now:%A}",
        day=f"{now.day} {now:%B}",
        next_words=_next_words(world),
        is_turning=world.is_turning,
        trouble=trouble,
        turns=[
            Turn("minute", "1 minute on"),
            Turn("hour", "1 hour on"),
            Turn("next", "To next event", possible=_next_event(world) is not None),
            Turn("morning", "To the morning"),
        ],
        car=faces.car_face(world.phone),
        pills=_pills(world, car) if car else [],
        knobs=knobs(world),
        happened=happened,
        log=_lines(car) if car else [],
    )


def moment_of(turn: str, world: World) -> datetime:
    """Where a turn leads. Raises `NothingLikeThat`."""
    now = world.now
    if turn == "minute":
        return now + timedelta(minutes=1)
    if turn == "hour":
        return now + timedelta(hours=1)
    if turn == "morning":
        return next_morning(now)
    event = _next_event(world)
    if turn == "next" and event is not None:
        return event
    raise NothingLikeThat(turn)


def next_morning(now: datetime) -> datetime:
    """Seven o'clock at home, today or tomorrow: by the wall clock, so also right when summer time begins."""
    here = now.astimezone(HOME)
    seven = here.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    if seven <= here:
        seven = seven + timedelta(days=1)
    return seven.astimezone(now.tzinfo)


def let_happen(name: str, world: World) -> str:
    """Turn the knob of this name and say what happened. Raises `NothingLikeThat`."""
    for knob in knobs(world):
        if knob.name == name:
            knob.does(world)
            return knob.happened
    raise NothingLikeThat(name)


def knobs(world: World) -> list[Knob]:
    """Only what can happen now: a plugged-in car can be unplugged, a sleeping one can wake."""
    car = faces.shown_car(world.phone)
    return [*(_of_the_car(car) if car else []), *_of_the_account(world), *_of_the_world(world)]


def _of_the_car(car: Car) -> list[Knob]:
    record = car.record
    either = [
        Knob("unplugs", "Is unplugged", "The car was unplugged.", lambda _: car.unplugs())
        if record.is_plugged_in
        else Knob("plugs-in", "Is plugged in", "The car was plugged in.", lambda _: car.plugs_in()),
        Knob("wakes", "Wakes up", "The car woke up.", lambda _: car.wakes_up())
        if not record.is_awake
        else Knob("sleeps", "Falls asleep", "The car fell asleep, unless it charges.", lambda _: car.falls_asleep()),
        Knob("loses-reception", "Loses reception", "The car lost reception.", lambda _: car.loses_reception())
        if record.has_reception
        else Knob("reception", "Has reception again", "It has reception.", lambda _: car.has_reception_again()),
        Knob("drives", "Drives 60 km", "It drove 60 km and is back, unplugged.", lambda _: car.drives(_A_DRIVE_KM)),
    ]
    if car.keys:
        gone = "Somebody deleted the key on the car’s screen."
        either.append(Knob("key-deleted", "Key is deleted", gone, lambda _: car.somebody_deletes_our_key()))
    full = car.number_of_keys >= MOST_KEYS
    either.append(
        Knob("room", "Key list has room", "Two keys are left.", lambda _: car.somebody_makes_room_in_its_key_list())
        if full
        else Knob("full", "Key list fills up", "The list of keys is full.", lambda _: car.fills_its_key_list())
    )
    return either


def _of_the_account(world: World) -> list[Knob]:
    account, phone = world.phone.account, world.phone
    if account is None:
        return []
    offered = []
    if account.record.consents:
        offered.append(Knob("revoked", "Consent is revoked", "The account took its consent back.", _revokes_all))
    if not phone.record.swallows_next:
        swallowed = "The app will swallow the next prompt."
        offered.append(
            Knob("swallowed", "Prompt is swallowed", swallowed, lambda w: w.phone.swallows_the_next_prompt())
        )
    return offered


def _of_the_world(world: World) -> list[Knob]:
    if world.faults:
        return [Knob("well", "Tesla comes back", "Tesla answers again.", lambda w: w.is_well_again())]
    return [Knob("down", "Tesla goes down", "Tesla answers nobody.", lambda w: w.tesla_goes_down())]


def _revokes_all(world: World) -> None:
    account = world.phone.account
    for client_id in list(account.record.consents) if account else []:
        account.revokes_consent(client_id) if account else None


def _pills(world: World, car: Car) -> list[Pill]:
    state = {
        "online": Pill("good", "online", "Online"),
        "asleep": Pill("", "moon", "Asleep"),
        "offline": Pill("open", "offline", "Out of reach"),
    }[car.state]
    if not car.needs_signing:
        key = Pill("", "check", "Needs no key")
    elif car.keys:
        key = Pill("good", "key", "Key on the car")
    else:
        key = Pill("open", "key", "No key of ours")
    cable = Pill("good", "plug", "Plugged in") if car.record.is_plugged_in else Pill("open", "plug", "Unplugged")
    down = [Pill("bad", "alert", "Tesla is down")] if world.faults else []
    return [state, cable, key, *down]


def _next_event(world: World) -> datetime | None:
    due = world.next_due
    return due if due is not None and due > world.now else None


def _next_words(world: World) -> str:
    event = _next_event(world)
    if event is None:
        return "Runs on by itself. Chargekey waits for nothing."
    here, now = event.astimezone(HOME), world.now.astimezone(HOME)
    day = "" if here.date() == now.date() else f"{here:%A} "
    return f"Runs on by itself. Chargekey’s next event: {day}{here:%H:%M}."


def _lines(car: Car) -> list[Line]:
    newest_first = list(reversed(car.log[-_NEWEST_ENTRIES:]))
    return [
        Line(entry.at.isoformat(timespec="seconds"), f"{entry.at.astimezone(HOME):%H:%M}", faces.log_words(entry))
        for entry in newest_first
    ]
