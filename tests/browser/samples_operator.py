"""The operator's page, the door it closes, and leaving, with sample values."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chargekey.domain.evidence import Observation, Seen, Source, Subject, SubjectKind
from chargekey.domain.findings import (
    AppAtTesla,
    CarbonKept,
    Certificate,
    Closed,
    DiskSpace,
    Found,
    HostedKey,
    KeyFile,
    MailServer,
    MonthAtTesla,
    OperatorClock,
    OurDomain,
    PricesKept,
    PricesStand,
    Registered,
    RegisteredKeys,
    TeslaReached,
)
from chargekey.domain.operator_check import check
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.leaving_words import lines_of
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.routes_operator import shown
from chargekey.entrypoints.web.screens.leaving import Disconnect, MyData, Receipt
from chargekey.entrypoints.web.screens.operator import OurSideNotReady
from chargekey.entrypoints.web.upkeep_words import Noticed, parked
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.check_operator import OurSide
from chargekey.journeys.disconnect import Sure, Tick, What
from chargekey.ports.jobs import Parked, Work
from chargekey.ports.people import Vehicle
from tests.browser.sample_chart import NOW, ZONE, at
from tests.browser.samples_budget import homes

MAIL: Final = "m.vogt@nordlicht.example"
REVOKE: Final = "https://auth.tesla.com/user/revoke/consent?revoke_client_id=x"
CAR: Final = Vehicle(1, 1, 1, Vin("5YJ3E7EB4NF004F21"))
PRICES: Final = PricesKept(PricesStand.UP_TO_DATE, "energy-charts:NL", at(0))
CARBON: Final = CarbonKept("gb-carbon:GB", NOW + timedelta(hours=30))
WORDS: Final = Words("en_GB", ZONE)


def _side(*found: Found) -> OurSide:
    us = Subject(SubjectKind.OPERATOR, 0)
    seen = Seen({type(one): Observation(us, one, NOW - timedelta(seconds=30), Source.US) for one in found})
    looked_at = NOW - timedelta(seconds=30) if found else None
    return OurSide(check(seen, ("eu", "na"), NOW), looked_at, NOW + timedelta(seconds=30), None)


def _given_up() -> tuple[Noticed, ...]:
    at_a_car = Parked(Work.TEND_VEHICLE, 3, NOW, 10, at(14, 2), "ContentsUnreadable")
    by_mail = Parked(Work.SEND_NOTICE, 41, NOW, 10, at(9, 15), "Unreachable")
    return tuple(parked(WORDS, one, {3: CAR.vin}) for one in (by_mail, at_a_car))


def _months() -> dict[str, Screen]:
    reached = TeslaReached({"eu": True, "na": True, "sign_in": True})
    right, used = (MonthAtTesla(5_030_000, 10_000_000, 0), MonthAtTesla(5_908_000, 10_000_000, 1))
    return {**homes(shown(WORDS, _side(reached, right)), shown(WORDS, _side(reached, used)))}


MUCH_WRONG: Final = (
    HostedKey(KeyFile.MOVED),
    AppAtTesla(False, None, None, frozenset()),
    OperatorClock(-48),
    TeslaReached({"eu": False, "na": True, "sign_in": True}),
    MailServer(False),
    OurDomain(True, Certificate.NOT_TRUSTED),
    DiskSpace(90_000_000),
    PricesKept(PricesStand.LATE, "energy-charts:NL", at(0), "Unreachable"),
)


def operator() -> dict[str, Screen]:
    reached = TeslaReached({"eu": True, "na": True, "sign_in": True})
    both = RegisteredKeys({"eu": Registered.RIGHT, "na": Registered.RIGHT})
    app = AppAtTesla(True, True, True, frozenset())
    domain = OurDomain(True, Certificate.TRUSTED, NOW + timedelta(days=61))
    here = (OperatorClock(0), reached, MailServer(True), domain, DiskSpace(38_000_000_000), PRICES, CARBON)
    right = (HostedKey(KeyFile.RIGHT), both, app, *here, MonthAtTesla(5_030_000, 10_000_000, 0))
    one = (*right[:1], RegisteredKeys({"eu": Registered.NOTHING, "na": Registered.RIGHT}), *right[2:])
    closed = OurSideNotReady(
        Closed.KEY, ("F1",), ("There is no key file at its address.",), at(20, 41), at(20, 41), at(20, 59), MAIL
    )
    return {
        "20-operator-right": shown(WORDS, _side(*right)),
        "20-operator-wrong": shown(WORDS, _side(*one)),
        "20-operator-no-mail": shown(WORDS, _side(*one, MailServer(None))),
        "20-operator-right-no-mail": shown(WORDS, _side(*right, MailServer(None))),
        "20-operator-much-wrong": shown(WORDS, _side(*MUCH_WRONG)),
        "20-operator-unlooked": shown(WORDS, _side()),
        "20-operator-given-up": replace(shown(WORDS, _side(*right)), given_up=_given_up()),
        **_months(),
        "20-our-side-key": closed,
        "20-our-side-consent": OurSideNotReady(
            Closed.CONSENT,
            ("F5",),
            ("Tesla’s page refuses it: the portal does not list it.",),
            at(20, 41),
            None,
            None,
            MAIL,
        ),
    }


def leaving() -> dict[str, Screen]:
    ticks = (
        Tick(What.TOKENS, Sure.VERIFIED, "erased", NOW),
        Tick(What.KEY, Sure.VERIFIED, "gone", at(20, 50), CAR),
        Tick(What.TESLA_ACCESS, Sure.ASKED, "asked"),
        Tick(What.HOME, Sure.VERIFIED, "erased"),
    )
    kept, erased = Tick(What.DATA, Sure.KEPT, "kept"), Tick(What.DATA, Sure.VERIFIED, "erased", NOW)
    before = (Tick(What.KEY, Sure.ASKED, "still_on", at(20, 50), CAR), ticks[2])
    unknown = (
        Tick(What.KEY, Sure.NOT_KNOWN, "not_seen", None, CAR),
        Tick(What.TESLA_ACCESS, Sure.NOT_KNOWN, "no_answer"),
        Tick(What.SCHEDULES, Sure.ASKED, "still_in", None, CAR),
    )
    rows = (("observation", 412), ("night", 26), ("plan", 31), ("command", 88))

    def lines(*these: Tick) -> Receipt:
        said = lines_of(WORDS, these, "charge.nordlicht.example")
        return Receipt("CK-7F3A-2261", NOW, said, REVOKE, erased in these, rows if erased in these else (), "{}")

    left = lines(*ticks, kept)
    return {
        "17-disconnect": Disconnect(lines_of(WORDS, before, "charge.nordlicht.example"), REVOKE),
        "17-receipt": left,
        "17-receipt-mailed": replace(left, mailed=True),
        "17-receipt-not-mailed": replace(lines(*ticks[:3], erased), mailed=False),
        "17-receipt-erased": lines(*ticks[:3], erased),
        "17-receipt-unknown": lines(ticks[0], *unknown, kept),
        "17-my-data": MyData(True, MAIL),
    }
