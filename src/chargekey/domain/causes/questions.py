"""What only the driver can see, asked in words he knows; *don't know* is an answer and changes nothing.

Each question's words are in the catalogue: `question.app_showed.ask`, `question.app_showed.why`, and one
`answer.app_showed.…` for each answer.
"""

from enum import StrEnum
from typing import Final


class Question(StrEnum):
    """At most two of them are asked, each the one that splits best."""

    APP_SHOWED = "app_showed"
    PHONE_OPENS_CAR = "phone_opens_car"
    SAME_ACCOUNT = "same_account"
    WHOSE_CAR = "whose_car"
    CLOSED_APP = "closed_app"
    NAME_IN_LOCKS = "name_in_locks"
    TESLA_PAGE = "tesla_page"
    MISSING_BOX = "missing_box"


class Answer(StrEnum):
    """Every answer of every question; `OFFERED` says which belongs where."""

    DONT_KNOW = "dont_know"

    NOTHING_ASKED = "nothing_asked"
    ALLOWED = "allowed"
    UNABLE_TO_SHARE = "unable_to_share"
    NOT_AUTHORIZED = "not_authorized"
    NOT_REGISTERED = "not_registered"
    DID_NOT_OPEN = "did_not_open"
    KEY_CARD = "key_card"
    OTHER_CAR = "other_car"
    TOKEN_REJECTED = "token_rejected"  # noqa: S105  what the Tesla app said
    NOT_REACHED = "not_reached"
    LIST_FULL = "list_full"
    NO_KEY_NEEDED = "no_key_needed"
    DECLINED = "declined"
    SECOND_FACTOR = "second_factor"

    YES = "yes"
    NO = "no"
    SOMETIMES = "sometimes"

    MINE = "mine"
    SOMEBODYS = "somebodys"
    LEASED = "leased"
    COMPANY = "company"

    CLOSED_IT = "closed_it"
    ACCESS_DENIED = "access_denied"
    ADDRESS_NOT_KNOWN = "address_not_known"
    COULD_NOT_SIGN_IN = "could_not_sign_in"

    LEFT_EMPTY = "left_empty"
    NO_SUCH_BOX = "no_such_box"
    NO_BOXES = "no_boxes"


_YES_NO: Final = (Answer.YES, Answer.NO)
OFFERED: Final[dict[Question, tuple[Answer, ...]]] = {
    Question.APP_SHOWED: (
        Answer.NOTHING_ASKED,
        Answer.ALLOWED,
        Answer.DID_NOT_OPEN,
        Answer.UNABLE_TO_SHARE,
        Answer.NOT_AUTHORIZED,
        Answer.NOT_REGISTERED,
        Answer.TOKEN_REJECTED,
        Answer.KEY_CARD,
        Answer.OTHER_CAR,
        Answer.NOT_REACHED,
        Answer.LIST_FULL,
        Answer.NO_KEY_NEEDED,
        Answer.SECOND_FACTOR,
        Answer.DECLINED,
    ),
    Question.PHONE_OPENS_CAR: (Answer.YES, Answer.SOMETIMES, Answer.NO),
    Question.SAME_ACCOUNT: _YES_NO,
    Question.WHOSE_CAR: (Answer.MINE, Answer.SOMEBODYS, Answer.LEASED, Answer.COMPANY),
    Question.CLOSED_APP: _YES_NO,
    Question.NAME_IN_LOCKS: _YES_NO,
    Question.TESLA_PAGE: (
        Answer.CLOSED_IT,
        Answer.ACCESS_DENIED,
        Answer.ADDRESS_NOT_KNOWN,
        Answer.COULD_NOT_SIGN_IN,
    ),
    Question.MISSING_BOX: (Answer.LEFT_EMPTY, Answer.NO_SUCH_BOX, Answer.NO_BOXES),
}
"""The answers besides *don't know*, in the order of the screen. The first four of `APP_SHOWED` come first there;
the rest stand behind *Something else*, which is the decoder of what the Tesla app says."""
OF_ONE_TRIP: Final = frozenset({Question.TESLA_PAGE, Question.MISSING_BOX})
"""What Tesla's page showed is of one trip: the next may show something else."""
SHOWN_AT_ONCE: Final = 4
MOST_ASKED: Final = 2
