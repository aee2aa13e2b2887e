"""Mails and texts of support: to the driver, to agents, and what an agent pastes to Tesla or sends for an owner.

The text for Tesla is English and in UTC, whoever reads the rest in which language.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from chargekey.domain.support import Bundle, CallLine, CarLine, Line, PermissionsLine, StepLine, SupportCode
from chargekey.entrypoints.web.support_words import car_name
from chargekey.entrypoints.web.words import PLACES, Words, place_for
from chargekey.ports.notify import Mail
from chargekey.ports.people import Driver

L = TypeVar("L", bound=Line)
MOST_CALLS_TO_TELL: Final = 10


class SupportLetters:
    """What the driver and the agents are told by mail. `base_url` is where the pages are."""

    def __init__(self, base_url: str, zone: str) -> None:
        self._base_url, self._zone = base_url, zone

    def answer(self, to: Driver, code: SupportCode, text: str) -> Mail:
        """The answer itself, and where to write more."""
        words = Words(place_for(to.locale), self._zone)
        mail = words.said(
            "You wrote to us. This is the answer:\n\n%(answer)s\n\nIt stands here too, and here you can write "
            "more:\n\n%(page)s\n",
            answer=text,
            page=f"{self._base_url}/help",
        )
        return Mail(to.email, words.said("%(code)s: an answer", code=code.text), mail)

    def to_agent(self, to: str, code: SupportCode) -> Mail:
        """That a driver waits, and where to read it. What he wrote stays here."""
        words = Words(PLACES[0], self._zone)
        mail = words.said(
            "A driver wrote. What, and what is known of it, stands here:\n\n%(page)s\n\nYou are told once until "
            "somebody answers.\n",
            page=f"{self._base_url}/console/{code.text}",
        )
        return Mail(to, words.said("%(code)s: a driver waits for an answer", code=code.text), mail)


def for_tesla(bundle: Bundle, code: SupportCode, client_id_host: str) -> str:
    """What Tesla's developer support asks for: times in UTC, endpoints, its own numbers of the calls. No whole VIN."""
    lines = [f"Reference: {code}", f"Application domain: {client_id_host}"]
    lines += [f"Vehicle: {one.model or 'Tesla'}, VIN ends in {one.last_four}, firmware {one.firmware or 'not known'}, "
              f"access {one.access.value}, state {one.reach.value}, keys {_or_unknown(one.keys_on_car)}"
              for one in _of(bundle, CarLine) if one.is_chosen]  # fmt: skip
    for granted in _of(bundle, PermissionsLine):
        lines.append(f"Scopes received: {' '.join(one.value for one in granted.received or ()) or 'none'}")
    lines.append("Calls (UTC, endpoint, status, transaction id, latency):")
    calls = [one for one in _of(bundle, CallLine) if one.fault] or _of(bundle, CallLine)
    lines += [
        f"  {_utc(one.at)}  {one.what or '-'}  {one.status or 'no answer'}  {one.request_id or '-'}  {one.took_ms} ms"
        for one in calls[-MOST_CALLS_TO_TELL:]
    ]
    return "\n".join(lines)


def for_owner(words: Words, bundle: Bundle, domain: str) -> str:
    """What the driver can forward to the owner of the car."""
    car = next((car_name(one) for one in _of(bundle, CarLine) if one.is_chosen), words.said("the car"))
    step = next((one.step.value for one in _of(bundle, StepLine)), "key")
    if step not in ("key", "test"):
        return words.said("Nothing has to be asked of the owner of %(car)s at this step.", car=car)
    return words.said(
        "To let %(car)s charge when power is cheap, the service %(domain)s needs a key on it. It is added once, by "
        "the owner, in the Tesla app. It can look at the battery and charge; it cannot unlock, start or drive. The "
        "owner can delete it on the car’s screen at any time: Controls, Locks.",
        car=car,
        domain=domain,
    )


def _of(bundle: Bundle, kind: type[L]) -> Sequence[L]:
    return [line for line in bundle.lines if isinstance(line, kind)]


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _or_unknown(count: int | None) -> str:
    return "not known" if count is None else str(count)
