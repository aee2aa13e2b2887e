"""Turns a bundle and a case into the values of the screens of support."""

from collections.abc import Collection, Mapping, Sequence

from chargekey.domain.causes.catalogue import BY_ID, CATALOGUE
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.findings import Device
from chargekey.domain.support import (
    Browser,
    Bundle,
    CarLine,
    CauseLine,
    HappenedLine,
    Locale,
    NextQuestionLine,
    ReaderLine,
    StepLine,
    ToldLine,
    Word,
    Zone,
    shaped,
)
from chargekey.entrypoints.web.screens.support import CaseShown, CauseRow, HappenedRow, QueueLine, TickLine
from chargekey.entrypoints.web.site import Site
from chargekey.entrypoints.web.support_letters import for_owner, for_tesla
from chargekey.entrypoints.web.support_words import certainty, finding, happened, label, reason, said
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.answer_support import InQueue, OpenCase
from chargekey.journeys.get_support import Thread
from chargekey.ports.support import LookedAs

_PLACED = (CarLine, CauseLine, HappenedLine, NextQuestionLine, StepLine, ToldLine)
"""Lines that have a place of their own in the console."""
_BROWSERS: Mapping[str, Browser] = {
    "Edg": Browser.EDGE,
    "Firefox": Browser.FIREFOX,
    "FxiOS": Browser.FIREFOX,
    "Chrome": Browser.CHROME,
    "CriOS": Browser.CHROME,
    "Safari": Browser.SAFARI,
}
"""In this order: most name their ancestors too."""


def reader_of(agent: str, device: Device, locale: str, zone: str) -> ReaderLine:
    """On what he reads, by his browser's own word."""
    browser = next((one for mark, one in _BROWSERS.items() if mark in agent), Browser.OTHER)
    return ReaderLine(device, browser, shaped(Locale, locale), shaped(Zone, zone))


def tick_lines(words: Words, bundle: Bundle, ticked: Collection[int] | None = None) -> tuple[TickLine, ...]:
    """Every line, each with its tick. `ticked` None: all of them."""
    return tuple(
        TickLine(number, label(words, line), said(line, words), ticked is None or number in ticked)
        for number, line in enumerate(bundle.lines)
    )


def queue_lines(words: Words, queue: Sequence[InQueue], shown: str = "") -> tuple[QueueLine, ...]:
    """By the cause that stands first; the agents' language."""
    return tuple(QueueLine(one.code, one.since, _named(words, one.named), one.code.text == shown) for one in queue)


def _named(words: Words, cause: Word | None) -> str:
    if cause is None or cause.text not in BY_ID:
        return words.said("no cause named")
    line = CauseLine(cause, Certainty.POSSIBLE, None, (), None, None)
    found = finding(line)
    return words.cause(found) if found else cause.text


def case_shown(words: Words, his: Words, case: OpenCase, site: Site) -> CaseShown:
    """`his`: how the driver reads, for what is sent to him."""
    bundle = case.bundle
    step = next((said(line, words) for line in bundle.lines if isinstance(line, StepLine)), "")
    asks = next((line.question for line in bundle.lines if isinstance(line, NextQuestionLine)), None)
    told = next((line.remedies for line in bundle.lines if isinstance(line, ToldLine)), ())
    read = [one.at for one in case.looks if one.what is LookedAs.READ]
    return CaseShown(
        code=case.code,
        sent_at=case.sent_at,
        erased_at=case.erased_at,
        locale=case.locale,
        is_closed=case.is_closed,
        cars=tuple(line for line in bundle.lines if isinstance(line, CarLine)),
        step=step,
        question=asks,
        asked=his.question(asks) if asks else "",
        causes=tuple(_row(words, line) for line in bundle.lines if isinstance(line, CauseLine)),
        told=told,
        happened=tuple(HappenedRow(line, happened(line)) for line in bundle.lines if isinstance(line, HappenedLine)),
        rest=tuple(
            TickLine(number, label(words, line), said(line, words))
            for number, line in enumerate(bundle.lines)
            if not isinstance(line, _PLACED)
        ),
        held_back=tuple(sorted(one.replace("_", " ") for one in bundle.held_back)),
        thread=Thread(case.code, case.said, len(bundle.lines), max(read, default=None), case.erased_at, case.is_closed),
        looks=case.looks,
        truly=case.truly,
        catalogue=tuple((one.id, _named(words, Word(one.id))) for one in CATALOGUE),
        for_tesla=for_tesla(bundle, case.code, site.domain),
        for_owner=for_owner(his, bundle, site.domain),
    )


def link_again(his: Words, site: Site) -> str:
    """The way back to the driver's step, in his language."""
    return his.said("Here is the page once more, at the step where you are: %(page)s", page=f"{site.base_url}/go")


def _row(words: Words, line: CauseLine) -> CauseRow:
    found = finding(line)
    return CauseRow(
        name=words.cause(found) if found else line.cause.text,
        id=line.cause.text,
        certainty=certainty(words, line),
        why=reason(words, line),
        seen_at=line.seen_at,
        is_there=line.odds is None,
    )
