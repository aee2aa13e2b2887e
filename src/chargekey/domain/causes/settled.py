"""What settles whole groups of causes at once: a key that is there, a consent that is not, Tesla's latest answer."""

from datetime import datetime
from enum import StrEnum

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.looks import GOOD_FOR, Look
from chargekey.domain.causes.verdict import Verdict, ruled_out
from chargekey.domain.evidence import ConsentEnded, Handshake, KeyStatus, Listed, NotListed, ScopesGranted
from chargekey.domain.findings import AccountAnswered, AccountRefused
from chargekey.domain.vehicle import KeyNeed


class End(StrEnum):
    """How a consent ended, as far as Tesla's word tells."""

    LEFT = "left"
    REVOKED = "revoked"
    TOKEN_SHARED = "token_shared"  # noqa: S105  a second program used the same tokens
    TOKENS_LOST = "tokens_lost"
    NOT_RENEWED = "not_renewed"


_WORDS = {
    "revoked": End.REVOKED,
    "invalid api user": End.TOKEN_SHARED,
    "no tokens": End.TOKENS_LOST,
}


def key_is_settled(case: Case) -> Verdict | None:
    """A key on the car, or a car that wants none, rules out whatever keeps a key from getting there."""
    if case.need is KeyNeed.ON_THE_CAR:
        return ruled_out("key_is_there", case.vehicle.when(KeyStatus) or case.vehicle.when(Handshake))
    if case.need is KeyNeed.NOT_NEEDED:
        return ruled_out("no_key_needed", case.vehicle.when(KeyStatus))
    return None


def end_of_consent(case: Case) -> End | None:
    """None: there was never a consent, or it was not heard to have ended."""
    if case.grant is None or not case.grant.is_later(ConsentEnded, than=ScopesGranted):
        return None
    ended = case.grant.fact(ConsentEnded)
    return why_consent_ended(ended) if ended else End.NOT_RENEWED


def why_consent_ended(ended: ConsentEnded) -> End:
    """By Tesla's word, as far as it goes."""
    why = ended.why.lower()
    if why == End.LEFT:
        return End.LEFT
    return next((end for word, end in _WORDS.items() if word in why), End.NOT_RENEWED)


def no_consent(case: Case) -> Verdict | None:
    """Without a consent there is nothing that could be wrong with it."""
    if case.grant is None or case.grant.fact(ScopesGranted) is None:
        return ruled_out("no_consent")
    if end_of_consent(case):
        return ruled_out("no_consent", case.grant.when(ConsentEnded))
    return None


def answered_at(case: Case) -> datetime | None:
    """When Tesla last answered a question for this account, whatever it said."""
    grant = case.grant.when(AccountAnswered) if case.grant else None
    moments = (grant, case.vehicle.when(Listed), case.vehicle.when(NotListed))
    return max((one for one in moments if one), default=None)


def refused_lately(case: Case) -> datetime | None:
    """When Tesla refused this account, if that is its latest word and fresh: then its list cannot be had just now."""
    at, well = case.grant.when(AccountRefused) if case.grant else None, answered_at(case)
    return at if at and case.age(at) <= GOOD_FOR[Look.LIST] and (well is None or well <= at) else None


def answered_lately(case: Case) -> datetime | None:
    """The same, where it is fresh enough to say that the account is well; else None."""
    at = answered_at(case)
    return at if at and case.age(at) <= GOOD_FOR[Look.LIST] else None
