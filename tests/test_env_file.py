"""The `.env` file: what is set is read back as it was given, what else stands there stays, nobody else may read it."""

from pathlib import Path

import pytest

from chargekey.env_file import in_file, write
from chargekey.settings import SettingsWrong


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "",
        "with a space",
        "a#b",
        "quo'te\"s",
        r"back\slash\n",
        "$HOME",
        "ends with \\",
        " edges ",
        "ünï",
        "a=b",
        "`date`",
    ],
)
def test_every_value_comes_back_as_it_was_given(file: Path, value: str) -> None:
    write(file, {"tesla_client_secret": value, "port": "9000"})
    assert in_file(file) == {"tesla_client_secret": value, "port": "9000"}
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("value", ["two\nlines", "${HOME}"])
def test_what_such_a_file_bends_is_refused_or_kept_and_never_bent(file: Path, value: str) -> None:
    write(file, {"port": "9000"})
    before = file.read_bytes()
    try:
        write(file, {"operator_name": value})
    except SettingsWrong:
        assert file.read_bytes() == before
    else:
        assert in_file(file)["operator_name"] == value
    assert [one.name for one in file.parent.iterdir()] == [".env"]


def test_what_else_stands_there_stays_letter_by_letter(file: Path) -> None:
    file.write_text("# mine\nSOMEBODY_ELSES='7' # seven\nexport CHARGEKEY_PORT = 9000\n\nCHARGEKEY_BIND=127.0.0.2")
    file.chmod(0o644)
    write(file, {"port": "9001", "domain": "charge.example.org"})
    assert file.read_text() == (
        "# mine\nSOMEBODY_ELSES='7' # seven\nCHARGEKEY_PORT=9001\n\nCHARGEKEY_BIND=127.0.0.2\n"
        "CHARGEKEY_DOMAIN=charge.example.org\n"
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "kept" / "env"
    real.parent.mkdir()
    real.write_text("CHARGEKEY_PORT=9000\n")
    file.symlink_to(real)
    write(file, {"port": "9001"})
    assert file.is_symlink()
    assert real.read_text() == "CHARGEKEY_PORT=9001\n"


def test_a_folder_that_is_not_ours_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsWrong, match="cannot be written"):
        write(tmp_path / "file" / ".env", {"port": "1"})
