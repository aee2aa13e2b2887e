"""Whatever is asked of whatever page, by whomever: the answer is never our mistake.

Cases come from the app's own OpenAPI description by schemathesis, forms from what its pages really send.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx2
import pytest
import schemathesis
from anyio import to_thread
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core.result import Ok

from chargekey.serving import web_of
from tests.stories.phone import Phone
from tests.stories.town import PHONE, Town

TRIES: Final = 6
LAST: Final = ("/disconnect", "/sign-out")
"""After these there is nobody left to try the others with."""
FIELDS: Final = [
    "address",
    "token",
    "car",
    "wish",
    "same",
    "ready_by",
    "ready_by_0",
    "target_percent",
    "minimum_percent",
]
MORE_FIELDS: Final = ["tariff", "added_ct", "vat_percent", "flat_ct", "current_a", "zone_0_days", "zone_0_start"]
TYPED: Final = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "0", "-1", "80", "1e9", "NaN", "99999999999999999999", "07:00", "24:00", "day_ahead", "plan"]),
)

quickly = settings(
    max_examples=TRIES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


class Asker:
    """A browser that asks anything, from the test's side thread."""

    def __init__(self, base: str, cookies: Mapping[str, str], csrf: str) -> None:
        self._web = httpx2.Client(base_url=base, cookies=dict(cookies), headers=PHONE, trust_env=False, timeout=20)
        self._csrf = csrf
        self.statuses: set[int] = set()

    def asks(self, case: Case[Any]) -> None:
        """A generated request, as it is."""
        query = {name: str(value) for name, value in (case.query or {}).items()}
        self._hears(case.method, case.formatted_path, params=query)

    def presses(self, path: str, fields: Mapping[str, str]) -> None:
        """A form of ours with anything in it."""
        self._hears("POST", path, data={"csrf": self._csrf, **fields})

    def _hears(self, method: str, path: str, **also: Any) -> None:
        with self._web.stream(method, path, **also) as answer:  # pages that stay open never end
            self.statuses.add(answer.status_code)
            assert answer.status_code < 500, f"{method} {path} {also}: {answer.status_code}"


def _tries(asker: Asker, operation: Any) -> Callable[[], None]:
    """All that is tried with one operation."""

    @quickly
    @given(case=operation.as_strategy())
    def anything(case: Case[Any]) -> None:
        asker.asks(case)

    @quickly
    @given(fields=st.dictionaries(st.sampled_from([*FIELDS, *MORE_FIELDS]), TYPED))
    def any_form(fields: dict[str, str]) -> None:
        asker.presses(operation.path, fields)

    def tries() -> None:
        anything()
        if operation.method == "post":
            any_form()

    return tries


@pytest.mark.parametrize("connected", [False, True], ids=["a stranger", "a driver"])
async def test_nothing_that_is_asked_is_our_mistake(town: Town, phone: Phone, connected: bool) -> None:
    if connected:
        await town.pairs(phone)
        town.car.plugs_in()
        await town.time_passes(minutes=20)
        await phone.opens("/tonight")
    else:
        await phone.opens("/sign-in")
    csrf = next(dict(form.fields).get("csrf", "") for form in phone.page.forms)
    asker = Asker(town.url, phone.cookies, csrf)

    schema = schemathesis.openapi.from_dict(web_of(town.home).openapi())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 20
    for operation in sorted(operations, key=lambda one: one.path in LAST):
        await to_thread.run_sync(_tries(asker, operation))
        await town.time_passes(minutes=1)  # a dozen presses in no time at all would be a dozen looks at once
    assert 200 in asker.statuses
