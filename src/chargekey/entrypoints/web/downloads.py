"""A file for the browser to save, which nobody on the way keeps."""

from typing import Final

from fastapi import Response

_NEVER_KEPT: Final = {"Cache-Control": "no-store"}


def download(text: str, kind: str, name: str) -> Response:
    """`kind` is its media type, `name` what the browser calls it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_NEVER_KEPT}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
