"""The log of observations."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store import tables
from chargekey.adapters.store.shapes import name_of, readable_fact, write_fact
from chargekey.domain.evidence import LASTING, Fact, Observation, Seen, Source, Subject, SubjectKind, fold

_LOG = tables.observation
_SOURCES: Final = frozenset(Source)
_APPENDED: Final = insert(_LOG)


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
            await self._connection.execute(_APPENDED, rows)

    async def seen(self, subject: Subject) -> Seen:
        return (await self.seen_of_each([subject]))[subject]

    async def seen_of_each(self, subjects: Sequence[Subject]) -> Mapping[Subject, Seen]:
        if not subjects:
            return {}
        asked: dict[str, str | int] = {f"about_{n}": one.kind.value for n, one in enumerate(subjects)}
        asked |= {f"of_{n}": one.id for n, one in enumerate(subjects)}
        found = await self._connection.execute(_latest_of_each(len(subjects)), asked)
        observations = _observations(found)
        return {subject: fold(seen for seen in observations if seen.subject == subject) for subject in subjects}

    async def of_all(self, kind: type[Fact], moment: datetime) -> Sequence[Observation]:
        asked = select(_LOG).where(_LOG.c.kind == name_of(kind), _LOG.c.observed_at >= moment)
        found = await self._connection.execute(asked.order_by(_LOG.c.observed_at, _LOG.c.id))
        return _observations(found)

    async def newest(self, kind: type[Fact], limit: int) -> Sequence[Observation]:
        of_kind = select(_LOG).where(_LOG.c.kind == name_of(kind))
        found = await self._connection.execute(of_kind.order_by(_LOG.c.id.desc()).limit(limit))
        return _observations(found)

    async def latest(self, subjects: Sequence[Subject], limit: int) -> Sequence[Observation]:
        if not subjects:
            return []
        about = select(_LOG).where(or_(*map(_about, subjects)))
        found = await self._connection.execute(about.order_by(_LOG.c.observed_at.desc(), _LOG.c.id.desc()).limit(limit))
        return _observations(found)

    async def since(
        self, subject: Subject, kind: type[Fact], moment: datetime, until: datetime | None = None
    ) -> Sequence[Observation]:
        asked = {"about": subject.kind.value, "of": subject.id, "kind": name_of(kind), "moment": moment}
        if until is not None:
            asked["until"] = until
        found = await self._connection.execute(_since(until is not None), asked)
        return _observations(found)


@cache
def _since(is_until: bool) -> Select[tuple[object, ...]]:
    """The rows of one kind about one subject from `moment` on, with the last one before it in front."""
    of_kind = and_(
        _LOG.c.subject_kind == bindparam("about"),
        _LOG.c.subject_id == bindparam("of"),
        _LOG.c.kind == bindparam("kind"),
    )
    before = (
        select(_LOG.c.id)
        .where(of_kind, _LOG.c.observed_at < bindparam("moment"))
        .order_by(_LOG.c.observed_at.desc(), _LOG.c.id.desc())
        .limit(1)
    )
    later = and_(of_kind, _LOG.c.observed_at >= bindparam("moment"))
    if is_until:
        later = and_(later, _LOG.c.observed_at <= bindparam("until"))
    asked = union_all(before.subquery().select(), select(_LOG.c.id).where(later))
    return select(_LOG).where(_LOG.c.id.in_(asked)).order_by(_LOG.c.observed_at, _LOG.c.id)


@cache
def _latest_of_each(subjects: int) -> Select[tuple[object, ...]]:
    """The latest row of each kind about so many subjects, which the parameters `about_0`, `of_0` and so on name.

    Its cost follows the number of kinds, not the length of the log: from one kind to the next and to its latest row
    leads the index. Of lasting kinds it is the latest row of each content, for `fold` to choose from.
    """
    named = [
        select(cast(bindparam(f"about_{n}"), String).label("about"), cast(bindparam(f"of_{n}"), BigInteger).label("of"))
        for n in range(subjects)
    ]
    asked = union_all(*named).cte("asked")
    kinds = select(asked.c.about, asked.c.of, cast("", String).label("kind")).cte("kinds", recursive=True)
    later = _LOG.alias("later")
    of_subject = and_(later.c.subject_kind == kinds.c.about, later.c.subject_id == kinds.c.of)
    following = select(cast(func.min(later.c.kind), String)).where(of_subject, later.c.kind > kinds.c.kind)
    kinds = kinds.union_all(
        select(kinds.c.about, kinds.c.of, following.scalar_subquery()).where(kinds.c.kind.is_not(None))
    )
    one = _LOG.alias("one")
    of_kind = and_(one.c.subject_kind == kinds.c.about, one.c.subject_id == kinds.c.of, one.c.kind == kinds.c.kind)
    newest_first = (one.c.observed_at.desc(), one.c.id.desc())
    latest = select(one.c.id).where(of_kind).order_by(*newest_first).limit(1).correlate(kinds).scalar_subquery()
    nth = func.row_number().over(
        partition_by=(kinds.c.about, kinds.c.of, one.c.kind, one.c.fact), order_by=newest_first
    )
    lasting = [name_of(kind) for kind in LASTING]
    contents = select(one.c.id, nth.label("nth")).join(kinds, of_kind).where(kinds.c.kind.in_(lasting)).subquery()
    chosen = union_all(
        select(latest).where(kinds.c.kind.not_in(["", *lasting])),
        select(contents.c.id).where(contents.c.nth == 1),
    )
    return select(_LOG).where(_LOG.c.id.in_(chosen)).order_by(_LOG.c.id)


def _about(subject: Subject) -> ColumnElement[bool]:
    return and_(_LOG.c.subject_kind == subject.kind.value, _LOG.c.subject_id == subject.id)


def _observations(rows: Iterable[Row[Any]]) -> list[Observation]:
    """What this version understands. The rest is as good as unseen: it is looked at anew, never guessed."""
    found = []
    for row in rows:
        fact = readable_fact(row.kind, row.fact)
        if fact is None or row.source not in _SOURCES:
            continue
        subject = Subject(SubjectKind(row.subject_kind), row.subject_id)
        found.append(Observation(subject, fact, row.observed_at, Source(row.source), row.request_id))
    return found
