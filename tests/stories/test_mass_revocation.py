"""Tesla signs many people out at once: nobody did that himself, so the mails wait, and then come once."""

from typing import Final

import pytest

from tests.stories.phone import Phone
from tests.stories.town import Town

DRIVERS: Final = [f"driver-{nth}@drivers.example" for nth in range(5)]
SUBJECT: Final = "Tesla wants you to sign in again"


async def comes_with_a_car_that_needs_no_key(town: Town, email: str, nth: int) -> Phone:
    """A Model S of before 2021, plugged in for the night."""
    vin = f"5YJSA7E20KF1000{nth:02d}"
    town.world.somebody_opens_an_account(email)
    car = town.world.somebody_buys_a_car(vin, "Model S", 94.0, 55, email)
    phone = await town.a_phone()
    await phone.signs_in(email)
    await phone.goes_to_tesla(email)
    await phone.presses("Allow")
    await phone.chooses(vin)
    await phone.plans()
    car.plugs_in()
    await town.time_passes(minutes=2)
    return phone


async def mailed(town: Town) -> list[str]:
    """To whom it was written, in their order."""
    assert town.home.outbox
    return sorted(one.mail.to for one in await town.home.outbox.letters() if one.mail.subject == SUBJECT)


@pytest.mark.long
async def test_many_signed_out_at_once_are_written_to_when_tesla_has_settled(town: Town) -> None:
    phones = [await comes_with_a_car_that_needs_no_key(town, email, nth) for nth, email in enumerate(DRIVERS)]

    # ── Wednesday evening: Tesla ends all their sign-ins ─────────
    for email in DRIVERS:
        town.world.accounts[email].resets_its_password()
    signed_out_at = town.now
    while not (await town.home.journeys.watch_tesla.health()).ends_sign_ins_in_masses:
        assert (town.now - signed_out_at).total_seconds() < 12 * 3600, "no mass was noticed"
        await town.time_passes(minutes=10)
    await town.time_passes(minutes=20)
    before = await mailed(town)
    assert len(before) <= 2  # those who came first, while it could still be theirs alone

    # ── said on the pages; nobody is sent there in vain ──────────
    last = next(nth for nth in reversed(range(len(DRIVERS))) if DRIVERS[nth] not in before)
    phone = phones[last]
    await phone.opens("/go")
    assert phone.shows == "/permissions"
    assert phone.reads("Tesla signed many people out at once, and nobody did that here")
    assert phone.reads(f"Tesla ended the sign-in of {len(DRIVERS)} of {len(DRIVERS)} accounts")
    assert not phone.reads(SUBJECT)

    # ── Tesla has settled: all are told, each once ───────────────
    await town.time_passes(hours=4)
    assert await mailed(town) == DRIVERS
    await phone.opens("/go")
    assert phone.reads(SUBJECT)
    assert not phone.reads("many people")

    # ── one sign-in is enough ────────────────────────────────────
    await phone.goes_to_tesla(DRIVERS[last])
    if phone.shows != "/tonight":
        await phone.presses("Allow")
    await phone.opens("/go")
    assert phone.shows == "/tonight"
    await town.time_passes(hours=6)
    assert await mailed(town) == DRIVERS
