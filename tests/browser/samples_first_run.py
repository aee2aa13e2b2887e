"""The first-run pages with sample values: a home set up step by step, once more, and what is refused."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from chargekey.domain.findings import KeyFile
from chargekey.entrypoints.setting_up.answers import Changed, LeftAlone
from chargekey.entrypoints.setting_up.home import NOT_YET, AtTesla, entries, first_way_in
from chargekey.entrypoints.setting_up.questions import ASKED
from chargekey.entrypoints.setting_up.sitting import OF_ITS_MAIL, OF_THE_APP, OF_THE_HOME
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.screens.first_run import (
    AppAsked,
    Asked,
    HomeAsked,
    HomeReady,
    KeyToFetch,
    PagesOver,
    Refusal,
    Refused,
)
from chargekey.entrypoints.web.screens.operator import OperatorCheck

DOMAIN: Final = "charge.nordlicht.example"
HOME: Final = f"https://{DOMAIN}"
AT_TESLA: Final = AtTesla(
    (HOME,), f"{HOME}/connect/callback", f"{HOME}/.well-known/appspecific/com.tesla.3p.public-key.pem"
)
WAY_IN: Final = first_way_in("m.vogt@nordlicht.example")


def _asked(names: tuple[str, ...], *values: str) -> list[Asked]:
    given = dict(zip(names, values, strict=False))
    return [Asked(one, ASKED[one].words, given.get(one, ""), is_secret=ASKED[one].is_secret) for one in names]


def _check(found: Screen) -> OperatorCheck:
    assert isinstance(found, OperatorCheck)
    return found


def first_run(operator: Mapping[str, Screen]) -> dict[str, Screen]:
    """`operator`: samples of what a look at everything found."""
    return {
        **_asking(),
        **_fetching(),
        **_looked(*(_check(operator[f"20-operator-{one}"]) for one in ("right", "right-no-mail", "much-wrong"))),
        "30-first-run-starts": PagesOver(HOME, True, WAY_IN),
        "30-first-run-closed": PagesOver(HOME, False, ""),
        **{f"30-first-run-refused-{why.value}": Refused(why) for why in Refusal},
    }


def _asking() -> dict[str, Screen]:
    home = HomeAsked(_asked(OF_THE_HOME, "", "Chargekey"), _asked(OF_ITS_MAIL, "587"), has_mail=False, is_set_up=False)
    not_a_domain = "the domain is one of the Internet, in small letters, such as charge.example.org"
    domain, *rest = _asked(OF_THE_HOME, "Charge.nordlicht", "Nordlicht", "m.vogt@nordlicht.example", "mail.example")
    again = HomeAsked(
        [replace(domain, wrong=not_a_domain), *rest],
        [replace(one, is_set=one.is_secret) for one in _asked(OF_ITS_MAIL, "587", "", "chargekey")],
        has_mail=True,
        is_set_up=True,
    )
    app = AppAsked(entries(AT_TESLA), AT_TESLA.key_url, _asked(OF_THE_APP))
    return {
        "30-first-run-home": home,
        "30-first-run-home-again": again,
        "30-first-run-app": app,
        "30-first-run-app-trouble": replace(app, trouble=".env cannot be written: Permission denied"),
    }


def _fetching() -> dict[str, Screen]:
    key = KeyToFetch(
        domain=DOMAIN,
        key_url=AT_TESLA.key_url,
        is_found=False,
        not_yet=NOT_YET[KeyFile.MISSING],
        hands_on_to="127.0.0.1:8700",
        answered_here=True,
        file=Path("home/chargekey/.env"),
        key_path=Path("data/command-key.pem"),
        made_key=True,
        changed=[Changed(ASKED["domain"].variable, DOMAIN, ""), Changed(ASKED["operator_name"].variable, "N", "M")],
        left_alone=[
            LeftAlone(ASKED["tesla_client_secret"].variable, "(not shown)", False),
            LeftAlone(ASKED["port"].variable, "8700", True),
        ],
        must_start_anew=False,
    )
    found = replace(key, is_found=True, not_yet="", made_key=False, answered_here=False, must_start_anew=True)
    return {"30-first-run-key": key, "30-first-run-key-found": found}


def _looked(right: OperatorCheck, no_mail: OperatorCheck, wrong: OperatorCheck) -> dict[str, Screen]:
    both = [("Registered, Europe.", True), ("Registered, North America.", True)]
    half = [both[0], ("Not registered, North America: the domain is not among the allowed origins", False)]
    ready = HomeReady(HOME, True, both, (), no_mail.others, WAY_IN, answered_here=True)
    return {
        "30-first-run-wrong": HomeReady(HOME, False, half, wrong.wrong, wrong.others, "", answered_here=True),
        "30-first-run-ready": ready,
        "30-first-run-ready-served": replace(ready, others=right.others, way_in="", answered_here=False),
    }
