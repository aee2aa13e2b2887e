"""Where cars are told to stream to: what Tesla and cars will take, or one clear line that says what is wrong."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chargekey.domain.streaming import StreamTo
from chargekey.telemetry_sources import stream_of
from tesla_simulator.telemetry.car_certificates import authority, certificate
from tests.test_settings import NAMES, REAL, complaint, read


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No environment but the test's own, and no `.env` in sight."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ca(tmp_path: Path) -> str:
    """A file with the certificate of whoever signs."""
    file = tmp_path / "ca.pem"
    file.write_text(certificate(authority("", datetime(2024, 11, 6, tzinfo=UTC))))
    return str(file)


def test_cars_are_told_where_to_stream_to(monkeypatch: pytest.MonkeyPatch, ca: str) -> None:
    heard = {"TELEMETRY_ZMQ": "tcp://127.0.0.1:5284"}
    assert stream_of(read(monkeypatch, REAL, heard)) is None
    to = stream_of(read(monkeypatch, REAL, heard, TELEMETRY_HOST="stream.charge.example.org", TELEMETRY_CA=ca))
    assert to == StreamTo("stream.charge.example.org", 443, Path(ca).read_text())
    beside = read(monkeypatch, REAL, heard, TELEMETRY_HOST="cars.example.org", TELEMETRY_CA=ca, TELEMETRY_PORT="4443")
    assert beside.telemetry_port == 4443


def test_cars_that_are_told_must_be_heard(monkeypatch: pytest.MonkeyPatch, ca: str) -> None:
    said = complaint(monkeypatch, REAL, TELEMETRY_HOST="stream.charge.example.org", TELEMETRY_CA=ca)
    assert "nothing says where Chargekey hears them" in said


@pytest.mark.parametrize(
    ("host", "complains"),
    [
        ("stream.elsewhere.example", "must end in example.org"),
        ("https://stream.charge.example.org", "CHARGEKEY_TELEMETRY_HOST: must be a name"),
        ("stream.charge.example.org:443", "CHARGEKEY_TELEMETRY_HOST: must be a name"),
        ("Stream.charge.example.org", "CHARGEKEY_TELEMETRY_HOST: must be a name"),
    ],
)
def test_a_host_that_tesla_would_refuse_is_named(
    monkeypatch: pytest.MonkeyPatch, ca: str, host: str, complains: str
) -> None:
    heard = {"TELEMETRY_ZMQ": "tcp://127.0.0.1:5284", "TELEMETRY_CA": ca}
    assert complains in complaint(monkeypatch, REAL, heard, TELEMETRY_HOST=host)


@pytest.mark.parametrize(
    ("ca_file", "complains"),
    [("", "needs CHARGEKEY_TELEMETRY_CA"), ("none.pem", "cannot be read"), ("other.pem", "must be a file of")],
)
def test_without_a_certificate_no_car_trusts_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ca_file: str, complains: str
) -> None:
    (tmp_path / "other.pem").write_text("no certificate")
    where = {"TELEMETRY_ZMQ": "tcp://127.0.0.1:5284", "TELEMETRY_HOST": "stream.charge.example.org"}
    assert complains in complaint(monkeypatch, REAL, where, TELEMETRY_CA=ca_file and str(tmp_path / ca_file))
