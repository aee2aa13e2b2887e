"""H and J: Tesla's side, its limits, and the refusals that may be its fault or may be the account's.

Not here, as nothing is streamed yet: H3 (telemetry slots full) and H4 (a telemetry setting not fetched by the car).
"""

from datetime import date, timedelta
from math import ceil
from typing import Final

from chargekey.domain.causes.account import refused_for
from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import GOOD_FOR, Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import answered_at, answered_lately, key_is_settled, no_consent, refused_lately
from chargekey.domain.causes.verdict import Certainty, Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import ChargeState, Listed, ScopesGranted
from chargekey.domain.findings import AccountTrouble, AppAtTesla, AskedTooOften
from chargekey.domain.grant import Scope, missing
from chargekey.domain.tesla_health import Weather
from chargekey.domain.vehicle import Access

READ: Final = date(2026, 11, 23)
EVERY_STAGE: Final = frozenset(Stage)
SEVERAL: Final = 2
"""How many others make it Tesla's matter: one may be mistaken or share the household's trouble."""


def _outage(case: Case) -> Verdict:
    tesla = case.tesla
    if tesla.weather is Weather.UNKNOWN or case.age(tesla.judged_at) > GOOD_FOR[Look.TESLA_HEALTH]:
        return unknown("not_looked", tesla.judged_at)
    if tesla.weather is Weather.FAIR and tesla.failing:
        return possible("some_calls_fail", tesla.judged_at)
    if tesla.weather is Weather.FAIR:
        return ruled_out("tesla_answers", tesla.judged_at)
    if tesla.asked < SEVERAL:
        return present("only_one_asked", tesla.since)
    return present("many_are_failed", tesla.since, failing=str(tesla.failing), asked=str(tesla.asked))


def _held_back(case: Case) -> Verdict:
    if gone := no_consent(case):
        return gone
    app, seen_at = case.fresh(case.operator, AppAtTesla, Look.REGISTRATION), case.operator.when(AppAtTesla)
    if app and app.within_limits is False:
        return present("over_limit", seen_at)
    held = case.grant.fact(AskedTooOften) if case.grant else None
    if held and held.until > case.now and case.grant:
        minutes = ceil((held.until - case.now) / timedelta(minutes=1))
        return present("asked_to_wait", case.grant.when(AskedTooOften), minutes=str(minutes))
    fresh = answered_lately(case) or refused_lately(case)  # a no of another kind is an answer, too
    return ruled_out("account_answers", fresh) if fresh else unknown("not_looked", answered_at(case))


def _refused_at_random(case: Case) -> Verdict:
    """A 403 for permissions that the token has: it passes, and is no reason to send anybody to the consent page."""
    said = refused_for(case, AccountTrouble.SCOPES_DENIED)
    if said.certainty is not Certainty.PRESENT:
        return said
    granted = case.fresh(case.grant, ScopesGranted, Look.TOKEN)
    if granted is None:
        return unknown("token_is_old", said.seen_at)
    if missing(granted.scopes):
        return ruled_out("permissions_are_missing", said.seen_at)
    return present("permissions_are_complete", said.seen_at)


def _place_hidden(case: Case) -> Verdict:
    """An owner may hide the place from his drivers; the car then tells everything but where it is."""
    listed, granted = case.vehicle.fact(Listed), case.grant.fact(ScopesGranted) if case.grant else None
    charge, at = case.vehicle.fact(ChargeState), case.vehicle.when(ChargeState)
    if no_consent(case) or granted is None or Scope.VEHICLE_LOCATION not in granted.scopes:
        return ruled_out("location_not_asked")
    if listed is None or charge is None or not charge.plugged_in:
        return possible("not_seen_plugged_in", at)
    if listed.access is Access.OWNER:
        return ruled_out("owner_sees_it", case.vehicle.when(Listed))
    return likely("tells_no_place", at) if charge.at_home is None else ruled_out("tells_its_place", at)


