"""What the world may do to us, as a journey sees it.

    Fault                worth repeating?       may it have happened all the same?
    ├── Unreachable      yes                    no, it never arrived
    ├── AnswerLost       no, look first         yes
    ├── Asleep           yes, once awake        no
    ├── Busy             yes, in a moment       no
    ├── TooOften         yes, after `wait`      no
    ├── BudgetSpent      yes, after `wait`      no, it was never sent
    ├── TeslaFails       yes, later             no (a 5xx to a question; to a command it is AnswerLost)
    ├── AccessExpired    yes, with a new token  no
    ├── ConsentGone      no, ask the driver     no
    ├── ScopeMissing     no, ask the driver     no
    ├── KeyMissing       no, pair first         no
    ├── TakenOver        no, leave it alone     no, not by us
    ├── MustBeSigned     no, sign it            no
    ├── TakesPlain       no, send it plain      no
    ├── VehicleGone      no                     no
    ├── OtherRegion      yes, at `base_url`     no
    ├── OperatorFault    no, the operator must  no
    │   ├── NotRegistered  the same
    │   └── OverLimit      the same, and nobody is asked for meanwhile
    ├── Refused          no                     no
    │   └── MobileAccessOff  once it is on again
    └── Puzzling         no, we must look       yes

Only adapters raise them; vendor codes are translated once, by a table (`adapters/tesla/answers.py`).
"""

from datetime import timedelta

from chargekey.domain.findings import AccountTrouble, RegistrationTrouble


class Fault(Exception):
    """The world did not do what we asked.

    `detail` is a short word of the vendor for logs and small print, never a secret, a VIN or a place.
    """

    worth_repeating: bool = False
    may_have_happened: bool = False
    account: AccountTrouble | None = None
    """Why Tesla refuses the whole account; None: the fault says nothing of it."""

    def __init__(self, detail: str = "", *, request_id: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.request_id = request_id


class Unreachable(Fault):
    """No connection: the request never arrived."""

    worth_repeating = True


class AnswerLost(Fault):
    """The request left, the answer did not come or cannot tell: look before anything else."""

    may_have_happened = True


class Asleep(Fault):
    """The vehicle is asleep or out of reach."""

    worth_repeating = True


class Busy(Fault):
    """The vehicle is waking up or doing something else, and certainly did not act."""

    worth_repeating = True


class TooOften(Fault):
    """A rate limit. `wait` is what Tesla asks for."""

    worth_repeating = True

    def __init__(self, detail: str = "", *, wait: timedelta, request_id: str | None = None) -> None:
        super().__init__(detail, request_id=request_id)
        self.wait = wait


class BudgetSpent(Fault):
    """The operator's own budget for Tesla's API does not pay for this call: it was not sent, and nothing is billed.

    `wait` is until the next month begins; a budget that is raised meanwhile ends it sooner.
    """

    worth_repeating = True

    def __init__(self, detail: str = "", *, wait: timedelta) -> None:
        super().__init__(detail)
        self.wait = wait


class TeslaFails(Fault):
    """Tesla's own fault, and what we asked had no effect to lose."""

    worth_repeating = True


class AccessExpired(Fault):
    """The access token is no longer good; the grant may well be."""

    worth_repeating = True


class ConsentGone(Fault):
    """The grant is dead: only the driver, at Tesla, can give a new one."""


class ScopeMissing(Fault):
    """A permission that this needs was not given."""


class KeyMissing(Fault):
    """Our key is not on the car."""


class TakenOver(Fault):
    """Our hold on this work has run out, and it is another worker's, or nobody's, by now: stop, and touch nothing."""


class MustBeSigned(Fault):
    """A plain command was refused because this vehicle wants signed ones."""


class TakesPlain(Fault):
    """A signed command was refused because this vehicle knows only plain ones."""


class VehicleGone(Fault):
    """The account no longer holds this vehicle."""


class OtherRegion(Fault):
    """The account lives in another region, at `base_url`, which is one of those the operator trusts."""

    worth_repeating = True

    def __init__(self, detail: str = "", *, base_url: str, request_id: str | None = None) -> None:
        super().__init__(detail, request_id=request_id)
        self.base_url = base_url


class OperatorFault(Fault):
    """Our own side is not right: registration, billing limit, client secret. Only the operator can mend it."""


class NotRegistered(OperatorFault):
    """Tesla refused to register our domain; `why` as far as it said."""

    def __init__(self, detail: str = "", *, why: RegistrationTrouble, request_id: str | None = None) -> None:
        super().__init__(detail, request_id=request_id)
        self.why = why


class OverLimit(OperatorFault):
    """Tesla lets our app ask nothing more, for any driver, until the operator has paid or raised the limit."""


class Refused(Fault):
    """A clear no, with the reason in `detail`."""


class MobileAccessOff(Refused):
    """The car lets nobody in from afar: somebody turned that off in it."""


class Puzzling(Fault):
    """An answer we cannot read."""

    may_have_happened = True
