"""What is wrong, in the order to mend it; and if that cannot be seen, the one question that tells most.

Rules of this room:

1. Look first. While a look that could settle something is due, nobody is asked and nothing is guessed.
2. What is present is shown all at once, grouped by who mends it and where; a link that cannot work is not offered.
3. What is only possible is ranked by exact weights: prior x certainty x what the driver answered x what he already
   tried. Fractions, no floats: the same case gives the same ranking, and every factor can be told.
4. At most two questions, each the one whose answer is expected to leave the least doubt. *Don't know* leaves the
   weights as they were, and counts as asked.
5. Where nothing is wrong, nothing is invented: without a failed try there are no suspects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.cause import RARELY, Cause, Hold, Stage, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import MOST_ASKED, OFFERED, Answer, Question
from chargekey.domain.causes.remedies import MINUTES, Remedy
from chargekey.domain.causes.verdict import Certainty, Verdict

FACTOR: Final = {Certainty.LIKELY: Fraction(8), Certainty.POSSIBLE: Fraction(1), Certainty.UNKNOWN: Fraction(1, 2)}
"""What a signal's word weighs against the priors."""
STILL_THERE: Final = Fraction(1, 6)
"""Of those whom a remedy mends, one in six has tried it and is stuck all the same: not done right, or not at once."""
WORTH_ASKING: Final = Fraction(1, 20)
"""A question must be expected to take at least this much of the doubt away."""
LIKELY_FROM: Final = Fraction(2, 5)
POSSIBLE_FROM: Final = Fraction(3, 20)


class Odds(StrEnum):
    """The three bars of the screen."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    LESS_LIKELY = "less_likely"


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause and what the evidence says of it."""

    cause: Cause
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Place:
    """What one person mends at one place, in the order to do it."""

    who: Who
    where: Where
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cause, or a class of causes that nothing can part, with its share of the weight of all suspects."""

    findings: tuple[Finding, ...]
    share: Fraction

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def odds(self) -> Odds:
        if self.share >= LIKELY_FROM:
            return Odds.LIKELY
        return Odds.POSSIBLE if self.share >= POSSIBLE_FROM else Odds.LESS_LIKELY


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The whole answer for one stage of one case.

    `likely`: what the evidence points to, whether or not anything failed. `looks`: what is to be looked at before
    anything else is said. `question` None: nothing (more) to ask.
    `remedies`: what to try, best first, where only suspects remain; empty where something is present.
    """

    stage: Stage
    places: tuple[Place, ...]
    likely: tuple[Finding, ...]
    suspects: tuple[Suspect, ...]
    ruled_out: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    looks: tuple[Look, ...]
    question: Question | None
    remedies: tuple[Remedy, ...]

    @property
    def present(self) -> tuple[Finding, ...]:
        return tuple(finding for place in self.places for finding in place.findings)

    @property
    def offers_link(self) -> bool:
        """Whether the next action of the stage can work, as far as we see."""
        return not any(finding.cause.hold is not Hold.LETS for finding in self.present)

    @property
    def is_over(self) -> bool:
        """Something present cannot be mended by anybody."""
        return any(finding.cause.hold is Hold.ENDS for finding in self.present)


def diagnose(
    case: Case,
    catalogue: Sequence[Cause],
    stage: Stage,
    *,
    something_failed: bool,
    went_past: bool = False,
    in_vain: frozenset[Look] = frozenset(),
) -> Diagnosis:
    """`something_failed`: the driver tried and it did not come about in time, or he says so.

    `went_past`: and he did so although something stood in the way; if he can get past that, it hides nothing else.
    `in_vain`: looks that were just done, or cannot be done now; nothing waits for them any more.
    """
    findings = [Finding(cause, cause.signal(case)) for cause in catalogue if cause.stands_in(stage)]
    there = [one for one in findings if one.verdict.certainty is Certainty.PRESENT]
    open_ones = [one for one in findings if one.verdict.certainty in FACTOR and one.cause.prior > 0]
    unknown = tuple(one for one in findings if one.verdict.certainty is Certainty.UNKNOWN)
    looks = tuple(look for look in _looks_due(unknown) if look not in in_vain)
    held = any(one.cause.hold is not Hold.LETS and not (went_past and one.cause.can_be_got_past) for one in there)
    suspects: tuple[Suspect, ...] = ()
    question = None
    remedies: tuple[Remedy, ...] = ()
    if something_failed and not held:
        weights = {one.cause.id: _weight(one, case) for one in open_ones}
        suspects = _ranked(open_ones, weights)
        question = None if looks else _best_question([one.cause for one in open_ones], weights, case.answers)
        remedies = _best_remedies(open_ones, weights, case.tried)
    return Diagnosis(
        stage=stage,
        places=_grouped(there),
        likely=tuple(one for one in findings if one.verdict.certainty is Certainty.LIKELY),
        suspects=suspects,
        ruled_out=tuple(one for one in findings if one.verdict.certainty is Certainty.RULED_OUT),
        unknown=unknown,
        looks=looks,
        question=question,
        remedies=remedies,
    )


def _looks_due(unknown: Sequence[Finding]) -> tuple[Look, ...]:
    wanted = {look for finding in unknown for look in finding.cause.settled_by}
    return tuple(look for look in Look if look in wanted)


