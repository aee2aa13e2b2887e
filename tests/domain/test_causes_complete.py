"""The catalogue of causes is whole: each entry has its words, and each word an entry that may say it."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

import pytest
from babel.messages.pofile import read_po

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.causes.cause import Cause, Hold, Where, Who
from chargekey.domain.causes.questions import OFFERED, Answer, Question
from chargekey.domain.causes.remedies import MINUTES, Remedy
from chargekey.domain.causes.verdict import Verdict
from chargekey.entrypoints.web.words import CATALOGUES
from tests.domain.any_case import cases
from tests.promising_mail import PROMISES

DRAWN: Final = 15_000
IDS: Final = [cause.id for cause in CATALOGUE]
PROMISED: Final = (
    *(f"A{number}" for number in (*range(1, 12), 13, *range(16, 20))),
    *(f"B{number}" for number in range(1, 11)),
    *(f"C{number}" for number in range(1, 16)),
    *(f"D{number}" for number in range(1, 9)),
    *("E1", "E2", "E3", "E8"),
    *(f"F{number}" for number in range(1, 7)),
    *("G1", "G2", "G3", "H1", "H2", "H5"),
    *(f"J{number}" for number in range(1, 9)),
)
REFUSED_WORDS: Final = re.compile(
    r"!|\b(please|oops|sorry|simply|just click|unfortunately|error|failed|invalid)\b", re.I
)


@cache
def words() -> Mapping[str, str]:
    with (CATALOGUES / "en" / "LC_MESSAGES" / "causes.po").open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source, locale="en") if one.id}


@cache
def said() -> Mapping[str, list[Verdict]]:
    """What each cause says over all drawn cases, one verdict a reason."""
    found: dict[str, dict[str, Verdict]] = {cause.id: {} for cause in CATALOGUE}
    for case in cases(DRAWN):
        for cause in CATALOGUE:
            verdict = cause.signal(case)
            found[cause.id].setdefault(verdict.reason, verdict)
    return {cause: list(reasons.values()) for cause, reasons in found.items()}


# ── the entries ──────────────────────────────────────────────────────


def test_ids_are_those_of_the_reference_and_each_is_there_once() -> None:
    assert [one for one in IDS if not re.fullmatch(r"[A-J][1-9]\d?", one)] == []
    assert len(IDS) == len(set(IDS)) == len(BY_ID)


def test_every_promised_cause_is_there() -> None:
    assert [one for one in PROMISED if one not in BY_ID] == []


@pytest.mark.parametrize("cause", CATALOGUE, ids=IDS)
def test_every_cause_says_who_mends_it_where_and_how(cause: Cause) -> None:
    assert cause.who in Who
    assert cause.where in Where
    assert cause.remedies, "even waiting and going on without are something to do"
    assert set(cause.remedies) <= set(MINUTES)
    if cause.hold is Hold.WAITS:
        assert cause.retry.every is not None, "who waits is told until when"
        assert cause.retry.at_most > 0, "and not for ever"
    if cause.hold is Hold.ENDS:
        assert Remedy.GO_ON_READ_ONLY in cause.remedies, "what still works goes on"


@pytest.mark.parametrize("cause", CATALOGUE, ids=IDS)
def test_every_source_is_named_and_dated(cause: Cause) -> None:
    assert cause.sources
    assert all(source.name and date(2026, 1, 1) <= source.read_on for source in cause.sources)


@pytest.mark.parametrize("cause", [one for one in CATALOGUE if one.is_unseen], ids=lambda one: one.id)
def test_what_no_look_can_settle_is_weighed_or_known_without_a_look(cause: Cause) -> None:
    by_record = all(verdict.certainty not in ("likely", "possible") for verdict in said()[cause.id])
    assert cause.prior > 0 or by_record


def test_every_question_that_a_cause_answers_offers_that_answer() -> None:
    odd = [
        (cause.id, question, answer)
        for cause in CATALOGUE
        for question, row in cause.answers.items()
        for answer in row
        if answer not in OFFERED[question]
    ]
    assert odd == []


@pytest.mark.parametrize("name", sorted({one.siblings for one in CATALOGUE if one.siblings}))
def test_causes_that_nothing_can_part_are_answered_alike_and_mended_at_one_place(name: str) -> None:
    members = [cause for cause in CATALOGUE if cause.siblings == name]
    assert len(members) > 1
    assert len({(one.stage, one.who, one.where, one.hold) for one in members}) == 1
    assert all(one.answers == members[0].answers for one in members)


# ── their words ──────────────────────────────────────────────────────


@pytest.mark.parametrize("cause", CATALOGUE, ids=IDS)
def test_every_cause_has_its_words_and_every_reason_it_gives_can_be_filled(cause: Cause) -> None:
    assert [word for word in (f"cause.{cause.id}.name", f"cause.{cause.id}.what") if not words().get(word)] == []
    missing = [one.reason for one in said()[cause.id] if not words().get(f"reason.{cause.id}.{one.reason}")]
    assert missing == []
    for verdict in said()[cause.id]:
        assert words()[f"reason.{cause.id}.{verdict.reason}"] % verdict.values


def test_every_remedy_every_question_and_every_answer_has_its_words() -> None:
    wanted = [f"remedy.{remedy}.{part}" for remedy in Remedy for part in ("title", "do")]
    wanted += [f"question.{question}.{part}" for question in Question for part in ("ask", "why")]
    wanted += [f"answer.{question}.{one}" for question in Question for one in (*OFFERED[question], Answer.DONT_KNOW)]
    assert [word for word in wanted if not words().get(word)] == []


def test_no_word_is_left_over() -> None:
    """A reason that no drawn case brings about is either dead or lacks its fact in `any_case.FACTS`."""
    wanted = {f"cause.{one}.{part}" for one in IDS for part in ("name", "what")}
    wanted |= {f"reason.{one}.{verdict.reason}" for one in IDS for verdict in said()[one]}
    wanted |= {f"remedy.{remedy}.{part}" for remedy in Remedy for part in ("title", "do")}
    wanted |= {f"question.{question}.{part}" for question in Question for part in ("ask", "why")}
    wanted |= {f"answer.{question}.{one}" for question in Question for one in (*OFFERED[question], Answer.DONT_KNOW)}
    wanted |= {f"{one}.without_mail" for one in wanted if PROMISES.search(words().get(one, ""))}
    assert sorted(set(words()) ^ wanted) == []


def test_the_words_keep_the_rules_of_the_house() -> None:
    assert [word for word, text in words().items() if REFUSED_WORDS.search(text)] == []


def test_names_are_short_and_no_two_causes_share_one() -> None:
    names = [words().get(f"cause.{one}.name", one) for one in IDS]
    assert [name for name in names if len(name) > 60 or name.endswith(".")] == []
    assert len(names) == len(set(names))
