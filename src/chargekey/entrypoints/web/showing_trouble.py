"""Turns a diagnosis into the values of a screen: blockers, a wait, a question, or nothing but the link."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from chargekey.domain.causes.cause import Hold, Stage
from chargekey.domain.causes.questions import OFFERED, SHOWN_AT_ONCE, Answer, Question
from chargekey.domain.causes.remedies import OPERATORS, Remedy
from chargekey.domain.diagnosis import Diagnosis, Finding
from chargekey.domain.evidence import ChargeState, KeyStatus, Listed
from chargekey.domain.findings import Device, ReadOn
from chargekey.domain.vehicle import Reach
from chargekey.domain.waiting import waited_for
from chargekey.entrypoints.web.screens.frame import Trail
from chargekey.entrypoints.web.screens.stuck import Asked, InTheWay, Leads, ToDo, WaitsFor, WhatHappened
from chargekey.entrypoints.web.ways import LINKS, PRESSES
from chargekey.journeys.pair_vehicle import NoVehicleChosen
from chargekey.journeys.troubleshoot import Trouble

MOST_RULED_OUT: Final = 12
MOST_SUSPECTS: Final = 3
SHOWN_BY_THE_PAGE: Final = frozenset({"C1", "C7", "C12"})
"""A computer gets the code, a key that went elsewhere has a notice of its own, and the page is always fresh."""


def to_do(remedies: Sequence[Remedy], link: str = "") -> tuple[ToDo, ...]:
    """How each is begun from the page; what only the operator can do is left out.

    `link`: the pairing link, "" where it is not offered.
    """
    return tuple(one for remedy in remedies if remedy not in OPERATORS and (one := _to_do(remedy, link)))


def _to_do(remedy: Remedy, link: str) -> ToDo | None:
    if remedy is Remedy.OPEN_THE_LINK:
        return ToDo(remedy, Leads.LINK, link) if link else None
    if remedy in LINKS:
        return ToDo(remedy, Leads.LINK, LINKS[remedy])
    if remedy in PRESSES:
        return ToDo(remedy, Leads.PRESS, PRESSES[remedy])
    return ToDo(remedy, Leads.DO)


def is_waiting(trouble: Trouble) -> bool:
    """Whether time is all that is missing: everything in the way takes nothing but that."""
    held = [one for one in trouble.diagnosis.present if one.cause.hold is not Hold.LETS]
    return bool(waited_for(trouble.diagnosis)) and all(one.cause.hold is Hold.WAITS for one in held)


def hints(trouble: Trouble) -> tuple[Finding, ...]:
    """What is there, lets the driver try all the same, and can be mended first."""
    return tuple(
        one
        for one in trouble.diagnosis.present
        if one.cause.id not in SHOWN_BY_THE_PAGE and first_to_do(one) is not None
    )


def keeps_links(trouble: Trouble) -> bool:
    """Whether the page is read in a window of another app, which mostly keeps links to itself."""
    read = trouble.file.case.driver.fact(ReadOn)
    return read is not None and read.device is Device.IN_APP_BROWSER


def first_to_do(finding: Finding) -> Remedy | None:
    """What the driver may do about it besides trying and waiting."""
    return next((one for one in finding.cause.remedies if one not in (Remedy.OPEN_THE_LINK, Remedy.WAIT)), None)


def in_the_way(trouble: Trouble, trail: Trail) -> InTheWay:
    """All blockers at once; those that let the driver try stand with them, since one walk mends all."""
    here, diagnosis = trouble.file.here, trouble.diagnosis
    status = here.vehicle_seen.fact(KeyStatus)
    return InTheWay(
        trail=trail,
        car=here.vehicle.vin if here.vehicle else None,
        places=diagnosis.places,
        fine=tuple(one for one in diagnosis.ruled_out if one.verdict.seen_at),
        keys_on_car=status.keys_on_car if status else None,
        ends=diagnosis.is_over,
        looked_at=trouble.looked_at,
        next_look_at=trouble.next_look_at,
        owner_has_until=trouble.file.owner_has_until,
    )


def waits_for(trouble: Trouble, trail: Trail | None, link: str, held: tuple[Finding, ...] | None = None) -> WaitsFor:
    """Raises `NoVehicleChosen`. Ask `is_waiting` first. `held`: what is shown instead of what is waited for."""
    here, waits, now = trouble.file.here, trouble.waits, trouble.file.case.now
    if here.vehicle is None:
        raise NoVehicleChosen
    findings = waited_for(trouble.diagnosis) if held is None else held
    listed = here.vehicle_seen.fact(Listed)
    pauses = [one.cause.retry.every for one in findings if one.cause.retry.every]
    return WaitsFor(
        trail=trail,
        car=here.vehicle.vin,
        link=link,
        findings=findings,
        suspects=trouble.diagnosis.suspects[:MOST_SUSPECTS],
        todo=to_do(_easiest_first(findings)),
        reach=trouble.reach,
        in_service=bool(listed and listed.in_service),
        mobile_access_off=bool(listed and listed.mobile_access_off),
        since=waits.since if waits else now,
        until=trouble.next_look_at,
        by_time=bool(findings) and all(one.cause.is_unseen for one in findings),
        heard_at=here.vehicle_seen.when(ChargeState),
        looked_at=here.vehicle_seen.when(Listed),
        every_minutes=round(min(pauses) / timedelta(minutes=1)) if pauses else None,
    )


def held_up(trouble: Trouble) -> WaitsFor | None:
    """The same for a car that is to charge tonight; None where nothing is, or where it only sleeps."""
    if trouble.file.here.vehicle is None or trouble.reach is Reach.ASLEEP:
        return None
    held = tuple(one for one in trouble.diagnosis.present if one.cause.hold is not Hold.LETS)
    return waits_for(trouble, None, "", held) if held else None


def what_happened(trouble: Trouble, trail: Trail, link: str) -> WhatHappened:
    """Raises `NoVehicleChosen`."""
    here, diagnosis = trouble.file.here, trouble.diagnosis
    if here.vehicle is None:
        raise NoVehicleChosen
    shown, more = answers_of(diagnosis.question)
    return WhatHappened(
        trail=trail,
        car=here.vehicle.vin,
        question=diagnosis.question,
        shown=shown,
        more=more,
        known=_known(diagnosis),
        suspects=diagnosis.suspects[:MOST_SUSPECTS],
        ruled_out=_likeliest_ruled_out(diagnosis.ruled_out),
        todo=to_do(_worth_doing(diagnosis), link),
        tried=trouble.file.case.tried,
        looked_at=here.vehicle_seen.when(KeyStatus),
        next_look_at=trouble.next_look_at,
    )


def shortcomings(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """Of a car that charges: what is so, or likely, and holds nothing up."""
    found = (*diagnosis.present, *diagnosis.likely)
    return tuple(one for one in found if one.cause.hold is Hold.LETS) if diagnosis.stage is Stage.CHARGING else ()


def asked(diagnosis: Diagnosis) -> Asked | None:
    """For the pages before the key; None where nothing is suspected. Every remedy ends at Tesla: that alone is last."""
    if not diagnosis.suspects:
        return None
    shown, more = answers_of(diagnosis.question)
    worth_doing = [one for one in diagnosis.remedies if one is not Remedy.WAIT]
    todo = to_do(sorted(worth_doing, key=lambda one: one is Remedy.START_CONSENT_AGAIN))
    return Asked(diagnosis.question, shown, more, diagnosis.suspects[:MOST_SUSPECTS], todo)


def _known(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """What is there all the same, and what the evidence points to and nobody would weigh as a suspect."""
    pointed_to = (one for one in diagnosis.likely if not one.cause.prior)
    return tuple(one for one in (*diagnosis.present, *pointed_to) if one.cause.id not in SHOWN_BY_THE_PAGE)


def _likeliest_ruled_out(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What somebody would think of first, and what was truly looked at."""
    looked_at = [one for one in findings if one.verdict.seen_at]
    return tuple(sorted(looked_at, key=lambda one: (-one.cause.prior, one.cause.id))[:MOST_RULED_OUT])


def _worth_doing(diagnosis: Diagnosis) -> list[Remedy]:
    """Every remedy ends with the link, so the link alone comes first only where nothing else would help."""
    first = diagnosis.suspects[0].first.cause.remedies[0] if diagnosis.suspects else Remedy.OPEN_THE_LINK
    others: list[Remedy] = [one for one in diagnosis.remedies if one not in (Remedy.WAIT, Remedy.OPEN_THE_LINK)]
    link: list[Remedy] = [Remedy.OPEN_THE_LINK] if Remedy.OPEN_THE_LINK in diagnosis.remedies else []
    return link + others if first is Remedy.OPEN_THE_LINK else others + link


def answers_of(question: Question | None) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """Those offered at once, and those behind *Something else*."""
    offered = OFFERED[question] if question else ()
    return offered[:SHOWN_AT_ONCE], offered[SHOWN_AT_ONCE:]


def _easiest_first(findings: Sequence[Finding]) -> list[Remedy]:
    """What may help meanwhile; waiting itself is said already."""
    order = list(Remedy)
    named = {remedy for one in findings for remedy in one.cause.remedies}
    return sorted(named - {Remedy.WAIT, Remedy.OPEN_THE_LINK}, key=order.index)
