"""Support cases on both databases: drafts, the queue, messages, looks, and the erasing of all of it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.support_cases import RingEnvelope
from chargekey.adapters.store.support_tables import cause_judged, support_case, support_look, support_message
from chargekey.domain.journey import Step
from chargekey.domain.support import Bundle, StepLine, SupportCode, Word, support_code
from chargekey.ports.support import By, LookedAs, SupportCase
from tests.contract.household import SIX, Household, at

ONE, TWO = support_code(Step.ADD_KEY, None, 1), support_code(Step.TONIGHT, None, 2)
RING: Final = RingEnvelope(KeyRing({1: bytes(32)}))


async def sent(store: KeptStore, who: Household, code: SupportCode, minutes: float = 0) -> SupportCase:
    async with store.unit() as unit:
        case = await unit.support.draft(who.driver.id, code, b"shown", at(minutes))
        assert case
        await unit.support.send(case.id, b"kept", Word("C5"), at(minutes))
        await unit.support.write(case.id, By.DRIVER, b"help", at(minutes))
        kept = await unit.support.by_id(case.id)
    assert kept
    return kept


async def test_what_was_only_shown_is_nobodys_case(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        shown = await unit.support.draft(anna.driver.id, ONE, b"shown", SIX)
        assert await unit.support.draft(anna.driver.id, ONE, b"again", SIX) is None  # the code is taken
        assert shown == await unit.support.case(ONE)
        assert await unit.support.of_driver(anna.driver.id) is None
        assert list(await unit.support.waiting()) == []


async def test_a_case_comes_back_as_it_was_sent(store: KeptStore, anna: Household, bert: Household) -> None:
    case = await sent(store, anna, ONE)
    async with store.unit() as unit:
        assert case == await unit.support.of_driver(anna.driver.id) == await unit.support.case(ONE)
        assert await unit.support.of_driver(bert.driver.id) is None
    assert (case.code, case.sent_at, case.closed_at) == (ONE, SIX, None)
    assert (case.contents, case.named) == (b"kept", Word("C5"))


async def test_who_waits_longest_comes_first_and_an_answer_ends_the_wait(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    second, first = await sent(store, anna, ONE, 5), await sent(store, bert, TWO, 1)
    async with store.unit() as unit:
        assert [(one.case.id, one.since) for one in await unit.support.waiting()] == [
            (first.id, at(1)),
            (second.id, at(5)),
        ]
        await unit.support.write(first.id, By.AGENT, b"answer", at(6))
        assert [one.case.id for one in await unit.support.waiting()] == [second.id]
        assert [one.id for one in await unit.support.answered(5)] == [first.id]
        await unit.support.write(first.id, By.DRIVER, b"thanks", at(7))
        await unit.support.write(first.id, By.DRIVER, b"and", at(8))
        assert [(one.case.id, one.since) for one in await unit.support.waiting()][1] == (first.id, at(7))


async def test_a_closed_case_waits_no_more_until_its_driver_writes_again(store: KeptStore, anna: Household) -> None:
    case = await sent(store, anna, ONE)
    async with store.unit() as unit:
        await unit.support.close(case.id, at(1))
        assert list(await unit.support.waiting()) == []
        await unit.support.write(case.id, By.DRIVER, b"once more", at(2))
        assert [one.case.closed_at for one in await unit.support.waiting()] == [None]


async def test_a_mail_leaves_once_for_each_answer(store: KeptStore, anna: Household) -> None:
    case = await sent(store, anna, ONE)
    async with store.unit() as unit:
        answer = await unit.support.write(case.id, By.AGENT, b"answer", at(1))
        await unit.support.mailed(answer.id, at(2))
        kept = await unit.support.message(answer.id)
        assert kept and kept.mailed_at == at(2)
        assert [one.by for one in await unit.support.messages(case.id)] == [By.DRIVER, By.AGENT]


async def test_each_look_is_kept_and_stays_when_the_agent_leaves(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    case = await sent(store, anna, ONE)
    async with store.unit() as unit:
        await unit.support.log_look(case.id, bert.driver.id, LookedAs.READ, at(1))
        await unit.support.log_look(case.id, bert.driver.id, LookedAs.ANSWERED, at(2))
        assert [(one.what, one.agent) for one in await unit.support.looks(case.id)] == [
            (LookedAs.READ, "bert@example.org"),
            (LookedAs.ANSWERED, "bert@example.org"),
        ]
    await store.erase_driver(bert.driver.id)
    async with store.unit() as unit:
        assert [(one.at, one.agent) for one in await unit.support.looks(case.id)] == [(at(1), None), (at(2), None)]


async def test_which_cause_it_was_is_counted_beyond_the_case(
    store: KeptStore, engine: AsyncEngine, anna: Household
) -> None:
    case = await sent(store, anna, ONE)
    async with store.unit() as unit:
        await unit.support.log_look(case.id, anna.driver.id, LookedAs.READ, at(1))
        await unit.support.judge(case.id, Word("E1"), at(2))
        await unit.support.erase(case.id)
        assert await unit.support.judged() == [(Word("C5"), Word("E1"), 1)]
    async with engine.begin() as connection:
        for table in (support_case, support_message, support_look):
            assert (await connection.execute(select(table))).all() == [], table.name
        assert {column.name for column in cause_judged.columns} == {"id", "named", "truly", "at"}  # of nobody


async def test_what_was_written_opens_in_its_own_case_and_moment_alone() -> None:
    bundle = Bundle(SIX, (StepLine(Step.ADD_KEY),), frozenset({"call"}))
    sealed, text = RING.seal_bundle(bundle, ONE), RING.seal_text("help", ONE, SIX)
    assert RING.open_bundle(sealed, ONE) == bundle
    assert RING.open_text(text, ONE, SIX) == "help"
    assert b"help" not in text
    assert RING.open_bundle(sealed, TWO) is None
    assert RING.open_text(text, TWO, SIX) is None
    assert RING.open_text(text, ONE, SIX + timedelta(seconds=1)) is None
