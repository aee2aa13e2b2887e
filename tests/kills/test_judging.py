"""The judge sees each kind of harm, and the ledger keeps it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.kills.judging import A_FEW_MINUTES_WH, PUT_OFF, Harm, Outcome, harm
from tests.kills.ledger import HARM, Ledger

SOON: Final = timedelta(minutes=5)
MUST: Final = Outcome(
    obeyed=Counter({"charge_start": 1, "wake": 1}),
    in_vain=0,
    unsettled=0,
    charging="Charging",
    drew_wh=1_000.0,
    waits_for={"tend_vehicle": [SOON], "send_notice": [SOON, 2 * SOON], "check_operator": [SOON]},
    overdue=(),
    tokens_refused=0,
    is_let_in=True,
    can_renew=True,
    rows={"night": 1, "tesla_grant": 1},
    mails=Counter({"The Tesla link": 1}),
    bill_lines_short=0,
)
ALL_WELL: Final[list[dict[str, Any]]] = [
    {},
    {"drew_wh": MUST.drew_wh - A_FEW_MINUTES_WH},
    {"waits_for": {**MUST.waits_for, "tend_vehicle": [SOON + PUT_OFF], "look_for_key": [SOON]}},
    {"waits_for": {**MUST.waits_for, "check_operator": [timedelta(hours=1)]}},
    {"mails": Counter({"The Tesla link": 2})},  # handed over, and stopped before that was written down
    {"bill_lines_short": 1},
]
HARMED: Final[list[tuple[dict[str, Any], Harm]]] = [
    ({"is_let_in": False}, Harm(lost_grants=1)),
    ({"obeyed": Counter({"charge_start": 2, "wake": 1})}, Harm(doubled_commands=1)),
    ({"obeyed": Counter({"charge_start": 1, "wake": 2})}, Harm(doubled_commands=1)),
    ({"in_vain": 1}, Harm(doubled_commands=1)),
    ({"obeyed": Counter({"wake": 1})}, Harm(lost_commands=1)),
    ({"unsettled": 2}, Harm(lost_commands=2)),
    ({"charging": "Stopped"}, Harm(lost_commands=1)),
    ({"waits_for": {**MUST.waits_for, "check_operator": []}}, Harm(missed_timers=1)),
    ({"waits_for": {**MUST.waits_for, "send_notice": [SOON]}}, Harm(missed_timers=1)),
    ({"waits_for": {**MUST.waits_for, "tend_vehicle": [2 * SOON + PUT_OFF]}}, Harm(missed_timers=1)),
    ({"overdue": ("tend_vehicle 1",)}, Harm(missed_timers=1)),
    ({"tokens_refused": 1}, Harm(burnt_tokens=1)),
    ({"can_renew": False}, Harm(burnt_tokens=1)),
    ({"drew_wh": 0.0}, Harm(nights_wrong=1)),
    ({"drew_wh": 2_000.0}, Harm(nights_wrong=1)),
    ({"rows": {"night": 2, "tesla_grant": 0}}, Harm(rows_wrong=2)),
    ({"mails": Counter()}, Harm(mails_wrong=1)),
    ({"mails": Counter({"The Tesla link": 3})}, Harm(mails_wrong=1)),
    ({"bill_lines_short": 2}, Harm(bill_lines_wrong=1)),
    ({"bill_lines_short": -1}, Harm(bill_lines_wrong=1)),
]


@pytest.mark.parametrize("differs", ALL_WELL)
def test_what_a_kill_may_change_is_no_harm(differs: dict[str, Any]) -> None:
    assert harm(replace(MUST, **differs), MUST) == Harm()


@pytest.mark.parametrize(("differs", "seen"), HARMED)
def test_each_harm_is_seen(differs: dict[str, Any], seen: Harm) -> None:
    assert harm(replace(MUST, **differs), MUST) == seen


def test_a_kill_is_in_the_ledger_at_once_and_counted_by_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "kills.csv"
    for tree, database, harmed in [
        ("aaa", "sqlite", Harm()),
        ("aaa", "sqlite", Harm(lost_commands=2, bill_lines_wrong=1)),
        ("aaa", "postgresql", Harm()),
        ("bbb", "sqlite", Harm(lost_grants=1)),
    ]:
        Ledger(tree, file).add(database, "before a commit", harmed)
    ours = Ledger("aaa", file)
    assert ours.kills() == {("sqlite", "before a commit"): 2, ("postgresql", "before a commit"): 1}
    kills_and_harm = file.read_text().splitlines()[1].split(",")[4:]
    assert kills_and_harm == ["2", *map(str, astuple(Harm(lost_commands=2, bill_lines_wrong=1)))]
    assert len(HARM) == len(astuple(Harm()))

    # ── another tree's stay, whatever becomes of ours ────────────
    ours.begin_anew()
    assert ours.kills() == {}
    assert Ledger("bbb", file).kills() == {("sqlite", "before a commit"): 1}


def test_whoever_reads_while_the_other_run_writes_reads_whole_rows(tmp_path: Path) -> None:
    """Many rows, so that writing them back takes a while."""
    file, seams = tmp_path / "kills.csv", [f"before commit number {nth} of many" for nth in range(150)]
    for seam in seams:
        Ledger("aaa", file).add("sqlite", seam, Harm())
    with ThreadPoolExecutor() as other_run:
        writes = [other_run.submit(Ledger("aaa", file).add, "postgresql", seam, Harm()) for seam in seams]
        while not all(one.done() for one in writes):
            assert len(Ledger("aaa", file).kills()) >= len(seams)
    assert len(Ledger("aaa", file).kills()) == 2 * len(seams)
