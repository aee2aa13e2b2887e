"""How often the database is asked for a page and for a tended car: what each costs most of, on either database.

Who adds a question finds it here. A bound is the number that was counted (November 2026); a lower one is welcome.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection, event

from chargekey.adapters.store.timers import TimerQueue
from chargekey.ports.jobs import HOLDS, Due, Work
from tests.stories.phone import Phone
from tests.stories.town import Town

STATEMENTS: Final = {"/tonight": 37, "/plan": 9, "/account": 7, "/help": 20}
UNITS: Final = {"/tonight": 9, "/plan": 6, "/account": 6, "/help": 8}
A_TEND: Final = (15, 5)
"""Of a car that sleeps through the night: looked at from outside, found as it should be, and left alone."""


class Asked:
    """Statements, and the units of work that they are in."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.units = 0

    def __str__(self) -> str:
        return f"{len(self.statements)} in {self.units} units:\n" + "\n".join(self.statements)


@contextmanager
def counting(town: Town, due: Due | None = None) -> Iterator[Asked]:
    """What is asked meanwhile for `due`, or outside of the worker: that looks for due timers whenever it likes."""
    asked, engine = Asked(), town.home.engine.sync_engine
    begun: set[Connection] = set()

    def begins(connection: Connection) -> None:
        begun.add(connection)

    def executes(connection: Connection, _u: Any, statement: str, *_: Any) -> None:
        is_first = connection in begun
        begun.discard(connection)
        if HOLDS.get() is due and not statement.startswith("WITH chosen"):
            asked.units += is_first
            asked.statements.append(" ".join(statement.split())[:150])

    event.listen(engine, "begin", begins)
    event.listen(engine, "before_cursor_execute", executes)
    yield asked
    event.remove(engine, "begin", begins)
    event.remove(engine, "before_cursor_execute", executes)


@pytest.fixture
async def plugged_in(town: Town, phone: Phone) -> Phone:
    await town.pairs(phone)
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    return phone


async def test_a_page_asks_so_often_and_no_more(town: Town, plugged_in: Phone) -> None:
    for path, most in STATEMENTS.items():
        counted = []
        for _ in range(3):  # what is found out once, or is known for some seconds, is not asked each time
            with counting(town) as asked:
                await plugged_in.opens(path)
            assert plugged_in.shows == path
            counted.append(asked)
        fewest = min(counted, key=lambda one: len(one.statements))
        assert len(fewest.statements) <= most and fewest.units <= UNITS[path], f"{path}: {fewest}"


async def test_a_car_that_is_tended_asks_so_often_and_no_more(town: Town, plugged_in: Phone) -> None:
    town.car.falls_asleep()
    queue = TimerQueue(town.home.engine)
    for _ in range(2):  # the first finds that it has fallen asleep, the second that it still is
        tomorrow = await queue.claim(town.now + timedelta(days=1), 100)
        due = next(one for one in tomorrow if one.work is Work.TEND_VEHICLE)
        HOLDS.set(due)
        with counting(town, due) as asked:
            await town.home.journeys.run_charge.tend(due.key)
        await queue.done(due)
    assert (len(asked.statements), asked.units) <= A_TEND, str(asked)
