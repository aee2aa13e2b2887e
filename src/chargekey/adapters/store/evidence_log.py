"""The log of observations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.shapes import name_of, read_fact, write_fact
from chargekey.domain.evidence import LASTING, Fact, Observation, Seen, Source, Subject, SubjectKind, fold

_LOG = tables.observation


class KeptEvidence:
    """`ports.evidence_log.EvidenceLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, observations: Iterable[Observation]) -> None:
        rows = [
            {
                "subject_kind": seen.subject.kind.value,
                "subject_id": seen.subject.id,
                "kind": name_of(type(seen.fact)),
                "fact": write_fact(seen.fact),
                "observed_at": seen.observed_at,
                "source": seen.source.value,
                "request_id": seen.request_id,
            }
            for seen in observations
        ]
        if rows:
            await self._connection.execute(insert(_LOG), rows)

    async def seen(self, subject: Subject) -> Seen:
        return (await self.seen_of_each([subject]))[subject]

    async def seen_of_each(self, subjects: Sequence[Subject]) -> Mapping[Subject, Seen]:
        if not subjects:
            return {}
        content = case((_LOG.c.kind.in_([name_of(kind) for kind in LASTING]), _LOG.c.fact), else_="")
        nth = func.row_number().over(  # of lasting kinds the latest of each content, for `fold` to choose from
            partition_by=(_LOG.c.subject_kind, _LOG.c.subject_id, _LOG.c.kind, content),
            order_by=(_LOG.c.observed_at.desc(), _LOG.c.id.desc()),
        )
        ranked = select(_LOG, nth.label("nth")).where(or_(*map(_about, subjects))).subquery()
        found = await self._connection.execute(select(ranked).where(ranked.c.nth == 1).order_by(ranked.c.id))
        observations = [_observation(row) for row in found]
        return {subject: fold(seen for seen in observations if seen.subject == subject) for subject in subjects}

    async def of_all(self, kind: type[Fact], moment: datetime) -> Sequence[Observation]:
        asked = select(_LOG).where(_LOG.c.kind == name_of(kind), _LOG.c.observed_at >= moment)
        found = await self._connection.execute(asked.order_by(_LOG.c.observed_at, _LOG.c.id))
        return [_observation(row) for row in found]

    async def newest(self, kind: type[Fact], limit: int) -> Sequence[Observation]:
        of_kind = select(_LOG).where(_LOG.c.kind == name_of(kind))
        found = await self._connection.execute(of_kind.order_by(_LOG.c.id.desc()).limit(limit))
        return [_observation(row) for row in found]

    async def latest(self, subjects: Sequence[Subject], limit: int) -> Sequence[Observation]:
        if not subjects:
            return []
        about = select(_LOG).where(or_(*map(_about, subjects)))
        found = await self._connection.execute(about.order_by(_LOG.c.observed_at.desc(), _LOG.c.id.desc()).limit(limit))
        return [_observation(row) for row in found]

    async def since(self, subject: Subject, kind: type[Fact], moment: datetime) -> Sequence[Observation]:
        of_kind = and_(_about(subject), _LOG.c.kind == name_of(kind))
        later = select(_LOG).where(of_kind, _LOG.c.observed_at >= moment)
        found = await self._connection.execute(later.order_by(_LOG.c.observed_at, _LOG.c.id))
        before = await self._connection.execute(
            select(_LOG)
            .where(of_kind, _LOG.c.observed_at < moment)
            .order_by(_LOG.c.observed_at.desc(), _LOG.c.id.desc())
            .limit(1)
        )
        return [_observation(row) for row in (*before, *found)]


def _about(subject: Subject) -> ColumnElement[bool]:
    return and_(_LOG.c.subject_kind == subject.kind.value, _LOG.c.subject_id == subject.id)


def _observation(row: Row[tuple[object, ...]]) -> Observation:
    return Observation(
        subject=Subject(SubjectKind(row.subject_kind), row.subject_id),
        fact=read_fact(row.kind, row.fact),
        observed_at=row.observed_at,
        source=Source(row.source),
        request_id=row.request_id,
    )
