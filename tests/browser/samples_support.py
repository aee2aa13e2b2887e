"""Screens of help and of the console, from a bundle written down here."""

from dataclasses import replace
from datetime import timedelta

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.delivery import Delivery
from chargekey.domain.diagnosis import Odds
from chargekey.domain.evidence import Fact, KeyStatus, Source, SubjectKind
from chargekey.domain.findings import Answered, Device, OpenedPairingLink
from chargekey.domain.grant import ASKED
from chargekey.domain.journey import Step
from chargekey.domain.night import Order
from chargekey.domain.support import (
    Browser,
    Bundle,
    CallLine,
    CarLine,
    CauseLine,
    ExcludedLine,
    Firmware,
    HappenedLine,
    LastFour,
    Locale,
    Model,
    NextQuestionLine,
    OrderLine,
    PermissionsLine,
    ReaderLine,
    RequestId,
    StepLine,
    SupportCode,
    TeslaLine,
    ToldLine,
    Value,
    Version,
    VersionLine,
    Word,
    Zone,
    details,
)
from chargekey.domain.tesla_health import Weather
from chargekey.domain.vehicle import Access, KeyNeed, Reach
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.arriving import Help
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.screens.support import Console, NotSent, WriteMore, WriteToUs, Written
from chargekey.entrypoints.web.showing_support import case_shown, queue_lines, tick_lines
from chargekey.entrypoints.web.site import Site
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.answer_support import InQueue, OpenCase
from chargekey.journeys.get_support import Said, Thread
from chargekey.ports.support import By, LookedAs, LookedAt
from tests.browser.sample_chart import NOW, ZONE

CODE = SupportCode("KEY-4F21-8842")
MESSAGE = "I pressed Allow twice. The Tesla app goes back to the map and nothing happens."
SITE = Site("Chargekey", "https://charge.nordlicht.example", "charge.nordlicht.example", ZONE, "https://auth.tesla.com")
WORDS = Words("en_GB", ZONE)


def ago(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def _call(minutes: float, what: str, status: int = 200, fault: str | None = None) -> CallLine:
    number = RequestId("9c1f4b77a0d24e0f8b1d33c2a1f0e07b")
    known = Word(fault) if fault else None
    return CallLine(NOW - ago(minutes), Word(what), status, known, number, 212, Word("eu"), LastFour("4F21"))


def _happened(minutes: float, source: Source, fact: Fact, name: str) -> HappenedLine:
    about = SubjectKind.VEHICLE if isinstance(fact, KeyStatus) else SubjectKind.DRIVER
    return HappenedLine(NOW - ago(minutes), about, source, Word(name), details(fact))


def bundle() -> Bundle:
    unpaired = KeyStatus(paired=False, must_sign=True, keys_on_car=7, firmware="2026.38.2")
    showed = {Question.APP_SHOWED: Answer.NOTHING_ASKED}
    car = CarLine(
        Model("Model 3"), LastFour("4F21"), True, Access.OWNER, Reach.ONLINE, False, KeyNeed.NEEDED, 7,
        Firmware("2026.38.2"), NOW - ago(0.4), NOW - ago(6),
    )  # fmt: skip
    return Bundle(
        NOW - ago(14),
        (
            ReaderLine(Device.PHONE, Browser.SAFARI, Locale("en_GB"), Zone("Europe/Berlin")),
            StepLine(Step.ADD_KEY),
            PermissionsLine(ASKED, ASKED, NOW - ago(32), None),
            car,
            ToldLine((Remedy.CLOSE_THE_APP, Remedy.OPEN_THE_LINK)),
            CauseLine(Word("C5"), Certainty.LIKELY, Word("cannot_be_seen"), (), NOW - ago(6), Odds.LIKELY),
            CauseLine(Word("C3"), Certainty.POSSIBLE, None, (), None, Odds.POSSIBLE),
            CauseLine(Word("C7"), Certainty.POSSIBLE, None, ((Word("other"), Value("77C0")),), None, Odds.LESS_LIKELY),
            ExcludedLine((Word("A1"), Word("B3"), Word("E1")), (Word("G3"),)),
            NextQuestionLine(Question.PHONE_OPENS_CAR, showed),
            _happened(20, Source.DRIVER, OpenedPairingLink(1), "opened_pairing_link"),
            _happened(19, Source.TESLA, unpaired, "key_status"),
            _happened(16, Source.DRIVER, Answered(1, showed), "answered"),
            _happened(15, Source.TESLA, unpaired, "key_status"),
            _call(19, "fleet_status"),
            _call(16, "vehicle_data", 408, "Asleep"),
            _call(15, "fleet_status"),
            OrderLine(NOW - ago(15), Order.WAKE, Delivery.DONE, None, NOW - ago(14), None),
            TeslaLine(Weather.FAIR, None, 12, 0),
            VersionLine(Version("0.1.0 0a1b2c3d")),
        ),
    )


def support() -> dict[str, Screen]:
    said = (
        Said(NOW - ago(14), By.DRIVER, MESSAGE),
        Said(NOW - ago(9), By.AGENT, "Does your phone open the car by itself, without the key card?"),
    )
    until = NOW + timedelta(days=30)
    thread = Thread(CODE, said, 20, NOW - ago(10), until, is_closed=False)
    waits = replace(thread, said=said[:1], read_at=None)
    write = WriteToUs(CODE, tick_lines(WORDS, bundle()), Part.KEY)
    queue = queue_lines(
        WORDS,
        [
            InQueue(CODE, NOW - ago(14), Word("C5")),
            InQueue(SupportCode("KEY-9A02-1180"), NOW - ago(9), Word("B3")),
            InQueue(SupportCode("CHG-30C7-0042"), None, None),
        ],
        CODE.text,
    )
    looks = (LookedAt(NOW - ago(10), LookedAs.READ, "petra@nordlicht.example"), LookedAt(NOW, LookedAs.ASKED, None))
    case = OpenCase(CODE, "en", NOW - ago(14), until, False, bundle(), said, looks, None)
    bare = replace(case, bundle=bundle().without(range(20)), looks=looks[:1], truly=Word("C5"))
    return {
        "18-write": write,
        "18-write-nothing-said": replace(write, wrong=NotSent.NOTHING_SAID),
        "18-write-anew": replace(write, typed=MESSAGE, wrong=NotSent.SHOWN_TOO_LONG_AGO),
        "18-written": Written(waits),
        "18-answered": Written(thread),
        "18-more": WriteMore(thread),
        "18-more-too-many": WriteMore(thread, MESSAGE, NotSent.TOO_MANY),
        "18-often": Help(Part.KEY, "petra@nordlicht.example", is_signed_in=True),
        "18-often-signed-out": Help(None, "petra@nordlicht.example"),
        "19-console": Console(queue),
        "19-console-empty": Console((), wrong="KEY-0000-0000"),
        "19-console-case": Console(queue, case_shown(WORDS, WORDS, case, SITE)),
        "19-console-case-bare": Console(queue, case_shown(WORDS, WORDS, bare, SITE), said_nothing=True),
    }