def _grouped(there: Sequence[Finding]) -> tuple[Place, ...]:
    """By who and where, the driver's own first; inside, the least effort first, and the order of the ids."""
    places: dict[tuple[Who, Where], list[Finding]] = {}
    for finding in there:
        places.setdefault((finding.cause.who, finding.cause.where), []).append(finding)
    order = {place: number for number, place in enumerate((who, where) for who in Who for where in Where)}
    return tuple(
        Place(who, where, tuple(sorted(places[who, where], key=lambda one: (_effort(one.cause), one.cause.id))))
        for who, where in sorted(places, key=order.__getitem__)
    )


def _effort(cause: Cause) -> int:
    return MINUTES[cause.remedies[0]] if cause.remedies else 0


# ── weights ──────────────────────────────────────────────────────────


def _weight(finding: Finding, case: Case) -> Fraction:
    weight = finding.cause.prior * FACTOR[finding.verdict.certainty]
    for question, answer in case.answers.items():
        weight *= expected(finding.cause, question, answer)
    return weight * sum(_not_yet_mended(finding.cause, case.tried).values())


def _not_yet_mended(cause: Cause, tried: Sequence[Remedy]) -> Mapping[Remedy, Fraction]:
    """Of those with this cause, the part that each of its remedies is left to mend: in all 1 before anything is tried.

    Each remedy is taken to mend half as many as the one before it. The link is opened again after every remedy, so
    that it counts as one only where there is no other.
    """
    mending = [one for one in cause.remedies if one is not Remedy.OPEN_THE_LINK] or cause.remedies
    whole = sum(Fraction(1, 2**nth) for nth in range(len(mending)))
    return {
        remedy: Fraction(1, 2**nth) / whole * (STILL_THERE if remedy in tried else 1)
        for nth, remedy in enumerate(mending)
    }


def expected(cause: Cause, question: Question, answer: Answer) -> Fraction:
    """How many of those with this cause answer so; 1 for *don't know*, which tells nothing."""
    if answer is Answer.DONT_KNOW:
        return Fraction(1)
    row = cause.answers.get(question)
    others = len(OFFERED[question]) - len(row or ())
    if row is None or others == 0:
        return Fraction(1, len(OFFERED[question]))
    share = Fraction(row[answer]) if answer in row else Fraction(RARELY, others)
    return share / (sum(row.values()) + RARELY)


def _ranked(findings: Sequence[Finding], weights: Mapping[str, Fraction]) -> tuple[Suspect, ...]:
    """Causes that nothing can part are one suspect; the heaviest first, equal ones in the order of the ids."""
    total = sum(weights.values())
    if not total:
        return ()
    classes: dict[str, list[Finding]] = {}
    for finding in findings:
        classes.setdefault(finding.cause.siblings or finding.cause.id, []).append(finding)
    suspects = [
        Suspect(
            tuple(sorted(members, key=lambda one: (-weights[one.cause.id], one.cause.id))),
            sum((weights[one.cause.id] for one in members), Fraction()) / total,
        )
        for members in classes.values()
    ]
    return tuple(sorted(suspects, key=lambda one: (-one.share, one.first.cause.id)))


# ── the next question ────────────────────────────────────────────────


def _best_question(
    causes: Sequence[Cause], weights: Mapping[str, Fraction], answered: Mapping[Question, Answer]
) -> Question | None:
    """The question expected to leave the least doubt; None when two were asked, or none is worth it."""
    if len(answered) >= MOST_ASKED:
        return None
    before = _certainty_left(causes, weights)
    gains = {
        question: _certainty_expected(causes, weights, question) - before
        for question in Question
        if question not in answered
    }
    best = max(gains, key=lambda question: gains[question], default=None)
    return best if best is not None and gains[best] >= WORTH_ASKING else None


def _certainty_left(causes: Sequence[Cause], weights: Mapping[str, Fraction]) -> Fraction:
    """The sum of squared shares of the classes: 1 when one is left, 1/n when n are equal (Gini's index)."""
    total = sum(weights[cause.id] for cause in causes)
    if not total:
        return Fraction(1)
    return sum((share * share for share in _by_class(causes, weights).values()), Fraction()) / (total * total)


def _certainty_expected(causes: Sequence[Cause], weights: Mapping[str, Fraction], question: Question) -> Fraction:
    """What the sum would be after the answer, over all answers by how often each is expected."""
    total = sum(weights[cause.id] for cause in causes)
    if not total:
        return Fraction(1)
    left = Fraction()
    for answer in OFFERED[question]:
        after = {cause.id: weights[cause.id] * expected(cause, question, answer) for cause in causes}
        chance = sum(after.values())
        if chance:
            left += _certainty_left(causes, after) * chance / total
    return left


def _by_class(causes: Sequence[Cause], weights: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    shares: dict[str, Fraction] = {}
    for cause in causes:
        name = cause.siblings or cause.id
        shares[name] = shares.get(name, Fraction()) + weights[cause.id]
    return shares


def _best_remedies(
    findings: Sequence[Finding], weights: Mapping[str, Fraction], tried: Sequence[Remedy]
) -> tuple[Remedy, ...]:
    """What cures most of the weight for the least effort comes first; what was tried comes last."""
    worth: dict[Remedy, Fraction] = {}
    for cause in (one.cause for one in findings):
        left = _not_yet_mended(cause, tried)
        whole = sum(left.values())
        for remedy, part in left.items():
            worth[remedy] = worth.get(remedy, Fraction()) + weights[cause.id] * part / whole
    order = list(Remedy)
    return tuple(sorted(worth, key=lambda one: (one in tried, -worth[one] / MINUTES[one], order.index(one))))
