"""Writes docs/causes off the catalogue of causes and its words: who mends each, how we know, what to do, sources.

`reference` counts these pages among its own, so that `make docs` writes them and a test holds them fresh.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from chargekey.domain.causes.catalogue import CATALOGUE
from chargekey.domain.causes.cause import Cause, Hold, Retry, Where, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.remedies import Remedy
from chargekey.entrypoints.web.words import CATALOGUES

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "causes"
GROUPS: Final = {
    "A": ("consent", "Account and consent"),
    "B": ("access", "Right to the car"),
    "C": ("phone", "Phone, link and prompt"),
    "D": ("vehicle-state", "State of the car"),
    "E": ("keys", "Keys on the car"),
    "F": ("operator", "The operator's side"),
    "G": ("tokens", "Tokens"),
    "H": ("tesla", "Tesla's side and limits"),
    "I": ("charging", "After pairing"),
    "J": ("further", "Further ones"),
}
"""By the first letter of the id: the page's name and its title."""
WHO: Final = {
    Who.DRIVER: "the driver",
    Who.OWNER: "the owner",
    Who.FLEET_ADMIN: "whoever runs the company's cars",
    Who.OPERATOR: "the operator",
    Who.US: "Chargekey by itself",
    Who.TESLA: "Tesla",
    Who.NOBODY: "nobody",
}
WHERE: Final = {
    Where.ACCOUNT: "in the Tesla account",
    Where.PHONE: "on the phone",
    Where.CAR: "in the car",
    Where.ELSEWHERE: "elsewhere",
}
HOLD: Final = {
    Hold.FORBIDS: "the next step is not offered",
    Hold.LETS: "the next step is offered",
    Hold.WAITS: "we wait and look again",
    Hold.ENDS: "it ends; what still works goes on",
}
LOOKS: Final = {
    Look.TOKEN: "the permissions in the token",
    Look.OWN_KEY_FILE: "our key file, fetched as Tesla would",
    Look.TESLA_HEALTH: "how Tesla answers for all accounts",
    Look.LIST: "Tesla's list of the account's cars",
    Look.KEY_STATUS: "Tesla's fleet status of the car",
    Look.MOBILE_ACCESS: "whether the car allows mobile access",
    Look.REGISTRATION: "what Tesla holds of our registration",
}
_BLANK: Final = re.compile(r"%\(\w+\)s")
WRITTEN: Final = (
    "<!-- Written by scripts/causes.py from the catalogue of causes. Change it there, then run `make docs`. -->"
)


def pages() -> Mapping[Path, str]:
    """The overview and one page a group that has causes."""
    words = _words()
    groups = {letter: [cause for cause in CATALOGUE if cause.id[0] == letter] for letter in GROUPS}
    written = {FOLDER / "README.md": _overview(groups, words)}
    for letter, causes in groups.items():
        if causes:
            name, title = GROUPS[letter]
            entries = "\n".join(_entry(cause, words) for cause in sorted(causes, key=_number))
            written[FOLDER / f"{name}.md"] = f"# {letter}: {title}\n\n{WRITTEN}\n\n{entries}"
    return written


def _words() -> Mapping[str, str]:
    with (CATALOGUES / "en" / "LC_MESSAGES" / "causes.po").open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source, locale="en") if one.id}


def _number(cause: Cause) -> int:
    return int(cause.id[1:])


def _overview(groups: Mapping[str, list[Cause]], words: Mapping[str, str]) -> str:
    lines = [
        "# Causes",
        "",
        "What can be wrong on the way to a car that charges: who mends it, how we know, and what to do.",
        "",
        WRITTEN,
        "",
        f"{len(CATALOGUE)} causes; each is an entry in `src/chargekey/domain/causes`, its words in `causes.po`.",
        "",
        "| cause | who mends it | where |",
        "|---|---|---|",
    ]
    for letter, causes in groups.items():
        for cause in sorted(causes, key=_number):
            link = f"[{cause.id}]({GROUPS[letter][0]}.md#{cause.id.lower()})"
            lines.append(f"| {link} {_name(cause, words)} | {WHO[cause.who]} | {WHERE[cause.where]} |")
    return "\n".join(lines) + "\n"


def _name(cause: Cause, words: Mapping[str, str]) -> str:
    return words.get(f"cause.{cause.id}.name", "(no words yet)")


def _entry(cause: Cause, words: Mapping[str, str]) -> str:
    return "\n".join(
        (
            f'<a id="{cause.id.lower()}"></a>',
            "",
            f"## {cause.id} {_name(cause, words)}",
            "",
            words.get(f"cause.{cause.id}.what", ""),
            "",
            f"- **Who mends it:** {WHO[cause.who]}, {WHERE[cause.where]}. Meanwhile {HOLD[cause.hold]}.",
            *_how_we_know(cause, words),
            "- **What to do:**",
            *(f"  {number}. {_to_do(remedy, words)}" for number, remedy in enumerate(cause.remedies, start=1)),
            f"- **We look again:** {_again(cause.retry)}.",
            f"- **Sources:** {'; '.join(f'{source.name} (read on {source.read_on})' for source in cause.sources)}",
            "",
        )
    )


def _to_do(remedy: Remedy, words: Mapping[str, str]) -> str:
    return f"{words.get(f'remedy.{remedy}.title', remedy.value)}. {words.get(f'remedy.{remedy}.do', '')}"


def _how_we_know(cause: Cause, words: Mapping[str, str]) -> Iterator[str]:
    looks = "; ".join(LOOKS[look] for look in cause.settled_by)
    asked = "; ".join(words.get(f"question.{question}.ask", question.value) for question in cause.answers)
    yield f"- **How we know:** {looks or 'no look can tell'}{f'. Asked, if need be: {asked}' if asked else ''}"
    start = f"reason.{cause.id}."  # in the order of the catalogue of messages
    for reason in (text for word, text in words.items() if word.startswith(start)):
        yield f"  - {_drawn(reason)}"
    others = [one.id for one in CATALOGUE if cause.siblings and one.siblings == cause.siblings and one is not cause]
    if others:
        yield f"- **Nothing parts it from:** {', '.join(others)}"


def _drawn(reason: str) -> str:
    """A reason with its blanks shown as such: "%(days)s days" becomes "… days"."""
    return _BLANK.sub("…", reason)


def _again(retry: Retry) -> str:
    if retry.every is None:
        return "when somebody says that he did something"
    return f"every {_length(retry.every)}, {retry.at_most} times at most"


def _length(every: timedelta) -> str:
    minutes = every // timedelta(minutes=1)
    if minutes % 60:
        return "minute" if minutes == 1 else f"{minutes} minutes"
    return "hour" if minutes == 60 else f"{minutes // 60} hours"
