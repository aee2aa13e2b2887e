"""Every screen with sample values, by the name that its pictures bear."""

from dataclasses import replace
from datetime import time, timedelta

from chargekey.domain.evidence import Source
from chargekey.domain.grant import Scope
from chargekey.domain.journey import Proof
from chargekey.domain.market import BUNDLED, market
from chargekey.domain.place import LearntFrom
from chargekey.domain.spend import Degree
from chargekey.domain.vehicle import Access, KeyNeed, Reach, Vin
from chargekey.entrypoints.web.charts import ChartSlot, draw_welcome
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.plan_form import untouched
from chargekey.entrypoints.web.qr import qr_path
from chargekey.entrypoints.web.screens.arriving import (
    Help,
    LinkSent,
    LinkWorthless,
    OpenLink,
    Outbox,
    OutboxMail,
    SignIn,
    Welcome,
    WhyWorthless,
)
from chargekey.entrypoints.web.screens.car import Car, HomeNotKept
from chargekey.entrypoints.web.screens.frame import Part, Trail
from chargekey.entrypoints.web.screens.guide import (
    AddKey,
    CarChoice,
    ChooseCar,
    KeyNotNeeded,
    NotConsented,
    PermissionMissing,
    Permissions,
    TestKey,
)
from chargekey.entrypoints.web.screens.planning import NO_PRICE_YET, PlanTyped, SetPlan, Wrong, ZoneTyped
from chargekey.entrypoints.web.screens.trouble import NotFound, NotUnderstood, OpenTooLong, OurMistake, TeslaFails
from chargekey.journeys.keep_home import HomeShown, Said
from chargekey.journeys.lost_key import KeyLost
from tests.browser import samples_budget, samples_days, samples_learnt, samples_markets, samples_surplus
from tests.browser.sample_chart import NOW, at, slots
from tests.browser.samples_account import MAIL, account
from tests.browser.samples_around import with_around
from tests.browser.samples_first_run import first_run
from tests.browser.samples_no_mail import without_mail
from tests.browser.samples_operator import leaving, operator
from tests.browser.samples_other_account import other_account
from tests.browser.samples_owner import owner
from tests.browser.samples_stuck import stuck
from tests.browser.samples_support import support
from tests.browser.samples_tonight import mornings, nights

M3, MY, MS = Vin("5YJ3E7EB4NF004F21"), Vin("7SAYGDEE1RF0077C0"), Vin("5YJSA7E20KF000B3D")
LINK = f"https://tesla.com/_ak/charge.nordlicht.example?vin={M3.whole}"
NL, AGILE = market("energy-charts:NL"), market("octopus:E-1R-AGILE-24-10-01-C")
REVOKE = "https://accounts.tesla.com/account-settings/third-party-apps"
AGO = {seconds: NOW - timedelta(seconds=seconds) for seconds in (3, 4, 9, 12, 180)}


def _welcome() -> Welcome:
    night = slots()
    cheap = {slot.start for slot in sorted(night, key=lambda slot: slot.price_micro_per_kwh)[:12]}
    lit = [ChartSlot(s.start, s.end, s.price_micro_per_kwh, 1 if s.start in cheap else 0) for s in night]
    return Welcome(draw_welcome(lit), 150_000, 420_000, None)


