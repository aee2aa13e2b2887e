"""Settings from outside: complete, right, or one clear line that says what is not."""

from pathlib import Path
from typing import Final

import pytest

from chargekey.env_file import in_file
from chargekey.ports.notify import MailPrivacy
from chargekey.settings import Settings, SettingsWrong, read_settings
from chargekey.telemetry_sources import broker_of

NAMES: Final = [f"CHARGEKEY_{name.upper()}" for name in Settings.model_fields]
REAL: Final = {
    "TESLA_CLIENT_ID": "our-app",
    "TESLA_CLIENT_SECRET": "hunter2",
    "SMTP_HOST": "mail.example.org",
    "BASE_URL": "https://charge.example.org",
}
DEMO: Final = {
    "DEMO": "true",
    "BASE_URL": "http://localhost:8700",
    "TESLA_AUTH_URL": "http://localhost:8710",
    "TESLA_TOKEN_URL": "http://localhost:8710",
    "TESLA_FLEET_API_NA": "http://localhost:8710/na",
    "TESLA_FLEET_API_EU": "http://127.0.0.1:8710/eu",
    "TESLA_PAIRING_URL": "http://[::1]:8710/_ak",
}


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No environment but the test's own, and no `.env` in sight."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, *given: dict[str, str], **more: str) -> Settings:
    for values in (*given, more):
        for name, value in values.items():
            monkeypatch.setenv(f"CHARGEKEY_{name}", value)
    return read_settings()


def complaint(monkeypatch: pytest.MonkeyPatch, *given: dict[str, str], **more: str) -> str:
    """The line that stops the start."""
    with pytest.raises(SettingsWrong) as wrong:
        read(monkeypatch, *given, **more)
    line = str(wrong.value)
    assert "\n" not in line
    assert "hunter2" not in line
    return line


def test_four_settings_are_enough_for_real_use(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, REAL)
    assert settings.demo is False
    assert settings.key_domain == "charge.example.org"
    assert settings.callback_url == "https://charge.example.org/connect/callback"
    assert settings.bind == "127.0.0.1"
    assert set(settings.tesla_regions) == {"eu", "na"}


@pytest.mark.parametrize("name", ["TESLA_CLIENT_ID", "TESLA_CLIENT_SECRET", "SMTP_HOST"])
def test_a_missing_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    line = complaint(monkeypatch, {**REAL, name: ""})
    assert line.startswith(f"missing: CHARGEKEY_{name} ")


def test_without_mail_somebody_must_be_there_who_hands_out_links(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, {**REAL, "SMTP_HOST": ""}, OPERATORS="me@home.example")
    assert not settings.sends_mail
    assert read(monkeypatch, SMTP_HOST="mail.example.org").sends_mail


@pytest.mark.parametrize(
    ("host", "port", "said", "privacy"),
    [
        ("mail.example.org", "587", "", MailPrivacy.STARTTLS),
        ("mail.example.org", "465", "", MailPrivacy.TLS),
        ("localhost", "25", "", MailPrivacy.NONE),
        ("127.0.0.1", "465", "", MailPrivacy.TLS),
        ("10.0.0.7", "25", "", MailPrivacy.STARTTLS),
        ("10.0.0.7", "25", "none", MailPrivacy.NONE),
        ("mail.example.org", "2465", "tls", MailPrivacy.TLS),
    ],
)
def test_mail_is_private_unless_the_server_is_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str, port: str, said: str, privacy: MailPrivacy
) -> None:
    settings = read(monkeypatch, {**REAL, "SMTP_HOST": host, "SMTP_PORT": port, "SMTP_TLS": said})
    assert settings.mail_privacy is privacy


def test_all_that_is_missing_is_named_at_once_with_the_way_to_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaint(monkeypatch) == (
        "missing: CHARGEKEY_TESLA_CLIENT_ID, CHARGEKEY_TESLA_CLIENT_SECRET, CHARGEKEY_SMTP_HOST"
        " (or CHARGEKEY_OPERATORS, who then hand out sign-in links) (or start the demo with CHARGEKEY_DEMO=true)"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "many"),
        ("SMTP_PORT", "-1"),
        ("LOG_FORMAT", "xml"),
        ("DEMO", "perhaps"),
        ("OPERATOR_NAME", ""),
        ("OPERATOR_NAME", "x" * 61),
        ("BASE_URL", "charge.example.org"),
        ("BASE_URL", "ftp://charge.example.org"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://charge.example.org/?a=b"),
        ("BASE_URL", "https://charge.example.org/#top"),
        ("TESLA_AUTH_URL", "auth.tesla.com"),
        ("TESLA_PAIRING_URL", "javascript:alert(1)"),
    ],
)
def test_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert complaint(monkeypatch, REAL, {name: value}).startswith(f"CHARGEKEY_{name}: ")


