"""What drivers meet after their operator did something to Chargekey's files: walks of `every_cause`.

He stops it, changes a file as the scenario says, and starts it again.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

from chargekey.adapters.store.ring_guard import go_on_without
from chargekey.adapters.tesla.command_key import make_command_key
from tests.stories.cause_walk import Walk

SINCE_THE_BACKUP = timedelta(days=2)
"""Tesla takes the token used last for a day; it was renewed long before that."""


async def is_of_an_old_backup(one: Walk) -> None:
    """Put back as a file, and nobody ran `chargekey restored`: Tesla's word is all there is to go by."""
    await one.is_connected()
    kept = one.town.home.settings.data_dir / "chargekey.db"
    backup = kept.with_name("backup.db")
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    await one.passes(SINCE_THE_BACKUP)
    async with one.town.is_stopped():
        for left in kept.parent.glob(f"{kept.name}*"):
            left.unlink()
        shutil.copy(backup, kept)
    await comes_back_to_it(one)


async def is_of_a_lost_ring(one: Walk) -> None:
    """No copy of it is left, which the operator says before he starts it again."""
    await one.is_connected()
    async with one.town.is_stopped():
        ring = one.town.home.settings.key_ring
        ring.rename(ring.with_name("lost"))
        engine = one.town.home.engine
        assert await go_on_without(engine, ring)
        await engine.dispose()
    await comes_back_to_it(one)


async def has_a_key_that_we_gave_up(one: Walk) -> None:
    """No copy of the command key is left: the operator makes a new one; the demo registers it by itself."""
    await one.is_connected()
    async with one.town.is_stopped():
        key = one.town.home.settings.command_key
        key.unlink()
        assert make_command_key(key)
    await comes_back_to_it(one)
    assert "E2" not in one.named  # nobody deleted anything
    assert one.phone.shows == "/key"


async def comes_back_to_it(one: Walk) -> None:
    await one.passes(timedelta(minutes=10))
    await one.looks_around()
