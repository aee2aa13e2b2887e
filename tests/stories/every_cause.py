"""How each cause is brought about and where a driver reads of it: the walks of `test_every_cause`.

A walk plays what Tesla, the car, the phone or the operator do by a scenario of the simulator, does by hand what only a
browser can, and then goes where a driver would go.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from tests.stories import walks, walks_in_files
from tests.stories.cause_walk import Goes, at_the_key, connected, newcomer, operators

NAMED: Final[Mapping[str, Goes]] = {
    "A1": newcomer("A1"),
    "A2": walks.asks_twice_in_vain,
    "A4": walks.cancels,
    "A5": newcomer("A5"),
    "A6": newcomer("A6"),
    "A8": newcomer("A8"),
    "A9": connected("A9"),
    "A10": connected("A10", after=timedelta(hours=9)),
    "A11": newcomer("A11"),
    "A12": newcomer("A12"),
    "A14": connected("A14"),
    "A15": walks.is_refused_by_its_network,
    "A16": walks.comes_back_late,
    "A17": walks.comes_back_in_another_browser,
    "A18": newcomer("A18"),
    "A19": walks.keeps_the_place_back,
    "B1": newcomer("B1"),
    "B2": walks.has_leased_it,
    "B3": newcomer("B3"),
    "B4": connected("B4"),
    "B5": newcomer("B5"),
    "B6": walks.is_told_no,
    "B7": connected("B7"),
    "B8": newcomer("B8"),
    "B9": newcomer("B9"),
    "B10": walks.hears_nothing,
    "C1": walks.reads_on_a_computer,
    "C2": newcomer("C2"),
    "C3": newcomer("C3"),
    "C4": newcomer("C4"),
    "C5": newcomer("C5"),
    "C7": walks.key_goes_to_another_car,
    "C8": newcomer("C8"),
    "C9": newcomer("C9"),
    "C10": newcomer("C10"),
    "C11": newcomer("C11"),
    "C13": walks.took_another_key_for_it,
    "C14": walks.asks_twice_in_vain,
    "C15": walks.sits_in_the_car,
    "D1": newcomer("D1"),
    "D2": newcomer("D2"),
    "D4": newcomer("D4"),
    "D5": newcomer("D5"),
    "D6": newcomer("D6"),
    "D7": newcomer("D7"),
    "D8": walks.has_an_old_model_s,
    "D13": walks.comes_back_from_the_workshop,
    "E1": newcomer("E1"),
    "E2": connected("E2"),
    "E8": walks.chooses_the_second_car,
    "F1": operators("F1"),
    "F2": operators("F2"),
    "F3": operators("F3"),
    "F4": walks.registers_in_vain,
    "F5": operators("F5"),
    "F6": operators("F6"),
    "F9": operators("F9"),
    "F12": walks.asks_twice_in_vain,
    "G1": connected("G1"),
    "G2": walks.stands_still_for_months,
    "G3": walks.is_signed_out_with_many,
    "G4": walks_in_files.is_of_an_old_backup,
    "G5": walks_in_files.is_of_a_lost_ring,
    "H1": walks.is_one_of_many,
    "H2": at_the_key("H2"),
    "H5": newcomer("H5"),
    "J1": walks.has_not_opened_it,
    "J2": newcomer("J2"),
    "J3": newcomer("J3"),
    "J4": walks.is_told_to_need_no_key,
    "J5": walks.place_is_hidden,
    "J6": walks.has_a_car_of_a_company,
    "J7": newcomer("J7"),
    "J8": newcomer("J8"),
    "J9": newcomer("J9"),
}
"""By the id of the cause that some page must name at the end of the walk."""
NEVER_READ: Final[Mapping[str, tuple[str, Goes]]] = {
    "A3": ("We renew the token before anybody meets the old one.", walks.token_is_old),
    "A7": ("The link is shown nowhere before there is a consent.", walks.would_open_the_link_first),
    "A13": ("Whoever lives in the other region is asked for there.", walks.signs_in_out_of_region),
    "C6": ("It is F1 seen from the phone, and F1 closes the door before the link.", walks.key_file_does_not_load),
    "C12": ("Every page looks by itself.", walks.second_tab_is_old),
    "D3": ("It is over before the next try.", walks.car_is_busy),
}
"""Causes that we mend or shut out before a driver could read of them, and a walk that proves it."""
UNREAD_SO_FAR: Final[Mapping[str, str]] = {
    "E3": "Nothing tells a key that we changed from one that somebody deleted, unless our own side differs just now.",
}
"""A debt: no walk reads of these yet. Take one out when a walk does."""
