"""A driver in a world of facts who does the next thing that the diagnosis says, and nothing else, to the end.

Rules of this room:

1. What is known is what was looked at, when it was looked at: a log that grows. Looks fail now and then, Tesla's list
   of keys lags, and what the log holds from before may be of a time when things were different.
2. He answers truly, as far as he knows; words that he could tell once he can tell again. He does each remedy that is
   put first, and opens the link again after it.
3. A step is one thing done: the link, a remedy and the link after it, or a wait. What is asked before it, at most two
   questions a try, belongs to it.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Final

from chargekey.domain.causes.case import Case, HandOff, OtherCar
from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Hold, Stage, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import MINUTES, Remedy
from chargekey.domain.diagnosis import Diagnosis, Finding, diagnose
from chargekey.domain.evidence import Fact, KeyStatus, Listed, ScopesGranted
from chargekey.domain.findings import (
    AccountAnswered,
    AccountRefused,
    AccountTrouble,
    Answered,
    HostedKey,
    MobileAccess,
    OpenedPairingLink,
    ReadOn,
    Registered,
    RegisteredKeys,
    StaysReadOnly,
    Tried,
)
from chargekey.domain.grant import ASKED, Scope
from chargekey.domain.tesla_health import Weather
from chargekey.domain.vehicle import KeyNeed, Reach
from tests.domain.any_case import HAS_OUR_KEY, OTHER_VIN
from tests.domain.case_of import MODEL_3, NOW, OLD_MODEL_S, case_of, health, minutes_ago
from tests.domain.world_of_facts import World, does, opens_link, others_mend, says, truth

MOST_STEPS: Final = 12
CAR: Final = 7
LATE_AFTER_MIN: Final = 1
OTHERS_TAKE_MIN: Final = 200
LISTS_LAG_MIN: Final = (0, 0, 0, 2, 90)
DOES_NOT_KNOW: Final = 20
LOOK_FAILS: Final = 5
"""Of a hundred questions, and of a hundred looks."""
SETTLED: Final = (KeyNeed.ON_THE_CAR, KeyNeed.NOT_NEEDED)
OTHERS: Final = frozenset({Who.OPERATOR, Who.US, Who.TESLA})
NOT_LOOKED_AT: Final = frozenset({Look.TOKEN, Look.TESLA_HEALTH, Look.REGISTRATION})
"""Read from what is at hand, or by our own timers."""


class End(StrEnum):
    """How it came out. `NAMED`: what is in the way is said to be there, and who has to mend it."""

    CURED = "cured"
    ENDED = "ended"
    NAMED = "named"
    WITH_US = "with_us"
    LOST = "lost"


@dataclass
class Diary:
    """What happened. `first_said`: the causes named when the first remedy was, in their order, and what was true.

    `wrongly_ruled_out`: what was ruled out at some step although it was true.
    """

    end: End = End.LOST
    did: list[str] = field(default_factory=list)
    steps: int = 0
    questions: int = 0
    most_asked_a_try: int = 0
    first_said: tuple[frozenset[str], ...] = ()
    first_true: frozenset[str] = frozenset()
    wrongly_ruled_out: set[str] = field(default_factory=set)

    @property
    def first_is_right(self) -> bool:
        return bool(self.first_said and self.first_said[0] & self.first_true)

    @property
    def in_three(self) -> bool:
        return any(said & self.first_true for said in self.first_said[:3])


class Driver:
    """One walk. `dice` decides what he does not know, which looks fail, and what the log holds from before."""

    def __init__(self, world: World, dice: Random, *, unsure: int = DOES_NOT_KNOW) -> None:
        self.world, self.diary = world, Diary()
        self._dice, self._unsure = dice, unsure
        self._minute, self._lag_min = 0, dice.choice(LISTS_LAG_MIN)
        self._opened_at: int | None = None
        self._key_since: int | None = None
        self._log: list[tuple[Fact, float]] = self._from_before()
        self._answers: dict[Question, Answer] = {}
        self._tried: list[Remedy] = []
        self._asked = 0
        self._knows: set[Answer] = set()
        self._waited_on: set[Answer] = set()
        self._named: set[str] = set()
        self._done: list[Remedy] = []
        self._shown = Answer.DONT_KNOW
        self._hand_off = HandOff.NONE
        self._true_at_link: frozenset[str] = frozenset()

    def goes_to_the_end(self) -> Diary:
        found = self._looks_and_judges()
        while not self._is_over(found) and self.diary.steps < MOST_STEPS:
            self._does_the_next(found)
            found = self._looks_and_judges()
        if self.diary.end is End.LOST and self._named & truth(self.world):
            self.diary.end = End.NAMED
        return self.diary

    # ── what is known ────────────────────────────────────────────────

    def _from_before(self) -> list[tuple[Fact, float]]:
        """The token, our own checks; and at times a look from when all was well, too old to say anything now."""
        world = self.world
        scopes = frozenset(ASKED) if world.has_consent_for_keys else frozenset({Scope.OPENID})
        told: list[tuple[Fact, float]] = [
            (ScopesGranted(scopes), -20),
            (RegisteredKeys({"eu": world.registered, "na": Registered.RIGHT}), -60),
            (ReadOn(world.reads_on), -1),
        ]
        if self._dice.randrange(2):
            age = self._dice.choice((12, 40, 900, 20_000))
            well = World(access=world.access, needs_no_key=world.needs_no_key)
            told += [(fact, -age) for look in Look for fact in _seen(well, look)]
        return told

    def _looks_and_judges(self) -> Diagnosis:
        for look in Look:
            if look not in NOT_LOOKED_AT and self._dice.randrange(100) >= LOOK_FAILS:
                self._log += [(fact, self._minute) for fact in _seen(self._as_listed(), look)]
        failed = self._opened_at is not None and self._minute - self._opened_at >= LATE_AFTER_MIN
        found = diagnose(self._case(), CATALOGUE, Stage.KEY, something_failed=failed, in_vain=frozenset(Look))
        self._notes(found)
        return found

    def _as_listed(self) -> World:
        since = self._key_since
        if since is None or self._minute - since < self._lag_min:
            return self.world
        return replace(self.world, lists_key=True)

    def _case(self) -> Case:
        world = self.world
        log = [*self._log]
        if self._opened_at is not None:
            log.append((OpenedPairingLink(CAR), self._opened_at))
        log += [(Answered(CAR, dict(self._answers)), self._minute), (Tried(CAR, tuple(self._tried)), self._minute)]
        weather = Weather.OUTAGE if world.tesla_fails else Weather.FAIR
        sister = OtherCar(OTHER_VIN, HAS_OUR_KEY, minutes_ago(2) if world.sister_has_key else None)
        return case_of(
            *((fact, self._minute - at) for fact, at in log),
            vin=OLD_MODEL_S if world.needs_no_key else MODEL_3,
            tesla=health(weather, asked=3, failing=2 if world.tesla_fails else 0),
            others=(sister,) if world.has_sister else (),
            region="eu",
            others_rejected=world.others_rejected,
            hand_off=self._hand_off,
            hand_off_at=NOW if self._hand_off is not HandOff.NONE else None,
        )

    def _notes(self, found: Diagnosis) -> None:
        true = frozenset() if self._case().need in SETTLED else truth(self._as_listed())
        if in_the_way := _in_the_way(found):
            self._named = {one.cause.id for one in in_the_way}
        self.diary.wrongly_ruled_out |= true & {one.cause.id for one in found.ruled_out}
        there = _in_the_way(found) or _noted(found)
        if self.diary.first_said or not (there or (found.suspects and not found.question)):
            return
        seen = [frozenset({one.cause.id}) for one in there]
        suspected = [frozenset(one.cause.id for one in suspect.findings) for suspect in found.suspects]
        self.diary.first_said = (*seen, *suspected)
        self.diary.first_true = true | (self._true_at_link if self._opened_at is not None else frozenset())

    # ── what he does ─────────────────────────────────────────────────

    def _is_over(self, found: Diagnosis) -> bool:
        if self._case().need in SETTLED:
            self.diary.end = End.CURED
        elif found.is_over:
            self.diary.end = End.ENDED
        elif self._done and self._done[-1] is Remedy.WRITE_TO_US:
            self.diary.end = End.WITH_US
        return self.diary.end is not End.LOST

    def _does_the_next(self, found: Diagnosis) -> None:
        noted = [one for note in _noted(found) for one in _to_do(note)[:1] if one not in self._done]
        blockers = _in_the_way(found)
        if found.question and not blockers and not noted:
            self._says(found.question)
            return
        self.diary.steps += 1
        self._asked = 0
        if blockers:
            self._mends(blockers[0])
        elif noted:
            self._does(noted[0])
            self._opened_at = None
        elif self._opened_at is None:
            self._opens()
        else:
            self._tries(found)

    def _mends(self, blocker: Finding) -> None:
        """The first of its remedies that he has not done; what is not his he waits for."""
        theirs = blocker.cause.who in OTHERS
        todo = [one for one in _to_do(blocker) if one not in self._done]
        if theirs or not todo:
            self._waits()
        else:
            self._does(todo[0])
            self._opened_at = None
            if todo[0] is Remedy.HOLD_KEY_CARD:
                self._opens()

    def _opens(self) -> None:
        self.diary.did.append("open_the_link")
        self._true_at_link = truth(self.world)
        self._shown, self.world = opens_link(self.world)
        self._opened_at = self._minute
        self._answers.pop(Question.APP_SHOWED, None)
        self._passes(LATE_AFTER_MIN)

    def _says(self, question: Question) -> None:
        true = says(self.world, question, self._shown)
        if self._dice.randrange(100) >= self._unsure:
            self._knows.add(true)
        self._answers[question] = true if true in self._knows else Answer.DONT_KNOW
        self.diary.questions += 1
        self._asked += 1
        self.diary.most_asked_a_try = max(self.diary.most_asked_a_try, self._asked)
        self.diary.did.append(f"{question}: {self._answers[question]}")

    def _tries(self, found: Diagnosis) -> None:
        done = {*self._tried, Remedy.WAIT} if self._shown in self._waited_on else {*self._tried}
        todo = [one for one in found.remedies if one not in done and one is not Remedy.OPEN_THE_LINK]
        if not todo:
            self._does(Remedy.WRITE_TO_US)
        elif todo[0] is Remedy.WAIT:
            self._waited_on.add(self._shown)
            self._waits()
        else:
            self._does(todo[0])
            self._tried.append(todo[0])
            self._opens()

    def _waits(self) -> None:
        self.diary.did.append("wait")
        self._passes(OTHERS_TAKE_MIN)
        self.world = others_mend(self.world)
        self._log.append((RegisteredKeys({"eu": self.world.registered, "na": Registered.RIGHT}), self._minute))
        self._opened_at = None

    def _does(self, remedy: Remedy) -> None:
        self.diary.did.append(remedy.value)
        self._done.append(remedy)
        self.world = does(self.world, remedy)
        if remedy in (Remedy.ASK_THE_OWNER, Remedy.WRITE_TO_LESSOR) and not self.world.owner_agrees:
            self._hand_off = HandOff.DECLINED
        if remedy is Remedy.GO_ON_READ_ONLY:
            self._log.append((StaysReadOnly(CAR), self._minute))
        if remedy is Remedy.START_CONSENT_AGAIN:
            self._log.append((ScopesGranted(frozenset(ASKED)), self._minute))
        self._passes(MINUTES[remedy])

    def _passes(self, minutes: int) -> None:
        self._minute += minutes
        if self.world.has_our_key and self._key_since is None:
            self._key_since = self._minute


def _in_the_way(found: Diagnosis) -> list[Finding]:
    return [one for one in found.present if one.cause.hold is not Hold.LETS]


def _noted(found: Diagnosis) -> list[Finding]:
    """What is there and lets the link be tried; its remedy stands above the link."""
    return [one for one in found.present if one.cause.hold is Hold.LETS and _to_do(one)]


def _to_do(finding: Finding) -> list[Remedy]:
    return [one for one in finding.cause.remedies if one not in (Remedy.WAIT, Remedy.OPEN_THE_LINK)]


def _seen(world: World, look: Look) -> list[Fact]:
    """What a look finds. A refused account or a Tesla that fails tells nothing but that."""
    if look is Look.OWN_KEY_FILE:
        return [HostedKey(world.key_file)]
    if world.tesla_fails:
        return []
    if world.is_locked or not world.shares_data:
        trouble = AccountTrouble.LOCKED if world.is_locked else AccountTrouble.DATA_NOT_SHARED
        return [AccountRefused(trouble)] if look is Look.LIST else []
    reach = Reach.ASLEEP if world.is_dozing and world.reach is Reach.ONLINE else world.reach
    if look is Look.LIST:
        return [
            AccountAnswered(2 if world.has_sister else 1),
            Listed(world.access, reach, None, world.in_service, mobile_access_off=False),
        ]
    if look is Look.KEY_STATUS:
        return [KeyStatus(world.lists_key, not world.needs_no_key, world.keys_on_car, "2026.38")]
    if look is Look.MOBILE_ACCESS and reach is Reach.ONLINE:
        return [MobileAccess(world.mobile_access)]
    return []
