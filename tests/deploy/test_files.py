"""The files in `deploy` name commands, settings and paths that there are, and pass the programs that read them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from chargekey.entrypoints.web.limits import LARGEST_BODY, LARGEST_HEAD
from tests.architecture.tree import ROOT
from tests.deploy.files import DEPLOY, INSTALLED, PROGRAM, SERVICES, compose, exec_start, is_command, is_setting, unit

CADDYS: Final = {"CHARGEKEY_SITE", "CHARGEKEY_AT"}
"""What Caddy alone is told."""
SANDBOX: Final = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "User": "chargekey",
}
MOST_EXPOSED: Final = 15
"""Of 100, by `systemd-analyze security`; it calls everything below 50 well kept. Measured: 14."""


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_starts_a_command_that_there_is_as_an_ordinary_user_in_a_sandbox(name: str) -> None:
    told = unit(name)
    program, *words = exec_start(name)
    assert program == PROGRAM
    assert is_command(words), words
    assert {key: told[key] for key in SANDBOX} == {key: [value] for key, value in SANDBOX.items()}
    assert told["WorkingDirectory"] == [f"/var/lib/{told['StateDirectory'][0]}"]
    assert all(is_setting(one.partition("=")[0]) for one in told.get("Environment", []))


def test_every_timer_has_its_service() -> None:
    timers = sorted(path.stem for path in (DEPLOY / "systemd").glob("*.timer"))
    assert timers
    assert {f"{stem}.service" for stem in timers} <= set(SERVICES)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here: units are not verified")
def test_systemd_takes_the_units_and_finds_little_exposed(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace(INSTALLED, str(ROOT)))
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    verified = said("systemd-analyze", "verify", "--man=no", *units)
    assert verified == (0, "")
    for service in (one for one in units if one.endswith(".service")):
        ended, table = said("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", service)
        assert ended == 0, table


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy here: the Caddyfile is not validated")
def test_caddy_takes_the_caddyfile() -> None:
    file = str(DEPLOY / "Caddyfile")
    ended, text = said("caddy", "validate", "--adapter", "caddyfile", "--config", file)
    assert ended == 0, text
    assert "Valid configuration" in text
    assert said("caddy", "fmt", file)[1].strip() == Path(file).read_text(encoding="utf-8").strip()


def test_the_caddyfile_lets_through_what_we_take_and_holds_nothing_back() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert f"max_size {LARGEST_BODY // 1024}KB" in text
    assert f"max_header_size {LARGEST_HEAD // 1024}KB" in text
    assert "flush_interval -1" in text  # what an open page hears goes out at once
    assert "not path */live" in text
    served = (ROOT / "src/chargekey/entrypoints/web").glob("routes_*.py")
    lives = [path for one in served for path in re.findall(r'serve\(\s*router, f?"([^"]+)"', one.read_text("utf-8"))]
    assert len(lives) > 5
    assert all(path.endswith("/live") for path in lives)
    assert set(re.findall(r"\{\$(\w+)", text)) == CADDYS


def test_the_compose_file_names_commands_settings_and_files_that_there_are() -> None:
    services = compose()["services"]
    ours = {name: one for name, one in services.items() if one.get("image") == "chargekey"}
    assert ours.keys() == {"web", "worker"}
    for one in ours.values():
        assert is_command(one["command"])
        assert all(map(is_setting, one["environment"]))
        assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).is_file()
    assert services["caddy"]["environment"].keys() == CADDYS
    mounted = [one.partition(":")[0] for service in services.values() for one in service.get("volumes", [])]
    files = {one for one in mounted if one.startswith("./")} - {"./telemetry-certificate"}
    assert all((DEPLOY / one).is_file() for one in files)
    assert {one for one in mounted if not one.startswith("./")} == compose()["volumes"].keys()
    assert services["telemetry"]["profiles"] == ["telemetry"]
    assert compose()["networks"]["inside"]["ipam"]["config"] == [
        {"subnet": ours["web"]["environment"]["CHARGEKEY_TRUSTED_PROXIES"]}
    ]


def test_the_container_file_copies_what_there_is_and_starts_what_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [line.split()[1] for line in text.splitlines() if line.startswith("COPY ")]
    assert all((ROOT / one).exists() for one in copied)
    let_in = [one[1:] for one in (DEPLOY / "Containerfile.dockerignore").read_text().split() if one.startswith("!")]
    assert sorted(let_in) == sorted(copied)
    assert f'ENTRYPOINT ["{PROGRAM}"]' in text
    (command,) = re.findall(r"^CMD (.*)$", text, re.MULTILINE)
    assert is_command(json.loads(command))
    assert all(map(is_setting, re.findall(r"^ENV (\w+)=", text, re.MULTILINE)))
    assert "USER 10001" in text


def test_no_file_names_a_registry_and_telemetry_is_what_its_server_reads() -> None:
    for path in (one for one in DEPLOY.rglob("*") if one.is_file()):
        addresses = re.findall(r"\w+://\S+", path.read_text(encoding="utf-8"))
        assert [one for one in addresses if not one.startswith(("postgresql://", "tcp://"))] == [], path
    told = json.loads((DEPLOY / "fleet-telemetry.json").read_text())
    assert told["records"].keys() == {"V", "alerts", "errors", "connectivity"}
    assert f"{told['port']}:{told['port']}" in compose()["services"]["telemetry"]["ports"]


def test_the_checkers_can_fail() -> None:
    assert not is_command(["serves"])
    assert not is_command(["backup", "--kept", "3"])
    assert not is_setting("CHARGEKEY_PROT")


def said(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout
