"""A bundle out of a store that is full of secrets holds none of them."""

from typing import Final

from chargekey.adapters.store.shapes import write
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.delivery import Happening
from chargekey.domain.evidence import ChoseVehicle, Fact, KeyStatus, Listed, Observation, ScopesGranted, Source, Subject
from chargekey.domain.findings import Device, Tried
from chargekey.domain.grant import REQUIRED
from chargekey.domain.journey import Step
from chargekey.domain.night import Order
from chargekey.domain.support import Browser, Bundle, HappenedLine, Locale, ReaderLine, Zone, shaped, support_code
from chargekey.domain.vehicle import Access, Reach
from chargekey.entrypoints.web.support_letters import for_owner, for_tesla
from chargekey.entrypoints.web.support_words import label, said
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.case_file import CaseFiles
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle
from chargekey.journeys.support_bundle import SupportBundles
from chargekey.ports.call_log import Call
from tests.contract.household import EUROPE, SIX, Household, at
from tests.contract.test_vault import StandingClock

TOKEN: Final = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl"
REFRESH: Final = "EU_9f8e7d6c5b4a39281706f5e4d3c2b1a0"
PLACE: Final = "52.37021,4.89516"
MAIL: Final = "anna@example.org"


async def fill(store: KeptStore, who: Household) -> None:
    """Secrets wherever there is room for a text."""
    driver, grant, car = about_driver(who.driver.id), about_grant(who.grant.id), about_vehicle(who.car.id)
    name = f"{MAIL} {PLACE} {TOKEN}"
    facts: list[tuple[Subject, Fact]] = [
        (driver, ChoseVehicle(who.car.id)),
        (driver, Tried(who.car.id, (Remedy.CLOSE_THE_APP,))),
        (grant, ScopesGranted(REQUIRED)),
        (car, Listed(Access.OWNER, Reach.ONLINE, name, in_service=False, mobile_access_off=False)),
        (car, KeyStatus(paired=False, must_sign=True, keys_on_car=7, firmware=f"2024.38 {who.car.vin.whole}")),
    ]
    async with store.unit() as unit:
        await unit.evidence.append(Observation(one, fact, SIX, Source.TESLA, REFRESH) for one, fact in facts)
        for what, fault, request_id in (("vehicle_data", REFRESH, TOKEN), (PLACE, None, who.car.vin.whole)):
            await unit.calls.add(Call(at(1), who.grant.id, who.car.vin, what[:40], 403, fault, request_id, 80, "eu"))
        night = await unit.nights.begin_night(who.car.id, SIX)
        command = await unit.commands.draft(who.car.id, night.id, Order.START, None, SIX)
        await unit.commands.happened(command.id, Happening.SENT, at(1))
        await unit.commands.happened(command.id, Happening.CAR_REFUSED, at(2), f"{MAIL} {TOKEN}")


async def test_no_secret_of_the_store_is_in_a_bundle_or_in_its_texts(store: KeptStore, anna: Household) -> None:
    await fill(store, anna)
    files = CaseFiles(store, StandingClock(), {"eu": EUROPE})
    reader = ReaderLine(Device.PHONE, Browser.SAFARI, shaped(Locale, MAIL), shaped(Zone, PLACE))
    _, bundle = await SupportBundles(store, files, TOKEN).of(anna.driver.id, reader)

    words = Words("en_GB", "Europe/Amsterdam")
    code = support_code(Step.ADD_KEY, anna.car.vin, 7)
    texts = [write(Bundle, bundle), for_tesla(bundle, code, "home.example"), for_owner(words, bundle, "home.example")]
    texts += [f"{label(words, line)} {said(line, words)}" for line in bundle.lines]
    for secret in (TOKEN, REFRESH, PLACE, MAIL, anna.car.vin.whole, anna.grant.account, "52.37", "eyJ"):
        assert [text for text in texts if secret in text] == [], secret
    assert {line.part for line in bundle.lines} >= {"car", "call", "order", "happened", "cause", "next_question"}
    assert any(isinstance(line, HappenedLine) and line.what.text == "key_status" for line in bundle.lines)


async def test_a_driver_who_never_connected_has_a_bundle_too(store: KeptStore) -> None:
    async with store.unit() as unit:
        driver = await unit.people.driver_for("new@example.org", "en", SIX)
    files = CaseFiles(store, StandingClock(), {"eu": EUROPE})
    file, bundle = await SupportBundles(store, files, "0.1.0 0a1b2c3d").of(driver.id, None)
    assert file.here.step is Step.GRANT_PERMISSIONS
    assert {line.part for line in bundle.lines} >= {"step", "permissions", "tesla", "version"}
    assert len(bundle.lines) < 90  # a form has a hundred fields
