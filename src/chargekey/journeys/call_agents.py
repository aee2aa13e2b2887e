"""The agents are told by mail that a driver waits: that he does and where to read it, and nothing of what he wrote."""

from collections.abc import Callable, Sequence

from chargekey.domain.support import SupportCode
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.notify import Mail, Notify
from chargekey.ports.store import Store, Unit
from chargekey.ports.support import By, Message

DeskMail = Callable[[str, SupportCode], Mail]


class CallAgents:
    """`agents`: their mail addresses. `letter` finds the words."""

    def __init__(self, store: Store, clock: Clock, notify: Notify, letter: DeskMail, agents: Sequence[str]) -> None:
        self._store, self._clock, self._notify = store, clock, notify
        self._letter, self._agents = letter, tuple(agents)

    async def call(self, message_id: int) -> None:
        """The timer's work, set with the driver's message. Once for all he writes until somebody answers.

        It is over when one agent has it; only where the mail server takes it for none is it tried again.
        """
        async with self._store.unit() as unit:
            message = await unit.support.message(message_id)
            case = await unit.support.by_id(message.case_id) if message else None
            if message is None or case is None or case.closed_at or not await _is_first(unit, message):
                return
        faults = [await self._send(agent, case.code) for agent in self._agents]
        if faults and all(faults):
            raise next(one for one in faults if one)
        async with self._store.unit() as unit:
            await unit.support.mailed(message.id, self._clock.now())

    async def _send(self, agent: str, code: SupportCode) -> Fault | None:
        try:
            await self._notify.send(self._letter(agent, code))
        except Fault as fault:
            return fault
        return None


async def _is_first(unit: Unit, message: Message) -> bool:
    """Nobody was called for this message, or one before it that is not answered; nor is it answered by now."""
    called = False
    for one in await unit.support.messages(message.case_id):
        if one.by is By.AGENT:
            if one.id > message.id:
                return False
            called = False
        else:
            called = called or one.mailed_at is not None
    return not called
