"""Who does what is waited for: each work of `ports.jobs`, and the journey's method that the worker runs for it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from chargekey.composition import Journeys
from chargekey.ports.jobs import Work

Does = Callable[[int], Awaitable[None]]
BY_MAIL: Final = (Work.TELL_OF_OWNER, Work.SEND_NOTICE, Work.MAIL_ANSWER, Work.CALL_AGENTS)
"""What they say stands in the app too. Where no mail leaves they are done at once, instead of failing ten times."""


def works_of(journeys: Journeys, *, by_mail: bool = True) -> Mapping[Work, Does]:
    """Work that asks Tesla waits while Tesla is down, and what it found to be lost is told afterwards.

    `by_mail` False: no mail leaves this home.
    """
    asks_tesla: Mapping[Work, Does] = {
        Work.LOOK_FOR_KEY: journeys.pair_vehicle.look_for_key,
        Work.PROVE_KEY: journeys.pair_vehicle.prove,
        Work.TEND_VEHICLE: journeys.tell_to_stream.beside(journeys.run_charge.tend),
        Work.WAIT_OUT: journeys.wait_out.look,
        Work.STAY_CONNECTED: journeys.stay_connected.look,
        Work.CLEAR_CAR: journeys.clear_car.after_exchange,
        Work.TELL_TO_STREAM: journeys.tell_to_stream.tell,
    }
    watched = {work: journeys.stay_connected.afterwards(work, do) for work, do in asks_tesla.items()}
    done = {work: journeys.watch_tesla.unless_down(work, do) for work, do in watched.items()} | {
        Work.TELL_OF_OWNER: journeys.tell_of_owner.tell,
        Work.WATCH_TESLA: journeys.watch_tesla.watch,
        Work.SEND_NOTICE: journeys.tell_once.send,
        Work.PUSH_NOTICE: journeys.tell_devices.push,
        Work.CHECK_OPERATOR: journeys.check_operator.tend,
        Work.FORGET_CALLS: journeys.stay_connected.forget_calls,
        Work.MAIL_ANSWER: journeys.get_support.mail_answer,
        Work.CALL_AGENTS: journeys.call_agents.call,
        Work.ERASE_SUPPORT_CASE: journeys.get_support.erase,
        Work.LET_ACCOUNT_GO: journeys.choose_account.let_go,
        Work.FETCH_PRICES: journeys.fetch_prices.fetch,
        Work.FETCH_CARBON: journeys.fetch_carbon.fetch,
        Work.BOOK_NIGHTS: journeys.book_nights.book,
    }
    return done if by_mail else {**done, **dict.fromkeys(BY_MAIL, _nobody_is_mailed)}


async def _nobody_is_mailed(_key: int) -> None:
    """There is no mail to say it by."""
