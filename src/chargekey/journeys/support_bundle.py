"""Gathers what may go along when a driver writes to us, in one unit of work and without asking anybody.

Every value passes through a type of `domain/support` on its way; what does not fit one stays here.
"""

from collections.abc import Sequence
from typing import Final

from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.looks import Look
from chargekey.domain.diagnosis import Diagnosis, Finding, Odds, diagnose
from chargekey.domain.evidence import FACTS, ConsentEnded, KeyStatus, Listed, Observation, ScopesGranted, Seen
from chargekey.domain.findings import AppAtTesla, HostedKey, OperatorClock, RegisteredKeys
from chargekey.domain.grant import ASKED
from chargekey.domain.journey import need_of_key
from chargekey.domain.night import Command
from chargekey.domain.support import (
    MOST_CALLS,
    MOST_CARS,
    MOST_CAUSES,
    MOST_HAPPENED,
    MOST_ORDERS,
    Bundle,
    CallLine,
    CarLine,
    CauseLine,
    ExcludedLine,
    Firmware,
    HappenedLine,
    LastFour,
    Line,
    Model,
    NextQuestionLine,
    OperatorLine,
    OrderLine,
    PermissionsLine,
    ReaderLine,
    RequestId,
    StepLine,
    TeslaLine,
    ToldLine,
    Value,
    Version,
    VersionLine,
    Word,
    details,
    shaped,
)
from chargekey.domain.vehicle import Access, Reach
from chargekey.journeys.case_file import CaseFile, CaseFiles
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle
from chargekey.journeys.troubleshoot import STAGES
from chargekey.ports.call_log import Call
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit

OUR_SIDE: Final = (HostedKey, RegisteredKeys, AppAtTesla, OperatorClock)
NIGHTS_BACK: Final = 3
_NAMES: Final = {kind: name for name, kind in FACTS.items()}
MOST_TOLD: Final = 3


class SupportBundles:
    """Makes bundles. `version`: ours, and the fingerprint of the settings."""

    def __init__(self, store: Store, files: CaseFiles, version: str) -> None:
        self._store, self._files, self._version = store, files, shaped(Version, version)

    async def of(self, driver_id: int, reader: ReaderLine | None) -> tuple[CaseFile, Bundle]:
        """All lines there are about that driver's trouble, now. `reader` None: it is not he who asks."""
        file = await self._files.of(driver_id)
        stage = STAGES.get(file.here.step, Stage.CHARGING)
        diagnosis = diagnose(file.case, CATALOGUE, stage, something_failed=True, in_vain=frozenset(Look))
        async with self._store.unit() as unit:
            lines: list[Line] = [] if reader is None else [reader]
            lines.append(StepLine(file.here.step))
            lines.append(_permissions(file))
            lines.extend(await _cars(unit, file))
            lines.extend(_judged(diagnosis, file))
            lines.extend(await _happened(unit, file, driver_id))
            lines.extend(await _calls(unit, file))
            lines.extend(await _orders(unit, file.here.vehicle))
        lines.extend(_our_side(file.case.operator))
        tesla = file.case.tesla
        lines.append(TeslaLine(tesla.weather, tesla.since, tesla.asked, tesla.failing))
        lines.append(VersionLine(self._version))
        return file, Bundle(file.case.now, tuple(lines))


def _permissions(file: CaseFile) -> PermissionsLine:
    seen = file.here.grant_seen
    granted = seen.fact(ScopesGranted)
    ended = seen.is_later(ConsentEnded, than=ScopesGranted)
    return PermissionsLine(
        asked=ASKED,
        received=tuple(scope for scope in ASKED if scope in granted.scopes) if granted else None,
        renewed_at=file.case.renewed_at,
        ended_at=seen.when(ConsentEnded) if ended else None,
    )


async def _cars(unit: Unit, file: CaseFile) -> Sequence[CarLine]:
    cars = await unit.garage.vehicles_of(file.here.grant.id) if file.here.grant else []
    seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
    chosen = file.here.vehicle
    lines = [_car(car, seen[about_vehicle(car.id)], is_chosen=bool(chosen and car.id == chosen.id)) for car in cars]
    return sorted(lines, key=lambda one: not one.is_chosen)[:MOST_CARS]


