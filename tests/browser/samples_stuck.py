"""The screens of a driver who is stuck, judged by the domain itself from evidence written down here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import diagnose
from chargekey.domain.evidence import (
    Fact,
    KeyStatus,
    Listed,
    Observation,
    ScopesGranted,
    Seen,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.findings import (
    AccountAnswered,
    Answered,
    Device,
    HostedKey,
    KeyFile,
    MobileAccess,
    OpenedPairingLink,
    ReadOn,
    Tried,
    Waits,
    WaitStands,
)
from chargekey.domain.grant import ASKED
from chargekey.domain.journey import Step, need_of_key
from chargekey.domain.tesla_health import judge
from chargekey.domain.trials import is_late
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.frame import Part, Trail
from chargekey.entrypoints.web.showing_trouble import in_the_way, waits_for, what_happened
from chargekey.journeys.case_file import CaseFile
from chargekey.journeys.standing import Whereabouts
from chargekey.journeys.troubleshoot import Trouble
from chargekey.ports.people import Grant, Vehicle
from tests.browser.sample_chart import NOW

M3 = Vin("5YJ3E7EB4NF004F21")
VEHICLE = Vehicle(1, 1, 1, M3)
LINK = f"https://tesla.com/_ak/charge.nordlicht.example?vin={M3.whole}"
TRAIL = Trail(Part.KEY, car=M3, needs_key=True, received=3)
WELL = Listed(Access.OWNER, Reach.ONLINE, "Kiesel", in_service=False, mobile_access_off=False)
UNPAIRED = KeyStatus(paired=False, must_sign=True, keys_on_car=7, firmware="2026.38.2")


def seen(kind: SubjectKind, *facts: Fact, ago: timedelta = timedelta(seconds=12)) -> Seen:
    return fold(Observation(Subject(kind, 1), fact, NOW - ago, Source.TESLA) for fact in facts)


def trouble(
    *about_car: Fact,
    said: Sequence[Fact] = (),
    opened_ago: timedelta | None = None,
    key_file: KeyFile = KeyFile.RIGHT,
    others_rejected: tuple[int, int] = (0, 0),
    waits_for_minutes: int | None = None,
) -> Trouble:
    """One driver at the key step, everything looked at twelve seconds ago."""
    car = seen(SubjectKind.VEHICLE, WELL, UNPAIRED, MobileAccess(True), *about_car)
    grant = seen(SubjectKind.GRANT, ScopesGranted(frozenset(ASKED)), AccountAnswered(1))
    facts: list[Fact] = [ReadOn(Device.PHONE), *said]
    driver = seen(SubjectKind.DRIVER, *facts)
    if opened_ago is not None:
        opened = seen(SubjectKind.DRIVER, OpenedPairingLink(1), ago=opened_ago)
        driver = Seen({**driver.latest, **opened.latest})
    case = Case(
        now=NOW,
        operator=seen(SubjectKind.OPERATOR, HostedKey(key_file)),
        driver=driver,
        grant=grant,
        vin=M3,
        vehicle_id=1,
        vehicle=car,
        need=need_of_key(M3, car),
        others=(),
        tesla=judge((), NOW),
        renewed_at=NOW - timedelta(minutes=5),
        region="eu",
        others_rejected=others_rejected,
    )
    here = Whereabouts(Step.ADD_KEY, Grant(1, 1, "account", "https://eu.example"), grant, VEHICLE, car, None)
    file = CaseFile(here, case)
    failed = opened_ago is not None
    diagnosis = diagnose(case, CATALOGUE, Stage.KEY, something_failed=failed, in_vain=frozenset(Look))
    waits, until = None, None
    if waits_for_minutes is not None:
        waits = Waits(1, (), NOW - timedelta(minutes=68), WaitStands.WAITING)
        until = NOW + timedelta(minutes=waits_for_minutes)
    opened_at = NOW - opened_ago if opened_ago is not None else None
    return Trouble(file, diagnosis, opened_at, is_late(file.case), waits, until, NOW - timedelta(seconds=12))


def answered(answers: Mapping[Question, Answer]) -> Answered:
    return Answered(1, answers)


def stuck() -> dict[str, Screen]:
    """By the name that their pictures bear."""
    ago = timedelta(minutes=3)
    full, off = replace(UNPAIRED, keys_on_car=20), (replace(WELL, mobile_access_off=True), MobileAccess(False))
    closed = (answered({Question.APP_SHOWED: Answer.NOTHING_ASKED}), Tried(1, (Remedy.CLOSE_THE_APP,)))
    rejected = answered({Question.APP_SHOWED: Answer.TOKEN_REJECTED})
    waiting = trouble(said=[rejected], opened_ago=ago, others_rejected=(7, 9), waits_for_minutes=112)
    asleep = trouble(replace(WELL, reach=Reach.ASLEEP), waits_for_minutes=13)
    offline = trouble(replace(WELL, reach=Reach.OFFLINE), waits_for_minutes=13)
    service = trouble(replace(WELL, in_service=True), waits_for_minutes=13)
    first = answered({Question.APP_SHOWED: Answer.NOTHING_ASKED})
    everything = dict.fromkeys(Question, Answer.DONT_KNOW)
    return {
        "05-in-the-way": in_the_way(trouble(*off, full), TRAIL),
        "05-in-the-way-ours": in_the_way(trouble(*off, full, key_file=KeyFile.MISSING), TRAIL),
        "05-in-the-way-not-owner": in_the_way(trouble(replace(WELL, access=Access.DRIVER)), TRAIL),
        "08-why-question": what_happened(trouble(opened_ago=ago), TRAIL, LINK),
        "08-why-second-question": what_happened(
            trouble(said=[answered({Question.APP_SHOWED: Answer.DONT_KNOW})], opened_ago=ago), TRAIL, LINK
        ),
        "08-why-close-the-app": what_happened(trouble(said=[first], opened_ago=ago), TRAIL, LINK),
        "08-why-after-closing": what_happened(trouble(said=closed, opened_ago=ago), TRAIL, LINK),
        "08-why-dont-know": what_happened(trouble(said=[answered(everything)], opened_ago=ago), TRAIL, LINK),
        "11-token-rejected": waits_for(waiting, TRAIL, LINK),
        "12-asleep": waits_for(asleep, TRAIL, LINK),
        "12-offline": waits_for(offline, TRAIL, LINK),
        "12-in-service": waits_for(service, TRAIL, LINK),
    }
