"""G: the sign-in that Tesla no longer renews. Its word is the same for most of these, so the dates must tell."""

from datetime import date, timedelta
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import Cause, Hold, Retry, Source, Stage, Where, Who
from chargekey.domain.causes.looks import GOOD_FOR, Look
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.settled import End, answered_at, answered_lately, end_of_consent
from chargekey.domain.causes.verdict import Certainty, Verdict, possible, present, ruled_out, unknown
from chargekey.domain.evidence import ConsentEnded

READ: Final = date(2026, 11, 23)
SIGN_IN_ENDED: Final = "sign_in_ended"
"""A9, A10, G1, G4: "login_required" and not a word more. Whichever it was, the driver signs in once more."""
LASTS_UNUSED: Final = timedelta(days=90)
"""Tesla says three months (tesla-fleet-api §1.3)."""


def ended_so(case: Case, end: End) -> Verdict:
    """Whether the consent ended in that way. While it holds, only an answer of Tesla's for the account says so."""
    how = end_of_consent(case)
    at = case.grant.when(ConsentEnded) if case.grant else None
    if how is end:
        return present("ended_so", at)
    if how is not None:
        return ruled_out("ended_otherwise", at)
    if case.grant is None:
        return ruled_out("no_consent")
    fresh = answered_lately(case)
    return ruled_out("account_answers", fresh) if fresh else unknown("not_looked", answered_at(case))


def _used_twice(case: Case) -> Verdict:
    shared = ended_so(case, End.TOKEN_SHARED)
    if shared.certainty is Certainty.PRESENT:
        return shared
    return _unexplained(case)


def _unexplained(case: Case) -> Verdict:
    """One of those that Tesla's word does not tell apart."""
    found = ended_so(case, End.NOT_RENEWED)
    return possible("not_renewed", found.seen_at) if found.certainty is Certainty.PRESENT else found


def _unused(case: Case) -> Verdict:
    found = ended_so(case, End.NOT_RENEWED)
    if found.certainty is not Certainty.PRESENT or found.seen_at is None:
        return found
    if case.renewed_at is None:
        return possible("renewal_not_known", found.seen_at)
    unused = found.seen_at - case.renewed_at
    if unused >= LASTS_UNUSED:
        return present("unused_for_days", case.renewed_at, days=str(unused.days))
    return ruled_out("renewed_lately", case.renewed_at)


def _ended_in_masses(case: Case) -> Verdict:
    tesla = case.tesla
    if case.age(tesla.judged_at) > GOOD_FOR[Look.TESLA_HEALTH]:
        return unknown("not_looked", tesla.judged_at)
    if not tesla.ends_sign_ins_in_masses:
        return ruled_out("others_are_signed_in", tesla.judged_at)
    values = {"ended": str(tesla.sign_ins_ended), "asked": str(tesla.signed_in or tesla.asked)}
    if end_of_consent(case) in (None, End.LEFT):
        return possible("others_were_signed_out", tesla.judged_at, **values)
    return present("many_were_signed_out", tesla.judged_at, **values)


def _tokens_lost(case: Case) -> Verdict:
    return ended_so(case, End.TOKENS_LOST)


CAUSES: Final = (
    Cause(
        id="G1",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_used_twice,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(
            Source("connect-and-pair 2.3 G1 as corrected: evcc #18391 and #18815, Tessie", READ),
            Source("tesla-fleet-api 1.3: single use, one day of grace", READ),
        ),
        prior=3,
        settled_by=(Look.LIST,),
        siblings=SIGN_IN_ENDED,
    ),
    Cause(
        id="G2",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_unused,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("tesla-fleet-api 1.3: a refresh token ends after 3 months", READ),),
        prior=2,
        settled_by=(Look.LIST,),
    ),
    Cause(
        id="G3",
        stage=Stage.CONSENT,
        who=Who.TESLA,
        where=Where.ELSEWHERE,
        hold=Hold.WAITS,
        signal=_ended_in_masses,
        remedies=(Remedy.WAIT, Remedy.START_CONSENT_AGAIN),
        sources=(Source("connect-and-pair 2.3 G3: vehicle-command #139, January 2024", READ),),
        prior=1,
        retry=Retry(timedelta(minutes=15), at_most=96),
        settled_by=(Look.TESLA_HEALTH,),
    ),
    Cause(
        id="G4",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_unexplained,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("connect-and-pair 2.3 G4: inferred", READ),),
        prior=1,
        settled_by=(Look.LIST,),
        siblings=SIGN_IN_ENDED,
    ),
    Cause(
        id="G5",
        stage=Stage.CONSENT,
        who=Who.DRIVER,
        where=Where.ACCOUNT,
        hold=Hold.LETS,
        signal=_tokens_lost,
        remedies=(Remedy.START_CONSENT_AGAIN,),
        sources=(Source("connect-and-pair 2.3 G5: inferred", READ),),
        settled_by=(Look.LIST,),
    ),
)
"""The priors weigh sign-ins that ended: a changed password (A10) is met most, a restored backup hardly ever."""
