"""An HTTP answer as it may come over the wire: any status, headers that a server may send, a body cut or recoded."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from tests.fuzz.dice import Dice
from tests.fuzz.odd import a_word, spoiled, written

STATUSES: Final = (
    *(201, 204, 206, 301, 302, 304, 400, 401, 402, 403, 404, 405, 406, 408, 412, 418, 421, 422, 423, 424, 429, 451),
    *(499, 500, 501, 502, 503, 504, 520, 540, 599),
)
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "content-type": ("application/json; charset=utf-16", "text/html; charset=nonsense", "application/json;;=;", ""),
    "content-encoding": ("gzip", "br", "deflate", "zstd", "nonsense", "gzip, gzip"),
    "retry-after": ("0", "-1", "9" * 60, "٣", "Wed, 21 Oct 2015 07:28:00 GMT", "1e9", ""),
    "ratelimit-reset": ("17", "soon", "9" * 20),
    "x-txid": ("", "tx", "t" * 4_000, "é"),
    "alt-svc": ('h2="https://na.example/base"', "h2=https://evil.example", "clear", "h2=", 'h2="http://[::1"'),
    "date": ("", "Mon", "Mon, 99 Jan 99999 25:61:61 +9999", f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT", "0" * 500),
    "location": ("", "//", "https://[", "http://a b/", "javascript:1", "http://\u00e9.example:99999/", "/" * 3_000),
    "set-cookie": ("a=b", "=", "a=b; Expires=never; Max-Age=x", ";" * 100),
}
"""A server's own library lets no others out: no bare line ends, nothing beyond Latin-1."""
NAMES: Final = tuple(HEADERS)
PAGE: Final = b"<!doctype html><title>502</title><p>Bad gateway \xe9"
ERROR_WORDS: Final = (
    *("invalid_grant", "invalid_auth_code", "unauthorized_client", "invalid_redirect_uri", "invalid_client"),
    *("mobile_access_disabled", "login_required", "revoked", "Unauthorized user: unknown user LRWYGCEK0PC000001"),
    *("EXCEEDED_LIMIT", "Tesla Vehicle Command Protocol required", "missing scopes", "not_found", "in service"),
    *("user out of region, use base URL: https://na.example/base, see", "use base URL: https://[", "use base URL: "),
    *("vehicle unavailable: vehicle is offline or asleep", "Retry in 49200 seconds", f"retry in {'9' * 400}"),
    *("Validation failed: Public key hash has already been taken", "412", "vehicle is not available"),
)


@dataclass(frozen=True)
class Answer:
    """What the far end sends."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        shown = self.content if len(self.content) < 400 else self.content[:400] + b"..."
        return f"{self.status} {self.headers} {shown!r}"

    def response(self) -> httpx2.Response:
        """As it comes off the wire: unread, so that the reader meets what is wrong with it."""
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in self.headers.items()]
        return httpx2.Response(self.status, headers=headers, stream=httpx2.ByteStream(self.content))


def headers(dice: Dice) -> dict[str, str]:
    """Most answers have nothing odd up there."""
    if not dice.rarely(4):
        return {}
    return {name: dice.one_of(HEADERS[name]) for name in (dice.one_of(NAMES), dice.one_of(NAMES))}


def content(dice: Dice, whole: bytes) -> bytes:
    """The body whole, seven times of ten or so; else as an unlucky wire or a proxy on it leaves it."""
    if dice.below(10) < 7:
        return whole
    where = dice.below(len(whole) + 1)
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: b"",
        lambda: whole[:where],
        lambda: whole[:where] + b"\x00" + whole[where:],
        lambda: whole[:where] + b"\xff\xfe" + whole[where:],
        lambda: whole + whole,
        lambda: b"\xef\xbb\xbf" + whole,
        lambda: whole.decode().encode("utf-16"),
        lambda: gzip.compress(whole, mtime=0),
        lambda: gzip.compress(whole, mtime=0)[: where + 5],
        lambda: PAGE,
        lambda: b"0" * 100_000,
        lambda: b"[" * 100_000,
    )
    return dice.one_of(ways)()


def an_error(dice: Dice) -> Any:
    """Tesla's envelope and the token host's, with any words."""
    said = [a_word(dice) if dice.rarely(2) else dice.one_of(ERROR_WORDS) for _ in range(2)]
    return spoiled(dice, {"response": None, "error": said[0], "error_description": said[1]})


def an_answer(dice: Dice, sound: Any) -> Answer:
    """To a question which that body answers soundly: a success, spoiled; or an error, spoiled."""
    if dice.below(10) < 7:
        status, body = 200, spoiled(dice, sound)
    else:
        status, body = dice.one_of(STATUSES), an_error(dice)
    return Answer(status, content(dice, written(body)), headers(dice))