def test_outside_the_demo_everything_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "must be https" in complaint(monkeypatch, REAL, BASE_URL="http://charge.example.org")


def test_a_slash_at_the_end_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, REAL, BASE_URL="https://charge.example.org/").base_url == "https://charge.example.org"


# ── the demo's walls ─────────────────────────────────────────────────────────────────────────────


def test_the_demo_needs_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, DEMO).demo is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://charge.example.org"),
        ("BASE_URL", "http://192.168.1.7:8700"),
        ("BASE_URL", "http://localhost.example.org"),
        ("TESLA_AUTH_URL", "https://auth.tesla.com"),
        ("TESLA_TOKEN_URL", "https://fleet-auth.prd.vn.cloud.tesla.com"),
        ("TESLA_FLEET_API_NA", "https://fleet-api.prd.na.vn.cloud.tesla.com"),
        ("TESLA_FLEET_API_EU", "http://127.0.0.1.example.org"),
        ("TESLA_PAIRING_URL", "https://tesla.com/_ak"),
    ],
)
def test_the_demo_meets_nobody_outside_of_this_machine(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    line = complaint(monkeypatch, DEMO, {name: value})
    assert line == f"the demo stays on this machine, but CHARGEKEY_{name} is {value}"


@pytest.mark.parametrize("name", [name for name in DEMO if name.startswith("TESLA")])
def test_a_demo_that_was_not_told_where_its_tesla_is_does_not_ask_the_real_one(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    left = {key: value for key, value in DEMO.items() if key != name}
    assert f"CHARGEKEY_{name}" in complaint(monkeypatch, left)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])  # noqa: S104  refused below
