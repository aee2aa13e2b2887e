"""A, second half: the Tesla account itself, which one it is, and whether Tesla still answers for it.

A refusal of Tesla's stands for a day unless Tesla answers for the account after it. A8 (unknown user) was seen as 401
only, and of accounts in companies too (B3), so that it is never more than likely.
"""

from datetime import date, timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import GOOD_FOR, Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import (
    End,
    answered_at,
    answered_lately,
    end_of_consent,
    key_is_settled,
    no_consent,
    refused_lately,
)
from chargekey.domain.causes.tokens import SIGN_IN_ENDED, ended_so
from chargekey.domain.causes.verdict import Certainty, Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import ChargeState, ScopesGranted
from chargekey.domain.findings import AccountAnswered, AccountRefused, AccountTrouble, ConsentTrip, Trip
from chargekey.domain.grant import Scope

READ: Final = date(2026, 11, 23)
REFUSAL_STANDS: Final = timedelta(days=1)
PAIRING_SCOPES: Final = frozenset({Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_LOCATION})
"""Of what we ask for, those of which Tesla wants one before a key (tesla-fleet-api §7)."""


def refused_for(case: Case, why: AccountTrouble) -> Verdict:
    """Whether Tesla's latest word on the account is a refusal for that reason."""
    if gone := no_consent(case):
        return gone
    refused, at = (case.grant.fact(AccountRefused), case.grant.when(AccountRefused)) if case.grant else (None, None)
    well = answered_at(case)
    if refused is None or at is None or (well and well > at):
        fresh = answered_lately(case)
        return ruled_out("account_answers", fresh) if fresh else unknown("not_looked", well)
    if case.age(at) > REFUSAL_STANDS:
        return unknown("not_looked", at)
    return present("refused", at) if refused.why is why else possible("refused_otherwise", at)


def _wrong_account(case: Case) -> Verdict:
    trip, came_at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    read_at = case.grant.when(ScopesGranted) if case.grant else None
    if trip and trip.came is Trip.OTHER_ACCOUNT and came_at and (read_at is None or read_at <= came_at):
        return present("another_account", came_at)
    if gone := no_consent(case):
        return gone
    answered = case.fresh(case.grant, AccountAnswered, Look.LIST)
    at = answered_lately(case)
    if answered and answered.cars == 0:
        return likely("no_cars", at)
    if refused_at := refused_lately(case):
        return possible("list_refused", refused_at)
    return ruled_out("has_cars", at) if at else unknown("not_looked", answered_at(case))


def _app_has_another(case: Case) -> Verdict:
    return key_is_settled(case) or possible("cannot_be_seen")


