"""Secrets show themselves masked, wherever they end up."""

from dataclasses import dataclass

from chargekey.domain.secret import Secret

TOKEN = Secret("eyJ-the-whole-token")


@dataclass(frozen=True)
class Holder:
    """Something that is printed with a secret in it."""

    token: Secret


def test_no_way_of_printing_shows_a_secret() -> None:
    printed = [
        str(TOKEN),
        repr(TOKEN),
        f"{TOKEN}",
        f"{TOKEN!r:>40}",
        format(TOKEN, ">40"),
        "{:s}".format(TOKEN),  # noqa: UP032  the old way prints too
        "%s" % TOKEN,  # noqa: UP031  and so does the oldest
        repr([TOKEN]),
        repr(Holder(TOKEN)),
        str(ValueError(TOKEN)),
    ]
    assert [text for text in printed if "eyJ" in text or "token" in text.replace("token=", "")] == []


def test_it_is_revealed_where_it_is_used() -> None:
    assert TOKEN.reveal() == "eyJ-the-whole-token"


def test_equal_secrets_are_equal() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
