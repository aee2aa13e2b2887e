"""The composition root: the console script, what each command does, and the one place that reads settings."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey import copying, env_file
from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.clock.turned import OffsetUnreadable
from chargekey.adapters.push.push_key import PushKeyUnreadable
from chargekey.adapters.store.alone import HomeTaken
from chargekey.adapters.store.backing_up import CannotBackUp, CannotRestore, CannotUpgrade
from chargekey.adapters.store.backup_file import BackupWrong
from chargekey.adapters.store.dumps import CannotDump
from chargekey.adapters.store.engine import DatabaseUnknown, open_engine
from chargekey.adapters.store.migrate import DatabaseTooNew, migrate
from chargekey.adapters.store.moving import CannotMove, move
from chargekey.adapters.store.ring_file import KeyRingUnreadable
from chargekey.adapters.store.ring_guard import KeyRingLost, go_on_without
from chargekey.adapters.store.rotation import CannotRotate, drop_old, rotate
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.upkeep import DatabaseUnreachable, cars_known
from chargekey.adapters.tesla.command_key import (
    CommandKeyLost,
    CommandKeyMissing,
    CommandKeyUnreadable,
    load_command_key,
    make_command_key,
)
from chargekey.composition import upkeep_of
from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.api import key_file
from chargekey.entrypoints.cli import commands
from chargekey.entrypoints.cli.commands import House
from chargekey.entrypoints.cli.copies import Copies
from chargekey.entrypoints.cli.keeping import Keeping
from chargekey.entrypoints.logs import set_up
from chargekey.entrypoints.setting_up.home import AtTesla, KeyAnswered, SettingUp
from chargekey.entrypoints.setting_up.questions import WillNotDo
from chargekey.entrypoints.web import upkeep_words
from chargekey.entrypoints.web.operator_words import printed
from chargekey.entrypoints.web.words import PLACES, Words
from chargekey.journeys.check_operator import OurSide, RegionChecked
from chargekey.journeys.come_back import Restored
from chargekey.journeys.look_after_home import LookAfterHome
from chargekey.journeys.replay_night import Replayed, ReplayNight
from chargekey.ports.jobs import Work
from chargekey.ports.upkeep import Rotated
from chargekey.serving import Home, Part, clock_of, compose, serve, told_to_stop, work
from chargekey.settings import ENV_FILE, Settings, SettingsWrong, read_settings


class StillServing(Exception):
    """What is asked for must be done while nobody serves."""


OPERATORS_TO_MEND: Final = (
    SettingsWrong,
    CommandKeyLost,
    CommandKeyMissing,
    CommandKeyUnreadable,
    KeyRingLost,
    KeyRingUnreadable,
    PushKeyUnreadable,
    OffsetUnreadable,
    DatabaseUnknown,
    DatabaseTooNew,
    DatabaseUnreachable,
    StillServing,
    HomeTaken,
    CannotMove,
    CannotRotate,
    WillNotDo,
    BackupWrong,
    CannotBackUp,
    CannotDump,
    CannotRestore,
    CannotUpgrade,
)


def main() -> None:
    """What `chargekey` on the command line runs. What an operator can mend ends it with one line."""
    house = House(
        serve=lambda: _serve(read_settings()),
        web=lambda: _serve(_real(read_settings()), Part.PAGES),
        worker=lambda: _work(_real(read_settings())),
        serve_demo=_serve_demo,
        make_key=lambda all_again: asyncio.run(_make_key(read_settings(), all_pair_again=all_again)),
        key_path=lambda: read_settings().command_key,
        register=lambda: asyncio.run(_register(read_settings())),
        check=lambda: asyncio.run(_check(read_settings())),
        sign_in_link=lambda address: asyncio.run(_sign_in_link(read_settings(), address)),
        replay=lambda night: asyncio.run(_replay(read_settings(), night)),
        setting_up=_setting_up(),
        copies=Copies(
            back_up=lambda to, keep: asyncio.run(copying.back_up(read_settings(), to, keep)),
            restore=lambda backup, replace: copying.restore(backup, replace=replace),
            upgrade=lambda: asyncio.run(copying.upgrade(read_settings())),
        ),
        keeping=Keeping(
            move=lambda to: asyncio.run(move(read_settings().database, to)),
            rotate=lambda: asyncio.run(_rotate(read_settings())),
            drop_old=lambda: asyncio.run(_drop_old(read_settings())),
            restored=lambda without_ring: asyncio.run(_restored(read_settings(), without_ring=without_ring)),
            doctor=lambda: asyncio.run(_doctor(read_settings())),
            again=lambda work, key: asyncio.run(_again(read_settings(), work, key)),
        ),
    )
    try:
        commands.build(house)()
    except OPERATORS_TO_MEND as wrong:
        raise SystemExit(f"chargekey: {wrong}") from wrong


def _setting_up() -> SettingUp:
    """Each step reads the settings anew: the file changes in between."""
    return SettingUp(
        in_file=env_file.in_file,
        in_environment=env_file.in_environment,
        may_ask=sys.stdin.isatty,
        keep=_keep,
        at_tesla=_at_tesla,
        make_key=lambda: asyncio.run(_make_key(read_settings(), all_pair_again=False)),
        key_path=lambda: read_settings().command_key,
        key_file=lambda: asyncio.run(_key_file(read_settings())),
        register=lambda: asyncio.run(_register(read_settings())),
        check=lambda: asyncio.run(_side(read_settings())),
        key_answered=_key_answered,
        clock=SystemClock(),
        mendable=OPERATORS_TO_MEND,
    )


def _key_answered() -> KeyAnswered:
    settings = read_settings()
    return KeyAnswered(load_command_key(settings.command_key).public_pem, settings.bind, settings.port)


def _keep(values: Mapping[str, str]) -> Path:
    """Raises `SettingsWrong` before anything is written."""
    settings = read_settings(values)
    path, before = (
        settings.command_key,
        Path(env_file.in_file().get("data_dir") or Settings.model_fields["data_dir"].default),
    )
    if (before / path.name).exists() and not path.exists():
        raise SettingsWrong(f"the command key lies in {before}: move the whole folder to {settings.data_dir} first")
    if values:
        env_file.write(ENV_FILE, values)
    return ENV_FILE.absolute()


def _at_tesla(domain: str, base_url: str) -> AtTesla:
    settings = Settings.model_construct(domain=domain, base_url=base_url)  # before all of them are known
    origins = tuple(dict.fromkeys((f"https://{urlsplit(base_url).netloc}", settings.domain_url)))
    return AtTesla(origins, settings.callback_url, settings.domain_url + key_file.PATH)


def _serve_demo(values: Mapping[str, str]) -> None:
    settings = read_settings(values)
    asyncio.run(_make_key(settings, all_pair_again=False))
    _serve(settings)


def _serve(settings: Settings, part: Part = Part.BOTH) -> None:
    set_up(settings.log_format)
    home = compose(settings, part)
    with told_to_stop():
        asyncio.run(serve(home))


def _work(settings: Settings) -> None:
    set_up(settings.log_format)
    asyncio.run(work(compose(settings, Part.WORKER)))


def _real(settings: Settings) -> Settings:
    """Not the demo's: its clock is turned within one process."""
    if settings.demo:
        raise SettingsWrong("the demo is one process, with pages and worker: chargekey demo")
    return settings


