"""A stuck driver writes to us; an agent reads what was sent, asks and answers; after thirty days nothing is left."""

from datetime import timedelta
from typing import Final

from tesla_simulator.demo import MODEL_3
from tests.stories.phone import Phone
from tests.stories.town import COMPUTER, Town

AGENT: Final = "agent@home.example"
WORDS: Final = "I pressed Allow twice.\r\nNothing <b>happens</b>."


async def is_stuck(phone: Phone) -> None:
    """At the key step, without a key."""
    await phone.signs_in()
    await phone.allows()
    await phone.chooses(MODEL_3)


async def an_agent(town: Town) -> Phone:
    agent = await town.a_phone(COMPUTER)
    await agent.signs_in(AGENT)
    assert agent.shows == "/console"
    return agent


async def writes(phone: Phone, *unticked: str, message: str = WORDS) -> str:
    """Sends the message without the lines that hold one of these words; returns the support code."""
    await phone.opens("/help")
    code = phone.page.value("code")
    form = phone.page.button("Send").form
    assert form
    for name, value in form.boxes:
        if any(word in phone.page.labels[name.replace("_", "-")] for word in unticked):
            form.boxes[name, value] = False
    await phone.presses("Send", message=message)
    assert phone.reads("We have your message")
    return code


async def test_a_stuck_driver_gets_an_answer_in_the_app_and_by_mail(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    await phone.opens("/help")
    for seen in ("permissions", "Model 3", "call to Tesla", "to ask next", "our version"):
        assert phone.reads(seen), seen
    for hidden in (MODEL_3, "Bearer", "eyJ"):
        assert hidden not in phone.text
    code = await writes(phone)

    # ── the agent sees who waits, and the next question ──────────
    agent = await an_agent(town)
    await agent.opens("/console")
    assert agent.reads(code)
    await agent.presses(code)
    assert agent.reads("I pressed Allow twice.")
    assert agent.reads("<b>happens</b>")
    assert agent.reads("Ask next")
    assert not agent.reads(MODEL_3)
    assert not agent.reads("kim@")
    await agent.presses("Send this question")
    await phone.opens("/help")
    assert phone.reads("We answered")
    assert phone.reads("Read by us")

    # ── he answers, she looks again and answers ──────────────────
    await phone.presses("Write more about this")
    await phone.presses("Send", message="It opened, and nothing was asked")
    await agent.opens(f"/console/{code}")
    assert agent.reads("It opened, and nothing was asked")
    await agent.presses("Look again")
    await agent.presses("Send the answer", message="Close the Tesla app fully, then open the link again.")
    await phone.opens("/help")
    assert phone.reads("Close the Tesla app fully")
    await town.time_passes(seconds=5)
    await phone.opens("/outbox")
    assert phone.reads("Close the Tesla app fully")
    assert phone.reads(f"{code}: an answer")

    # ── each look stands in the log, by name ─────────────────────
    await agent.opens(f"/console/{code}")
    for done in ("opened it", "asked the next question", "looked again", "answered"):
        assert agent.reads(f"{AGENT} {done}"), done


async def called(town: Town) -> list[str]:
    """The mails that called the agent, oldest first."""
    assert town.home.outbox
    await town.time_passes(seconds=5)
    return [
        f"{one.mail.subject}\n{one.mail.text}"
        for one in reversed(await town.home.outbox.letters())
        if one.mail.to == AGENT and "waits for an answer" in one.mail.subject
    ]


async def test_the_agents_are_called_once_until_somebody_answers(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    code = await writes(phone)
    (mail,) = await called(town)
    assert mail.startswith(f"{code}: a driver waits for an answer")
    assert f"/console/{code}" in mail
    for not_in_it in ("Allow", "happens", "kim@", "4F21 ", MODEL_3):
        assert not_in_it not in mail, not_in_it

    # ── more of the same, and nobody answered yet ────────────────
    await phone.opens("/help")
    await phone.presses("Write more about this")
    await phone.presses("Send", message="Still nothing")
    assert len(await called(town)) == 1

    # ── answered, and he writes again ────────────────────────────
    agent = await an_agent(town)
    await agent.opens(f"/console/{code}")
    await agent.presses("Send the answer", message="Close the Tesla app fully.")
    assert len(await called(town)) == 1
    await phone.opens("/help")
    await phone.presses("Write more about this")
    await phone.presses("Send", message="I did")
    assert len(await called(town)) == 2


async def test_a_line_that_is_unticked_is_not_sent(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    code = await writes(phone, "call to Tesla", "permissions")
    agent = await an_agent(town)
    await agent.opens(f"/console/{code}")
    assert agent.reads("Held back by the driver: call, permissions")
    for _ in range(2):
        assert not agent.reads("call to Tesla")
        assert not agent.reads("3 of 3")
        assert agent.reads("our version")
        await agent.presses("Look again")  # a later look adds none of that kind


async def test_without_the_tick_nothing_goes_along_but_the_words(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    code = await writes(phone, "Send it along")
    assert phone.reads("No details went along")
    agent = await an_agent(town)
    await agent.opens(f"/console/{code}")
    assert agent.reads("I pressed Allow twice.")
    assert not agent.reads("our version")
    assert not agent.reads("Model 3")


async def test_after_thirty_days_nothing_is_left(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    code = await writes(phone)
    agent = await an_agent(town)
    await agent.opens(f"/console/{code}")
    await agent.presses("Send the answer", message="We are on it.")
    await town.home.turn_clock(town.now + timedelta(days=29, hours=23))  # ours alone: Tesla has no part in it
    await phone.opens("/help")
    assert phone.reads("We are on it.")
    await town.home.turn_clock(town.now + timedelta(days=30, minutes=1))
    await phone.opens("/help")
    assert phone.shows == "/help"
    assert phone.reads("What would you like to tell us?")
    await agent.opens(f"/console/{code}")
    assert agent.status == 404
    assert agent.reads("No case has this code")


async def test_what_was_shown_too_long_ago_is_shown_anew_and_the_words_are_kept(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    await phone.opens("/help")
    code = phone.page.value("code")
    await town.time_passes(hours=1.1)
    await phone.presses("Send", message="Still here")
    assert phone.status == 410
    assert phone.page.value("code") != code
    assert phone.reads("gathered anew")
    await phone.presses("Send")
    assert phone.reads("Still here")
    await phone.opens("/help/new")
    await phone.presses("Send", message="   ")
    assert (phone.status, phone.reads("the message is empty")) == (422, True)


async def test_an_agent_says_which_cause_it_was_and_closes(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    code = await writes(phone)
    agent = await an_agent(town)
    await agent.opens("/console")
    await agent.presses("Open", code=code.lower().replace("-", " "))
    assert agent.shows == f"/console/{code}"
    await agent.presses("Say so", cause="C5")
    assert agent.reads("Said to be C5")
    await agent.presses("Send the link anew")
    await agent.presses("Close")
    assert agent.reads("Nobody waits")
    async with town.home.store.unit() as unit:
        assert [truly.text for _, truly, _ in await unit.support.judged()] == ["C5"]
    await phone.opens("/help")
    assert phone.reads(f"{town.url}/go")


async def test_the_console_is_for_agents_alone(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    code = await writes(phone)
    nobody = await town.a_phone(COMPUTER)
    for path in ("/console", f"/console/{code}", "/console/live"):
        await nobody.opens(path)
        assert nobody.shows == "/sign-in" or nobody.status == 204, path
        await phone.opens(path)
        assert phone.status == 404, path
        assert not phone.reads("Waiting")

    # ── a driver who presses what only an agent is shown ─────────
    agent = await an_agent(town)
    await agent.opens(f"/console/{code}")
    for words in ("Look again", "Send the answer", "Send this question", "Say so", "Close", "Send the link anew"):
        form = agent.page.button(words).form
        assert form
        await phone.opens("/help/more")
        own = phone.page.button("Send").form
        assert own
        own.action = form.action
        await phone.presses("Send", message="I am an agent")
        assert phone.status == 404, words
    async with town.home.store.unit() as unit:
        case = await unit.support.waiting()
        assert [one.what.value for one in await unit.support.looks(case[0].case.id)] == ["read"]


async def test_a_driver_reads_and_sends_his_own_alone(town: Town, phone: Phone) -> None:
    await is_stuck(phone)
    await phone.opens("/help")
    other = await town.a_phone()
    await other.signs_in("lee@owner.example")
    await other.opens("/help")
    form = other.page.button("Send").form
    assert form
    form.fields = [(name, phone.page.value("code") if name == "code" else value) for name, value in form.fields]
    await other.presses("Send", message="Whose is this?")
    assert other.status == 410
    await phone.presses("Send", message="Mine")
    assert phone.reads("We have your message")
    await other.opens("/help")
    assert not other.reads("Mine")


async def test_somebody_who_cannot_sign_in_reads_where_to_write(town: Town) -> None:
    nobody = await town.a_phone()
    await nobody.opens("/help")
    assert nobody.reads("Where are you stuck?")
    assert nobody.reads(AGENT)