def _guide() -> dict[str, Screen]:
    start, trail = Trail(Part.PERMISSIONS), Trail(Part.KEY, car=M3, needs_key=True)
    cars = (
        CarChoice(1, M3, "Kiesel", Access.OWNER, Reach.ONLINE, KeyNeed.NEEDED),
        CarChoice(2, MY, None, Access.DRIVER, Reach.ASLEEP, KeyNeed.NEEDED),
        CarChoice(3, MS, None, Access.OWNER, Reach.OFFLINE, KeyNeed.NOT_NEEDED),
        CarChoice(4, MY, None, Access.UNKNOWN, Reach.UNKNOWN, KeyNeed.NOT_YET_KNOWN),
    )
    choose = ChooseCar(Trail(Part.CAR), cars, None, AGO[9], MAIL, False)
    qr, size = qr_path(LINK)
    key = AddKey(
        trail, M3, 3, "charge.nordlicht.example", LINK, "tesla.com/_ak/charge.nordlicht.example?vin=…4F21",
        True, qr, size, AGO[3], None, None, None,
    )  # fmt: skip
    lost = KeyLost(at(18, 52), AGO[3], car_said_so=True)
    missing = PermissionMissing(
        replace(start, received=2),
        (Scope.VEHICLE_CHARGING_CMDS,),
        (Scope.OPENID, Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_LOCATION),
        AGO[4],
        "auth.tesla.com",
    )
    return {
        "02-permissions": Permissions(start, "auth.tesla.com", False),
        "02-permissions-ended": Permissions(start, "auth.tesla.com", True),
        "03-permission-missing": missing,
        "03-permissions-missing": replace(missing, missing=(Scope.OFFLINE_ACCESS, *missing.missing)),
        **{f"03-back-{how}": NotConsented(start, how) for how in ("cancelled", "tesla_refused", "other_browser")},
        "04-choose-car": choose,
        "04-choose-car-none": replace(choose, cars=(), chosen=None),
        "04-choose-car-error": replace(choose, nothing_was_chosen=True, tesla_is_down=True),
        "06-key-phone": key,
        **{f"06-key-lost{of}": replace(key, lost=replace(lost, ours_changed=bool(of))) for of in ("", "-ours")},
        "06-key-phone-in-chat": replace(key, keeps_links=True, page="https://charge.example/key?show=phone"),
        "06-key-phone-wrong-car": replace(key, other_car=MY, was_sent_to_phone=True),
        "07-key-computer": replace(key, on_phone=False),
        "07-key-computer-wrong-car": replace(key, on_phone=False, other_car=MY, mails_again_at=NOW),
        "08-key-not-needed": KeyNotNeeded(Trail(Part.PLAN, car=MS, needs_key=False), MS, Source.TESLA, AGO[9]),
    }


def _test() -> dict[str, Screen]:
    trail = Trail(Part.TEST, car=M3, needs_key=True)
    test = TestKey(trail, M3, Proof.NOT_YET_TRIED, Reach.ASLEEP, None, AGO[12], at(21, 3), samples_budget.of_car())
    return {
        "09-test-asking": replace(test, reach=Reach.ONLINE),
        "09-test-asleep": test,
        "09-test-budget-spent": replace(test, reach=Reach.ONLINE, month=samples_budget.of_car(Degree.SPENT, 4_999_500)),
        "09-test-offline": replace(test, reach=Reach.OFFLINE),
        "09-test-proved": replace(test, reach=Reach.ONLINE, proof=Proof.PROVED, proved_at=AGO[3]),
    }


def _planning() -> dict[str, Screen]:
    plan = SetPlan(Trail(Part.PLAN, car=M3, needs_key=True, is_proved=True), M3, PlanTyped(), True, BUNDLED)
    typed = PlanTyped(
        same_every_day=False,
        ready_by_day=("07:00", "07:00", "06:30", "07:00", "07:00", "", ""),
        target_percent="60",
        minimum_percent="70",
        tariff="zones",
        zones=(ZoneTyped("all", "07:00", "22:00", "30"), ZoneTyped("all", "23:00", "07:00", "x"), ZoneTyped()),
        current_a="99",
    )
    wrong = {
        "ready_by_6": Wrong.NO_TIME,
        "minimum_percent": Wrong.MINIMUM_ABOVE_TARGET,
        "zone_1": Wrong.ZONE_INCOMPLETE,
        "zones": Wrong.ZONES_GAP,
        "current_a": Wrong.CURRENT_RANGE,
    }
    days = replace(
        PlanTyped(),
        same_every_day=False,
        ready_by_day=("07:00",) * 5 + ("09:00", ""),
        target_by_day=("50",) * 5 + ("",) * 2,
    )
    return {
        "10-plan": plan,
        "10-plan-days": replace(plan, typed=days),
        "10-plan-errors": replace(
            plan, typed=typed, wrong=wrong, wrong_detail={"zones": "Monday 22:00", "minimum_percent": "60"}
        ),
        "10-plan-carbon": replace(plan, weighs_carbon=True, typed=replace(plan.typed, carbon_ct="10", cap_ct="35")),
        "10-plan-no-prices": replace(plan, typed=NO_PRICE_YET, by_the_hour=False),
        "10-plan-zone": replace(plan, typed=untouched(NL, by_the_hour=True), market=NL),
        "10-plan-all-included": replace(plan, typed=untouched(AGILE, by_the_hour=True), market=AGILE),
        **samples_days.days(replace(plan, trail=None, leaves=samples_learnt.LEAVES)),
        **samples_surplus.surplus(replace(plan, trail=None)),
        **samples_markets.markets(plan),
    }


