"""The agent's role and the support code: look-alike addresses, guessed codes, and what an agent never sees."""

import re
from typing import Final

from tests.attacks.people import a_new_address, a_person
from tests.stories.town import COMPUTER, EMAIL, MODEL_3, Town

CODE: Final = re.compile(r'name="code" value="([^"]+)"')
AGENT: Final = "agent@home.example"
LOOK_ALIKES: Final = (
    "agent+1@home.example",
    "agent@home.example.org",
    "agent@sub.home.example",
    "аgent@home.example",  # the first letter is Cyrillic
    "ａgent@home.example",  # and here it is wide
    "agent.@home.example",
    "agent@home-example.org",
)


async def test_no_address_that_looks_like_an_agents_opens_the_console(town: Town) -> None:
    for address in LOOK_ALIKES:
        phone = await town.a_phone(COMPUTER)
        await phone.signs_in(address)
        for path in ("/console", "/console/KEY-4F21-0000", "/operator"):
            await phone.opens(path)
            assert phone.status == 404, (address, path)


async def test_an_agent_is_no_operator_and_an_operator_no_agent(town: Town) -> None:
    for address, closed in ((AGENT, "/operator"), ("operator@home.example", "/console")):
        phone = await town.a_phone(COMPUTER)
        await phone.signs_in(address)
        await phone.opens(closed)
        assert phone.status == 404


async def test_a_support_code_opens_nothing_for_another_driver(town: Town) -> None:
    """All 10,000 that a code can end in could be guessed: a code is a name, and opens nothing by itself."""
    driver = await town.a_phone()
    await driver.signs_in(a_new_address())
    await driver.opens("/help")
    code = driver.page.value("code")
    await driver.presses("Send", message="Something private")
    other = await town.a_phone()
    await other.signs_in(a_new_address())
    guesser = await a_person(town, "another driver", other)
    his_own: set[str] = set()  # each refusal shows him the form anew, with a code drawn for himself
    for guess in (code, code.lower(), *(f"{code[:-4]}{nth:04d}" for nth in range(15))):
        if guess in his_own:
            continue
        status, text = await guesser.presses("/help", code=guess, message="x", along="on", line_1="on")
        assert status == 410
        his_own.update(CODE.findall(text))
        assert "Something private" not in text
        assert (await guesser.asks("GET", f"/console/{guess}"))[0] == 404
        assert (await guesser.presses(f"/console/{guess}/answer", message="x"))[0] == 404
    assert his_own
    await driver.opens("/help")
    assert driver.reads("Something private")


async def test_an_agent_reads_what_was_sent_and_nothing_that_names_its_driver(town: Town) -> None:
    driver, agent = await town.a_phone(), await town.a_phone(COMPUTER)
    await driver.signs_in()
    await driver.allows()
    await driver.chooses(MODEL_3)
    await driver.opens("/help")
    code = driver.page.value("code")
    await driver.presses("Send", message="It does not work")
    await agent.signs_in(AGENT)
    await agent.opens(f"/console/{code}")
    assert agent.reads("It does not work")
    place = town.car.record.place or town.car.record.home
    for hidden in (EMAIL, MODEL_3, str(place.latitude)[:5], str(place.longitude)[:5], "Bearer", "eyJ"):
        assert hidden not in agent.content.replace(AGENT, ""), hidden
