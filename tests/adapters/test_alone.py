"""Whether a process is the only one of its home: told by a lock that dies with it, and not while it is stopped."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from chargekey.adapters.store.alone import Alone

HOLDS_IT: Final = """
import sys
from pathlib import Path
from chargekey.adapters.store.alone import Alone
alone = Alone(Path(sys.argv[1]))
print(alone.is_so(), flush=True)
sys.stdin.read()
"""


def test_one_is_alone_until_he_lets_go(tmp_path: Path) -> None:
    first, second = Alone(tmp_path / "alone.lock"), Alone(tmp_path / "alone.lock")
    assert first.is_so()
    assert not second.is_so()
    first.let_go()
    assert second.is_so()


def test_a_stopped_process_still_counts_and_a_dead_one_does_not(tmp_path: Path) -> None:
    file = tmp_path / "alone.lock"
    command = [sys.executable, "-c", HOLDS_IT, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": ":".join(sys.path)}
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"True\n"
        other.send_signal(signal.SIGSTOP)
        assert not Alone(file).is_so()
        other.kill()
        other.wait()
        assert Alone(file).is_so()


def test_many_may_be_there_and_then_nobody_is_alone_whoever_ends_first(tmp_path: Path) -> None:
    first, second, third = (Alone(tmp_path / "alone.lock") for _ in range(3))
    assert first.is_so()
    assert not second.is_one_of_many()  # the first is alone
    assert first.is_one_of_many()  # and now gives that up
    assert second.is_one_of_many()
    first.let_go()
    assert not third.is_so()  # the second is still there
    second.let_go()
    assert third.is_so()