async def _make_key(settings: Settings, *, all_pair_again: bool) -> bool:
    """False: there is one, and it stays. Raises `CommandKeyLost` where a database knows cars."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.command_key
    if not path.exists() and not all_pair_again:
        async with _database(settings) as engine:
            if cars := await cars_known(engine):
                raise CommandKeyLost(path, cars)
    return make_command_key(path)


async def _register(settings: Settings) -> list[RegionChecked]:
    async with _for_a_moment(settings) as home:
        await home.prepare()
        return list((await home.journeys.check_operator.register()).values())


async def _key_file(settings: Settings) -> KeyFile:
    async with _for_a_moment(settings) as home:
        await home.prepare()
        return await home.journeys.check_operator.key_file()


async def _check(settings: Settings) -> tuple[list[str], bool]:
    side = await _side(settings)
    return printed(Words(PLACES[0], settings.zone), side.lines), side.is_right


async def _side(settings: Settings) -> OurSide:
    async with _for_a_moment(settings) as home:
        await home.prepare()
        return await home.journeys.check_operator.look(anew=True)


async def _sign_in_link(settings: Settings, address: str) -> str:
    set_up(settings.log_format)
    async with _for_a_moment(settings) as home:
        await home.prepare()
        link = await home.journeys.sign_in.make_link(address)
    structlog.get_logger().info("sign_in_link_made")  # for whom is nobody's who reads logs
    return link


async def _replay(settings: Settings, night: int) -> Replayed:
    async with _database(settings) as engine:
        return await ReplayNight(KeptStore(engine), clock_of(settings)).replay(night)


async def _restored(settings: Settings, *, without_ring: bool) -> Restored:
    async with _for_a_moment(settings) as home:
        if home.engine.dialect.name == "sqlite" and not home.alone.is_so():
            raise StillServing("Chargekey is running on this database: stop it, then run this, then start it")
        await migrate(home.engine)
        if without_ring:
            await go_on_without(home.engine, settings.key_ring)
        await home.prepare()
        return await home.journeys.come_back.look()


async def _doctor(settings: Settings) -> tuple[list[str], bool]:
    async with _database(settings) as engine:
        home = await LookAfterHome(upkeep_of(settings, engine), clock_of(settings)).examine()
    said = upkeep_words.found(Words(PLACES[0], settings.zone), home)
    return upkeep_words.printed(said), not any(one.is_bad for one in said)


async def _again(settings: Settings, work: Work, key: int) -> bool:
    async with _database(settings) as engine:
        return await LookAfterHome(upkeep_of(settings, engine), clock_of(settings)).again(work, key)


async def _rotate(settings: Settings) -> Rotated:
    async with _database(settings) as engine:
        return await rotate(engine, settings.key_ring)


async def _drop_old(settings: Settings) -> Sequence[int]:
    async with _database(settings) as engine:
        return await drop_old(engine, settings.key_ring, SystemClock().now())


@contextlib.asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(settings.database)
    try:
        yield engine
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def _for_a_moment(settings: Settings) -> AsyncIterator[Home]:
    home = compose(settings)
    try:
        yield home
    finally:
        await home.close()