def _link_before_consent(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    if no_consent(case):
        return present("no_consent")
    granted = case.fresh(case.grant, ScopesGranted, Look.TOKEN)
    read_at = case.grant.when(ScopesGranted) if case.grant else None
    if granted is None:
        return unknown("token_is_old", read_at)
    return ruled_out("consent_holds", read_at) if granted.scopes & PAIRING_SCOPES else present("may_not_pair", read_at)


def _unknown_user(case: Case) -> Verdict:
    said = refused_for(case, AccountTrouble.UNKNOWN_USER)
    return likely("refused", said.seen_at) if said.certainty is Certainty.PRESENT else said


def _revoked(case: Case) -> Verdict:
    if end_of_consent(case) is End.NOT_RENEWED and case.grant:
        return possible("not_renewed", ended_so(case, End.NOT_RENEWED).seen_at)
    return ended_so(case, End.REVOKED)


def _password_changed(case: Case) -> Verdict:
    found = ended_so(case, End.NOT_RENEWED)
    return likely("not_renewed", found.seen_at) if found.certainty is Certainty.PRESENT else found


def _locked(case: Case) -> Verdict:
    """A locked account cannot even sign in, so that without a consent it is not ruled out."""
    return possible("never_asked") if no_consent(case) else refused_for(case, AccountTrouble.LOCKED)


def _elsewhere(case: Case) -> Verdict:
    return refused_for(case, AccountTrouble.OTHER_REGION)


def _data_kept_back(case: Case) -> Verdict:
    """The list is given whatever the settings say; only data of the car, asked for the plan, shows that they let it."""
    said = refused_for(case, AccountTrouble.DATA_NOT_SHARED)
    if said.reason != "account_answers":
        return said
    at = case.vehicle.when(ChargeState)
    refused_at = case.grant.when(AccountRefused) if case.grant else None
    if at and case.age(at) <= GOOD_FOR[Look.TOKEN] and (refused_at is None or at > refused_at):
        return ruled_out("data_came", at)
    return possible("list_says_nothing", said.seen_at)


CAUSES: Final = (
    Cause(
        id="A5",
        stage=Stage.CHOICE,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_wrong_account,
        remedies=(Remedy.SWITCH_TESLA_ACCOUNT,),
        sources=(Source("connect-and-pair 2.3 A5: Smartcar, Home Assistant's config flow", READ),),
        prior=8,
        settled_by=(Look.LIST,),
        answers={Question.SAME_ACCOUNT: {Answer.NO: 85}, Question.WHOSE_CAR: {Answer.MINE: 60}},
    ),
    Cause(
        id="A6",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_app_has_another,
        remedies=(Remedy.SWITCH_APP_ACCOUNT, Remedy.SWITCH_TESLA_ACCOUNT),
        sources=(
            Source("connect-and-pair 2.3 A6: vehicle-command #126, fleet-telemetry #324, Charge HQ", READ),
            Source("tesla-fleet-api 7: Unable to Share Vehicle", READ),
        ),
        prior=5,
        answers={
            Question.APP_SHOWED: {Answer.UNABLE_TO_SHARE: 85, Answer.OTHER_CAR: 8},
            Question.SAME_ACCOUNT: {Answer.NO: 85},
            # The app of somebody else in the family mostly opens the car all the same.
            Question.PHONE_OPENS_CAR: {Answer.YES: 60, Answer.NO: 30},
        },
    ),
    Cause(
        id="A7",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.FORBIDS,
        signal=_link_before_consent,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("connect-and-pair 2.3 A7: vehicle-command #126 and #137", READ),),
        prior=1,
        settled_by=(Look.TOKEN,),
        answers={Question.APP_SHOWED: {Answer.UNABLE_TO_SHARE: 90}},
    ),
    Cause(
        id="A8",
        stage=Stage.CHOICE,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_unknown_user,
        remedies=(Remedy.SIGN_IN_TO_THE_APP,),
        sources=(Source("tesla-fleet-api 1.6, 6.1: unknown user, vehicle-command #187", READ),),
        prior=3,
        settled_by=(Look.LIST,),
        answers={Question.WHOSE_CAR: {Answer.MINE: 80}},
    ),
    Cause(
        id="A9",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_revoked,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("tesla-fleet-api 1.6: 401 User revoked consent, vehicle-command #139", READ),),
        prior=4,
        settled_by=(Look.LIST,),
        siblings=SIGN_IN_ENDED,
    ),
    Cause(
        id="A10",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_password_changed,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("connect-and-pair 2.3 A10: Tessie, ev.energy", READ),),
        prior=8,
        settled_by=(Look.LIST,),
        siblings=SIGN_IN_ENDED,
    ),
    Cause(
        id="A11",
        stage=Stage.CHOICE,
        who=Who.TESLA,
        where=Where.ACCOUNT,
        hold=Hold.FORBIDS,
        signal=_locked,
        remedies=(Remedy.ASK_TESLA_ABOUT_ACCOUNT,),
        sources=(Source("tesla-fleet-api 6.1: 423", READ),),
        prior=1,
        retry=Retry(timedelta(hours=6), at_most=28),
        settled_by=(Look.LIST,),
        answers={Question.TESLA_PAGE: {Answer.COULD_NOT_SIGN_IN: 90}},
        also_at=frozenset({Stage.CONSENT, Stage.KEY, Stage.CHARGING}),
    ),
    Cause(
        id="A13",
        stage=Stage.CHOICE,
        who=Who.US,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_elsewhere,
        remedies=(Remedy.WE_CHANGE_REGION,),
        sources=(Source("tesla-fleet-api 6.1: 421; evcc #14801, PowerSync #72", READ),),
        prior=1,
        retry=Retry(timedelta(minutes=5), at_most=12),
        settled_by=(Look.LIST,),
    ),
    Cause(
        id="A14",
        stage=Stage.CHOICE,
        who=Who.OWNER,
        where=Where.CAR,
        hold=Hold.FORBIDS,
        signal=_data_kept_back,
        remedies=(Remedy.CHANGE_DATA_SHARING,),
        sources=(Source("tesla-fleet-api 6.1: 451", READ),),
        settled_by=(Look.LIST,),
        also_at=frozenset({Stage.KEY, Stage.CHARGING}),
    ),
)
"""The priors weigh those whose account gives no car or no key: the wrong one of two accounts is met most."""
