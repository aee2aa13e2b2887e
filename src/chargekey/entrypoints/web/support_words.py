"""The lines of a bundle as somebody reads them: the driver before he sends them, an agent after."""

from collections.abc import Sequence
from datetime import datetime
from functools import singledispatch

from chargekey.domain.causes.catalogue import BY_ID
from chargekey.domain.causes.verdict import Verdict
from chargekey.domain.diagnosis import Finding
from chargekey.domain.support import (
    CallLine,
    CarLine,
    CauseLine,
    Detail,
    ExcludedLine,
    HappenedLine,
    Line,
    NextQuestionLine,
    OperatorLine,
    OrderLine,
    PermissionsLine,
    ReaderLine,
    StepLine,
    TeslaLine,
    ToldLine,
    VersionLine,
    Word,
)
from chargekey.entrypoints.web.words import NO_BREAK, WORD_JOINER, Words


def label(words: Words, line: Line) -> str:
    """What kind of line it is, in a word or two."""
    return {
        "reader": words.said("read on"),
        "step": words.said("step"),
        "permissions": words.said("permissions"),
        "car": words.said("car"),
        "told": words.said("you were told"),
        "cause": words.said("cause"),
        "excluded": words.said("causes checked"),
        "next_question": words.said("to ask next"),
        "happened": words.said("what happened"),
        "call": words.said("call to Tesla"),
        "order": words.said("order to the car"),
        "operator": words.said("our own side"),
        "tesla": words.said("Tesla’s health"),
        "version": words.said("our version"),
    }[line.part]


@singledispatch
def said(line: Line, words: Words) -> str:
    """The line itself. Times are the reader's."""
    raise NotImplementedError(type(line).__name__)


@said.register
def _reader(line: ReaderLine, words: Words) -> str:
    return _joined(
        _plain(line.device.value),
        line.browser.value,
        line.locale and line.locale.text,
        line.zone and line.zone.text,
    )


@said.register
def _step(line: StepLine, words: Words) -> str:
    return _plain(line.step.value)


@said.register
def _permissions(line: PermissionsLine, words: Words) -> str:
    if line.received is None:
        return words.said("none received yet, %(asked)s asked for", asked=str(len(line.asked)))
    missing = [scope.value for scope in line.asked if scope not in line.received]
    return _joined(
        words.said("%(received)s of %(asked)s", received=str(len(line.received)), asked=str(len(line.asked))),
        missing and words.said("without %(missing)s", missing=", ".join(missing)),
        line.renewed_at and words.said("token renewed %(at)s", at=_at(words, line.renewed_at)),
        line.ended_at and words.said("ended by Tesla %(at)s", at=_at(words, line.ended_at)),
    )


@said.register
def _car(line: CarLine, words: Words) -> str:
    return _joined(
        car_name(line),
        line.is_chosen and words.said("chosen"),
        words.said("account: %(access)s", access=line.access.value),
        line.reach.value,
        line.in_service and words.said("in service"),
        words.said("key: %(need)s", need=_plain(line.need.value)),
        line.keys_on_car is not None and words.said("%(count)s keys on it", count=str(line.keys_on_car)),
        line.firmware and words.said("software %(version)s", version=line.firmware.text),
        line.listed_at and words.said("seen %(at)s", at=_at(words, line.listed_at)),
    )


def car_name(line: CarLine) -> str:
    model = (line.model.text if line.model else "Tesla").replace(" ", NO_BREAK)
    return f"{model}{NO_BREAK}…{WORD_JOINER}{line.last_four}"


@said.register
def _told(line: ToldLine, words: Words) -> str:
    return _joined(*(words.remedy(one) for one in line.remedies)) or words.said("nothing to do")


@said.register
def _cause(line: CauseLine, words: Words) -> str:
    found = finding(line)
    name = words.cause(found) if found else line.cause.text
    return _joined(f"{name} ({line.cause})", certainty(words, line), reason(words, line))


