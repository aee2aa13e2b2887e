"""Screens about somebody else's car: the driver's side and the owner's."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chargekey.domain.causes.case import HandOff
from chargekey.domain.hand_off import Reason, Stop
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.qr import qr_path
from chargekey.entrypoints.web.screens.frame import Part, Trail
from chargekey.entrypoints.web.screens.owner import (
    AskedCar,
    AskedOwner,
    AskOwner,
    AskWrong,
    CompanyCar,
    Cover,
    Decline,
    InTheCar,
    Letter,
    NotMyCar,
    OwnersCar,
    OwnersEnd,
    OwnersPage,
    PageMade,
    ReadOnly,
)
from tests.browser.sample_chart import NOW

MY, M3 = Vin("7SAYGDEE1RF0077C0"), Vin("5YJ3E7EB4NF004F21")
DOMAIN: Final = "charge.nordlicht.example"
MAIL: Final = "m.vogt@nordlicht.example"
LINK: Final = f"https://tesla.com/_ak/{DOMAIN}?vin={MY.whole}"
SHOWN: Final = f"tesla.com/_ak/{DOMAIN}?vin=…77C0"
FORWARDED: Final = "https://charge.nordlicht.example/owner/pT1cX0sZ7Yw3mN5bQ8vK2jR4hL6gF9dA1eU3iO5yT7w"
PATH: Final = "/owner/pT1cX0sZ7Yw3mN5bQ8vK2jR4hL6gF9dA1eU3iO5yT7w"
ENDS: Final = NOW + timedelta(hours=72)
TRAIL: Final = Trail(Part.KEY, car=MY, needs_key=True)


def owner() -> dict[str, Screen]:
    return {**_drivers(), **_owners()}


def _drivers() -> dict[str, Screen]:
    ago = NOW - timedelta(seconds=20)
    car, other = AskedCar(2, MY, False, ago), AskedCar(3, M3, True, ago)
    ask = AskOwner(TRAIL, MY, (car,), frozenset({2}), 72)
    fleet = replace(ask, cars=(car, replace(other, has_key=False)), ticked=frozenset({2, 3}), name="Maren Vogt")
    status = AskedOwner(TRAIL, MY, HandOff.WAITING, NOW, "Maren Vogt", NOW, ENDS, (car,), None, "")
    made = PageMade(TRAIL, "Maren Vogt", (MY,), FORWARDED, ENDS, None, False)
    qr, size = qr_path(LINK)
    inside = InTheCar(TRAIL, MY, DOMAIN, LINK, SHOWN, True, "", 0, ago)
    no = replace(status, state=HandOff.DECLINED, reason=Reason.NOT_EXPECTED, words="Call me first, Maren.")
    return {
        "09-not-my-car": NotMyCar(TRAIL, MY, Access.DRIVER, ago),
        "09-not-my-car-unknown": NotMyCar(TRAIL, MY, Access.UNKNOWN, ago),
        "09-owner-ask": ask,
        "09-owner-ask-error": replace(ask, name="http://x", wrong=AskWrong.NAME),
        "09-owner-ask-fleet": replace(fleet, address="lee", wrong=AskWrong.ADDRESS),
        "09-owner-made": made,
        "09-owner-made-sent": replace(made, sent_to="lee@lessor.example"),
        "09-owner-made-unsent": replace(made, sent_to="lee@lessor.example", mail_failed=True),
        "09-owner-waiting": status,
        "09-owner-opened": replace(status, state=HandOff.OPENED, cars=(car, other)),
        "09-owner-declined": no,
        **{f"09-owner-{how}": replace(status, state=how) for how in (HandOff.RUN_OUT, HandOff.REVOKED, HandOff.DONE)},
        "09-in-the-car": inside,
        "09-in-the-car-computer": replace(inside, on_phone=False, qr=qr, qr_size=size),
        "09-company": CompanyCar(TRAIL, MY, (car, replace(other, has_key=False))),
        "09-letter": Letter((MY, M3), DOMAIN, MAIL, NOW),
        "09-read-only": ReadOnly(MY, Reach.ASLEEP, ago, None, None, shows_cheap_hours=True),
    }


def _request() -> OwnersPage:
    car = OwnersCar(MY, False, NOW - timedelta(seconds=9), None, None, SHOWN, "", 0)
    return OwnersPage(
        path=PATH,
        asks_as="Maren Vogt",
        asks_from=MAIL,
        made_at=NOW,
        ends_at=ENDS,
        cars=(car,),
        domain=DOMAIN,
        on_phone=True,
        has_agreed=False,
        has_consented=False,
        turned_back=False,
        tesla_host="auth.tesla.com",
        was_answered=False,
        is_ours=False,
    )


def _owners() -> dict[str, Screen]:
    page = _request()
    car = page.cars[0]
    qr, size = qr_path(LINK)
    agreed = replace(page, has_agreed=True, was_answered=True)
    adding = replace(agreed, has_consented=True, cars=(replace(car, link=LINK),))
    coded = replace(car, link=LINK, qr=qr, qr_size=size)
    fleet = (coded, replace(car, vin=M3, has_key=True), replace(car, vin=M3, stop=Stop.KEY_LIST_FULL))
    over = OwnersEnd(HandOff.DONE, "Maren Vogt", (MY,), DOMAIN)
    ends = (HandOff.DECLINED, HandOff.REVOKED, HandOff.RUN_OUT)
    return {
        "10-cover": Cover(PATH),
        "10-request": page,
        "10-request-fleet": replace(page, cars=fleet),
        "10-request-ours": replace(page, is_ours=True),
        "10-request-answered": replace(page, was_answered=True),
        "10-at-tesla": replace(agreed, turned_back=True),
        "10-add": adding,
        "10-add-stopped": replace(adding, cars=(replace(car, stop=Stop.MOBILE_ACCESS_OFF),)),
        "10-add-computer": replace(adding, on_phone=False, cars=(coded,)),
        "10-add-fleet": replace(adding, on_phone=False, cars=fleet),
        "10-add-fleet-phone": replace(adding, cars=(replace(car, link=LINK), *fleet[1:])),
        "10-decline": Decline(PATH, "Maren Vogt", 300),
        "10-decline-error": Decline(PATH, "Maren Vogt", 300, nothing_chosen=True),
        "10-over-done": over,
        **{f"10-over-{how}": replace(over, state=how) for how in ends},
        "10-over-no-link": replace(over, state=None),
    }
