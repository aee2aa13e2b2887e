"""D: the state of the car. Asleep is a rest, offline is out of reach, in service is Tesla's turn; none is a fault.

D9 to D12 are about streaming, which nothing here uses; D14 and E6 happen over Bluetooth alone.
"""

from datetime import date, timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import key_is_settled
from chargekey.domain.causes.verdict import Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import Handshake, KeyStatus, Listed, PlainCommandsTaken
from chargekey.domain.findings import MobileAccess
from chargekey.domain.journey import took_plain
from chargekey.domain.vehicle import KeyNeed, Reach

READ: Final = date(2026, 11, 23)
MODES: Final = "modes"
"""D6, D7: Valet and Guest mode are shown in the car alone; nothing parts them from afar."""


def _reach(case: Case) -> Reach | None:
    listed = case.fresh(case.vehicle, Listed, Look.LIST)
    return listed.reach if listed and listed.reach is not Reach.UNKNOWN else None


def _asleep(case: Case) -> Verdict:
    return _is(case, Reach.ASLEEP)


def _offline(case: Case) -> Verdict:
    return _is(case, Reach.OFFLINE)


def _is(case: Case, reach: Reach) -> Verdict:
    found, at = _reach(case), case.vehicle.when(Listed)
    if found is None:
        return unknown("not_looked", at)
    return present("tesla_says_so", at) if found is reach else ruled_out(f"is_{found.value}", at)


def _busy(case: Case) -> Verdict:
    """A car that boots or is told something else answers so once and is well in half a minute."""
    return key_is_settled(case) or possible("passes_by_itself")


def _in_service(case: Case) -> Verdict:
    listed, at = case.fresh(case.vehicle, Listed, Look.LIST), case.vehicle.when(Listed)
    if listed is None:
        return unknown("not_looked", at)
    return present("tesla_says_so", at) if listed.in_service else ruled_out("not_in_service", at)


def _mobile_access_off(case: Case) -> Verdict:
    """Off, when Tesla says so. On is the word of Tesla's servers: it stands until the app cannot reach the car."""
    asked, at = case.fresh(case.vehicle, MobileAccess, Look.MOBILE_ACCESS), case.vehicle.when(MobileAccess)
    listed = case.fresh(case.vehicle, Listed, Look.LIST)
    if asked and not asked.allowed:
        return present("switch_is_off", at)
    if listed and listed.mobile_access_off and (asked is None or case.vehicle.is_later(Listed, than=MobileAccess)):
        return present("tesla_says_off", case.vehicle.when(Listed))
    if asked is None:
        return unknown("not_looked", at)
    if case.answers.get(Question.APP_SHOWED) is Answer.NOT_REACHED:
        return possible("app_cannot_reach_it", at)
    return ruled_out("switch_is_on", at)


def _special_mode(case: Case) -> Verdict:
    return key_is_settled(case) or possible("cannot_be_seen")


def _needs_no_key(case: Case) -> Verdict:
    at = case.vehicle.when(KeyStatus)
    if took_plain(case.vehicle):
        return present("took_a_plain_order", case.vehicle.when(PlainCommandsTaken))
    if case.need is KeyNeed.NOT_NEEDED:
        return present("takes_plain_commands", at)
    if case.vin is None or case.vin.is_before_signed_commands:
        return possible("may_be_one", at)
    status = case.vehicle.fact(KeyStatus)
    if case.need is KeyNeed.ON_THE_CAR or case.vehicle.fact(Handshake) or status is None or status.must_sign:
        return ruled_out("newer_car", at)
    return possible("tesla_says_unsigned", at)


