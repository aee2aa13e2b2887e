"""The delivery table, all of it: every state with everything that may befall it."""

from itertools import product
from typing import Final

import pytest

from chargekey.domain.delivery import MOVES, OPEN, Delivery, Happening, ImpossibleMove, after

# One row a state, one column a happening; "." is what cannot be.
DRAWN: Final = """
                 drafted  on_its_way  unknown  done  refused  dropped
sent             on       .           .        .     .        .
car_agreed       .        done        .        .     .        .
car_refused      .        refused     .        .     .        .
never_left       .        drafted     .        .     .        .
answer_lost      .        unknown     .        .     .        .
seen_done        .        .           done     .     .        .
seen_undone      .        .           drafted  .     .        .
no_longer_wanted dropped  .           .        .     .        .
"""


def drawn() -> dict[tuple[Delivery, Happening], Delivery | None]:
    """The table above, cell by cell."""
    heading, *rows = DRAWN.strip().splitlines()
    states = [Delivery(name) for name in heading.split()]
    cells: dict[tuple[Delivery, Happening], Delivery | None] = {}
    for row in rows:
        name, *ends = row.split()
        for state, end in zip(states, ends, strict=True):
            found = None if end == "." else Delivery("on_its_way" if end == "on" else end)
            cells[state, Happening(name)] = found
    return cells


@pytest.mark.parametrize(("delivery", "happening"), list(product(Delivery, Happening)))
def test_every_state_and_every_happening_is_as_drawn(delivery: Delivery, happening: Happening) -> None:
    expected = drawn()[delivery, happening]
    if expected is None:
        with pytest.raises(ImpossibleMove, match=f"{delivery} cannot be followed by {happening}"):
            after(delivery, happening)
    else:
        assert after(delivery, happening) is expected


def test_the_drawing_leaves_nothing_out() -> None:
    assert set(drawn()) == set(product(Delivery, Happening))
    assert set(MOVES) == set(Delivery)


def test_a_command_is_sent_from_its_draft_alone() -> None:
    assert [state for state in Delivery if Happening.SENT in MOVES[state]] == [Delivery.DRAFTED]


def test_the_way_out_of_unknown_is_to_look() -> None:
    assert set(MOVES[Delivery.UNKNOWN]) == {Happening.SEEN_DONE, Happening.SEEN_UNDONE}


def test_a_draft_is_come_back_to_only_when_it_certainly_did_not_happen() -> None:
    back = {way for ways in MOVES.values() for way, end in ways.items() if end is Delivery.DRAFTED}
    assert back == {Happening.NEVER_LEFT, Happening.SEEN_UNDONE}


def test_what_is_settled_stays_settled() -> None:
    assert set(Delivery) - OPEN == {Delivery.DONE, Delivery.REFUSED, Delivery.DROPPED}


def test_every_state_can_be_reached_from_the_draft() -> None:
    reached, before = {Delivery.DRAFTED}, set[Delivery]()
    while reached != before:
        before = set(reached)
        reached |= {end for state in before for end in MOVES[state].values()}
    assert reached == set(Delivery)
