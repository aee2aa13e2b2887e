"""What `chargekey doctor` says, in an operator's words: what was found, what it means for a driver, what to do.

A line that begins with `!` waits for somebody to act; the others are for knowing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chargekey.domain.night import Order
from chargekey.domain.operator_check import LITTLE_SPACE_BYTES
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.operator_words import said
from chargekey.entrypoints.web.words import WORD_JOINER, Words
from chargekey.ports.jobs import Key, Parked, Work, key_of
from chargekey.ports.upkeep import AtWork, Examined, Ground

A_BACKUP_IS_OLD_AFTER: Final = timedelta(days=2)
"""One a night is what our timer makes."""
LATE_IS_BAD_AFTER: Final = timedelta(days=1)
"""A car may sleep through a day, and until it is looked at nobody knows what became of an order."""

WORKS: Final[Mapping[Work, str]] = {
    Work.LOOK_FOR_KEY: said("Looking whether a key has arrived"),
    Work.PROVE_KEY: said("Proving a key by the car’s own word"),
    Work.TEND_VEHICLE: said("Looking after a car’s charging"),
    Work.TELL_OF_OWNER: said("Telling a driver what came of the page for the owner"),
    Work.WAIT_OUT: said("Looking again at what was waited for"),
    Work.WATCH_TESLA: said("Watching whether Tesla answers again"),
    Work.STAY_CONNECTED: said("The look a day at an account"),
    Work.SEND_NOTICE: said("A mail to a driver"),
    Work.PUSH_NOTICE: said("A message to a driver’s devices"),
    Work.FORGET_CALLS: said("Forgetting calls older than a month"),
    Work.MAIL_ANSWER: said("Mailing an answer of support"),
    Work.CALL_AGENTS: said("Calling the agents to a message"),
    Work.ERASE_SUPPORT_CASE: said("Erasing a support case when its time is over"),
    Work.CHECK_OPERATOR: said("Checking our own side"),
    Work.LET_ACCOUNT_GO: said("Letting go an account that nobody has chosen"),
    Work.CLEAR_CAR: said("Taking our hours out of a car that was exchanged for another"),
    Work.FETCH_PRICES: said("Fetching prices by the hour"),
    Work.FETCH_CARBON: said("Fetching how clean power will be"),
    Work.BOOK_NIGHTS: said("Booking nights that are over"),
    Work.TELL_TO_STREAM: said("Telling a car what to stream"),
}
MEANS: Final[Mapping[Work, str]] = {
    Work.LOOK_FOR_KEY: said("A new key is noticed only when its driver opens the page."),
    Work.PROVE_KEY: said("The driver waits at the key step until he opens the page."),
    Work.TEND_VEHICLE: said("Nobody looks after this car: it charges as it would by itself."),
    Work.TELL_OF_OWNER: said("The driver reads it in the app, and got no mail."),
    Work.WAIT_OUT: said("The driver was promised a call that does not come."),
    Work.WATCH_TESLA: said("Work that waits for Tesla goes on waiting, and drivers keep the banner."),
    Work.STAY_CONNECTED: said("A car sold or a permission taken back is not noticed for this account."),
    Work.SEND_NOTICE: said("The driver reads it in the app, and got no mail."),
    Work.PUSH_NOTICE: said("The driver reads it in the app, and the device was not told."),
    Work.FORGET_CALLS: said("Nothing for drivers; the log of calls grows."),
    Work.MAIL_ANSWER: said("The driver finds the answer in the app, and got no mail."),
    Work.CALL_AGENTS: said("The message waits in the console, and no agent was called."),
    Work.ERASE_SUPPORT_CASE: said("What a driver wrote is kept for longer than we said."),
    Work.CHECK_OPERATOR: said("Nobody notices when our own side goes wrong."),
    Work.LET_ACCOUNT_GO: said("An account that nobody chose is kept for longer than we said."),
    Work.CLEAR_CAR: said("That car goes on charging by the hours that we gave it."),
    Work.FETCH_PRICES: said("Plans go by the prices that are known, and pages say from when on none is."),
    Work.FETCH_CARBON: said("Plans go by prices alone, and pages say nothing of CO₂."),
    Work.BOOK_NIGHTS: said("Cars are charged as planned; what nights since then came to is told at today’s tariff."),
    Work.TELL_TO_STREAM: said("The car is asked what it does, at Tesla’s price for a look, and charged all the same."),
}
_OURS = (said("Our own side was not right."), said("Run chargekey check, mend what it names, then set it going again."))
_GONE = (
    said("The driver took something away, or has to do something first."),
    said("Nothing. It is set going by whatever the driver does next."),
)
_DOWN = (
    said("What it asked was out of reach or busy for hours: Tesla, the mail server, or a browser’s vendor."),
    said("Once that answers again: set it going again."),
)
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(("OperatorFault", "NotRegistered", "OverLimit"), _OURS),
    **dict.fromkeys(("ConsentGone", "ScopeMissing", "KeyMissing", "VehicleGone", "MobileAccessOff"), _GONE),
    **dict.fromkeys(("TeslaFails", "TooOften", "Unreachable", "AnswerLost", "Asleep", "Busy"), _DOWN),
    "BudgetSpent": (
        said("This month’s budget at Tesla did not pay for it."),
        said("Raise CHARGEKEY_BUDGET_USD, or wait for the next month; then set it going."),
    ),
    "Refused": (said("Tesla or the car said a clear no."), said("Look at the log lines around it, then set it going.")),
}
UNKNOWN: Final = (
    said("An answer that we do not know, or a mistake of ours (%(fault)s)."),
    said("Report it with the log lines around it. Setting it going again harms nothing."),
)
ORDERS: Final[Mapping[Order, str]] = {
    Order.WAKE: said("wake up"),
    Order.START: said("start charging"),
    Order.STOP: said("stop charging"),
    Order.SET_CURRENT: said("set the current"),
    Order.ADD_SCHEDULE: said("keep a charge schedule"),
    Order.REMOVE_SCHEDULE: said("forget a charge schedule"),
}


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing, in words. `is_bad`: somebody must act. `about`: what `--again` takes, "" for what it does not."""

    is_bad: bool
    what: str
    means: str = ""
    do: str = ""
    about: str = ""


