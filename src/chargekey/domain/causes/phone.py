"""C: the phone, the link and the prompt. Most of it happens where nobody but the driver can see it.

The priors are judgements from the public threads the sources name: an app that shows nothing is told of most often.
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
from chargekey.domain.evidence import KeyStatus, Listed, ScopesGranted
from chargekey.domain.findings import Device, HostedKey, KeyFile, ReadOn
from chargekey.domain.grant import missing
from chargekey.domain.vehicle import Access, Reach

READ: Final = date(2026, 11, 23)
SWALLOWED: Final = "swallowed"
"""C3, C5: the app opens and asks nothing. Nothing on the wire and no answer parts an old app from a stuck one."""


def _never_seen(case: Case) -> Verdict:
    return key_is_settled(case) or possible("cannot_be_seen")


def _on_a_computer(case: Case) -> Verdict:
    if found := _read_on(case, Device.COMPUTER):
        return found
    read = case.driver.fact(ReadOn)
    if read and read.device in (Device.PHONE, Device.IN_APP_BROWSER):
        return ruled_out("read_on_a_phone", case.driver.when(ReadOn))
    return possible("device_not_known")


def _browser_keeps_it(case: Case) -> Verdict:
    """A phone's own browser may be told not to open apps, so that it is never ruled out."""
    return _read_on(case, Device.IN_APP_BROWSER) or possible("cannot_be_seen")


def _read_on(case: Case, device: Device) -> Verdict | None:
    if settled := key_is_settled(case):
        return settled
    read = case.driver.fact(ReadOn)
    return likely("read_there", case.driver.when(ReadOn)) if read and read.device is device else None


def _key_file_did_not_load(case: Case) -> Verdict:
    """The driver's side of F1: where our file is wrong just now, F1 says so; this is why no prompt came."""
    if settled := key_is_settled(case):
        return settled
    hosted, at = case.fresh(case.operator, HostedKey, Look.OWN_KEY_FILE), case.operator.when(HostedKey)
    if hosted is None:
        return unknown("not_looked", at)
    return ruled_out("key_file_is_right", at) if hosted.found is KeyFile.RIGHT else likely("key_file_is_wrong", at)


