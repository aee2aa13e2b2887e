"""The public key, where Tesla's app and servers fetch it."""

from typing import Final

from fastapi import APIRouter, Response

PATH: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"


def routes(public_pem: bytes) -> APIRouter:
    """One file, served without sign-in, redirect or cookie; as a download, which Tesla's fetch takes best."""
    router = APIRouter()

    @router.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    async def public_key() -> Response:
        return Response(
            public_pem,
            media_type="application/x-pem-file",
            headers={"Cache-Control": "public, max-age=300"},
        )

    return router
