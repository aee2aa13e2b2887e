"""Secrets at rest: opened only where they were sealed, under a key of the ring."""

import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.adapters.store.ring_file import KeptRing, KeyRingUnreadable, make_ring
from chargekey.adapters.store.sealing import KeyRing, SealBroken
from chargekey.domain.secret import Secret

OLD, NEW = bytes(32), bytes(range(32))
RING: Final = KeyRing({1: OLD})
PLACE: Final = "token.refresh:7"
TOKEN: Final = Secret("EU_the-whole-refresh-token")


@given(st.text(), st.text())
def test_what_was_sealed_opens_in_its_place(text: str, place: str) -> None:
    assert RING.open(RING.seal(Secret(text), place), place) == Secret(text)


def test_a_sealed_value_shows_nothing_and_is_never_twice_the_same() -> None:
    first, second = RING.seal(TOKEN, PLACE), RING.seal(TOKEN, PLACE)
    assert b"refresh" not in first
    assert first != second


@pytest.mark.parametrize("place", ["token.refresh:8", "token.access:7", "other.refresh:7", ""])
def test_moved_to_another_row_column_or_table_it_does_not_open(place: str) -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal(TOKEN, PLACE), place)


def test_a_bit_flipped_anywhere_is_noticed() -> None:
    sealed = RING.seal(TOKEN, PLACE)
    for nth in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[nth] ^= 1
        with pytest.raises(SealBroken):
            RING.open(bytes(flipped), PLACE)


def test_a_value_cut_short_anywhere_does_not_open() -> None:
    sealed = RING.seal(TOKEN, PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            RING.open(sealed[:length], PLACE)


def test_the_newest_key_seals_and_every_key_opens() -> None:
    both = KeyRing({1: OLD, 2: NEW})
    before = RING.seal(TOKEN, PLACE)
    assert both.open(before, PLACE) == TOKEN
    after = both.seal(TOKEN, PLACE)
    assert KeyRing({2: NEW}).open(after, PLACE) == TOKEN
    with pytest.raises(SealBroken):
        RING.open(after, PLACE)
    with pytest.raises(SealBroken):
        KeyRing({2: NEW}).open(before, PLACE)


def test_another_key_of_the_same_number_does_not_open() -> None:
    with pytest.raises(SealBroken):
        KeyRing({1: NEW}).open(RING.seal(TOKEN, PLACE), PLACE)


def test_a_broken_seal_tells_the_place_and_not_the_secret() -> None:
    with pytest.raises(SealBroken, match=r"token\.access:7") as broken:
        RING.open(RING.seal(TOKEN, PLACE), "token.access:7")
    assert TOKEN.reveal() not in str(broken.value)


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


def test_a_ring_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    make_ring(path)
    sealed = KeptRing(path).seal(TOKEN, PLACE)
    assert path.stat().st_mode & 0o777 == 0o600
    make_ring(path)
    assert KeptRing(path).open(sealed, PLACE) == TOKEN


def test_of_many_who_make_one_at_once_all_have_the_same(tmp_path: Path) -> None:
    """Threads have one process number, as two containers have that share a folder."""
    path, begin = tmp_path / "ring.json", threading.Barrier(8)

    def makes(_: int) -> bytes:
        begin.wait()
        make_ring(path)
        return path.read_bytes()

    with ThreadPoolExecutor(8) as people:
        assert len(set(people.map(makes, range(8)))) == 1
    assert [left.name for left in tmp_path.iterdir()] == ["ring.json"]


def test_two_rings_have_two_keys(tmp_path: Path) -> None:
    for name in ("one", "other"):
        make_ring(tmp_path / name)
    sealed = KeptRing(tmp_path / "one").seal(TOKEN, PLACE)
    with pytest.raises(SealBroken):
        KeptRing(tmp_path / "other").open(sealed, PLACE)


def test_what_asks_a_ring_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(KeyRingUnreadable, match="no key ring"):
        KeptRing(tmp_path / "ring.json").seal(TOKEN, PLACE)
    assert list(tmp_path.iterdir()) == []


KEY: Final = b64encode(NEW).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "not json",
        f'{{"one": "{KEY}"}}',
        f'{{"0": "{KEY}"}}',
        f'{{"256": "{KEY}"}}',
        '{"1": "dG9vIHNob3J0"}',
        '{"1": "€"}',
        '{"1": 5}',
        '{"1": null}',
    ],
)
def test_a_file_that_is_no_ring_is_said_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ring.json"
    path.write_text(text)
    with pytest.raises(KeyRingUnreadable, match=r"ring\.json"):
        KeptRing(path).keys()
    assert path.read_text() == text


def test_a_fingerprint_knows_the_same_text_again_and_only_with_its_key_and_place() -> None:
    mark = RING.fingerprint("203.0.113.0/24", PLACE)
    assert mark == RING.fingerprint("203.0.113.0/24", PLACE)
    assert len(mark) == 64
    others = [RING.fingerprint("203.0.114.0/24", PLACE), RING.fingerprint("203.0.113.0/24", "another.place")]
    assert mark not in [*others, KeyRing({1: NEW}).fingerprint("203.0.113.0/24", PLACE)]