def _another_car_got_it(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    for other in case.others:
        if other.got_key_at:
            return present("other_got_it", other.got_key_at, other=other.vin.last_four, model=other.vin.model)
    if not case.others:
        return ruled_out("only_car")
    at = case.vehicle.when(KeyStatus)
    if case.fresh(case.vehicle, KeyStatus, Look.KEY_STATUS) is None:
        return unknown("not_looked", at)
    return possible("no_other_got_it", at)


def _car_did_not_answer(case: Case) -> Verdict:
    """What the car was while the app asked it, nobody told us: a glance now makes it more or less likely."""
    if settled := key_is_settled(case):
        return settled
    listed, at = case.fresh(case.vehicle, Listed, Look.LIST), case.vehicle.when(Listed)
    if listed is None:
        return unknown("not_looked", at)
    return possible("online_now", at) if listed.reach is Reach.ONLINE else likely("not_online", at)


def _page_is_stale(case: Case) -> Verdict:
    """Ours looks by itself while it is open, so that only an old look can be at fault."""
    if settled := key_is_settled(case):
        return settled
    at = case.vehicle.when(KeyStatus)
    if case.fresh(case.vehicle, KeyStatus, Look.KEY_STATUS) is None:
        return unknown("not_looked", at)
    return ruled_out("looked_lately", at)


def _repair_not_found(case: Case) -> Verdict:
    granted = case.grant.fact(ScopesGranted) if case.grant else None
    at = case.grant.when(ScopesGranted) if case.grant else None
    if granted is None:
        return ruled_out("never_consented")
    return likely("permission_missing", at) if missing(granted.scopes) else ruled_out("nothing_missing", at)


def _no_card_at_hand(case: Case) -> Verdict:
    """Owners are asked for a card at times too, so that no list rules it out (connect-and-pair 2.4)."""
    if settled := key_is_settled(case):
        return settled
    listed, at = case.fresh(case.vehicle, Listed, Look.LIST), case.vehicle.when(Listed)
    return likely("drivers_need_one", at) if listed and listed.access is Access.DRIVER else possible("cannot_be_seen")


CAUSES: Final = (
    Cause(
        id="C1",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_on_a_computer,
        remedies=(Remedy.SCAN_THE_CODE,),
        sources=(Source("connect-and-pair 2.3 C1: vehicle-command #444, Smartcar", READ),),
        prior=2,
        answers={Question.APP_SHOWED: {Answer.DID_NOT_OPEN: 90}},
    ),
    Cause(
        id="C2",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.INSTALL_THE_APP, Remedy.SIGN_IN_TO_THE_APP, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C2: FlexCharging", READ),),
        prior=4,
        answers={Question.APP_SHOWED: {Answer.DID_NOT_OPEN: 85}, Question.PHONE_OPENS_CAR: {Answer.NO: 90}},
    ),
    Cause(
        id="C3",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.UPDATE_THE_APP, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C3, 2.4", READ),),
        prior=8,
        answers={Question.APP_SHOWED: {Answer.NOTHING_ASKED: 75, Answer.ALLOWED: 15}},
        siblings=SWALLOWED,
    ),
    Cause(
        id="C4",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_browser_keeps_it,
        remedies=(Remedy.OPEN_IN_BROWSER, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C4: Watchla #193, #199 and #227", READ),),
        prior=5,
        answers={Question.APP_SHOWED: {Answer.DID_NOT_OPEN: 90}},
    ),
    Cause(
        id="C5",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.CLOSE_THE_APP, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C5: ev.energy, vehicle-command #99 and #129", READ),),
        prior=20,
        answers={Question.APP_SHOWED: {Answer.NOTHING_ASKED: 75, Answer.ALLOWED: 15}},
        siblings=SWALLOWED,
    ),
    Cause(
        id="C6",
        stage=Stage.KEY,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_key_file_did_not_load,
        remedies=(Remedy.OPERATOR_MENDS_KEY_FILE, Remedy.WAIT),
        sources=(Source("connect-and-pair 2.3 C6: vehicle-command #99; one fault with F1", READ),),
        prior=2,
        retry=Retry(timedelta(minutes=5), at_most=288),
        settled_by=(Look.OWN_KEY_FILE,),
        answers={Question.APP_SHOWED: {Answer.NOTHING_ASKED: 50, Answer.NOT_REGISTERED: 45}},
    ),
    Cause(
        id="C7",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_another_car_got_it,
        remedies=(Remedy.SWIPE_TO_THE_CAR, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C7: vehicle-command #58", READ),),
        prior=4,
        settled_by=(Look.KEY_STATUS,),
        answers={Question.APP_SHOWED: {Answer.OTHER_CAR: 60, Answer.ALLOWED: 30}},
    ),
    Cause(
        id="C8",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.SET_UP_PHONE_KEY, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C8: Smartcar, FlexCharging", READ),),
        prior=6,
        answers={
            Question.APP_SHOWED: {Answer.UNABLE_TO_SHARE: 60, Answer.NOTHING_ASKED: 20},
            Question.PHONE_OPENS_CAR: {Answer.NO: 85, Answer.SOMETIMES: 5},
        },
    ),
    Cause(
        id="C9",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.RENEW_PHONE_KEY, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C9: vehicle-command #158", READ),),
        prior=3,
        answers={
            Question.APP_SHOWED: {Answer.UNABLE_TO_SHARE: 60, Answer.NOTHING_ASKED: 20},
            Question.PHONE_OPENS_CAR: {Answer.SOMETIMES: 70, Answer.NO: 20},
        },
    ),
    Cause(
        id="C10",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_car_did_not_answer,
        remedies=(Remedy.WAKE_THE_CAR, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C10: Watchla #239", READ),),
        prior=3,
        settled_by=(Look.LIST,),
        answers={Question.APP_SHOWED: {Answer.NOT_REACHED: 75, Answer.UNABLE_TO_SHARE: 15}},
    ),
    Cause(
        id="C11",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("connect-and-pair 2.3 C11, inference from fault names", READ),),
        prior=3,
        answers={Question.APP_SHOWED: {Answer.DECLINED: 85, Answer.ALLOWED: 5}},
    ),
    Cause(
        id="C12",
        stage=Stage.KEY,
        who=Who.US,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_page_is_stale,
        remedies=(Remedy.WAIT,),
        sources=(Source("connect-and-pair 2.3 C12: TeslaSolarCharger #1282, Watchla #210", READ),),
        prior=1,
        retry=Retry(timedelta(minutes=1), at_most=60),
        settled_by=(Look.KEY_STATUS,),
        answers={Question.APP_SHOWED: {Answer.ALLOWED: 60}, Question.NAME_IN_LOCKS: {Answer.YES: 90}},
    ),
    Cause(
        id="C13",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_never_seen,
        remedies=(Remedy.LOOK_FOR_NAME_IN_LOCKS, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 C13: Watchla #276", READ),),
        prior=2,
        answers={
            Question.APP_SHOWED: {Answer.DECLINED: 30, Answer.ALLOWED: 30},
            Question.NAME_IN_LOCKS: {Answer.NO: 95},
        },
    ),
    Cause(
        id="C14",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_repair_not_found,
        remedies=(Remedy.REPAIR_PERMISSIONS,),
        sources=(Source("connect-and-pair 2.3 C14: Watchla #283", READ),),
        prior=1,
        settled_by=(Look.TOKEN,),
        answers={Question.MISSING_BOX: {Answer.LEFT_EMPTY: 60, Answer.NO_BOXES: 25}},
    ),
    Cause(
        id="C15",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.LETS,
        signal=_no_card_at_hand,
        remedies=(Remedy.HOLD_KEY_CARD, Remedy.ASK_THE_OWNER),
        sources=(Source("connect-and-pair 2.3 C15: Teslemetry, Watchla #230", READ),),
        prior=2,
        answers={Question.APP_SHOWED: {Answer.KEY_CARD: 90}},
    ),
)
