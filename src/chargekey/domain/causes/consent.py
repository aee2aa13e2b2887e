"""A, first half: the trip to Tesla's consent page, and what was ticked there.

A trip is our own log, so that none is known to be none; how one came back says why there is no consent for a day,
unless a consent came since. A20 (a profile permission demanded) cannot happen: we never ask for the profile.
"""

from datetime import date, datetime, timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import no_consent
from chargekey.domain.causes.verdict import Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import ScopesGranted
from chargekey.domain.findings import ConsentTrip, Trip
from chargekey.domain.grant import Scope, missing

READ: Final = date(2026, 11, 23)
TRIP_COUNTS_FOR: Final = timedelta(days=1)
BACK_WITHIN: Final = timedelta(minutes=5)
"""A consent takes one or two minutes; later than this most drivers have closed the page."""


def _scopes(case: Case) -> tuple[frozenset[Scope], datetime | None] | Verdict:
    """What a token read lately says was ticked, and when it was read; else the verdict that follows."""
    if gone := no_consent(case):
        return gone
    granted = case.fresh(case.grant, ScopesGranted, Look.TOKEN)
    read_at = case.grant.when(ScopesGranted) if case.grant else None
    return (granted.scopes, read_at) if granted else unknown("token_is_old", read_at)


def _not_ticked(case: Case) -> Verdict:
    read = _scopes(case)
    if isinstance(read, Verdict):
        return read
    scopes, read_at = read
    charges, sees = Scope.VEHICLE_CHARGING_CMDS in scopes, Scope.VEHICLE_DEVICE_DATA in scopes
    if charges and sees:
        return ruled_out("all_given", read_at)
    if sees:
        return present("may_not_charge", read_at)
    return present("may_not_look" if charges else "may_do_neither", read_at)


def _asked_in_vain(case: Case) -> Verdict:
    read = _scopes(case)
    if isinstance(read, Verdict):
        return read
    scopes, read_at = read
    trip = case.driver.fact(ConsentTrip)
    if not missing(scopes):
        return ruled_out("all_given", read_at)
    if trip and trip.repairs and trip.came is Trip.ALLOWED:
        return present("still_missing", case.driver.when(ConsentTrip))
    return ruled_out("not_asked_again", read_at)


def _token_is_older(case: Case) -> Verdict:
    if gone := no_consent(case):
        return gone
    trip, came_at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    read_at = case.grant.when(ScopesGranted) if case.grant else None
    if trip and trip.came is Trip.ALLOWED and came_at and read_at and came_at > read_at:
        return present("consent_is_newer", read_at)
    if case.fresh(case.grant, ScopesGranted, Look.TOKEN):
        return ruled_out("token_is_newer", read_at)
    return unknown("token_is_old", read_at)


def _came_back(case: Case, *so: Trip) -> Verdict:
    """Whether the latest trip came back in one of these ways, and no consent came since."""
    trip, at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    if trip is None or at is None:
        return ruled_out("never_set_out")
    if trip.came is Trip.BEGUN:
        return unknown("not_back_yet", at)
    if trip.came not in so:
        return ruled_out("came_back_otherwise", at)
    read = _scopes(case)
    if not isinstance(read, Verdict) and read[1] and read[1] > at and not missing(read[0]):
        return ruled_out("allowed_since", read[1])
    return present("came_back_so", at) if case.age(at) <= TRIP_COUNTS_FOR else unknown("long_ago", at)


def _stays_away(case: Case) -> datetime | None:
    """Since when the driver is at Tesla and ought to be back; None where he is not."""
    trip, at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    waits = trip is not None and trip.came is Trip.BEGUN and at is not None and case.age(at) > BACK_WITHIN
    return at if waits else None


def _cancelled(case: Case) -> Verdict:
    away = _stays_away(case)
    return likely("never_came_back", away) if away else _came_back(case, Trip.CANCELLED)


def _kept_out(case: Case) -> Verdict:
    away = _stays_away(case)
    return possible("never_came_back", away) if away else _came_back(case)


def _something_asked(case: Case) -> Verdict:
    if away := _stays_away(case):
        return possible("never_came_back", away)
    came = _came_back(case, Trip.REFUSED_BY_TESLA)
    return likely("came_back_so", came.seen_at) if came.reason == "came_back_so" else came


def _code_is_stale(case: Case) -> Verdict:
    return _came_back(case, Trip.CODE_STALE)


def _state_is_lost(case: Case) -> Verdict:
    return _came_back(case, Trip.STATE_UNKNOWN, Trip.OTHER_BROWSER)


