"""Leaving: what is undone is proved while we can still look, what is only asked says so, and nothing is left of him."""

import json

from sqlalchemy import select

from chargekey.adapters.store.tables import metadata
from chargekey.entrypoints.cli.demo import CLIENT_ID
from tests.stories.phone import Phone
from tests.stories.town import EMAIL, Town

OURS_ALONE = {"home", "tesla_outage", "cause_judged", "web_session", "timer", "tesla_call"}
"""Tables in which something is left that is about nobody: a browser that nobody is signed in with, our own checks."""


async def rows(town: Town) -> dict[str, int]:
    async with town.home.engine.connect() as database:
        return {
            table.name: len((await database.execute(select(table))).all())
            for table in metadata.sorted_tables
            if table.name not in OURS_ALONE
        }


async def test_what_was_undone_before_leaving_is_proved(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")

    # ── he deletes the key in the car, and we look ───────────────
    await phone.opens("/disconnect")
    assert phone.reads("Tesla listed the car with our key when we last looked.")
    town.car.somebody_deletes_our_key()
    await town.time_passes(hours=3)  # fleet status lags
    await phone.opens("/disconnect")
    await phone.presses("I did one of these, look")
    assert phone.reads("Tesla lists the car as without our key.")

    # ── he leaves, with Tesla's permission still there ───────────
    await phone.presses("Disconnect")
    assert phone.reads("You have left")
    assert phone.reads("Both tokens are erased here. We asked for them again, and there are none.")
    assert phone.reads("Tesla lists the car as without our key.")
    assert phone.reads("Tesla still let us in when we last asked. Only you can remove it.")
    assert phone.reads("Your nights and the log of orders stay")


async def test_a_refused_call_proves_that_tesla_lets_us_in_no_more(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    await phone.opens("/disconnect")
    town.world.accounts[EMAIL].revokes_consent(CLIENT_ID)
    await phone.presses("I did one of these, look")
    await phone.presses("Disconnect")
    assert phone.reads("Tesla refused us when we asked")
    assert phone.reads("The key on Model 3")  # and of the key we say what we last knew, and how to delete it
    assert phone.reads("Controls, Locks")


async def test_while_tesla_is_silent_the_receipt_says_that_it_is_not_known(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    town.world.outages.tesla_goes_down()
    await phone.opens("/disconnect")
    await phone.presses("Disconnect")
    assert phone.reads("Tesla did not answer when we asked, so we do not know.")
    assert phone.reads("Both tokens are erased here")


async def test_the_receipt_can_be_saved_as_text_and_as_json(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    await phone.opens("/disconnect")
    await phone.presses("Disconnect")
    page = phone.page
    await phone.presses("Save as JSON")
    assert phone.status == 200
    saved = json.loads(phone.content)
    assert saved["receipt"].startswith("CK-")
    assert {one["state"] for one in saved["lines"]} == {"verified", "asked", "kept"}
    assert town.car.vin not in phone.content
    phone.page = page
    await phone.presses("Save as text")
    assert "[Proved] Our access to your Tesla account" in phone.content


async def test_who_wants_it_gets_the_receipt_by_mail_though_all_is_erased(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    await phone.opens("/my-data")
    form = phone.page.button("Erase all of it").form
    assert form
    form.boxes["mail", "yes"] = True
    await phone.presses("Erase all of it")
    assert phone.reads("Sent by mail as well.")
    assert town.home.outbox
    (letter,) = await town.home.outbox.letters()  # all before it was erased
    assert letter.mail.to == EMAIL
    assert letter.mail.subject.startswith("Receipt CK-")
    assert "[Proved] Our access to your Tesla account" in letter.mail.text
    assert town.car.vin not in letter.mail.text


async def test_who_does_not_tick_it_gets_no_mail(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    assert town.home.outbox
    before = len(await town.home.outbox.letters())
    await phone.opens("/disconnect")
    assert phone.reads("Send me the receipt by mail")
    await phone.presses("Disconnect")
    assert not phone.reads("by mail")
    assert len(await town.home.outbox.letters()) == before


async def test_ones_data_is_one_file_without_secrets(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    town.car.plugs_in()
    await town.time_passes(hours=2)
    async with town.home.engine.connect() as database:
        sealed = list(await database.exec_driver_sql("SELECT cookie_hash, csrf FROM web_session"))
    await phone.opens("/my-data")
    await phone.presses("Save all of it as a file")
    kept = json.loads(phone.content)
    assert {"driver", "tesla_grant", "vehicle", "observation", "night", "plan", "command"} <= kept["kept"].keys()
    assert kept["kept"]["vehicle"][0]["vin"]  # his own, whole: the file is for nobody else
    assert kept["home"][0]["latitude_deg"]
    for secret in [*(value for row in sealed for value in row), *phone.cookies.values()]:
        assert secret not in phone.content
    assert not any(word in phone.content for word in ("refresh_sealed", "access_sealed", "token_hash", "eyJ"))


async def test_who_wants_all_erased_leaves_no_row_anywhere(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    town.car.plugs_in()
    await town.time_passes(hours=9)
    before = await rows(town)
    await phone.opens("/my-data")
    await phone.presses("Erase all of it")
    assert phone.reads("Everything that we kept about you is erased. We counted again, and nothing is left.")
    assert phone.reads(f"night {before['night']}")
    left = {name: number for name, number in (await rows(town)).items() if number}
    assert left.keys() <= {"observation", "tesla_spend"}, left  # about our own side, and what the whole home was billed
    async with town.home.engine.connect() as database:
        kinds = await database.exec_driver_sql("SELECT DISTINCT subject_kind FROM observation")
        assert set(kinds.scalars()) <= {"operator"}
        billed = await database.exec_driver_sql("SELECT DISTINCT vin FROM tesla_spend")
        assert set(billed.scalars()) <= {""}
        for table in ("timer", "web_session"):
            found = (await database.exec_driver_sql(f"SELECT * FROM {table}")).mappings().all()  # noqa: S608  two names
            assert not any(row.get("driver_id") for row in found)
    await phone.presses("Save as JSON")
    assert json.loads(phone.content)["rows_erased"]["night"] == before["night"]
    await phone.opens("/tonight")
    assert phone.shows == "/sign-in"


async def test_nobody_else_gets_a_drivers_data(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    stranger = await town.a_phone()
    for path in ("/my-data", "/disconnect"):
        await stranger.opens(path)
        assert stranger.shows == "/sign-in"
    other = await town.a_phone()
    await other.signs_in("somebody@else.example")
    await other.opens("/my-data")
    await other.presses("Save all of it as a file")
    assert EMAIL not in other.content
    assert town.car.vin not in other.content
    await other.opens("/my-data")
    await other.presses("Erase all of it")
    await phone.opens("/tonight")
    assert phone.status == 200  # his own went, nobody else's
    assert phone.shows == "/tonight"
