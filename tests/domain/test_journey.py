"""Every step of the guide, drawn: what was seen, in its order, and where the driver stands."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

import pytest

from chargekey.domain.evidence import (
    ConsentEnded,
    Fact,
    Handshake,
    KeyStatus,
    Observation,
    PlainCommandsTaken,
    ScopesGranted,
    Seen,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.grant import ASKED, REQUIRED, Scope
from chargekey.domain.journey import Proof, Standing, Step, need_of_key, next_step, proof_of_key
from chargekey.domain.vehicle import KeyNeed, Vin

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
CARS: Final = {"model 3": Vin("5YJ3E7EA1PF123456"), "old S": Vin("5YJSE7E21KF123456")}
FACTS: Final[dict[str, Fact]] = {
    "all": ScopesGranted(frozenset(ASKED)),
    "required": ScopesGranted(REQUIRED),
    "less": ScopesGranted(REQUIRED - {Scope.VEHICLE_CHARGING_CMDS}),
    "nothing": ScopesGranted(frozenset()),
    "revoked": ConsentEnded("revoked"),
    "unlisted": KeyStatus(paired=None, must_sign=None, keys_on_car=None, firmware=None),
    "unpaired": KeyStatus(paired=False, must_sign=True, keys_on_car=1, firmware=None),
    "unsigned": KeyStatus(paired=False, must_sign=False, keys_on_car=None, firmware=None),
    "paired": KeyStatus(paired=True, must_sign=True, keys_on_car=2, firmware=None),
    "proved": Handshake(proved=True),
    "unproved": Handshake(proved=False),
    "plain": PlainCommandsTaken(),
}


def seen(words: str) -> Seen:
    """One observation a word, one minute after the other. "-" is nothing."""
    subject = Subject(SubjectKind.VEHICLE, 1)
    facts = [FACTS[word] for word in words.split() if word != "-"]
    return fold(
        Observation(subject, fact, SIX + timedelta(minutes=nth), Source.TESLA) for nth, fact in enumerate(facts)
    )


def standing(grant: str | None, car: str | None, vehicle: str, more: Sequence[str] = ()) -> Standing:
    return Standing(
        grant=None if grant is None else seen(grant),
        vin=CARS[car] if car else None,
        vehicle=seen(vehicle),
        goal_is_set="goal" in more,
        went_on_without_proof="went on" in more,
    )


@pytest.mark.parametrize(
    ("grant", "car", "vehicle", "more", "step"),
    [
        # ── permissions ──────────────────────────────────────────────────────
        (None, None, "-", [], Step.GRANT_PERMISSIONS),
        ("-", None, "-", [], Step.GRANT_PERMISSIONS),  # a grant whose scopes nobody read yet
        ("all revoked", "model 3", "paired proved", ["goal"], Step.GRANT_PERMISSIONS),
        ("revoked", "model 3", "paired proved", ["goal"], Step.GRANT_PERMISSIONS),
        ("nothing", None, "-", [], Step.COMPLETE_PERMISSIONS),
        ("less", None, "-", [], Step.COMPLETE_PERMISSIONS),
        ("all less", "model 3", "paired proved", ["goal"], Step.COMPLETE_PERMISSIONS),  # taken away later
        ("less required", None, "-", [], Step.CHOOSE_VEHICLE),  # mended in place
        ("all revoked all", None, "-", [], Step.CHOOSE_VEHICLE),  # given anew
        # ── the car ──────────────────────────────────────────────────────────
        ("required", None, "-", [], Step.CHOOSE_VEHICLE),  # the location is optional
        ("all", None, "paired proved", ["goal"], Step.CHOOSE_VEHICLE),  # the chosen one is gone
        # ── the key ──────────────────────────────────────────────────────────
        ("all", "model 3", "-", [], Step.ADD_KEY),
        ("all", "model 3", "unlisted", ["goal", "went on"], Step.ADD_KEY),
        ("all", "model 3", "unpaired", ["goal", "went on"], Step.ADD_KEY),
        ("all", "model 3", "unsigned", [], Step.ADD_KEY),  # "need not sign" alone proves no old car
        ("all", "model 3", "paired unpaired", ["goal"], Step.ADD_KEY),  # the list lost it
        ("all", "model 3", "paired proved unpaired", ["goal"], Step.ADD_KEY),
        ("all", "model 3", "paired proved unproved", ["goal"], Step.ADD_KEY),  # deleted on the car's screen
        ("all", "model 3", "unproved", [], Step.ADD_KEY),
        # ── its proof ────────────────────────────────────────────────────────
        ("all", "model 3", "paired", [], Step.PROVE_KEY),
        ("all", "model 3", "unproved paired", ["goal"], Step.PROVE_KEY),  # tried too early
        ("all", "model 3", "paired", ["went on"], Step.SET_GOAL),  # the car slept: paired, not yet tried
        ("all", "model 3", "unlisted proved", [], Step.SET_GOAL),  # the car's word outweighs the list, which lags
        ("all", "model 3", "unpaired proved", [], Step.SET_GOAL),
        # ── no key needed ────────────────────────────────────────────────────
        ("all", "old S", "-", [], Step.SET_GOAL),
        ("all", "old S", "unlisted", [], Step.SET_GOAL),
        ("all", "old S", "unsigned", ["goal"], Step.TONIGHT),
        ("all", "old S", "unpaired", [], Step.ADD_KEY),  # Tesla says that it must sign
        ("all", "model 3", "unpaired plain", [], Step.SET_GOAL),  # the car itself said so
        ("all", "model 3", "plain unsigned", [], Step.SET_GOAL),  # the list never calls such a car paired
        ("all", "model 3", "plain unlisted", ["goal"], Step.TONIGHT),
        ("all", "model 3", "plain unpaired", [], Step.ADD_KEY),  # switched to signed commands
        ("all", "model 3", "plain unproved unsigned", [], Step.ADD_KEY),  # it refused a plain one since
        ("all", "model 3", "unproved plain unsigned", [], Step.SET_GOAL),
        ("all", "model 3", "plain paired", [], Step.PROVE_KEY),
        # ── tonight ──────────────────────────────────────────────────────────
        ("all", "model 3", "paired proved", [], Step.SET_GOAL),
        ("all", "model 3", "paired proved", ["goal"], Step.TONIGHT),
        ("required", "model 3", "proved paired", ["goal"], Step.TONIGHT),  # a proof stands
        ("all", "model 3", "paired", ["goal", "went on"], Step.TONIGHT),
    ],
)
def test_where_the_driver_stands(grant: str | None, car: str | None, vehicle: str, more: list[str], step: Step) -> None:
    assert next_step(standing(grant, car, vehicle, more)) is step


GRANTS: Final = (None, "-", "less", "all", "all revoked")
VEHICLES: Final = ("-", "unlisted", "unpaired", "paired", "paired proved", "paired unproved", "plain", "proved paired")
EXTRAS: Final[tuple[list[str], ...]] = ([], ["goal"], ["went on"], ["goal", "went on"])


@pytest.mark.parametrize(("grant", "car", "vehicle"), list(product(GRANTS, (None, *CARS), VEHICLES)))
def test_no_step_is_reached_before_those_above_it_are_true(grant: str | None, car: str | None, vehicle: str) -> None:
    for more in EXTRAS:
        step = next_step(standing(grant, car, vehicle, more))
        reached = list(Step).index(step)
        if reached > list(Step).index(Step.COMPLETE_PERMISSIONS):
            assert grant == "all"
        if reached > list(Step).index(Step.CHOOSE_VEHICLE):
            assert car is not None
        if step is Step.TONIGHT:
            assert "goal" in more


def test_the_order_of_the_steps_is_the_order_of_the_screens() -> None:
    assert [step.value for step in Step] == [
        "permissions",
        "permission-missing",
        "car",
        "key",
        "test",
        "plan",
        "tonight",
    ]


@pytest.mark.parametrize(
    ("car", "vehicle", "need", "proof"),
    [
        ("model 3", "-", KeyNeed.NOT_YET_KNOWN, Proof.NOT_YET_TRIED),
        ("model 3", "unpaired", KeyNeed.NEEDED, Proof.NOT_YET_TRIED),
        ("model 3", "paired", KeyNeed.ON_THE_CAR, Proof.NOT_YET_TRIED),
        ("model 3", "paired proved", KeyNeed.ON_THE_CAR, Proof.PROVED),
        ("model 3", "proved paired", KeyNeed.ON_THE_CAR, Proof.PROVED),
        ("model 3", "paired unproved", KeyNeed.NEEDED, Proof.NOT_YET_TRIED),
        ("model 3", "plain", KeyNeed.NOT_NEEDED, Proof.NOT_NEEDED),
        ("model 3", "plain proved", KeyNeed.ON_THE_CAR, Proof.PROVED),  # its software was renewed
        ("old S", "-", KeyNeed.NOT_NEEDED, Proof.NOT_NEEDED),
        ("old S", "unpaired", KeyNeed.NEEDED, Proof.NOT_YET_TRIED),
    ],
)
def test_what_is_known_of_the_key(car: str, vehicle: str, need: KeyNeed, proof: Proof) -> None:
    assert need_of_key(CARS[car], seen(vehicle)) is need
    assert proof_of_key(CARS[car], seen(vehicle)) is proof