def _parts_replaced(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    if case.key_was_on_until is None:
        return ruled_out("key_was_never_there")
    if case.in_service_before_that:
        return likely("was_in_service", case.key_was_on_until)
    return possible("not_seen_in_service", case.key_was_on_until)


CAUSES: Final = (
    Cause(
        id="D1",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_asleep,
        remedies=(Remedy.OPEN_THE_LINK, Remedy.WAKE_THE_CAR),
        sources=(Source("tesla-fleet-api 4.2: state; connect-and-pair 2.3 D1", READ),),
        retry=Retry(timedelta(minutes=10), at_most=48),
        settled_by=(Look.LIST,),
    ),
    Cause(
        id="D2",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.WAITS,
        signal=_offline,
        remedies=(Remedy.WAKE_THE_CAR, Remedy.GIVE_IT_WIFI, Remedy.MOVE_THE_CAR, Remedy.RESTART_THE_SCREEN),
        sources=(Source("connect-and-pair 2.3 D2: TeslaSolarCharger #2046; mission S11", READ),),
        retry=Retry(timedelta(minutes=15), at_most=96),
        settled_by=(Look.LIST,),
        also_at=frozenset({Stage.CHARGING}),
    ),
    Cause(
        id="D3",
        stage=Stage.KEY,
        who=Who.US,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_busy,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("connect-and-pair 2.3 D3: vehicle-command ErrBusy, fault 11", READ),),
        prior=1,
        retry=Retry(timedelta(seconds=30), at_most=10),
        answers={Question.APP_SHOWED: {Answer.NOT_REACHED: 70, Answer.UNABLE_TO_SHARE: 20}},
    ),
    Cause(
        id="D4",
        stage=Stage.KEY,
        who=Who.TESLA,
        where=Where.CAR,
        hold=Hold.WAITS,
        signal=_in_service,
        remedies=(Remedy.WAIT,),
        sources=(Source("tesla-fleet-api 4.2: in_service; connect-and-pair 2.3 D4", READ),),
        retry=Retry(timedelta(hours=1), at_most=168),
        settled_by=(Look.LIST,),
        also_at=frozenset({Stage.CHARGING}),
    ),
    Cause(
        id="D5",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.FORBIDS,
        signal=_mobile_access_off,
        remedies=(Remedy.ALLOW_MOBILE_ACCESS,),
        sources=(Source("tesla-fleet-api 6.1: mobile_access_disabled; connect-and-pair 2.3 D5", READ),),
        prior=1,
        settled_by=(Look.LIST, Look.MOBILE_ACCESS),
        answers={Question.APP_SHOWED: {Answer.NOT_REACHED: 90}},
        also_at=frozenset({Stage.CHARGING}),
    ),
    Cause(
        id="D6",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_special_mode,
        remedies=(Remedy.LEAVE_SPECIAL_MODE, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 D6: Tesla's help on Valet mode", READ),),
        prior=1,
        answers={Question.APP_SHOWED: {Answer.UNABLE_TO_SHARE: 60, Answer.NOTHING_ASKED: 20}},
        siblings=MODES,
    ),
    Cause(
        id="D7",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_special_mode,
        remedies=(Remedy.LEAVE_SPECIAL_MODE, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 D7: vehicle-command #343", READ),),
        prior=1,
        answers={Question.APP_SHOWED: {Answer.UNABLE_TO_SHARE: 60, Answer.NOTHING_ASKED: 20}},
        siblings=MODES,
    ),
    Cause(
        id="D8",
        stage=Stage.KEY,
        who=Who.US,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_needs_no_key,
        remedies=(Remedy.SKIP_THE_KEY,),
        sources=(Source("connect-and-pair 2.3 D8: fleet-telemetry #394, SentryGuard #202", READ),),
        prior=1,
        settled_by=(Look.KEY_STATUS,),
        answers={Question.APP_SHOWED: {Answer.NO_KEY_NEEDED: 95}},
    ),
    Cause(
        id="D13",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_parts_replaced,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("connect-and-pair 2.3 D13, inference; esphome-tesla-ble #300", READ),),
        prior=1,
        settled_by=(Look.KEY_STATUS,),
    ),
)
