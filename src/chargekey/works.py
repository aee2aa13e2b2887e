"""Who does what is waited for: each work of `ports.jobs`, and the journey's method that the worker runs for it."""

from collections.abc import Awaitable, Callable, Mapping

from chargekey.composition import Journeys
from chargekey.ports.jobs import Work

Does = Callable[[int], Awaitable[None]]


def works_of(journeys: Journeys) -> Mapping[Work, Does]:
    """Work that asks Tesla waits while Tesla is down, and what it found to be lost is told afterwards."""
    asks_tesla: Mapping[Work, Does] = {
        Work.LOOK_FOR_KEY: journeys.pair_vehicle.look_for_key,
        Work.PROVE_KEY: journeys.pair_vehicle.prove,
        Work.TEND_VEHICLE: journeys.run_charge.tend,
        Work.WAIT_OUT: journeys.wait_out.look,
        Work.STAY_CONNECTED: journeys.stay_connected.look,
    }
    watched = {work: journeys.stay_connected.afterwards(work, do) for work, do in asks_tesla.items()}
    return {work: journeys.watch_tesla.unless_down(work, do) for work, do in watched.items()} | {
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
    }
