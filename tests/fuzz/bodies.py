"""Sound bodies of Tesla's, as tesla-fleet-api §1 to §5 describe them: what is spoiled must first have been whole."""

from typing import Any, Final

from tests.adapters.tesla_side import EU, OTHER_VIN, VIN

CAR: Final[dict[str, Any]] = {
    "id": 100021,
    "vehicle_id": 99999,
    "vin": VIN.whole,
    "access_type": "OWNER",
    "state": "online",
    "display_name": "Blue",
    "in_service": False,
    "mobile_access_disabled": False,
    "tokens": ["4f993c5b9e2b937b"],
    "calendar_enabled": None,
}
LIST: Final = {"response": [CAR, {**CAR, "vin": OTHER_VIN.whole}], "pagination": {"next": None}, "count": 2}
ONE: Final = {"response": CAR}
CHARGE: Final[dict[str, Any]] = {
    "battery_level": 42,
    "charge_limit_soc": 80,
    "charging_state": "Charging",
    "charger_actual_current": 16,
    "charge_current_request": 16,
    "charge_current_request_max": 16,
    "charger_voltage": 231.0,
    "charger_phases": 2,
    "charger_power": 11,
    "fast_charger_present": False,
    "charge_energy_added": 3.4,
    "battery_heater_on": False,
    "timestamp": 1704909600000,
}
DATA: Final = {"response": {"charge_state": CHARGE, "drive_state": {"latitude": 52.1, "longitude": 5.2}}}
STATUS: Final = {
    "response": {
        "key_paired_vins": [VIN.whole],
        "unpaired_vins": [OTHER_VIN.whole],
        "vehicle_info": {
            VIN.whole: {
                "firmware_version": "2024.14.30",
                "vehicle_command_protocol_required": True,
                "discounted_device_data": False,
                "total_number_of_keys": 5,
            }
        },
    }
}
MOBILE: Final = {"response": {"result": True, "reason": ""}}
REGION: Final = {"response": {"region": "eu", "fleet_api_base_url": EU}}
WOKEN: Final = {"response": {**CAR, "state": "asleep"}}
AGREED: Final = {"response": {"result": True, "reason": ""}}
DECLINED: Final = {"response": {"result": False, "reason": "car could not execute command: disconnected"}}
REGISTERED: Final = {"response": {"public_key": "04" + "ab" * 64, "domain": "charge.example", "name": "Chargekey"}}
CLAIMS: Final[dict[str, Any]] = {
    "iss": "https://fleet-auth.example/oauth2/v3/nts",
    "sub": "6d1f8a52-0000-4000-8000-000000000001",
    "aud": [EU],
    "scp": ["openid", "offline_access", "vehicle_device_data", "vehicle_charging_cmds"],
    "exp": 1704938400,
    "ou_code": "EU",
    "nonce": "n-1",
}
TOKENS: Final[dict[str, Any]] = {
    "expires_in": 28_800,
    "token_type": "Bearer",
    "state": "s",
    "refresh_token": "EU_" + "r" * 40,
}
