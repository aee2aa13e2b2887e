"""B: the right to the car. Tesla's list says owner or driver; who the owner is, and whether he wants to, it does not.

B10 is in no public list: the page for the owner ran out or was taken back.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from chargekey.domain.causes.case import Case, HandOff
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import answered_at, answered_lately, key_is_settled, no_consent
from chargekey.domain.causes.verdict import Verdict, likely, possible, present, ruled_out, unknown
from chargekey.domain.evidence import Listed, NotListed
from chargekey.domain.findings import AccountAnswered, AccountRefused, AccountTrouble, StaysReadOnly
from chargekey.domain.vehicle import Access

READ: Final = date(2026, 11, 23)
THREE_WAYS: Final = (Remedy.ASK_THE_OWNER, Remedy.HOLD_KEY_CARD)


def _access(case: Case) -> Access | None:
    """What Tesla's list said of the account, if that is fresh: rights to a car change seldom, but they do."""
    listed = case.fresh(case.vehicle, Listed, Look.LIST)
    return listed.access if listed else None


def _only_a_driver(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    access, at = _access(case), case.vehicle.when(Listed)
    if access is None:
        return unknown("not_looked", at)
    if access is Access.DRIVER:
        return present("listed_as_driver", at)
    if access is Access.UNKNOWN:
        return possible("listed_as_something_else", at)
    return ruled_out("listed_as_owner", at)


def _belongs_to(answer: Answer) -> Callable[[Case], Verdict]:
    """A driver's car that is leased or a company's: only the driver can tell, and only where he is no owner."""

    def signal(case: Case) -> Verdict:
        found = _only_a_driver(case)
        if found.certainty.value not in ("present", "possible"):
            return found
        if case.answers.get(Question.WHOSE_CAR) is answer:
            return present("driver_says_so", found.seen_at)
        return possible("cannot_be_seen", found.seen_at)

    return signal


def _company_account(case: Case) -> Verdict:
    if gone := no_consent(case):
        return gone
    refused, at = case.grant.fact(AccountRefused) if case.grant else None, answered_lately(case)
    answered = case.fresh(case.grant, AccountAnswered, Look.LIST)
    if refused and refused.why is AccountTrouble.UNKNOWN_USER and at is None:
        return possible("unknown_user", case.grant.when(AccountRefused) if case.grant else None)
    if answered and answered.cars == 0:
        return possible("no_cars", at)
    return ruled_out("has_cars", at) if at else unknown("not_looked", answered_at(case))


def _was_here(case: Case) -> Verdict | None:
    """None: Tesla's list holds the car no more. It is folded from the log, so that it needs no fresh look."""
    if not case.vehicle.is_later(NotListed, than=Listed):
        return ruled_out("still_listed", case.vehicle.when(Listed))
    return None


def _left_the_account(case: Case) -> Verdict:
    return _was_here(case) or present("no_longer_listed", case.vehicle.when(NotListed))


def _left_the_company(case: Case) -> Verdict:
    return _was_here(case) or possible("no_longer_listed", case.vehicle.when(NotListed))


def _guest(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    access, at = _access(case), case.vehicle.when(Listed)
    if access is None:
        return unknown("not_looked", at)
    if access is Access.UNKNOWN:
        return likely("listed_as_something_else", at)
    return ruled_out("listed_as_owner" if access is Access.OWNER else "listed_as_driver", at)


def _owner_does_not_want(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    stays = case.driver.fact(StaysReadOnly)
    if case.hand_off is HandOff.DECLINED:
        return present("owner_declined", case.hand_off_at)
    if stays and stays.vehicle_id == case.vehicle_id and case.hand_off not in (HandOff.WAITING, HandOff.OPENED):
        return present("driver_does_not_ask", case.driver.when(StaysReadOnly))
    if case.hand_off in (HandOff.WAITING, HandOff.OPENED):
        return possible("owner_was_asked", case.hand_off_at)
    return ruled_out("owner_not_asked")


def _page_ran_out(case: Case) -> Verdict:
    if settled := key_is_settled(case):
        return settled
    if case.hand_off in (HandOff.RUN_OUT, HandOff.REVOKED):
        return present("ran_out" if case.hand_off is HandOff.RUN_OUT else "taken_back", case.hand_off_at)
    return ruled_out("no_page_ran_out")


def _not_in_the_list(case: Case) -> Verdict:
    if gone := no_consent(case):
        return gone
    at = answered_lately(case)
    if at is None:
        return unknown("not_looked", answered_at(case))
    answered = case.fresh(case.grant, AccountAnswered, Look.LIST)
    return possible("no_cars" if answered and answered.cars == 0 else "some_cars", at)


CAUSES: Final = (
    Cause(
        id="B1",
        stage=Stage.KEY,
        who=Who.OWNER,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_only_a_driver,
        remedies=THREE_WAYS,
        sources=(
            Source("connect-and-pair 2.3 B1: vehicle-command #45 and #203, Teslemetry", READ),
            Source("tesla-fleet-api 7: access_type", READ),
        ),
        prior=4,
        settled_by=(Look.LIST,),
        answers={Question.APP_SHOWED: {Answer.NOT_AUTHORIZED: 70, Answer.UNABLE_TO_SHARE: 15}},
    ),
    Cause(
        id="B2",
        stage=Stage.KEY,
        who=Who.OWNER,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_belongs_to(Answer.LEASED),
        remedies=(Remedy.WRITE_TO_LESSOR, *THREE_WAYS),
        sources=(Source("connect-and-pair 2.3 B2: vehicle-command #45, Watchla #230, ev.energy", READ),),
        prior=2,
        settled_by=(Look.LIST,),
        answers={
            Question.APP_SHOWED: {Answer.NOT_AUTHORIZED: 70, Answer.UNABLE_TO_SHARE: 15},
            Question.WHOSE_CAR: {Answer.LEASED: 95},
        },
    ),
    Cause(
        id="B3",
        stage=Stage.CHOICE,
        who=Who.FLEET_ADMIN,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_company_account,
        remedies=(Remedy.ASK_FLEET_ADMIN, Remedy.SWITCH_TESLA_ACCOUNT),
        sources=(Source("connect-and-pair 2.3 B3: vehicle-command #187, #223 and #264", READ),),
        prior=3,
        settled_by=(Look.LIST,),
        answers={Question.WHOSE_CAR: {Answer.COMPANY: 95}},
    ),
    Cause(
        id="B4",
        stage=Stage.CHOICE,
        who=Who.FLEET_ADMIN,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_left_the_company,
        remedies=(Remedy.ASK_FLEET_ADMIN, Remedy.CHOOSE_ANOTHER_CAR),
        sources=(Source("connect-and-pair 2.3 B4: Tesla's page on fleet drivers", READ),),
        prior=1,
        settled_by=(Look.LIST,),
        answers={Question.WHOSE_CAR: {Answer.COMPANY: 95}},
    ),
    Cause(
        id="B5",
        stage=Stage.KEY,
        who=Who.OWNER,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_guest,
        remedies=(Remedy.ASK_THE_OWNER, Remedy.CHOOSE_ANOTHER_CAR),
        sources=(Source("connect-and-pair 2.3 B5: Teslemetry; only OWNER and DRIVER are known values", READ),),
        prior=2,
        settled_by=(Look.LIST,),
        answers={Question.APP_SHOWED: {Answer.NOT_AUTHORIZED: 70}, Question.WHOSE_CAR: {Answer.SOMEBODYS: 60}},
    ),
    Cause(
        id="B6",
        stage=Stage.KEY,
        who=Who.NOBODY,
        where=Where.ELSEWHERE,
        hold=Hold.ENDS,
        signal=_owner_does_not_want,
        remedies=(Remedy.GO_ON_READ_ONLY, Remedy.CHOOSE_ANOTHER_CAR),
        sources=(Source("connect-and-pair 2.3 B6: ev.energy; mission S10", READ),),
        prior=1,
    ),
    Cause(
        id="B7",
        stage=Stage.CHOICE,
        who=Who.DRIVER,
        where=Where.ELSEWHERE,
        hold=Hold.LETS,
        signal=_left_the_account,
        remedies=(Remedy.CHOOSE_ANOTHER_CAR,),
        sources=(Source("connect-and-pair 2.3 B7: Smartcar VEHICLE_MISSING", READ),),
        settled_by=(Look.LIST,),
    ),
    Cause(
        id="B8",
        stage=Stage.CHOICE,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_not_in_the_list,
        remedies=(Remedy.WAIT,),
        sources=(Source("connect-and-pair 2.3 B8, inference", READ),),
        prior=1,
        retry=Retry(timedelta(hours=6), at_most=28),
        settled_by=(Look.LIST,),
    ),
    Cause(
        id="B9",
        stage=Stage.CHOICE,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_not_in_the_list,
        remedies=(Remedy.SHOW_THE_CAR, Remedy.SWITCH_TESLA_ACCOUNT),
        sources=(Source("connect-and-pair 2.3 B9: TeslaSolarCharger #1803", READ),),
        prior=2,
        settled_by=(Look.LIST,),
    ),
    Cause(
        id="B10",
        stage=Stage.KEY,
        who=Who.DRIVER,
        where=Where.ELSEWHERE,
        hold=Hold.FORBIDS,
        signal=_page_ran_out,
        remedies=(Remedy.ASK_THE_OWNER, Remedy.GO_ON_READ_ONLY),
        sources=(Source("the rules of our own page for the owner: 72 hours, once", READ),),
    ),
)
