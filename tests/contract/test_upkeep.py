"""What an operator is told of a home: whatever waits for him, and nothing that does not."""

import json
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import newest
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.upkeep import DatabaseUnreachable, KeptUpkeep, reach
from chargekey.domain.delivery import Happening
from chargekey.domain.night import Order
from chargekey.entrypoints.web.upkeep_words import FAULTS, MEANS, WORKS, Noticed, found, printed
from chargekey.entrypoints.web.words import Words
from chargekey.ports import faults
from chargekey.ports.jobs import Work
from tests.contract.household import at
from tests.contract.sealed_homes import Street, build, put

FILES: Final = ("keyring.json", "command-key.pem", "push-key.pem")
WORDS: Final = Words("en_GB", "Europe/Amsterdam")


@pytest.fixture
async def street(store: KeptStore, engine: AsyncEngine) -> Street:
    """All that it waits for is due at five past six."""
    return await build(store, engine)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With every key in it, for its owner alone."""
    (tmp_path / FILES[0]).write_text(json.dumps({"1": b64encode(bytes(32)).decode()}))
    for name in FILES[1:]:
        (tmp_path / name).write_text("a key")
    for name in FILES:
        (tmp_path / name).chmod(0o600)
    return tmp_path


@pytest.fixture
def upkeep(street: Street, folder: Path) -> KeptUpkeep:
    return KeptUpkeep(street.engine, folder, FILES, folder / "backups")


async def said(upkeep: KeptUpkeep, minutes: float = 6) -> list[Noticed]:
    return found(WORDS, await upkeep.examine(at(minutes)))


def bad(lines: list[Noticed]) -> list[str]:
    return [one.what for one in lines if one.is_bad]


async def test_a_home_that_is_well_says_so(upkeep: KeptUpkeep) -> None:
    lines = await said(upkeep)
    assert bad(lines) == []
    told = "\n".join(printed(lines))
    for known in (
        "Nothing is parked, and nothing is overdue.",
        f"The database is of this version: {newest()}.",
        "keyring.json is there, for its owner alone.",
        "Key 1 of the ring seals 12 values.",
        "Accounts that wait for their driver’s choice: 2.",
        "GB are free",
    ):
        assert known in told


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        ((), "No backup is in the data folder."),
        (("chargekey-of-old.tar",), "No backup is in the data folder."),
        (("chargekey-2024-01-09T01-00-00Z.tar", "chargekey-2024-01-10T01-00-00Z.tar"), "made at 2:00."),
        (("chargekey-2024-01-03T01-00-00Z.tar",), "made on Wed 3 Jan, 2:00."),
    ],
)
async def test_how_old_the_newest_backup_is(upkeep: KeptUpkeep, folder: Path, kept: tuple[str, ...], line: str) -> None:
    (folder / "backups").mkdir()
    for name in kept:
        (folder / "backups" / name).touch()
    (told,) = [one for one in await said(upkeep) if "backup" in one.what]
    assert told.what.endswith(line)
    assert not told.is_bad
    assert bool(told.do) is ("made at" not in line)


async def test_what_is_parked_is_said_in_words_and_set_going_again(upkeep: KeptUpkeep, street: Street) -> None:
    this = (tables.timer.c.work == Work.TEND_VEHICLE.value, tables.timer.c.key == street.anna.car.id)
    parked = {"parked_at": at(-60), "attempts": 10, "last_error": "OverLimit"}
    async with street.engine.begin() as connection:
        await connection.execute(update(tables.timer).where(*this).values(**parked))
    (line,) = [one for one in await said(upkeep) if one.is_bad]
    assert line.what.startswith(f"Looking after a car’s charging, vehicle {street.anna.car.id} (…\u20603456): given up")
    assert "18:00 after 10 tries" in line.what
    assert "Our own side was not right." in line.means
    assert "it charges as it would by itself" in line.means
    assert street.anna.car.vin.whole not in "\n".join(printed([line]))
    assert line.about == f"tend_vehicle:{street.anna.car.id}"

    assert not await upkeep.again(Work.TEND_VEHICLE, street.bert.car.id, at(6))  # his is not parked
    assert await upkeep.again(Work.TEND_VEHICLE, street.anna.car.id, at(6))
    assert bad(await said(upkeep)) == []
    async with street.store.unit() as unit:
        assert await unit.timers.due_at(Work.TEND_VEHICLE, street.anna.car.id) == at(6)
        assert await unit.timers.due_at(Work.TEND_VEHICLE, street.bert.car.id) == at(5)


async def test_what_is_overdue_is_said_unless_somebody_is_at_it(upkeep: KeptUpkeep, street: Street) -> None:
    assert bad(await said(upkeep, 14)) == []
    late = await said(upkeep, 16)
    async with street.engine.begin() as connection:
        timers = (await connection.execute(tables.timer.select())).all()
    assert len(bad(late)) == len(timers)  # all of them: nobody runs
    async with street.engine.begin() as connection:
        await connection.execute(update(tables.timer).values(lease="1.a", lease_until_ms=2**52))
    assert bad(await said(upkeep, 16)) == []
    async with street.engine.begin() as connection:
        await connection.execute(update(tables.timer).values(lease_until_ms=1))
    lines = await said(upkeep, 6)
    assert bad(lines) == []
    assert sum("whoever held it is gone" in one.what for one in lines) == len(timers)


async def test_an_order_of_which_nobody_knows_is_for_the_operator_after_a_day(
    upkeep: KeptUpkeep, street: Street
) -> None:
    async with street.store.unit() as unit:
        order = await unit.commands.draft(street.anna.car.id, None, Order.START, None, at(0))
        await unit.commands.happened(order.id, Happening.SENT, at(0))
        await unit.commands.happened(order.id, Happening.ANSWER_LOST, at(1))
    for minutes, is_bad in ((60, False), (25 * 60, True)):
        (line,) = [one for one in await said(upkeep, minutes) if "Nobody knows" in one.what]
        assert line.is_bad is is_bad
        assert "start charging" in line.what
        assert "looked at before anything is sent" in line.means


async def test_keys_that_are_gone_or_open_to_others_are_said(upkeep: KeptUpkeep, folder: Path) -> None:
    (folder / "command-key.pem").chmod(0o640)
    (folder / "push-key.pem").unlink()
    assert bad(await said(upkeep)) == [
        "Others may read command-key.pem: its mode is 640.",
        "There is no push-key.pem in the data folder.",
    ]


async def test_a_ring_that_is_lost_leaves_nothing_that_opens(upkeep: KeptUpkeep, folder: Path) -> None:
    (folder / FILES[0]).unlink()
    told = bad(await said(upkeep))
    assert told[:2] == ["There is no keyring.json in the data folder.", "Key 1 of the ring seals 12 values."]
    assert sum("does not open" in one for one in told) == 12


async def test_a_value_that_does_not_open_is_named(upkeep: KeptUpkeep, street: Street) -> None:
    await put(street.engine, tables.token.c.access_sealed, street.bert.grant.id, b"\x01\x01 by hand")
    assert bad(await said(upkeep)) == [f"token.access_sealed:{street.bert.grant.id} does not open."]


@pytest.mark.parametrize(
    ("stands", "says"), [("0004", "this version at"), ("9999", "which this version does not know")]
)
async def test_a_database_of_another_version_is_only_said_to_be_one(
    upkeep: KeptUpkeep, street: Street, stands: str, says: str
) -> None:
    async with street.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :stands"), {"stands": stands})
    (told,) = bad(await said(upkeep))
    assert stands in told
    assert says in told


async def test_thousands_of_cars_are_named_at_once(upkeep: KeptUpkeep, street: Street) -> None:
    parked = {
        "work": Work.TEND_VEHICLE.value,
        "due_at": at(-60),
        "version": 1,
        "attempts": 10,
        "last_error": "KeyError",
    }
    rows = [parked | {"key": 1000 + nth, "parked_at": at(-60) + timedelta(seconds=nth)} for nth in range(2000)]
    async with street.engine.begin() as connection:
        await connection.execute(delete(tables.timer))
        await connection.execute(insert(tables.timer), rows)
    assert len(bad(await said(upkeep))) == 2000


def test_all_work_and_every_fault_has_its_words() -> None:
    assert WORKS.keys() == MEANS.keys() == set(Work)
    named = {name for name, kind in vars(faults).items() if isinstance(kind, type) and issubclass(kind, faults.Fault)}
    assert named >= FAULTS.keys()
    # What has none is met by a journey itself, never left to a timer; were it so all the same, it is for us to mend.
    without = "Fault AccessExpired TakenOver MustBeSigned TakesPlain OtherRegion Puzzling"
    assert named - FAULTS.keys() == set(without.split())


@pytest.mark.parametrize("url", ["postgresql://nobody:hunter2@127.0.0.1:9/nothing", "sqlite:////nowhere/chargekey.db"])
async def test_a_database_that_is_away_is_said_in_one_line_without_its_password(url: str) -> None:
    engine = open_engine(url)
    with pytest.raises(DatabaseUnreachable, match=r"^the database does not answer: \w+$"):
        await reach(engine)
    await engine.dispose()