def _nothing_renews(case: Case) -> Verdict:
    trip = case.driver.fact(ConsentTrip)
    read = _scopes(case)
    if isinstance(read, Verdict):
        return _came_back(case, Trip.NOTHING_RENEWS) if trip and trip.came is Trip.NOTHING_RENEWS else read
    scopes, read_at = read
    if Scope.OFFLINE_ACCESS not in scopes:
        return present("not_in_token", read_at)
    return ruled_out("renews", read_at)


def _place_withheld(case: Case) -> Verdict:
    read = _scopes(case)
    if isinstance(read, Verdict):
        return read
    scopes, read_at = read
    if Scope.VEHICLE_LOCATION in scopes:
        return ruled_out("location_given", read_at)
    return present("location_withheld", read_at)


CAUSES: Final = (
    Cause(
        id="A1",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.FORBIDS,
        signal=_not_ticked,
        remedies=(Remedy.REPAIR_PERMISSIONS, Remedy.REMOVE_ACCESS_FIRST),
        sources=(
            Source("connect-and-pair 2.3 A1: Tessie, ev.energy, vehicle-command #63 and #199", READ),
            Source("tesla-fleet-api 1.1, 1.5", READ),
        ),
        prior=6,
        settled_by=(Look.TOKEN,),
        answers={Question.MISSING_BOX: {Answer.LEFT_EMPTY: 90}},
    ),
    Cause(
        id="A2",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_asked_in_vain,
        remedies=(Remedy.REMOVE_ACCESS_FIRST, Remedy.REPAIR_PERMISSIONS),
        sources=(Source("connect-and-pair 2.3 A2: vehicle-command #49 and #123", READ),),
        prior=3,
        settled_by=(Look.TOKEN,),
        answers={Question.MISSING_BOX: {Answer.NO_BOXES: 90}},
    ),
    Cause(
        id="A3",
        stage=Stage.CONSENT,
        who=Who.US,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_token_is_older,
        remedies=(Remedy.WE_RENEW,),
        sources=(Source("tesla-fleet-api 1.6: a change applies to the next access token", READ),),
        prior=2,
        retry=Retry(timedelta(minutes=1), at_most=5),
        settled_by=(Look.TOKEN,),
    ),
    Cause(
        id="A4",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_cancelled,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(
            Source("tesla-fleet-api 1.2: login_cancelled, timdorr/tesla-api #317", READ),
            Source("connect-and-pair 2.3 A4 as corrected", READ),
        ),
        prior=10,
        answers={Question.TESLA_PAGE: {Answer.CLOSED_IT: 90}},
    ),
    Cause(
        id="A12",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_something_asked,
        remedies=(Remedy.SIGN_IN_TO_THE_APP, Remedy.START_CONSENT_AGAIN),
        sources=(Source("connect-and-pair 2.3 A12: Smartcar's account errors", READ),),
        prior=2,
        answers={Question.TESLA_PAGE: {Answer.COULD_NOT_SIGN_IN: 80}},
    ),
    Cause(
        id="A15",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_kept_out,
        remedies=(Remedy.CHANGE_NETWORK, Remedy.START_CONSENT_AGAIN),
        sources=(Source("connect-and-pair 2.3 A15: TeslaWatch #465, Watchla #142", READ),),
        prior=2,
        answers={Question.TESLA_PAGE: {Answer.ACCESS_DENIED: 90}},
    ),
    Cause(
        id="A16",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_code_is_stale,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("tesla-fleet-api 1.3: invalid_auth_code", READ),),
    ),
    Cause(
        id="A17",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.PHONE,
        hold=Hold.LETS,
        signal=_state_is_lost,
        remedies=(Remedy.START_CONSENT_AGAIN, Remedy.OPEN_IN_BROWSER),
        sources=(Source("connect-and-pair 2.3 A17: inferred; related TeslaSolarCharger #2592", READ),),
    ),
    Cause(
        id="A18",
        stage=Stage.CONSENT,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_nothing_renews,
        remedies=(Remedy.OPERATOR_MENDS_PORTAL,),
        sources=(Source("tesla-fleet-api 1.3, 1.5: offline_access", READ),),
        settled_by=(Look.TOKEN,),
    ),
    Cause(
        id="A19",
        stage=Stage.CHARGING,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_place_withheld,
        remedies=(Remedy.SAY_PLUGGED_IN_IS_HOME, Remedy.REPAIR_PERMISSIONS),
        sources=(Source("connect-and-pair 2.3 A19: ev.energy, WeaveGrid", READ),),
        settled_by=(Look.TOKEN,),
    ),
)
"""The priors weigh those who are back without a consent: most closed or cancelled (A4), then boxes left empty (A1)."""
