"""Makes a filled database of an earlier version, by that version's own code, and keeps it as SQL for both engines.

For each version once, from a checkout of it, and never again (what is kept is what people have):

    git worktree add /somewhere <commit>
    PYTHONPATH=/somewhere/src:/somewhere python tests/contract/earlier/make.py tests/contract/earlier

Two drivers have lived in it, all that can be kept of them is there, and what is sealed opens under 32 zero bytes.
"""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

import chargekey
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.tables import metadata
from chargekey.domain.secret import Secret
from tests.contract import postgres
from tests.contract.household import SIX, move_in
from tests.contract.test_erase import live

NOT_KEPT = ("--", "SET ", "\\", "SELECT pg_catalog.set_config")


async def fill(url: str) -> str:
    """Every table that the version has; returns the link of the chain at which it ends."""
    engine = open_engine(url)
    await migrate(engine)
    store = KeptStore(engine)
    await store.mark(demo=True)
    for nth, email in enumerate(("anna@example.org", "bert@example.org")):
        await live(store, engine, await move_in(store, email, vin=f"5YJ3E7EA1PF12345{nth}"))
    await _what_belongs_to_nobody(engine)
    await _seal_support(engine)
    async with engine.begin() as connection:
        for table in metadata.sorted_tables:
            assert (await connection.execute(select(table))).first(), f"nothing in {table.name}"
        stands = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    await engine.dispose()
    return str(stands)


async def _what_belongs_to_nobody(engine: AsyncEngine) -> None:
    rows: dict[str, dict[str, object]] = {
        "tesla_outage": {"region": "eu", "since": SIX},
        "cause_judged": {"named": "D1", "truly": "D2", "at": SIX},
    }
    async with engine.begin() as connection:
        for name, row in rows.items():
            if name in metadata.tables:
                await connection.execute(insert(metadata.tables[name]).values(**row))


async def _seal_support(engine: AsyncEngine) -> None:
    """In place of the words that `live` leaves there, as the rooms of support seal since there are any."""
    if "support_case" not in metadata.tables:
        return
    ring = KeyRing({1: bytes(32)})
    case, message = metadata.tables["support_case"], metadata.tables["support_message"]
    async with engine.begin() as connection:
        for row in (await connection.execute(select(case))).all():
            bundle = Secret('{"made_at":"2024-01-10T18:00:00Z","lines":[],"held_back":[]}')
            sealed: Any = ring.seal(bundle, f"support_case.contents:{row.code}")
            await connection.execute(
                update(case).where(case.c.id == row.id).values(contents_sealed=sealed, sent_at=SIX)
            )
        for row in (await connection.execute(select(message, case.c.code).join(case))).all():
            sealed = ring.seal(Secret("help"), f"support_message.text:{row.code}:{row.at.isoformat()}")
            await connection.execute(update(message).where(message.c.id == row.id).values(text_sealed=sealed))


def sqlite_dump(folder: Path) -> tuple[str, str]:
    stands = asyncio.run(fill(f"sqlite:///{folder / 'old.db'}"))
    with sqlite3.connect(folder / "old.db") as database:
        return stands, "\n".join(database.iterdump()) + "\n"


def postgres_dump() -> str:
    """By the server's own pg_dump, without what belongs to one version of the server or to psql."""
    with postgres.served() as url:
        asyncio.run(fill(url))
        command = [str(postgres.programs() / "pg_dump"), "--inserts", "--no-owner", "--no-privileges", url]
        dumped = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    kept = [line for line in dumped.splitlines() if line and not line.startswith(NOT_KEPT)]
    return "\n".join(kept) + "\n"


def main() -> None:
    print(f"by the code in {Path(chargekey.__file__).parent}")
    into = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        stands, dump = sqlite_dump(Path(folder))
    (into / f"{stands}.sqlite.sql").write_text(dump)
    (into / f"{stands}.postgresql.sql").write_text(postgres_dump())
    print(f"kept a database of {stands}")


if __name__ == "__main__":
    main()
