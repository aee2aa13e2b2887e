"""E: the keys on the car. How many there are Tesla tells; who removed one it does not."""

from datetime import date
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Source, Stage, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import key_is_settled
from chargekey.domain.causes.verdict import Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import KeyStatus
from chargekey.domain.findings import HostedKey, KeyFile, Registered, RegisteredKeys

READ: Final = date(2026, 11, 23)
FULL: Final = 20
ALMOST_FULL: Final = 19
"""The owner's manual says 19, the field's own description 20 (connect-and-pair 2.4): 19 may be full, 20 is."""


def _list_full(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    status, at = case.fresh(case.vehicle, KeyStatus, Look.KEY_STATUS), case.vehicle.when(KeyStatus)
    if status is None:
        return unknown("not_looked", at)
    if status.keys_on_car is None:
        return possible("not_said", at)
    keys = str(status.keys_on_car)
    if status.keys_on_car >= FULL:
        return present("counted", at, keys=keys)
    return (
        likely("almost", at, keys=keys) if status.keys_on_car >= ALMOST_FULL else ruled_out("has_room", at, keys=keys)
    )


def _removed(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    if case.key_was_on_until is None:
        return ruled_out("was_never_there")
    if case.our_key_changed:
        return ruled_out("ours_changed", case.key_was_on_until)
    if case.in_service_before_that:
        return possible("gone_after_service", case.key_was_on_until)
    return present("gone_since", case.key_was_on_until)


def _our_key_changed(case: Case) -> Verdict:
    """The side of F2 that a driver sees: his car knew a key that we no longer sign with."""
    if settled := key_is_settled(case):
        return settled
    if case.our_key_changed:
        return present("knew_another", case.key_was_on_until)
    hosted = case.fresh(case.operator, HostedKey, Look.OWN_KEY_FILE)
    registered = case.fresh(case.operator, RegisteredKeys, Look.REGISTRATION)
    if hosted is None or registered is None:
        return unknown("not_looked")
    at = case.operator.when(HostedKey)
    if hosted.found is KeyFile.ANOTHER_KEY or Registered.ANOTHER_KEY in registered.found.values():
        return likely("keys_differ", at)
    return ruled_out("keys_agree", at)


def _only_the_other_has_it(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    statuses = [(other, other.seen.fact(KeyStatus)) for other in case.others if not other.got_key_at]
    having = [other for other, status in statuses if status and status.paired]
    if having:
        return likely("other_has_it", having[0].seen.when(KeyStatus), other=having[0].vin.last_four)
    return possible("no_other_has_it") if case.others else ruled_out("only_car")


CAUSES: Final = (
    Cause(
        id="E1",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.CAR,
        hold=Hold.FORBIDS,
        signal=_list_full,
        remedies=(Remedy.DELETE_OLD_KEYS,),
        sources=(Source("connect-and-pair 2.3 E1, 2.4: vehicle-command #426", READ),),
        prior=2,
        settled_by=(Look.KEY_STATUS,),
        answers={Question.APP_SHOWED: {Answer.LIST_FULL: 80, Answer.UNABLE_TO_SHARE: 15}},
    ),
    Cause(
        id="E2",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_removed,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("connect-and-pair 2.3 E2: Home Assistant #137141 and #145944", READ),),
        prior=1,
        settled_by=(Look.KEY_STATUS,),
    ),
    Cause(
        id="E3",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_our_key_changed,
        remedies=(Remedy.OPEN_THE_LINK,),
        sources=(Source("connect-and-pair 2.3 E3: vehicle-command #77, Home Assistant #139165", READ),),
        prior=1,
        settled_by=(Look.OWN_KEY_FILE, Look.REGISTRATION),
    ),
    Cause(
        id="E8",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_only_the_other_has_it,
        remedies=(Remedy.SWIPE_TO_THE_CAR, Remedy.OPEN_THE_LINK),
        sources=(Source("connect-and-pair 2.3 E8: Home Assistant #145944", READ),),
        prior=1,
        settled_by=(Look.KEY_STATUS,),
        answers={Question.APP_SHOWED: {Answer.OTHER_CAR: 30, Answer.ALLOWED: 30}},
    ),
)
