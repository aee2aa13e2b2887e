"""Templates to pages, under a policy that allows neither inline script nor inline style.

Rules of this room:

1. A template that misses a value fails loudly; nothing is rendered half.
2. `form-action` stays open on purpose: the consent form ends, by redirect, at the partner's own address.
"""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

_HERE: Final = Path(__file__).parent
STATIC_PATH: Final = "/static"

_environment: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    undefined=StrictUndefined,
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
)


def static_files() -> StaticFiles:
    """To be mounted at `STATIC_PATH` on every site, since every site's pages look there."""
    return StaticFiles(directory=_HERE / "static")


def render(request: Request, template: str, /, status: int = 200, **values: object) -> HTMLResponse:
    """A page that may stand in a frame of this simulator's stage and in no other."""
    return page(request, template, status=status, framed=(), **values)


def page(request: Request, template: str, /, *, status: int, framed: tuple[str, ...], **values: object) -> HTMLResponse:
    """As `render`; `framed` are the outside origins this page shows in frames of its own."""
    html = _environment.get_template(template).render(request=request, static=STATIC_PATH, **values)
    sources = " ".join(("'self'", *framed))
    policy = f"default-src 'self'; frame-src {sources}; frame-ancestors 'self'"
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
    return HTMLResponse(html, status_code=status, headers=headers)
