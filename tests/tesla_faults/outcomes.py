"""What comes of Tesla's errors for the people: the sentences of docs/reference/tesla-faults.md, each with its story."""

from typing import Final

from tests.tesla_faults.row import Outcome

SAYS_NO: Final = "tests/stories/test_tesla_says_no.py::"
WISHES: Final = "tests/stories/test_wishes.py::"
STAYS: Final = "tests/stories/test_stays_connected.py::"
OPERATOR: Final = "tests/stories/test_operator_side.py::"
CONSENT: Final = "tests/stories/test_consent.py::"

UNSEEN: Final = Outcome(
    "nothing: a newer token is fetched, once, and the question asked again",
    "a line in the log of calls",
    SAYS_NO + "test_a_token_that_tesla_takes_no_more_is_renewed_unseen",
)
MOVED: Final = Outcome(
    "nothing: the account is asked where it lives, and that is kept",
    "a line in the log of calls",
    SAYS_NO + "test_an_account_that_moved_to_another_region_is_followed",
)
LATER: Final = Outcome(
    "the last word of the car with its age; from three failures over two minutes a banner that Tesla does not answer, "
    "and a mail when it is over",
    "the outage on /operator and in the log of calls",
    "tests/stories/test_outage.py::test_an_outage_is_said_waited_out_and_told_once_when_over",
)
LOOKED_AFTER: Final = Outcome(
    "that we look whether it happened; the command is not sent a second time unseen",
    "the command as sent, its answer lost, and what the look said",
    WISHES + "test_an_answer_lost_is_looked_after_and_no_command_comes_twice",
)
SLEEPS: Final = Outcome(
    "that the car sleeps or is out of reach; it is woken only when it has to charge",
    "a line in the log of calls",
    "tests/stories/test_first_night.py::test_a_driver_who_was_never_here_has_a_full_car_by_seven",
)
ASKED_AGAIN: Final = Outcome(
    "the last word of the car with its age; we ask again in a quarter of an hour, and do not give up",
    "the fault in the log of calls; no work is given up",
    SAYS_NO + "test_a_clear_no_is_asked_again_and_never_given_up",
)
RUNS_INTO_LIMIT: Final = Outcome(
    "that Tesla has asked us to wait; the way to Tesla is closed and says that it is our side",
    "a mail, and /operator names the limit; nothing is asked of Tesla for any driver until it is lifted",
    SAYS_NO + "test_a_limit_on_our_app_stops_every_call_until_it_is_lifted",
)
WAITS: Final = Outcome(
    "that Tesla has asked us to wait; asked again when the time that Tesla named is over",
    "the fault in the log of calls, and no call for that car before",
    SAYS_NO + "test_tesla_asking_to_wait_is_waited_for",
)
CONSENT_ENDED: Final = Outcome(
    "the permission step again, why, and one mail; everything else is kept",
    "a line in the log of calls; many at once count as Tesla's doing",
    STAYS + "test_consent_taken_back_is_named_told_once_and_given_again",
)
SIGNS_IN_AGAIN: Final = Outcome(
    "that Tesla wants him to sign in again, and one mail",
    "a line in the log of calls",
    STAYS + "test_a_changed_password_is_named_and_nobody_calls_in_vain",
)
COMES_BACK_LATE: Final = Outcome(
    "that the way back was not valid any more, and the button to go once more",
    "a line in the log of calls",
    "tests/stories/test_ways_back.py::test_a_code_that_tesla_takes_no_more_is_said_and_fetched_anew",
)
SCOPE_MISSING: Final = Outcome(
    "which permission is missing and what for, one press away; refused at random, he sees nothing",
    "a line in the log of calls",
    CONSENT + "test_a_missing_permission_is_named_and_given_in_place",
)
SCOPE_REFUSED: Final = Outcome(
    "the last word of the car with its age: the token names every permission, so nothing is asked of him",
    "a line in the log of calls",
    SAYS_NO + "test_permissions_denied_at_random_are_not_asked_for_again",
)
MOBILE_ACCESS: Final = Outcome(
    "that mobile access is off in the car, where to switch it on, and one mail",
    "a line in the log of calls",
    STAYS + "test_mobile_access_switched_off_is_named_and_noticed_when_it_is_on_again",
)
NEVER_USED_THE_APP: Final = Outcome(
    "that this account was never used in the Tesla app, and what to do there",
    "a line in the log of calls",
    SAYS_NO + "test_an_account_that_tesla_refuses_as_a_whole_is_named",
)
LOCKED: Final = Outcome(
    "that Tesla has locked the account and that only Tesla can unlock it",
    "a line in the log of calls",
    SAYS_NO + "test_an_account_that_tesla_refuses_as_a_whole_is_named",
)
NOT_SHARED: Final = Outcome(
    "that the account shares no data, and where to change that",
    "a line in the log of calls",
    SAYS_NO + "test_an_account_that_tesla_refuses_as_a_whole_is_named",
)
CAR_GONE: Final = Outcome(
    "that the car is no longer in the account, and one mail; its nights stay",
    "a line in the log of calls",
    STAYS + "test_a_car_that_is_sold_is_noticed_and_its_nights_stay",
)
NEEDS_KEY: Final = Outcome(
    "the key step again, and since when",
    "a line in the log of calls",
    WISHES + "test_a_car_that_lost_the_key_leads_back_to_the_key_page",
)
PLAIN: Final = Outcome(
    "that this car needs no key; its commands go plain",
    "a line in the log of calls",
    "tests/stories/test_key.py::test_a_model_s_of_2019_needs_no_key_and_obeys_plain_commands",
)
OUR_SIDE: Final = Outcome(
    "that our side is not ready, that it is nothing of his, and a mail when it is",
    "a mail and a red line on /operator that says what to run",
    OPERATOR + "test_red_closes_the_way_to_tesla_and_opens_it_again_by_itself",
)
OUR_REGION: Final = Outcome(
    "that our side is not ready, that it is nothing of his, and a mail when it is",
    "a mail and a red line on /operator for that region: run `chargekey register`",
    OPERATOR + "test_what_is_wrong_stands_first_with_what_to_do",
)
OUR_KEY_FILE: Final = Outcome(
    "the key step closed, and a mail when it is open",
    "a mail and a red line on /operator for the key file",
    OPERATOR + "test_a_lost_key_file_closes_the_key_step_alone",
)
CAR_SAYS_NO: Final = Outcome(
    "the command as refused, with the reason, and what the car does instead",
    "the command with its reason",
    SAYS_NO + "test_a_car_that_says_no_is_not_told_again_and_again",
)
TRIED_AGAIN: Final = Outcome(
    "nothing: the command is signed anew or sent again a moment later, for the car said that it did nothing",
    "a line in the log of calls",
    SAYS_NO + "test_a_car_that_is_busy_is_told_again_in_a_moment",
)
