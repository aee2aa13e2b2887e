"""What the world looks like now, without secrets: for the stage, for scripts, for tests in other processes."""

from typing import Final

from tesla_simulator.cars import charging
from tesla_simulator.cars.car import Car
from tesla_simulator.phone import Phone
from tesla_simulator.world import World

_NEWEST_CALLS: Final = 50


def summary(world: World) -> dict[str, object]:
    world.settle()
    return {
        "now": world.now.isoformat(),
        "next_due": world.next_due.isoformat() if world.next_due else None,
        "is_turning": world.is_turning,
        "cars": {vin: _car_summary(car) | _telemetry_summary(world, vin) for vin, car in world.cars.items()},
        "accounts": {
            email: {
                "region": account.region,
                "cars": {access.vin: access.access_type for access in account.accesses},
                "consents": {app: consent.scopes for app, consent in account.record.consents.items()},
            }
            for email, account in world.accounts.items()
        },
        "phone": _phone_summary(world.phone),
        "phones": {name: _phone_summary(phone) for name, phone in world.phones.items()},
        "calls": [{**vars(call), "at": call.at.isoformat()} for call in world.calls[-_NEWEST_CALLS:]],
        "faults": len(world.faults),
        "outages": [{**vars(one), "until": one.until and one.until.isoformat()} for one in world.outages.current],
    }


def _phone_summary(phone: Phone) -> dict[str, object]:
    title, text = phone.words
    record = phone.record
    return {
        "account": record.email,
        "selected_vin": record.selected_vin,
        "shows": phone.shows,
        "title": title,
        "text": text,
        "domain": record.domain,
        "asked_vin": record.asked_vin,
        "has_app": record.has_app,
        "app_version": record.app_version,
        "hands_links_over": record.hands_links_over,
        "has_key_card": record.has_key_card,
        "sits_in": record.sits_in,
    }


def _telemetry_summary(world: World, vin: str) -> dict[str, object]:
    """By client id: where the car streams to, whether it is connected, how many signals left and what still waits."""
    return {
        "streams": {
            client_id: {
                "hostname": waiting.line.hostname,
                "is_open": waiting.is_open,
                "signals": waiting.streamed,
                "records_waiting": len(waiting),
            }
            for client_id, waiting in world.far_ends.lines.of(vin).items()
        }
    }


def _car_summary(car: Car) -> dict[str, object]:
    record = car.record
    return {
        "name": record.name,
        "state": car.state,
        "mode": record.mode,
        "soc_percent": round(car.soc_percent, 2),
        "usable_kwh": record.usable_wh / 1000,
        "charge_limit_percent": record.charge_limit_percent,
        "charging_state": car.charging_state,
        "wall_power_kw": round(charging.wall_power_kw(record), 3),
        "heats_its_battery": charging.heats_its_battery(record),
        "current_a": record.requested_current_a,
        "is_plugged_in": record.is_plugged_in,
        "is_at_home": record.is_at_home,
        "needs_signing": car.needs_signing,
        "number_of_keys": car.number_of_keys,
        "keys": [{"domain": key.domain, "public_key": key.public_key_hex} for key in car.keys],
        "accepted_commands": car.accepted_commands,
        "log": [{**vars(entry), "at": entry.at.isoformat()} for entry in car.log],
        "meter": [
            {
                "start": reading.start.isoformat(),
                "end": reading.end.isoformat(),
                "wall_wh": reading.wall_wh,
                "battery_wh": reading.battery_wh,
            }
            for reading in car.meter
        ],
    }