def _car() -> dict[str, Screen]:
    scopes = frozenset({Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS})
    car = Car(
        vin=M3, name="Kiesel", access=Access.OWNER, reach=Reach.ASLEEP, listed_at=AGO[12], need=KeyNeed.ON_THE_CAR,
        key_seen_at=at(18, 51), proof=Proof.PROVED, proved_at=at(18, 52), soc_percent=42, limit_percent=80,
        plugged_in=True, charge_seen_at=AGO[180], firmware="2026.38", target_percent=80, minimum_percent=20,
        ready_by=(time(7),) * 7, target_by_day=(None,) * 7,
        tariff="day_ahead", scopes=scopes, scopes_read_at=at(18, 30), signed_in_as=MAIL, cars_in_account=3,
        home=HomeShown(True, at(18, 40), LearntFrom.PLUG_IN),
    )  # fmt: skip
    return {
        **samples_budget.cars(car),
        **samples_learnt.cars(car),
        "16-car-days": replace(
            car,
            ready_by=(time(7),) * 5 + (None, time(9, 30)),
            target_by_day=(50,) * 5 + (None,) * 2,
            proof=Proof.NOT_YET_TRIED,
            days=samples_days.SET,
        ),
        "16-car-asked": replace(car, is_asked=True),
        "16-car-asked-asleep": replace(car, is_asked=True, reach=Reach.ASLEEP, next_try_at=at(21, 17)),
        "16-car-home-unknown": replace(car, home=HomeShown(True, None, None)),
        "16-car-home-not-allowed": replace(car, home=HomeShown(False, None, None)),
        "16-car-home-forgettable": replace(car, home=HomeShown(False, at(18, 40), LearntFrom.DRIVER)),
        **{f"16-home-{why.value}": HomeNotKept(M3, why) for why in Said if why is not Said.KEPT},
    }


def _rest() -> dict[str, Screen]:
    mail = OutboxMail(
        MAIL, "Your way into Chargekey",
        "Open this link:\n\nhttp://localhost:8700/sign-in/x\n\nIf it was not you, do nothing.",
        "http://localhost:8700/sign-in/x", AGO[9],
    )  # fmt: skip
    return {
        "01-welcome": _welcome(),
        "01-welcome-at-exchange": replace(_welcome(), at_exchange=True),
        "01-welcome-signed-in": replace(_welcome(), next_part=Part.KEY, car=M3),
        "01-sign-in": SignIn(),
        "01-sign-in-wrong": SignIn("maren at post", True, True),
        "01-sign-in-too-often": SignIn("maren@post.example", is_too_often=True),
        "01-sign-in-sent": LinkSent(MAIL, 20, "/outbox"),
        "01-sign-in-open": OpenLink("x" * 43, "kim@driver.example"),
        **{f"01-link-{why.value}": LinkWorthless(why) for why in WhyWorthless},
        "01-outbox": Outbox((mail, mail), ("agent@home.example",)),
        "01-outbox-empty": Outbox(()),
        "01-help": Help(Part.KEY),
        "22-our-mistake": OurMistake("E-20261126-2112-6B", NOW, "/tonight", True),
        "22-not-found": NotFound(),
        "22-open-too-long": OpenTooLong("/tonight"),
        "22-not-understood": NotUnderstood(),
        "22-tesla-fails": TeslaFails("/key", "503", NOW),
    }


def screens() -> dict[str, Screen]:
    """All of them, in the order of their names."""
    every = {
        **stuck(),
        **support(),
        **owner(),
        **(ours := operator()),
        **first_run(ours),
        **other_account(),
        **account(),
        **leaving(),
        **_rest(),
        **_car(),
        **_guide(),
        **_test(),
        **_planning(),
        **nights(),
        **mornings(),
    }
    return dict(sorted((every | with_around(every) | without_mail(every)).items()))
