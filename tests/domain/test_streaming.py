"""What a car is told to stream: only what is read, and where it is only with permission."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from chargekey.adapters.telemetry.fields import NAMES
from chargekey.domain.streaming import SENDS, StreamTo, config_for
from chargekey.domain.telemetry import Signal
from chargekey.journeys.worth_a_look import SILENT_AFTER

TO: Final = StreamTo("stream.example.org", 443, "PEM")


def test_where_it_is_is_asked_for_with_permission_alone() -> None:
    assert Signal.PLACE in config_for(TO, with_place=True).sends
    assert Signal.PLACE not in config_for(TO, with_place=False).sends


def test_every_signal_has_a_field_of_teslas() -> None:
    assert NAMES.keys() >= SENDS.keys()


def test_an_awake_car_is_heard_although_one_word_is_lost() -> None:
    again = SENDS[Signal.CHARGING].again
    assert again and 2 * again < SILENT_AFTER


@pytest.mark.parametrize(
    "to",
    [replace(TO, host="other.example.org"), replace(TO, port=4443), replace(TO, ca="another")],
    ids=["host", "port", "ca"],
)
def test_a_config_is_told_from_any_other(to: StreamTo) -> None:
    config = config_for(TO, with_place=True)
    assert config.name == config_for(TO, with_place=True).name
    assert config.name != config_for(to, with_place=True).name
    assert config.name != config_for(TO, with_place=False).name
    rarer = {**config.sends, Signal.SOC: replace(config.sends[Signal.SOC], every=timedelta(minutes=3))}
    assert config.name != replace(config, sends=rarer).name
