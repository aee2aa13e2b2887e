"""Whoever is told to stop leaves nothing running: a task cut off in the middle of closing would hang for ever."""

import asyncio
from pathlib import Path

from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from chargekey.serving import compose
from chargekey.settings import read_settings


async def test_however_soon_it_ends_nothing_goes_on_running(tmp_path: Path) -> None:
    make_command_key(tmp_path / "command-key.pem")
    nobody_is_there = Demo(1, 2, tmp_path)  # so it tries to register all the time
    settings = read_settings(settings_of_demo(nobody_is_there))
    before = asyncio.all_tasks()
    for turns in range(0, 40, 4):
        home = compose(settings)
        async with home.running():
            for _ in range(turns):
                await asyncio.sleep(0)
        assert asyncio.all_tasks() == before, turns
