"""How a car, its keys and the apps around it read on a page: words only, made from the world as it is now.

Whole VINs never appear in words: model and last four, kept on one line.
"""

from dataclasses import dataclass
from typing import Final

from tesla_simulator.accounts import ALWAYS_GRANTED, Account
from tesla_simulator.app_screens import Shows
from tesla_simulator.auth.words import NAMES
from tesla_simulator.cars import charging
from tesla_simulator.cars.car import Car
from tesla_simulator.cars.record import LogEntry
from tesla_simulator.phone import Phone
from tesla_simulator.portal import Portal

MODELS: Final = {"S": "Model S", "X": "Model X", "3": "Model 3", "Y": "Model Y", "C": "Cybertruck"}
_ELLIPSIS_AND_JOINER: Final = "…\N{WORD JOINER}"
_STATE_WORDS: Final = {"online": "Online", "asleep": "Asleep", "offline": "Out of reach"}
_CHARGING_WORDS: Final = {
    charging.DISCONNECTED: "Not plugged in",
    charging.NO_POWER: "The charger gives no power",
    charging.STARTING: "Starting",
    charging.COMPLETE: "Done, the limit is reached",
    charging.STOPPED: "Not charging",
}
_ROLE_WORDS: Final = {"OWNER": "The owner", "DRIVER": "A driver, not the owner"}
_ASKING: Final = (Shows.PROMPT, Shows.KEY_CARD)
_QUIET: Final = (Shows.PRODUCTS, Shows.NOTHING, Shows.SIGNED_OUT)


@dataclass(frozen=True)
class CarFace:
    """`position` counts from 1 in the order of the account; swiping leads to `next_vin`."""

    vin: str
    title: str
    position: int
    total: int
    next_vin: str
    soc_percent: int
    limit_percent: int
    state_words: str
    cable_words: str
    charging_words: str
    role_words: str


@dataclass(frozen=True)
class Prompt:
    """The app asks whether this domain may have a key."""

    domain: str
    needs_card: bool


@dataclass(frozen=True)
class Message:
    """The app tells what came of it."""

    title: str
    says: str


@dataclass(frozen=True)
class KeyRow:
    """`public_key` is hex, or empty for a phone or card that came with the car."""

    name: str
    says: str
    public_key: str = ""


@dataclass(frozen=True)
class ThirdParty:
    """An app with access; `may` are titles of scopes."""

    client_id: str
    name: str
    domain: str
    may: list[str]


def short_name(vin: str) -> str:
    """Model 3 …4F21"""
    model = MODELS.get(vin[3], "Car")
    return f"{model}\N{NO-BREAK SPACE}{_ELLIPSIS_AND_JOINER}{vin[-4:]}"


def shown_car(phone: Phone) -> Car | None:
    """The car the app is swiped to, or the first."""
    cars = phone.cars
    chosen = next((car for car in cars if car.vin == phone.record.selected_vin), None)
    return chosen or (cars[0] if cars else None)


def car_face(phone: Phone) -> CarFace | None:
    """None: there is no car in the app."""
    car = shown_car(phone)
    if car is None:
        return None
    car.settle()
    vins = [other.vin for other in phone.cars]
    position = vins.index(car.vin)
    access = phone.account.access_to(car.vin) if phone.account else None
    return CarFace(
        vin=car.vin,
        title=short_name(car.vin),
        position=position + 1,
        total=len(vins),
        next_vin=vins[(position + 1) % len(vins)],
        soc_percent=round(car.soc_percent),
        limit_percent=car.record.charge_limit_percent,
        state_words=_STATE_WORDS[car.state],
        cable_words="Plugged in" if car.record.is_plugged_in else "Not plugged in",
        charging_words=charging_words(car),
        role_words=_ROLE_WORDS.get(access.access_type, "A guest") if access else "Nobody here",
    )


def charging_words(car: Car) -> str:
    """With power at the wall while it charges."""
    if car.charging_state == charging.CHARGING:
        return f"Charging with {charging.wall_power_kw(car.record):.1f} kW"
    return _CHARGING_WORDS[car.charging_state]


def prompt(phone: Phone) -> Prompt | None:
    """What the app asks at this moment, if anything."""
    if phone.shows not in _ASKING:
        return None
    return Prompt(phone.record.domain, needs_card=phone.shows is Shows.KEY_CARD)


def message(phone: Phone) -> Message | None:
    """What the app tells at this moment, if anything."""
    if phone.shows in (*_ASKING, *_QUIET):
        return None
    return Message(*phone.words)


def key_rows(car: Car) -> list[KeyRow]:
    """The list on the car's screen: what came with the car, then apps."""
    others = [KeyRow(f"Phone or card {n + 1}", "Opens and drives the car") for n in range(car.record.other_keys)]
    apps = [KeyRow(key.domain, "Third party, sends orders", key.public_key_hex) for key in car.keys]
    return [*apps, *others]


def third_parties(account: Account, portal: Portal) -> list[ThirdParty]:
    """Every app this account consented to, with what it may do in Tesla's own titles."""
    rows = []
    for client_id, consent in account.record.consents.items():
        app, partner = portal.app(client_id), portal.registration(client_id, account.region)
        may = [NAMES[scope][0] for scope in consent.scopes if scope not in ALWAYS_GRANTED]
        name, domain = app.name if app else client_id, partner.domain if partner else ""
        rows.append(ThirdParty(client_id, name, domain, may))
    return rows


def log_words(entry: LogEntry) -> str:
    """One line of the car's diary."""
    name, detail = entry.name.replace("_", " "), f": {entry.detail}" if entry.detail else ""
    if entry.kind == "command":
        return f"Obeyed “{name}”{detail}"
    if entry.kind == "refused":
        return f"Refused “{name}”{detail}"
    return f"{name.capitalize()}{detail}"
