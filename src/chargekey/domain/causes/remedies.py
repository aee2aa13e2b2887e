"""What somebody does about a cause: one verb each, with its words in the catalogue (`remedy.close_the_app.do`).

The order here is the order of effort: of several remedies that may help, the screen offers the easiest first.
"""

from enum import StrEnum
from typing import Final


class Remedy(StrEnum):
    """Easiest first: on the phone, in the account, at the car, by others, by waiting."""

    OPEN_THE_LINK = "open_the_link"
    CLOSE_THE_APP = "close_the_app"
    OPEN_IN_BROWSER = "open_in_browser"
    SCAN_THE_CODE = "scan_the_code"
    SWIPE_TO_THE_CAR = "swipe_to_the_car"
    SIGN_IN_TO_THE_APP = "sign_in_to_the_app"
    SWITCH_APP_ACCOUNT = "switch_app_account"
    INSTALL_THE_APP = "install_the_app"
    UPDATE_THE_APP = "update_the_app"
    CONFIRM_SECOND_FACTOR = "confirm_second_factor"
    START_CONSENT_AGAIN = "start_consent_again"
    REPAIR_PERMISSIONS = "repair_permissions"
    REMOVE_ACCESS_FIRST = "remove_access_first"
    CHANGE_NETWORK = "change_network"
    SWITCH_TESLA_ACCOUNT = "switch_tesla_account"
    SHOW_THE_CAR = "show_the_car"
    CHANGE_DATA_SHARING = "change_data_sharing"
    SAY_PLUGGED_IN_IS_HOME = "say_plugged_in_is_home"
    ASK_TESLA_ABOUT_ACCOUNT = "ask_tesla_about_account"
    WAKE_THE_CAR = "wake_the_car"
    GIVE_IT_WIFI = "give_it_wifi"
    MOVE_THE_CAR = "move_the_car"
    RESTART_THE_SCREEN = "restart_the_screen"
    ALLOW_MOBILE_ACCESS = "allow_mobile_access"
    LOOK_FOR_NAME_IN_LOCKS = "look_for_name_in_locks"
    LEAVE_SPECIAL_MODE = "leave_special_mode"
    DELETE_OLD_KEYS = "delete_old_keys"
    SET_UP_PHONE_KEY = "set_up_phone_key"
    RENEW_PHONE_KEY = "renew_phone_key"
    HOLD_KEY_CARD = "hold_key_card"
    SKIP_THE_KEY = "skip_the_key"
    ASK_THE_OWNER = "ask_the_owner"
    WRITE_TO_LESSOR = "write_to_lessor"
    ASK_FLEET_ADMIN = "ask_fleet_admin"
    CHOOSE_ANOTHER_CAR = "choose_another_car"
    GO_ON_READ_ONLY = "go_on_read_only"
    OPERATOR_MENDS_KEY_FILE = "operator_mends_key_file"
    OPERATOR_REGISTERS = "operator_registers"
    OPERATOR_MENDS_PORTAL = "operator_mends_portal"
    OPERATOR_MENDS_BILLING = "operator_mends_billing"
    OPERATOR_SETS_CLOCK = "operator_sets_clock"
    WE_RENEW = "we_renew"
    WE_CHANGE_REGION = "we_change_region"
    WAIT = "wait"
    WRITE_TO_US = "write_to_us"


OPERATORS: Final = frozenset(one for one in Remedy if one.value.startswith("operator_"))
"""Nothing that a driver could do: his pages name who does it, and list only what is his."""

MINUTES: Final = {
    **dict.fromkeys(Remedy, 2),
    Remedy.CLOSE_THE_APP: 1,
    Remedy.OPEN_THE_LINK: 1,
    Remedy.OPEN_IN_BROWSER: 1,
    Remedy.SCAN_THE_CODE: 1,
    Remedy.REMOVE_ACCESS_FIRST: 5,
    Remedy.SWIPE_TO_THE_CAR: 1,
    Remedy.UPDATE_THE_APP: 4,
    Remedy.INSTALL_THE_APP: 4,
    Remedy.SWITCH_APP_ACCOUNT: 3,
    Remedy.SWITCH_TESLA_ACCOUNT: 5,
    Remedy.SIGN_IN_TO_THE_APP: 3,
    Remedy.WAKE_THE_CAR: 3,
    Remedy.SET_UP_PHONE_KEY: 6,
    Remedy.RENEW_PHONE_KEY: 8,
    Remedy.HOLD_KEY_CARD: 6,
    Remedy.LOOK_FOR_NAME_IN_LOCKS: 3,
    Remedy.LEAVE_SPECIAL_MODE: 4,
    Remedy.SHOW_THE_CAR: 4,
    Remedy.DELETE_OLD_KEYS: 5,
    Remedy.ALLOW_MOBILE_ACCESS: 4,
    Remedy.MOVE_THE_CAR: 10,
    Remedy.RESTART_THE_SCREEN: 5,
    Remedy.ASK_THE_OWNER: 10,
    Remedy.WRITE_TO_LESSOR: 30,
    Remedy.ASK_FLEET_ADMIN: 30,
    Remedy.ASK_TESLA_ABOUT_ACCOUNT: 60,
    Remedy.WRITE_TO_US: 30,
    Remedy.CHOOSE_ANOTHER_CAR: 60,
    Remedy.GO_ON_READ_ONLY: 60,
}
"""Effort in minutes of the one who does it: judgements, the walk to the car not counted. They order what may help.
The last two give something up, so that they come after all that mends."""
