"""Leaving in words: each tick for the page, and the receipt as a file of text or JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from chargekey.entrypoints.web.operator_words import said
from chargekey.entrypoints.web.screens.leaving import Line
from chargekey.entrypoints.web.screens.leaving import Receipt as ReceiptShown
from chargekey.entrypoints.web.words import Words
from chargekey.journeys.disconnect import Receipt, Sure, Tick, What
from chargekey.ports.notify import Mail

NAMES: Final[Mapping[What, str]] = {
    What.TOKENS: said("Our access to your Tesla account"),
    What.KEY: said("The key on %(car)s"),
    What.TESLA_ACCESS: said("Our name in your Tesla account"),
    What.SCHEDULES: said("Our hours in %(car)s"),
    What.STREAM: said("What %(car)s tells us by itself"),
    What.HOME: said("The place of home"),
    What.DATA: said("What we had stored"),
}
SAW: Final[Mapping[str, str]] = {
    "tokens.erased": said("Both tokens are erased here. We asked for them again, and there are none."),
    "tokens.none_left": said("There was none left to erase."),
    "key.gone": said("Tesla lists the car as without our key."),
    "key.still_on": said("Tesla listed the car with our key when we last looked."),
    "key.not_seen": said("Tesla did not say lately whether it is still there."),
    "tesla_access.refused": said("Tesla refused us when we asked: what you allowed is no longer honoured."),
    "tesla_access.asked": said("Tesla still let us in when we last asked. Only you can remove it."),
    "tesla_access.no_answer": said("Tesla did not answer when we asked, so we do not know."),
    "schedules.to_be_taken_out": said(
        "It has them as its own schedules. We take them out when you leave, if it is awake."
    ),
    "schedules.taken_out": said("The car agreed to forget them."),
    "schedules.still_in": said("The car did not hear us, so it still has them and charges by them."),
    "stream.taken_back": said(
        "Tesla agreed that it tells us nothing more. A car that sleeps hears of it when it wakes."
    ),
    "stream.no_answer": said("Tesla did not say that it ends. It does when you remove our access below."),
    "home.erased": said("Erased here as well. What is kept of your nights says at home or not, never where."),
    "home.erased_too": said("Erased here as well."),
    "data.erased": said("Everything that we kept about you is erased. We counted again, and nothing is left."),
    "data.kept": said(
        "Your nights and the log of orders stay with your mail address, so that coming back goes on where it was."
    ),
}
DO: Final[Mapping[What, str]] = {
    What.KEY: said(
        "On the car’s screen: Controls, Locks, then the key named %(domain)s, then delete. Hold your key card to the "
        "console to confirm."
    ),
    What.SCHEDULES: said("On the car’s screen: Controls, Charging, Schedule, then delete those named Chargekey."),
    What.TESLA_ACCESS: said("Profile Settings, Third Party Apps, Manage, Remove Access."),
}
SURE: Final[Mapping[Sure, str]] = {
    Sure.VERIFIED: said("Proved"),
    Sure.ASKED: said("Yours to do"),
    Sure.NOT_KNOWN: said("Not known"),
    Sure.KEPT: said("Kept"),
}


def lines_of(words: Words, ticks: Sequence[Tick], domain: str) -> tuple[Line, ...]:
    return tuple(_line(words, tick, domain) for tick in ticks)


def _line(words: Words, tick: Tick, domain: str) -> Line:
    car = words.car(tick.vehicle.vin) if tick.vehicle else ""
    left = tick.sure in (Sure.ASKED, Sure.NOT_KNOWN) and tick.what in DO
    return Line(
        tick.what,
        tick.sure,
        words.said(NAMES[tick.what], car=car),
        words.said(SAW[f"{tick.what.value}.{tick.saw}"]),
        words.said(DO[tick.what], domain=domain) if left else "",
        tick.at,
    )


def as_file(receipt: Receipt, lines: Sequence[Line], words: Words, operator: str) -> str:
    """The receipt as JSON. It holds no secret, no whole VIN and no address."""
    return json.dumps(
        {
            "receipt": receipt.number,
            "from": operator,
            "at": receipt.at.isoformat(timespec="seconds"),
            "lines": [
                {
                    "what": one.name,
                    "state": one.sure.value,
                    "said": words.said(SURE[one.sure]),
                    "seen": one.saw,
                    "seen_at": one.at.isoformat(timespec="seconds") if one.at else None,
                    "left_to_do": one.do or None,
                }
                for one in lines
            ],
            "rows_erased": dict(receipt.rows_erased) if receipt.rows_erased is not None else None,
        },
        ensure_ascii=False,
        indent=2,
    )


def as_text(file: Mapping[str, object]) -> str:
    """The same to read and print."""
    lines = [f"{file.get('from')}: {file.get('receipt')}", f"{file.get('at')}", ""]
    listed = file.get("lines")
    for one in listed if isinstance(listed, list) else []:
        when = f" ({one['seen_at']})" if one.get("seen_at") else ""
        lines += [f"[{one.get('said')}] {one.get('what')}", f"  {one.get('seen')}{when}"]
        if one.get("left_to_do"):
            lines.append(f"  {one['left_to_do']}")
    rows = file.get("rows_erased")
    if isinstance(rows, dict):
        lines += ["", *(f"{name}: {number}" for name, number in rows.items())]
    return "\n".join(lines) + "\n"


def receipt_mail(words: Words, to: str, receipt: ReceiptShown) -> Mail:
    """The same by mail, for whoever wants it."""
    text = words.said(
        "You have left. Here is what is gone:\n\n%(receipt)s\nYou wanted it by mail; nothing more will come.\n",
        receipt=as_text(json.loads(receipt.file)),
    )
    return Mail(to, words.said("Receipt %(number)s", number=receipt.number), text)
