"""What the how-to for solar surplus has a driver type is what the door takes, and each answer of it stands there."""

import re
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Final

from jinja2 import Environment

from chargekey.entrypoints.api.surplus import PATH, REFUSED, WHY, Told
from tests.architecture.tree import ROOT

PAGE: Final = (ROOT / "docs" / "how-to" / "use-your-own-sun.md").read_text(encoding="utf-8")
NOON: Final = datetime(2026, 6, 10, 12, tzinfo=UTC)
HALF_HOURS: Final = [
    {"period_start": NOON + n * timedelta(minutes=30), "pv_estimate": kw} for n, kw in enumerate((0.0, 0.3, 3.4567))
]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def payload(name: str) -> str:
    """As Home Assistant fills the template of that command."""
    (block,) = [one for one in blocks("yaml") if f"  {name}:\n" in one]
    assert f"{PATH}\n" in block
    assert "authorization: !secret chargekey\n" in block
    told = dedent(block.split("payload: >-\n", 1)[1])
    rooms = Environment(autoescape=False)  # noqa: S701  JSON, and no page
    rooms.filters["to_json"] = lambda value: re.sub("'", '"', str(value))
    return rooms.from_string(told).render(
        states=lambda _: "-1400.4",
        state_attr=lambda entity, _: HALF_HOURS if entity.endswith("today") else None,
        timedelta=timedelta,
    )


def test_every_line_of_curl_is_what_the_door_takes() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    bodies = [re.search(r"-d '(.*?)'", line) for line in lines]
    read = [Told.model_validate_json(body[1]) for body in bodies if body]
    assert len(read) == len(lines) == 3
    assert all(line.endswith(PATH) and "Authorization: Bearer KEY" in line for line in lines)
    assert [one.grid_w for one in read] == [-1_400, None, None]
    assert read[2].forecast and len(read[2].forecast) == 2


def test_home_assistant_sends_what_the_door_takes() -> None:
    assert Told.model_validate_json(payload("chargekey_meter")).grid_w == -1_400
    told = Told.model_validate_json(payload("chargekey_forecast")).in_domain_words()
    assert [one.surplus_w for one in told.forecast] == [0, 0, 3_056]
    assert told.forecast[0].start == NOON
    assert told.forecast[-1].end == NOON + timedelta(minutes=90)


def test_every_answer_stands_on_the_page() -> None:
    assert [why for why in WHY.values() if f"| {why} |" not in PAGE] == []
    assert [status for status in (200, 401, *(REFUSED.keys() - {405}), 422, 429) if f"| {status} " not in PAGE] == []