def test_the_demo_listens_on_loopback_alone(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert "CHARGEKEY_BIND" in complaint(monkeypatch, DEMO, BIND=address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_every_loopback_will_do(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert read(monkeypatch, DEMO, BIND=address).bind == address


PHONE: Final = {
    "BASE_URL": "https://192.168.1.7:8700",
    "TESLA_AUTH_URL": "https://192.168.1.7:8710/auth",
    "TESLA_PAIRING_URL": "https://192.168.1.7:8710/_ak",
}
"""What a phone in the same network opens. All else that the demo is told stays on this machine."""


def test_a_phones_pages_may_be_in_its_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, DEMO, PHONE, PHONE_HOST="192.168.1.7").base_url == PHONE["BASE_URL"]
    by_name = {name: url.replace("192.168.1.7", "my-machine.local") for name, url in PHONE.items()}
    assert read(monkeypatch, DEMO, by_name, PHONE_HOST="my-machine.local").base_url == by_name["BASE_URL"]


@pytest.mark.parametrize("name", list(PHONE))
def test_another_machine_of_the_network_is_not_meant(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    line = complaint(monkeypatch, DEMO, PHONE, {name: "https://192.168.1.8:8700"}, PHONE_HOST="192.168.1.7")
    assert f"CHARGEKEY_{name} is https://192.168.1.8:8700" in line


@pytest.mark.parametrize(
    "name", ["TESLA_TOKEN_URL", "TESLA_FLEET_API_NA", "TESLA_FLEET_API_EU", "INTERNET_URL", "BIND"]
)
def test_what_the_demo_itself_asks_stays_here_with_a_phone_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    elsewhere = "192.168.1.7" if name == "BIND" else "https://192.168.1.7:8710"
    assert f"CHARGEKEY_{name}" in complaint(monkeypatch, DEMO, PHONE, {name: elsewhere}, PHONE_HOST="192.168.1.7")


@pytest.mark.parametrize("host", ["203.0.113.7", "100.64.0.7", "0.0.0.0", "example.org", "My.local", "a.b.local"])  # noqa: S104  refused below
def test_a_phone_is_let_in_from_ones_own_network_alone(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert complaint(monkeypatch, DEMO, PHONE_HOST=host).startswith("CHARGEKEY_PHONE_HOST: ")


def test_a_real_home_lets_no_phone_in_by_its_network(monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaint(monkeypatch, REAL, PHONE_HOST="192.168.1.7") == "CHARGEKEY_PHONE_HOST is for the demo alone"


def test_the_stage_is_for_the_demo_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CHARGEKEY_STAGE_URL" in complaint(monkeypatch, REAL, STAGE_URL="http://localhost:8710/stage")


# ── where things are ─────────────────────────────────────────────────────────────────────────────


def test_the_database_lies_in_the_data_folder_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = read(monkeypatch, REAL, DATA_DIR=str(tmp_path / "kept"))
    assert settings.database == f"sqlite:///{tmp_path}/kept/chargekey.db"
    named = read(monkeypatch, DATABASE_URL="postgresql://localhost/chargekey")
    assert named.database == "postgresql://localhost/chargekey"


def test_the_keys_domain_may_be_another_than_the_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, REAL, DOMAIN="keys.example.org").key_domain == "keys.example.org"


def test_a_file_says_what_the_environment_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHARGEKEY_PORT=9000\nCHARGEKEY_BIND=127.0.0.2\nSOMEBODY_ELSES=7\n")
    settings = read(monkeypatch, REAL, PORT="9001")
    assert (settings.port, settings.bind) == (9001, "127.0.0.2")


def test_a_file_that_cannot_be_read_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"CHARGEKEY_OPERATOR_NAME=Gr\xfcn\n")
    assert complaint(monkeypatch, REAL) == ".env cannot be read: it is not written in UTF-8"
    with pytest.raises(SettingsWrong, match="cannot be read: it is not written in UTF-8"):
        in_file(tmp_path / ".env")


def test_every_setting_has_a_sentence() -> None:
    said = {name: field.description or "" for name, field in Settings.model_fields.items()}
    assert [name for name, text in said.items() if not text.endswith(".") or len(text) < 12] == []


def test_settings_print_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, REAL, SMTP_PASSWORD="hunter2")
    assert "hunter2" not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


def test_only_proxies_that_are_named_say_from_where_a_driver_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, REAL).proxies == ["127.0.0.1/32", "::1/128"]
    named = read(monkeypatch, REAL, TRUSTED_PROXIES="10.0.0.7, 172.18.0.9/16,")
    assert named.proxies == ["10.0.0.7/32", "172.18.0.0/16"]
    assert read(monkeypatch, REAL, TRUSTED_PROXIES="").proxies == []


@pytest.mark.parametrize("everybody", ["*", "0.0.0.0/0", "::/0", "proxy.example"])
def test_not_everybody_is_a_proxy(monkeypatch: pytest.MonkeyPatch, everybody: str) -> None:
    assert "CHARGEKEY_TRUSTED_PROXIES" in complaint(monkeypatch, REAL, TRUSTED_PROXIES=everybody)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEMETRY_ZMQ", "localhost:5284"),
        ("TELEMETRY_ZMQ", "http://localhost:5284"),
        ("TELEMETRY_MQTT", "http://broker.example/telemetry"),
        ("TELEMETRY_MQTT", "mqtt://broker.example"),
        ("TELEMETRY_MQTT", "mqtt://pat:secret@broker.example/telemetry"),
        ("TELEMETRY_MQTT", "mqtt://broker.example/cars/+"),
        ("TELEMETRY_NAMESPACE", "two words"),
    ],
)
def test_a_stream_that_cannot_be_meant_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    said = complaint(monkeypatch, REAL, **{name: value})
    assert f"CHARGEKEY_{name}" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("mqtt://broker.example/telemetry", ("broker.example", 1883, "telemetry", False)),
        ("mqtt://[::1]:1884/a/b/", ("::1", 1884, "a/b", False)),
        ("mqtts://broker.example/telemetry", ("broker.example", 8883, "telemetry", True)),
    ],
)
def test_a_broker_is_where_it_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, url: str, broker: tuple[str, int, str, bool]
) -> None:
    set_so = read(monkeypatch, REAL, TELEMETRY_MQTT=url, TELEMETRY_MQTT_USER="pat", TELEMETRY_MQTT_PASSWORD="word")
    made = broker_of(set_so)
    assert (made.host, made.port, made.topic_base, made.tls) == broker
    assert (made.user, made.password.reveal()) == ("pat", "word")
    assert "word" not in repr(made).replace("password", "")


def test_cars_are_heard_one_way_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read(monkeypatch, REAL).hears_cars
    assert read(monkeypatch, REAL, TELEMETRY_ZMQ="tcp://127.0.0.1:5284").hears_cars
    assert "choose one" in complaint(monkeypatch, REAL, TELEMETRY_MQTT="mqtt://localhost/telemetry")


def test_the_demo_hears_cars_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, DEMO, TELEMETRY_ZMQ="ipc:///run/telemetry").hears_cars


@pytest.mark.parametrize(
    ("name", "value"), [("TELEMETRY_ZMQ", "tcp://cars.example:5284"), ("TELEMETRY_MQTT", "mqtt://cars.example/t")]
)
def test_the_demo_hears_no_other(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert f"the demo stays on this machine, but CHARGEKEY_{name}" in complaint(monkeypatch, DEMO, **{name: value})