def found(words: Words, home: Examined) -> list[Noticed]:
    """Everything that there is to say, the bad first."""
    lines = [*_ground(words, home.ground), _backup(words, home)]
    lines += _at_work(words, home, home.at_work) if home.at_work else ()
    return sorted(lines, key=lambda one: not one.is_bad)


def printed(lines: list[Noticed]) -> list[str]:
    """For the command line."""
    made = []
    for one in lines:
        made.append(f"{'!' if one.is_bad else ' '} {one.what}")
        made += [f"    {more}" for more in (one.means, one.do) if more]
        if one.about:
            made.append(f"    chargekey doctor --again {one.about}")
    return made


def parked(words: Words, one: Parked, cars: Mapping[int, Vin]) -> Noticed:
    """A timer that was given up."""
    saw, do = FAULTS.get(one.last_error, UNKNOWN)
    what = words.said(
        "%(work)s, %(about)s: given up on %(day)s at %(time)s after %(tries)s tries.",
        work=words.said(WORKS[one.work]),
        about=_about(words, one.work, one.key, cars),
        day=words.short_day(one.parked_at),
        time=words.clock(one.parked_at),
        tries=str(one.attempts),
    )
    means = f"{words.said(saw, fault=one.last_error)} {words.said(MEANS[one.work])}"
    return Noticed(True, what, means, words.said(do), f"{one.work.value}:{one.key}")


def _about(words: Words, work: Work, key: int, cars: Mapping[int, Vin]) -> str:
    """Of whom, with no name in it."""
    kind = key_of(work)
    if kind is Key.HOME:
        return words.said("for all")
    if kind is Key.MARKET:
        return words.said("market %(number)s of CHARGEKEY_PRICES", number=str(key + 1))
    car = cars.get(key) if kind is Key.VEHICLE else None
    return f"{kind.value.replace('_', ' ')} {key}" + (f" (…{WORD_JOINER}{car.last_four})" if car else "")


