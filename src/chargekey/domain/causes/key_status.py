"""H5 and J: the key, and what Tesla says of it, which lags behind the car and is sometimes wrong."""

from datetime import date, timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import key_is_settled
from chargekey.domain.causes.verdict import Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import Handshake, KeyStatus, PlainCommandsTaken
from chargekey.domain.vehicle import KeyNeed

READ: Final = date(2026, 11, 23)
MAY_LAG: Final = timedelta(hours=2)
"""Users tell of seconds to one or two hours (netzero #276, tesla-fleet-api §7)."""
IS_AT_IT: Final = timedelta(seconds=45)
"""From the press of the link to a key on the car takes half a minute; less time is no failure."""


def _status_lags(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    opened, greeted_at = case.link_opened_at, case.vehicle.when(Handshake)
    greeted = case.fresh(case.vehicle, Handshake, Look.KEY_STATUS)
    if greeted and not greeted.proved and greeted_at and (opened is None or greeted_at > opened):
        return ruled_out("car_itself_says_no", greeted_at)
    if opened is None:
        return possible("link_opened_elsewhere")
    return possible("opened_lately" if case.age(opened) <= MAY_LAG else "opened_long_ago", opened)


def _not_added_yet(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    opened = case.link_opened_at
    if opened is None:
        return likely("link_not_opened")
    return likely("opened_just_now", opened) if case.age(opened) < IS_AT_IT else possible("opened_before", opened)


def _in_neither_list(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    status, at = case.fresh(case.vehicle, KeyStatus, Look.KEY_STATUS), case.vehicle.when(KeyStatus)
    if status is None:
        return unknown("not_looked", at)
    if status.paired is None:
        return present("in_neither_list", at)
    return ruled_out("listed_without_key", at)


def _wrongly_unsigned(case: Case) -> Verdict:
    """Tesla says that this car takes unsigned commands, and by its own word it does not.

    A VIN that is too new for that proves nothing: cars of companies take them, whatever their age.
    """
    if settled := key_is_settled(case):
        return settled
    status, at = case.fresh(case.vehicle, KeyStatus, Look.KEY_STATUS), case.vehicle.when(KeyStatus)
    if status is None:
        return unknown("not_looked", at)
    if status.must_sign is not False:
        return ruled_out("tesla_says_signed", at)
    greeted = case.vehicle.fact(Handshake)
    if greeted and not greeted.proved:
        return present("car_wants_a_key", case.vehicle.when(Handshake))
    return possible("too_new_for_that" if case.need is KeyNeed.NEEDED else "not_yet_known", at)


def _business_car_switched(case: Case) -> Verdict:
    """A car that took plain commands, and now wants them signed."""
    if settled := key_is_settled(case):
        return settled
    plain_at = case.vehicle.when(PlainCommandsTaken)
    status, at = case.fresh(case.vehicle, KeyStatus, Look.KEY_STATUS), case.vehicle.when(KeyStatus)
    if plain_at is None:
        return ruled_out("never_took_plain")
    greeted, greeted_at = case.vehicle.fact(Handshake), case.vehicle.when(Handshake)
    if greeted and not greeted.proved and greeted_at and greeted_at > plain_at:
        return present("wants_signed_now", greeted_at)
    return present("wants_signed_now", at) if status else unknown("not_looked", at)


def _second_factor(case: Case) -> Verdict:
    return key_is_settled(case) or possible("cannot_be_seen")


CAUSES: Final = (
    Cause(
        id="H5",
        stage=Stage.KEY,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_status_lags,
        remedies=(Remedy.WAIT,),
        sources=(Source("connect-and-pair 2.3 H5: fleet-telemetry #395, Watchla #210; tesla-fleet-api 7", READ),),
        prior=6,
        retry=Retry(timedelta(minutes=1), at_most=120),
        answers={Question.APP_SHOWED: {Answer.ALLOWED: 90}, Question.NAME_IN_LOCKS: {Answer.YES: 90}},
    ),
    Cause(
        id="J1",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_not_added_yet,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("connect-and-pair, corrections: J1, nothing wrong", READ),),
        prior=2,
        answers={
            Question.APP_SHOWED: {Answer.DECLINED: 10, Answer.DID_NOT_OPEN: 10, Answer.NOTHING_ASKED: 10},
            Question.NAME_IN_LOCKS: {Answer.NO: 95},
        },
    ),
    Cause(
        id="J2",
        stage=Stage.KEY,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_in_neither_list,
        remedies=(Remedy.WAIT, Remedy.OPEN_THE_LINK),
        sources=(Source("tesla-fleet-api 4.4: a VIN may be in neither list", READ),),
        prior=1,
        retry=Retry(timedelta(hours=1), at_most=24),
        settled_by=(Look.KEY_STATUS,),
    ),
    Cause(
        id="J4",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_wrongly_unsigned,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("tesla-fleet-api 4.4, 10.15: SentryGuard #229", READ),),
        prior=1,
        settled_by=(Look.KEY_STATUS,),
    ),
    Cause(
        id="J6",
        stage=Stage.KEY,
        who=Who.FLEET_ADMIN,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_business_car_switched,
        remedies=(Remedy.OPEN_THE_LINK, Remedy.ASK_FLEET_ADMIN),
        sources=(Source("tesla-fleet-api 7: vehicle-command #252", READ),),
        settled_by=(Look.KEY_STATUS,),
    ),
    Cause(
        id="J7",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_second_factor,
        remedies=(Remedy.CONFIRM_SECOND_FACTOR, Remedy.OPEN_THE_LINK),
        sources=(Source("tesla-fleet-api 10.23: evcc #12653, a single report", READ),),
        prior=1,
        answers={Question.APP_SHOWED: {Answer.SECOND_FACTOR: 90}},
    ),
)
"""The priors: after *Allow*, a list that lags is what mostly remains; the rest is rare or seen on the wire."""
