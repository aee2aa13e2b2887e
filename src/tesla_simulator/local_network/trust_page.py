"""The one page in plain HTTP: what a phone is to trust, how, how to check it, and how to take it back.

Rules of this room:

1. It is read before anything is trusted, so it shows nothing but this, takes nothing in, and sets no cookie.
2. Whoever else is in the network may have changed what comes here. The fingerprint stands in the terminal too: the
   page says to compare.
"""

from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from tesla_simulator.pages.rendering import STATIC_PATH, render, static_files
from tesla_simulator.tesla_names.authority import Authority

CERTIFICATE_PATH: Final = "/tesla-simulator.crt"
_BYTES_A_LINE: Final = 8


@dataclass(frozen=True)
class Leads:
    """Where to go on to, once the phone trusts us."""

    chargekey: str
    stage: str
    app: str


def fingerprint(authority: Authority) -> str:
    """SHA-256, as phones write it."""
    return _certificate(authority).fingerprint(hashes.SHA256()).hex(":").upper()


def trust_page(authority: Authority, leads: Leads) -> Starlette:
    """The authority is prepared."""

    async def page(request: Request) -> Response:
        pairs = fingerprint(authority).split(":")
        lines = [" ".join(pairs[at : at + _BYTES_A_LINE]) for at in range(0, len(pairs), _BYTES_A_LINE)]
        certificate = {"called": authority.called, "path": CERTIFICATE_PATH, "lines": lines}
        return render(request, "trust.html", certificate=certificate, leads=leads)

    async def certificate(_: Request) -> Response:
        """DER under the type that phones offer to install."""
        content = _certificate(authority).public_bytes(Encoding.DER)
        return Response(content, media_type="application/x-x509-ca-cert", headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/", page, methods=["GET"]),
            Route(CERTIFICATE_PATH, certificate, methods=["GET"]),
            Mount(STATIC_PATH, static_files()),
        ]
    )


def _certificate(authority: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.certificate.read_bytes())