def finding(line: CauseLine) -> Finding | None:
    """The same for the catalogue's words, None: this version knows no such cause."""
    cause = BY_ID.get(line.cause.text)
    values = {name.text: value.text for name, value in line.values}
    why = line.reason.text if line.reason else ""
    return Finding(cause, Verdict(line.certainty, why, line.seen_at, values)) if cause else None


def certainty(words: Words, line: CauseLine) -> str:
    """Likely, possible, less likely; or that it is there."""
    return words.said("there") if line.odds is None else _plain(line.odds.value)


def reason(words: Words, line: CauseLine) -> str:
    """Why we think so. A reason that some of its values are missing for stays unsaid."""
    found = finding(line)
    try:
        return words.reason(found).rstrip(".") if found else ""
    except KeyError:
        return ""


@said.register
def _excluded(line: ExcludedLine, words: Words) -> str:
    return _joined(
        line.ruled_out and words.said("ruled out: %(causes)s", causes=_listed(line.ruled_out)),
        line.unknown and words.said("not known: %(causes)s", causes=_listed(line.unknown)),
    ) or words.said("none")


@said.register
def _next_question(line: NextQuestionLine, words: Words) -> str:
    asked = [f"{_plain(one.value)}: {_plain(answer.value)}" for one, answer in line.answered.items()]
    return _joined(
        words.question(line.question) if line.question else words.said("nothing that tells more"),
        asked and words.said("answered: %(answers)s", answers=", ".join(asked)),
    )


@said.register
def _happened(line: HappenedLine, words: Words) -> str:
    return f"{_at(words, line.at)} · {line.source.value}: {happened(line)}"


def happened(line: HappenedLine | OperatorLine) -> str:
    """What it was and what it says."""
    told = told_details(line.details)
    return f"{_plain(line.what.text)} ({told})" if told else _plain(line.what.text)


def told_details(details: Sequence[Detail]) -> str:
    return ", ".join(f"{_plain(one.name.text)}: {' '.join(_atom(value) for value in one.values)}" for one in details)


@said.register
def _call(line: CallLine, words: Words) -> str:
    return _joined(
        f"{_at(words, line.at)} · {line.what or '?'}",
        str(line.status) if line.status else words.said("no answer"),
        line.fault and line.fault.text,
        f"{line.took_ms}{NO_BREAK}ms",
        line.region and line.region.text,
        line.request_id and words.said("Tesla’s number %(id)s", id=line.request_id.text),
    )


@said.register
def _order(line: OrderLine, words: Words) -> str:
    return _joined(
        f"{_at(words, line.at)} · {_plain(line.order.value)}",
        line.current_a is not None and f"{line.current_a}{NO_BREAK}A",
        _plain(line.delivery.value),
        line.why and _plain(line.why.text),
    )


@said.register
def _operator(line: OperatorLine, words: Words) -> str:
    return f"{_at(words, line.at)} · {happened(line)}"


@said.register
def _tesla(line: TeslaLine, words: Words) -> str:
    since = line.since and words.said("since %(at)s", at=_at(words, line.since))
    failing = line.asked and words.said(
        "%(failing)s of %(asked)s accounts failed", failing=str(line.failing), asked=str(line.asked)
    )
    return _joined(line.weather.value, since, failing)


@said.register
def _version(line: VersionLine, words: Words) -> str:
    return line.version.text if line.version else words.said("not known")


def _joined(*parts: object) -> str:
    """Those parts that are words; what does not apply is nothing, and left out."""
    return ", ".join(part for part in parts if part and isinstance(part, str))


def _listed(causes: Sequence[Word]) -> str:
    return " ".join(one.text for one in causes)


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def _atom(value: bool | int | Word) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _plain(value.text) if isinstance(value, Word) else str(value)


def _at(words: Words, at: datetime) -> str:
    return f"{words.short_day(at)}, {words.clock(at)}"
