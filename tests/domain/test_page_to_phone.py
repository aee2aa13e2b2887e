"""The key page is mailed to a driver five times an hour at most."""

from datetime import timedelta

import pytest

from chargekey.domain.evidence import Observation, Seen, Source, Subject, SubjectKind, fold
from chargekey.domain.page_to_phone import mails_again_at, one_more
from tests.contract.household import at

HIM = Subject(SubjectKind.DRIVER, 1)


def after(*minutes: int) -> Seen:
    """As it stands once he was mailed at these minutes."""
    found = fold([])
    for minute in minutes:
        found = fold([Observation(HIM, one_more(found, at(minute)), at(minute), Source.DRIVER)])
    return found


@pytest.mark.parametrize(
    ("mailed", "asks_at", "again_at"),
    [
        ((), 0, None),
        ((0, 1, 2, 3), 4, None),
        ((0, 1, 2, 3, 4), 5, 60),
        ((0, 1, 2, 3, 4), 59, 60),
        ((0, 1, 2, 3, 4), 60, None),
        ((0, 1, 2, 3, 4, 60), 60, 61),
        ((0, 0, 0, 0, 0), 0, 60),
    ],
)
def test_five_within_any_hour_and_the_next_when_the_first_of_them_is_an_hour_old(
    mailed: tuple[int, ...], asks_at: int, again_at: int | None
) -> None:
    assert mails_again_at(after(*mailed), at(asks_at)) == (None if again_at is None else at(again_at))


def test_no_more_is_kept_than_is_counted() -> None:
    found = one_more(after(*range(4)), at(4) + timedelta(hours=3))
    assert len(found.at) == 1
