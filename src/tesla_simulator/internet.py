"""The internet as Tesla and everybody else see it: where a domain lives, and what stands in the way there.

Rules of this room:

1. Tesla, its app and whoever asks `/internet/<domain>/...` look through the same eyes.
2. What is wrong with the key is wrong at its one path; a domain that cannot be reached has no paths at all.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

WELL_KNOWN_KEY: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"
_FETCHING_TAKES_AT_MOST_S: Final = 10.0
_A_PAGE: Final = b"<!doctype html><html><head><title>Welcome</title></head><body>Welcome</body></html>"


class Key(StrEnum):
    """What the domain answers where its key should be."""

    AS_IT_IS = "as_it_is"
    NOT_FOUND = "not_found"
    MOVED = "moved"
    A_PAGE = "a_page"
    ANOTHER = "another"


@dataclass
class Domain:
    """`lives_at` is the base URL on this machine; empty, nobody lives there. `another_pem` is kept once made."""

    lives_at: str = ""
    can_be_reached: bool = True
    key: Key = Key.AS_IT_IS
    another_pem: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a GET."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class CannotBeReached(Exception):
    """No such domain, or no connection to it."""


class Internet:
    """`record` is kept: domains by name."""

    def __init__(self, record: dict[str, Domain]) -> None:
        self.record = record

    def can_be_reached(self, domain: str) -> bool:
        known = self.record.get(domain)
        return known is not None and known.can_be_reached and bool(known.lives_at)

    async def get(self, domain: str, path: str) -> Answer:
        """Redirects are not followed. Raises `CannotBeReached`."""
        if not self.can_be_reached(domain):
            raise CannotBeReached(domain)
        known = self.record[domain]
        if path == WELL_KNOWN_KEY and known.key is not Key.AS_IT_IS:
            return _instead_of_the_key(domain, known)
        try:
            # Whoever is on the simulated internet is on this machine, in plain HTTP: no certificates to load.
            async with httpx2.AsyncClient(timeout=_FETCHING_TAKES_AT_MOST_S, trust_env=False, verify=False) as client:
                answer = await client.get(httpx2.URL(known.lives_at).join(path))
        except httpx2.HTTPError as error:
            raise CannotBeReached(domain) from error
        kept = {name: answer.headers[name] for name in ("content-type", "location") if name in answer.headers}
        return Answer(answer.status_code, answer.content, kept)

    # ── what can be true of a domain ─────────────────────────────────────────

    def domain_lives_at(self, domain: str, base_url: str) -> None:
        self.record.setdefault(domain, Domain()).lives_at = base_url

    def domain_cannot_be_reached(self, domain: str) -> None:
        self._of(domain).can_be_reached = False

    def domain_can_be_reached_again(self, domain: str) -> None:
        self._of(domain).can_be_reached = True

    def domain_does_not_find_its_key(self, domain: str) -> None:
        """404."""
        self._of(domain).key = Key.NOT_FOUND

    def domain_redirects_its_key(self, domain: str) -> None:
        """To the same path under www."""
        self._of(domain).key = Key.MOVED

    def domain_shows_a_page_for_its_key(self, domain: str) -> None:
        """A site that answers every path with 200 and HTML."""
        self._of(domain).key = Key.A_PAGE

    def domain_hosts_another_key(self, domain: str) -> None:
        """A good key that is not the one registered. It stays the same from then on."""
        known = self._of(domain)
        known.key = Key.ANOTHER
        if not known.another_pem:
            public = ec.generate_private_key(ec.SECP256R1()).public_key()
            known.another_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def domain_is_right_again(self, domain: str) -> None:
        known = self._of(domain)
        known.can_be_reached, known.key = True, Key.AS_IT_IS

    def _of(self, domain: str) -> Domain:
        if domain not in self.record:
            raise LookupError(domain)
        return self.record[domain]


def _instead_of_the_key(domain: str, known: Domain) -> Answer:
    if known.key is Key.NOT_FOUND:
        return Answer(404, b"not found", {"content-type": "text/plain"})
    if known.key is Key.MOVED:
        return Answer(301, b"", {"location": f"https://www.{domain}{WELL_KNOWN_KEY}"})
    if known.key is Key.A_PAGE:
        return Answer(200, _A_PAGE, {"content-type": "text/html; charset=utf-8"})
    return Answer(200, known.another_pem.encode(), {"content-type": "application/x-pem-file"})
