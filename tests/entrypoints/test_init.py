"""`chargekey init` as it is typed: what it asks, what it writes, what it leaves alone, and when it registers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import Result

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.setting_up.questions import WillNotDo
from chargekey.env_file import in_file
from chargekey.journeys.check_operator import RegionChecked
from tests.entrypoints.desk import ENVIRONMENT, SECRET, Desk

NOWHERE = "http://127.0.0.1:9"
WITHOUT_MAIL = "--domain charge.example.org --client-id our-app --operator Kim@home.example --no-mail"
TYPED = f"charge.example.org\nour-app\n{SECRET}\n\nkim@home.example\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def refusal(result: Result) -> str:
    """The one line that it ends with."""
    assert isinstance(result.exception, WillNotDo), result.output
    line = str(result.exception)
    assert "\n" not in line
    assert SECRET not in line
    return line


def test_it_asks_for_what_it_needs_and_no_more(desk: Desk) -> None:
    desk.environment = {}
    ended = desk.types("", TYPED + "mail.example.org\n\n\nkim\nmail-secret\n")
    assert ended.exit_code == 0, ended.output
    assert in_file(desk.file) == {
        "domain": "charge.example.org",
        "base_url": "https://charge.example.org",
        "tesla_client_id": "our-app",
        "tesla_client_secret": SECRET,
        "operator_name": "Chargekey",
        "operators": "kim@home.example",
        "smtp_host": "mail.example.org",
        "smtp_port": "587",
        "mail_from": "",
        "smtp_user": "kim",
        "smtp_password": "mail-secret",
    }
    assert SECRET not in ended.output
    assert "mail-secret" not in ended.output
    assert desk.file.stat().st_mode & 0o777 == 0o600


def test_it_ends_with_the_address_to_open_and_without_mail_with_the_way_in(desk: Desk) -> None:
    ended = desk.types(WITHOUT_MAIL)
    assert ended.exit_code == 0, ended.output
    said = ended.output.splitlines()
    assert said[-2] == "Open https://charge.example.org and connect your own car first."
    assert said[-1].endswith("chargekey sign-in-link kim@home.example")
    assert desk.happened == ["registered"]


def test_what_the_portal_needs_is_said_before_its_id_is_asked_for(desk: Desk) -> None:
    ended = desk.types("--no-mail", TYPED)
    assert ended.output.index("Redirect URI         https://charge.example.org/back") < ended.output.index("Client id")


def test_run_again_it_changes_nothing_and_says_so(desk: Desk) -> None:
    desk.types(WITHOUT_MAIL)
    before = desk.file.read_bytes()
    again = desk.types("")
    assert again.exit_code == 0, again.output
    assert desk.file.read_bytes() == before
    assert "Left alone: the command key" in again.output
    assert "Left alone: CHARGEKEY_TESLA_CLIENT_ID=our-app" in again.output
    assert "Left alone: CHARGEKEY_TESLA_CLIENT_SECRET=(not shown)" in again.output
    assert "Set:" not in again.output
    assert "Changed:" not in again.output
    assert "started anew" not in again.output


def test_it_changes_what_it_is_asked_to_and_only_that(desk: Desk) -> None:
    desk.types(WITHOUT_MAIL)
    before = in_file(desk.file)
    ended = desk.types("--operator-name Nordlicht")
    assert "Changed: CHARGEKEY_OPERATOR_NAME=Nordlicht (it was Chargekey)" in ended.output
    assert "started anew: do that now" in ended.output
    assert in_file(desk.file) == {**before, "operator_name": "Nordlicht"}
    desk.environment = {"tesla_client_secret": "another"}
    assert "another" not in desk.types("").output
    assert in_file(desk.file)["tesla_client_secret"] == "another"


def test_all_that_is_missing_is_named_at_once_and_nothing_is_written(desk: Desk) -> None:
    desk.environment = {}
    assert refusal(desk.types("--yes --domain charge.example.org")) == (
        "missing: --client-id, CHARGEKEY_TESLA_CLIENT_SECRET in the environment or --secret-from-stdin, --operator, "
        "--smtp-host or --no-mail"
    )
    assert not desk.file.exists()
    assert desk.keys_made == 0


def test_the_secret_may_come_on_standard_input(desk: Desk) -> None:
    desk.environment = {}
    ended = desk.types(f"{WITHOUT_MAIL} --secret-from-stdin", f"{SECRET}\n")
    assert ended.exit_code == 0, ended.output
    assert in_file(desk.file)["tesla_client_secret"] == SECRET


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--domain https://charge.example.org", "--domain: the domain is one of the Internet"),
        ("--domain Charge.example.org", "--domain: the domain is one of the Internet"),
        ("--domain localhost", "--domain: the domain is one of the Internet"),
        ("--domain my-tesla.example.org", "--domain: Tesla takes no domain with “tesla” in it"),
        ("--base-url http://charge.example.org", "--base-url: the address begins with https://"),
        ("--operator kim", "--operator: this does not look like a mail address: kim"),
        ("--port 70000", "--port: a port is a number from 1 to 65535"),
    ],
)
def test_a_wrong_answer_ends_it_with_one_line(desk: Desk, option: str, says: str) -> None:
    assert refusal(desk.types(f"{WITHOUT_MAIL} {option}")).startswith(says)
    assert not desk.file.exists()


def test_a_wrong_answer_at_the_keyboard_is_asked_for_once_more(desk: Desk) -> None:
    ended = desk.types("--no-mail", "localhost\n" + TYPED.replace(f"{SECRET}\n", ""))
    assert ended.exit_code == 0, ended.output
    assert "the domain is one of the Internet" in ended.output


def test_what_the_environment_outranks_is_not_written_in_vain(desk: Desk) -> None:
    desk.environment = {**ENVIRONMENT, "domain": "other.example.org"}
    assert "CHARGEKEY_DOMAIN is another in the environment" in refusal(desk.types(WITHOUT_MAIL))


@pytest.mark.parametrize("found", [one for one in KeyFile if one is not KeyFile.RIGHT])
def test_it_does_not_register_before_the_key_can_be_fetched(desk: Desk, found: KeyFile) -> None:
    desk.key_file = found
    ended = desk.types(WITHOUT_MAIL)
    assert ended.exit_code == 1
    assert desk.happened == []
    assert "https://charge.example.org/key.pem" in ended.output
    assert "run chargekey init again: it goes on from here." in ended.output

    # ── the server is up ─────────────────────────────────────────
    desk.key_file = KeyFile.RIGHT
    assert desk.types("").exit_code == 0
    assert desk.happened == ["registered"]


def test_what_is_not_right_at_the_end_is_no_end(desk: Desk) -> None:
    desk.regions = (RegionChecked("eu", False, "NotRegistered: Root domain must match"),)
    desk.is_right = False
    ended = desk.types(WITHOUT_MAIL)
    assert ended.exit_code == 1
    assert "Not registered, Europe: Root domain must match" in ended.output
    assert "Wrong: Disk." in ended.output
    assert "Open https" not in ended.output


# ── as a process: what only the real house does ──────────────────────


def in_a_shell(folder: Path, words: str) -> tuple[int, str]:
    """The command itself, in a folder, where nobody sits; nothing listens for it anywhere."""
    done = subprocess.run(
        [sys.executable, "-c", "from chargekey.app import main; main()", "init", *words.split()],
        cwd=folder,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "CHARGEKEY_TESLA_CLIENT_SECRET": "x", "HTTPS_PROXY": NOWHERE},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.long
def test_a_folder_is_not_left_behind_with_the_key_in_it(tmp_path: Path) -> None:
    ended, said = in_a_shell(tmp_path, WITHOUT_MAIL)
    assert (ended, "Made the command key: data/command-key.pem" in said) == (1, True), said
    key, env = (tmp_path / "data" / "command-key.pem").read_bytes(), (tmp_path / ".env").read_bytes()

    # ── another folder, in which there is none ───────────────────
    ended, said = in_a_shell(tmp_path, "--data-dir kept")
    assert ended == 1
    assert said.splitlines()[-1] == "chargekey: the command key lies in data: move the whole folder to kept first"
    assert (tmp_path / ".env").read_bytes() == env

    # ── moved there first ────────────────────────────────────────
    (tmp_path / "data").rename(tmp_path / "kept")
    ended, said = in_a_shell(tmp_path, "--data-dir kept")
    assert "Set: CHARGEKEY_DATA_DIR=kept" in said
    assert "Left alone: the command key, kept/command-key.pem." in said
    assert (tmp_path / "kept" / "command-key.pem").read_bytes() == key