def _ground(words: Words, ground: Ground) -> Iterator[Noticed]:
    if not ground.is_known:
        yield Noticed(
            True,
            words.said(
                "The database stands at %(stands)s, which this version does not know.", stands=ground.stands or ""
            ),
            do=words.said("Install the version that made it, or restore the backup from before."),
        )
    elif ground.stands != ground.newest:
        stands = ground.stands or words.said("nothing")
        what = words.said(
            "The database stands at %(stands)s, this version at %(new)s.", stands=stands, new=ground.newest
        )
        yield Noticed(True, what, do=words.said("Start Chargekey: it brings the database up to date by itself."))
    else:
        yield Noticed(False, words.said("The database is of this version: %(new)s.", new=ground.newest))
    for file in ground.files:
        if file.mode is None:
            do = words.said("Put it back from the backup. Never make a new one in its place.")
            if ground.stands is None:
                do = words.said("It is made by the first start, or by chargekey make-key.")
            yield Noticed(True, words.said("There is no %(file)s in the data folder.", file=file.name), do=do)
        elif not file.is_private:
            what = words.said("Others may read %(file)s: its mode is %(mode)s.", file=file.name, mode=f"{file.mode:o}")
            yield Noticed(True, what, do=f"chmod 600 {file.name}")
        else:
            yield Noticed(False, words.said("%(file)s is there, for its owner alone.", file=file.name))
    free = words.said("%(free)s GB are free where the data folder is.", free=f"{ground.free_bytes / 1e9:.1f}")
    is_little = ground.free_bytes < LITTLE_SPACE_BYTES
    yield Noticed(
        is_little, free, do=words.said("Make room before the database cannot be written.") if is_little else ""
    )


def _backup(words: Words, home: Examined) -> Noticed:
    """Never bad: they may be kept elsewhere, where we do not look."""
    made_at = home.ground.backed_up_at
    if made_at is None:
        what = words.said("No backup is in the data folder.")
        return Noticed(False, what, do=words.said("If none is made elsewhere: chargekey backup."))
    what = words.said("The newest backup in the data folder was made %(ago)s.", ago=words.ago(made_at, home.at))
    is_old = home.at - made_at > A_BACKUP_IS_OLD_AFTER
    return Noticed(False, what, do=words.said("If none is made elsewhere: does its timer still run?") if is_old else "")


def _at_work(words: Words, home: Examined, work: AtWork) -> Iterator[Noticed]:
    yield from (parked(words, one, work.cars) for one in work.parked)
    for late in work.overdue:
        what = words.said(
            "%(work)s, %(about)s: due since %(day)s, %(time)s.",
            work=words.said(WORKS[late.work]),
            about=_about(words, late.work, late.key, work.cars),
            day=words.short_day(late.since),
            time=words.clock(late.since),
        )
        yield Noticed(
            True, what, words.said(MEANS[late.work]), words.said("Is Chargekey running? Its log says what holds it.")
        )
    for held in work.held_by_the_dead:
        name, about = words.said(WORKS[held.work]), _about(words, held.work, held.key, work.cars)
        what = words.said("%(work)s, %(about)s: whoever held it is gone.", work=name, about=about)
        yield Noticed(False, what, words.said("The next who is free takes it over by itself."))
    for lost in work.not_known:
        car = _about(words, Work.TEND_VEHICLE, lost.vehicle_id, work.cars)
        what = words.said(
            "Nobody knows whether %(car)s obeyed: %(order)s.", car=car, order=words.said(ORDERS[lost.order])
        )
        is_old = home.at - lost.since > LATE_IS_BAD_AFTER
        do = words.said("Ask its driver to open the page: that looks at the car.") if is_old else ""
        yield Noticed(is_old, what, words.said("The car is looked at before anything is sent to it again."), do)
    if work.undecided:
        number = str(len(work.undecided))
        yield Noticed(False, words.said("Accounts that wait for their driver’s choice: %(number)s.", number=number))
    if not (work.parked or work.overdue):
        yield Noticed(False, words.said("Nothing is parked, and nothing is overdue."))
    yield from _seals(words, work)


def _seals(words: Words, work: AtWork) -> Iterator[Noticed]:
    for number, values in work.sealed.items():
        what = words.said("Key %(number)s of the ring seals %(values)s values.", number=str(number), values=str(values))
        is_there = number in work.ring
        yield Noticed(
            not is_there,
            what,
            "" if is_there else words.said("The ring does not hold that key, so nobody can open them."),
            "" if is_there else words.said("Put back the ring that holds it. See the runbook about turning the keys."),
        )
    for number in work.ring:
        if number not in work.sealed and number != max(work.ring):
            what = words.said("Key %(number)s of the ring seals nothing any more.", number=str(number))
            yield Noticed(False, what, do="chargekey rotate-keys --drop-old")
    for where in work.broken:
        what = words.said("%(where)s does not open.", where=where)
        yield Noticed(
            True, what, do=words.said("See the runbook about turning the keys: what it means, and how it ends.")
        )
