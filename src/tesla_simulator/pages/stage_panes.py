"""What stands beside the two phones on the stage: the clock and the car, as they are now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tesla_simulator.cars.car import Car
from tesla_simulator.pages import faces
from tesla_simulator.pages.faces import CarFace
from tesla_simulator.pages.knobs import Knob, NothingLikeThat, knobs, tesla_is_down
from tesla_simulator.scenarios.scenario import Scenario
from tesla_simulator.scenarios.table import SCENARIOS
from tesla_simulator.world import World

HOME: Final = ZoneInfo("Europe/Amsterdam")
MORNING_HOUR: Final = 7
_NEWEST_ENTRIES: Final = 30
_LETTERS: Final = {
    "A": "Account and consent",
    "B": "Right to the car",
    "C": "Phone, link and prompt",
    "D": "State of the car",
    "E": "Keys on the car",
    "F": "Operator",
    "G": "Tokens",
    "H": "Tesla’s side",
    "J": "Beyond the list",
}


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


def scenarios() -> list[tuple[str, list[Scenario]]]:
    """By the letter of the cause, with what the letter stands for."""
    return [
        (f"{letter} · {stands_for}", [one for one in SCENARIOS.values() if one.id.startswith(letter)])
        for letter, stands_for in _LETTERS.items()
    ]


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
    where = "Plugged in" if car.record.is_at_home else "Plugged in elsewhere"
    cable = Pill("good", "plug", where) if car.record.is_plugged_in else Pill("open", "plug", "Unplugged")
    down = [Pill("bad", "alert", "Tesla is down")] if tesla_is_down(world) else []
    return [state, cable, key, *down]


def _next_event(world: World) -> datetime | None:
    due = world.next_due
    return due if due is not None and due > world.now else None


def _next_words(world: World) -> str:
    event = _next_event(world)
    if event is None:
        return "Runs on by itself. Chargekey has not named a next event."
    here, now = event.astimezone(HOME), world.now.astimezone(HOME)
    day = "" if here.date() == now.date() else f"{here:%A} "
    return f"Runs on by itself. Chargekey’s next event: {day}{here:%H:%M}."


def _lines(car: Car) -> list[Line]:
    newest_first = list(reversed(car.log[-_NEWEST_ENTRIES:]))
    return [
        Line(entry.at.isoformat(timespec="seconds"), f"{entry.at.astimezone(HOME):%H:%M}", faces.log_words(entry))
        for entry in newest_first
    ]