def _rejected_by_tesla(case: Case) -> Verdict:
    """Seen by its number: how many other drivers lately read the same words in their Tesla app."""
    if settled := key_is_settled(case):
        return settled
    rejected, of = case.others_rejected
    if rejected >= SEVERAL and 2 * rejected > of:
        return likely("many_others", rejected=str(rejected), of=str(of))
    if case.tesla.weather is Weather.OUTAGE:
        return likely("tesla_fails_now", case.tesla.since)
    return possible("few_others", rejected=str(rejected), of=str(of)) if of else possible("nobody_to_compare")


def _not_the_main_account(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    listed, at = case.fresh(case.vehicle, Listed, Look.LIST), case.vehicle.when(Listed)
    if listed is None:
        return possible("access_not_known", at) if refused_lately(case) else unknown("not_looked", at)
    if listed.access is Access.DRIVER:
        return likely("listed_as_driver", at)
    return possible("listed_as_owner", at) if listed.access is Access.OWNER else possible("access_not_known", at)


CAUSES: Final = (
    Cause(
        id="H1",
        stage=Stage.KEY,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_outage,
        remedies=(Remedy.WAIT,),
        sources=(Source("connect-and-pair 2.3 H1; tesla-fleet-api 6.1: 5xx and 540 across accounts", READ),),
        prior=1,
        retry=Retry(timedelta(minutes=1), at_most=1440),
        settled_by=(Look.TESLA_HEALTH,),
        also_at=EVERY_STAGE,
    ),
    Cause(
        id="H2",
        stage=Stage.CHARGING,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_held_back,
        remedies=(Remedy.WAIT, Remedy.OPERATOR_MENDS_BILLING),
        sources=(Source("tesla-fleet-api 6.1: 429 with Retry-After, 402", READ),),
        prior=1,
        retry=Retry(timedelta(minutes=15), at_most=192),
        settled_by=(Look.LIST,),
        also_at=frozenset({Stage.CHOICE, Stage.KEY}),
    ),
    Cause(
        id="J3",
        stage=Stage.CHOICE,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_refused_at_random,
        remedies=(Remedy.WAIT,),
        sources=(Source("tesla-fleet-api 6.1, 10.35: vehicle-command #185", READ),),
        prior=1,
        retry=Retry(timedelta(minutes=5), at_most=12),
        settled_by=(Look.LIST,),
        also_at=frozenset({Stage.KEY, Stage.CHARGING}),
    ),
    Cause(
        id="J5",
        stage=Stage.CHARGING,
        who=Who.OWNER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_place_hidden,
        remedies=(Remedy.SAY_PLUGGED_IN_IS_HOME, Remedy.ASK_THE_OWNER),
        sources=(Source("tesla-fleet-api 4.1: granular_access.hide_private", READ),),
        prior=1,
    ),
    Cause(
        id="J8",
        stage=Stage.KEY,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_rejected_by_tesla,
        remedies=(Remedy.WAIT,),
        sources=(Source("mission S14: token rejected while granting", READ),),
        prior=2,
        retry=Retry(timedelta(hours=3), at_most=8),
        answers={Question.APP_SHOWED: {Answer.TOKEN_REJECTED: 90}},
    ),
    Cause(
        id="J9",
        stage=Stage.KEY,
        who=Who.OWNER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_not_the_main_account,
        remedies=(Remedy.SWITCH_APP_ACCOUNT, Remedy.ASK_THE_OWNER),
        sources=(Source("mission S14: the account is not the car's main one", READ),),
        prior=1,
        settled_by=(Look.LIST,),
        answers={
            Question.APP_SHOWED: {Answer.TOKEN_REJECTED: 80, Answer.NOT_AUTHORIZED: 10},
            Question.WHOSE_CAR: {Answer.SOMEBODYS: 50, Answer.LEASED: 20, Answer.COMPANY: 20},
        },
    ),
)
"""The priors: on an ordinary evening none of these is met. J8 outweighs J9 two to one by what drivers reported; who
else met it, and whose car Tesla says it is, soon outweigh that."""