def _car(car: Vehicle, seen: Seen, *, is_chosen: bool) -> CarLine:
    listed, status = seen.fact(Listed), seen.fact(KeyStatus)
    return CarLine(
        model=shaped(Model, car.vin.model),
        last_four=LastFour(car.vin.last_four),
        is_chosen=is_chosen,
        access=listed.access if listed else Access.UNKNOWN,
        reach=listed.reach if listed else Reach.UNKNOWN,
        in_service=bool(listed and listed.in_service),
        need=need_of_key(car.vin, seen),
        keys_on_car=status.keys_on_car if status else None,
        firmware=shaped(Firmware, status.firmware) if status else None,
        listed_at=seen.when(Listed),
        key_seen_at=seen.when(KeyStatus),
    )


# ── what we make of it ───────────────────────────────────────────────


def _judged(diagnosis: Diagnosis, file: CaseFile) -> Sequence[Line]:
    there = [_cause(finding, None) for finding in diagnosis.present]
    suspects = [_cause(finding, one.odds) for one in diagnosis.suspects for finding in one.findings]
    told = [remedy for finding in diagnosis.present for remedy in finding.cause.remedies[:1]]
    remedies = tuple(dict.fromkeys(told or diagnosis.remedies))[:MOST_TOLD]
    return (
        ToldLine(remedies),
        *(there + suspects)[:MOST_CAUSES],
        ExcludedLine(_ids(diagnosis.ruled_out), _ids(diagnosis.unknown)),
        NextQuestionLine(diagnosis.question, file.case.answers),
    )


def _cause(finding: Finding, odds: Odds | None) -> CauseLine:
    verdict = finding.verdict
    filled = [(shaped(Word, name), shaped(Value, value)) for name, value in verdict.values.items()]
    return CauseLine(
        cause=Word(finding.cause.id),
        certainty=verdict.certainty,
        reason=shaped(Word, verdict.reason),
        values=tuple((name, value) for name, value in filled if name and value),
        seen_at=verdict.seen_at,
        odds=odds,
    )


def _ids(findings: Sequence[Finding]) -> tuple[Word, ...]:
    return tuple(Word(one.cause.id) for one in findings)


# ── what happened ────────────────────────────────────────────────────


async def _happened(unit: Unit, file: CaseFile, driver_id: int) -> Sequence[HappenedLine]:
    subjects = [about_driver(driver_id)]
    subjects += [about_grant(file.here.grant.id)] if file.here.grant else []
    subjects += [about_vehicle(file.here.vehicle.id)] if file.here.vehicle else []
    newest = await unit.evidence.latest(subjects, MOST_HAPPENED)
    return [_observed(one) for one in reversed(newest)]


def _observed(one: Observation) -> HappenedLine:
    return HappenedLine(one.observed_at, one.subject.kind, one.source, _name(one), details(one.fact))


def _name(one: Observation) -> Word:
    return Word(_NAMES[type(one.fact)])


async def _calls(unit: Unit, file: CaseFile) -> Sequence[CallLine]:
    latest = await unit.calls.latest(file.here.grant.id, MOST_CALLS) if file.here.grant else []
    return [_call(one) for one in reversed(latest)]


def _call(call: Call) -> CallLine:
    return CallLine(
        at=call.at,
        what=shaped(Word, call.what),
        status=call.status,
        fault=shaped(Word, call.fault),
        request_id=shaped(RequestId, call.request_id),
        took_ms=call.took_ms,
        region=shaped(Word, call.region),
        last_four=LastFour(call.vin.last_four) if call.vin else None,
    )


async def _orders(unit: Unit, vehicle: Vehicle | None) -> Sequence[OrderLine]:
    nights = await unit.nights.nights_of(vehicle.id, NIGHTS_BACK) if vehicle else []
    sent: list[Command] = []
    for night in reversed(nights):
        sent += await unit.commands.commands_of(night.id)
    return [
        OrderLine(one.wanted_at, one.order, one.delivery, one.current_a, one.settled_at, shaped(Word, one.detail))
        for one in sent[-MOST_ORDERS:]
    ]


def _our_side(seen: Seen) -> Sequence[OperatorLine]:
    checks = [one for kind in OUR_SIDE if (one := seen.latest.get(kind))]
    return [OperatorLine(one.observed_at, _name(one), details(one.fact)) for one in checks]
