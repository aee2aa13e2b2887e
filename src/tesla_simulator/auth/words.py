"""What the scopes are called on Tesla's consent page."""

from typing import Final

NAMES: Final = {
    "openid": ("Sign in with Tesla", "Who you are"),
    "offline_access": ("Refresh Tokens", "Stay connected while you are away"),
    "user_data": ("Profile Information", "Name, e-mail address, home address"),
    "vehicle_device_data": ("Vehicle Information", "Live data, service, ownership"),
    "vehicle_location": ("Vehicle Location", "Where the car is"),
    "vehicle_cmds": ("Vehicle Commands", "Unlock, wake up, remote start"),
    "vehicle_charging_cmds": ("Vehicle Charging Management", "Start, stop and schedule charging"),
    "energy_device_data": ("Energy Product Information", "Solar, Powerwall"),
    "energy_cmds": ("Energy Product Settings", "Back-up reserve, operating mode"),
}
