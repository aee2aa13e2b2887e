"""F: our own side at Tesla. We look at it as Tesla would, before anybody is sent to a link that cannot work.

Not here, because they cannot happen in this tree: F7 (unsigned commands; only cars without keys get them), F8 (the
old token host), F10 (a VIN typed by hand; all come from Tesla's list), F11 (telemetry; an unheard car is asked).
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.consent import TRIP_COUNTS_FOR
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import no_consent
from chargekey.domain.causes.verdict import Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import ScopesGranted
from chargekey.domain.findings import (
    Answered,
    AppAtTesla,
    ConsentTrip,
    HostedKey,
    KeyFile,
    OperatorClock,
    Registered,
    RegisteredKeys,
    RegistrationRefused,
    RegistrationTrouble,
    Trip,
)
from chargekey.domain.grant import missing

READ: Final = date(2026, 11, 23)
CLOCK_MAY_DIFFER_S: Final = 30
"""A token is renewed within its last minute (tesla-fleet-api §1.3): half of that is still harmless."""
EVERY_MINUTE: Final = Retry(timedelta(minutes=1), at_most=1440)
"""While it is red, our own side is looked at each minute, for a day."""
NOT_BACK: Final = frozenset({Trip.BEGUN, Trip.REFUSED_BY_TESLA})


def _key_does_not_load(case: Case) -> Verdict:
    hosted = case.fresh(case.operator, HostedKey, Look.OWN_KEY_FILE)
    at = case.operator.when(HostedKey)
    if hosted is None:
        return unknown("not_looked", at)
    match hosted.found:
        case KeyFile.RIGHT | KeyFile.ANOTHER_KEY:
            return ruled_out("loads", at)
        case KeyFile.UNREACHABLE:
            return present("unreachable", at)
        case KeyFile.MISSING:
            return present("missing", at)
        case KeyFile.MOVED:
            return present("moved", at)
        case KeyFile.NOT_A_KEY:
            return present("not_a_key", at)
        case KeyFile.AS_A_PAGE:
            return present("as_a_page", at)


def _registered(case: Case) -> tuple[Collection[Registered], Verdict]:
    """What Tesla holds where this account lives, or in every region while that is not known; and if unlooked, that."""
    keys = case.fresh(case.operator, RegisteredKeys, Look.REGISTRATION)
    nothing_said = unknown("not_looked", case.operator.when(RegisteredKeys))
    if keys is None:
        return (), nothing_said
    if case.region is None:
        return keys.found.values(), nothing_said
    here = keys.found.get(case.region)
    return ((here,) if here else ()), nothing_said


def _keys_differ(case: Case) -> Verdict:
    hosted = case.fresh(case.operator, HostedKey, Look.OWN_KEY_FILE)
    held, nothing_said = _registered(case)
    registered_at = case.operator.when(RegisteredKeys)
    if hosted and hosted.found is KeyFile.ANOTHER_KEY:
        return present("hosted_differs", case.operator.when(HostedKey))
    if Registered.ANOTHER_KEY in held:
        return present("registered_differs", registered_at)
    if hosted and hosted.found is KeyFile.RIGHT and held and set(held) == {Registered.RIGHT}:
        return ruled_out("all_alike", registered_at)
    if hosted and held:
        return possible("not_all_seen", registered_at)
    return nothing_said


def _not_registered(case: Case) -> Verdict:
    held, nothing_said = _registered(case)
    at = case.operator.when(RegisteredKeys)
    if not held:
        return nothing_said
    if Registered.NOTHING not in held:
        return ruled_out("registered", at)
    if set(held) == {Registered.NOTHING}:
        return present("not_registered", at)
    return possible("some_regions", at)


def _taken_by_another(case: Case) -> Verdict:
    refused, at = case.operator.fact(RegistrationRefused), case.operator.when(RegistrationRefused)
    held, nothing_said = _registered(case)
    if held and Registered.NOTHING not in held:
        return ruled_out("registered", case.operator.when(RegisteredKeys))
    if refused is None:
        return possible("never_refused", case.operator.when(RegisteredKeys)) if held else nothing_said
    if refused.why is RegistrationTrouble.KEY_OR_DOMAIN_TAKEN:
        return present("taken", at)
    return ruled_out("refused_otherwise", at) if held else nothing_said


def _way_back_not_listed(case: Case) -> Verdict:
    app = case.fresh(case.operator, AppAtTesla, Look.REGISTRATION)
    at = case.operator.when(AppAtTesla)
    if app and app.redirect_is_listed is False:
        return present("not_listed", at)
    if app and app.redirect_is_listed:
        return ruled_out("listed", at)
    trip, came_at = case.driver.fact(ConsentTrip), case.driver.when(ConsentTrip)
    if trip and came_at and trip.came not in NOT_BACK and case.age(came_at) <= TRIP_COUNTS_FOR:
        return ruled_out("came_back", came_at)
    return possible("cannot_be_told", at) if app else unknown("not_looked", at)


def _app_refused(case: Case) -> Verdict:
    app = case.fresh(case.operator, AppAtTesla, Look.REGISTRATION)
    at = case.operator.when(AppAtTesla)
    if app is None:
        return unknown("not_looked", at)
    if app.secret_is_right is False:
        return present("secret_is_wrong", at)
    if app.within_limits is False:
        return present("over_limit", at)
    if app.secret_is_right and app.within_limits:
        return ruled_out("app_is_well", at)
    return possible("not_all_said", at)


def _clock_is_off(case: Case) -> Verdict:
    clock = case.fresh(case.operator, OperatorClock, Look.REGISTRATION)
    at = case.operator.when(OperatorClock)
    if clock is None:
        return unknown("not_looked", at)
    if abs(clock.ahead_s) > CLOCK_MAY_DIFFER_S:
        return present("off_by", at, seconds=str(abs(clock.ahead_s)))
    return ruled_out("goes_right", at)


def _never_offered(case: Case) -> Verdict:
    """A permission that this driver lacks and nobody here was ever given: then the portal is the likely place."""
    granted = None if no_consent(case) else case.fresh(case.grant, ScopesGranted, Look.TOKEN)
    app, at = case.fresh(case.operator, AppAtTesla, Look.REGISTRATION), case.operator.when(AppAtTesla)
    if granted and not missing(granted.scopes):
        return ruled_out("all_given", case.grant.when(ScopesGranted) if case.grant else None)
    if granted and case.answers.get(Question.MISSING_BOX) is Answer.NO_SUCH_BOX:
        return likely("driver_saw_no_box", case.driver.when(Answered))
    if app is None:
        return unknown("not_looked", at)
    if app.scopes_missing is None:
        return possible("too_few_drivers", at)
    if not app.scopes_missing:
        return ruled_out("others_were_given", at)
    if granted and app.scopes_missing & set(missing(granted.scopes)):
        return likely("nobody_was_given", at)
    return possible("nobody_was_given", at)


CAUSES: Final = (
    Cause(
        id="F1",
        stage=Stage.KEY,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_key_does_not_load,
        remedies=(Remedy.OPERATOR_MENDS_KEY_FILE,),
        sources=(
            Source("connect-and-pair 2.3 F1 and C6: Home Assistant, vehicle-command #99", READ),
            Source("tesla-fleet-api 2: the app fetches the key when it pairs", READ),
        ),
        prior=3,
        retry=EVERY_MINUTE,
        settled_by=(Look.OWN_KEY_FILE,),
        answers={
            Question.APP_SHOWED: {Answer.NOTHING_ASKED: 50, Answer.UNABLE_TO_SHARE: 25, Answer.NOT_REGISTERED: 20}
        },
    ),
    Cause(
        id="F2",
        stage=Stage.KEY,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_keys_differ,
        remedies=(Remedy.OPERATOR_MENDS_KEY_FILE, Remedy.OPERATOR_REGISTERS),
        sources=(Source("connect-and-pair 2.3 F2: Home Assistant #139165", READ),),
        prior=1,
        retry=EVERY_MINUTE,
        settled_by=(Look.OWN_KEY_FILE, Look.REGISTRATION),
        answers={Question.APP_SHOWED: {Answer.ALLOWED: 60, Answer.NOT_REGISTERED: 20}},
    ),
    Cause(
        id="F3",
        stage=Stage.KEY,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_not_registered,
        remedies=(Remedy.OPERATOR_REGISTERS,),
        sources=(
            Source("connect-and-pair 2.3 F3: vehicle-command #176, #214, #265, #276", READ),
            Source("tesla-fleet-api 2: 412 until registered in the region", READ),
        ),
        prior=2,
        retry=EVERY_MINUTE,
        settled_by=(Look.REGISTRATION,),
        answers={Question.APP_SHOWED: {Answer.NOT_REGISTERED: 90}},
        also_at=frozenset({Stage.CHOICE}),
    ),
    Cause(
        id="F4",
        stage=Stage.KEY,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_taken_by_another,
        remedies=(Remedy.OPERATOR_REGISTERS, Remedy.OPERATOR_MENDS_PORTAL),
        sources=(Source("connect-and-pair 2.3 F4: Home Assistant #134595 and #151568", READ),),
        prior=1,
        retry=EVERY_MINUTE,
        settled_by=(Look.REGISTRATION,),
        answers={Question.APP_SHOWED: {Answer.NOT_REGISTERED: 90}},
    ),
    Cause(
        id="F5",
        stage=Stage.CONSENT,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_way_back_not_listed,
        remedies=(Remedy.OPERATOR_MENDS_PORTAL,),
        sources=(Source("tesla-fleet-api 1.2: tesla_auth #98, an error page without a way back", READ),),
        prior=1,
        retry=EVERY_MINUTE,
        settled_by=(Look.REGISTRATION,),
        answers={Question.TESLA_PAGE: {Answer.ADDRESS_NOT_KNOWN: 90}},
    ),
    Cause(
        id="F6",
        stage=Stage.CONSENT,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_app_refused,
        remedies=(Remedy.OPERATOR_MENDS_PORTAL, Remedy.OPERATOR_MENDS_BILLING),
        sources=(Source("tesla-fleet-api 1.3, 6.1: unauthorized_client, 402, EXCEEDED_LIMIT", READ),),
        prior=1,
        retry=EVERY_MINUTE,
        settled_by=(Look.REGISTRATION,),
    ),
    Cause(
        id="F9",
        stage=Stage.CHARGING,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_clock_is_off,
        remedies=(Remedy.OPERATOR_SETS_CLOCK,),
        sources=(Source("connect-and-pair 2.3 F9; tesla-fleet-api 6.3: fault 17", READ),),
        prior=1,
        retry=EVERY_MINUTE,
        settled_by=(Look.REGISTRATION,),
    ),
    Cause(
        id="F12",
        stage=Stage.CONSENT,
        who=Who.OPERATOR,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_never_offered,
        remedies=(Remedy.OPERATOR_MENDS_PORTAL,),
        sources=(Source("connect-and-pair 2.3 F12: vehicle-command #123", READ),),
        prior=1,
        settled_by=(Look.REGISTRATION,),
        answers={Question.MISSING_BOX: {Answer.NO_SUCH_BOX: 90}},
    ),
)
"""The priors are small: our side is looked at each hour, and mostly mended before a driver meets it."""
