"""One application more at an address of this machine, beside the server that began it and ends it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from tesla_simulator.tesla_names.authority import Authority


@asynccontextmanager
async def served_beside(app: ASGIApp, at: tuple[str, int], authority: Authority | None) -> AsyncIterator[int]:
    """Yields the port, which is a free one for 0. Without an authority in plain HTTP. Raises `OSError`."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        date_header=False,
        lifespan="off",
        proxy_headers=False,
        ssl_certfile=authority.leaf if authority else None,
        ssl_keyfile=authority.leaf_key if authority else None,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(at) as door:
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sees to it only where TCP is named
        await server.startup(sockets=[door])
        try:
            yield door.getsockname()[1]
        finally:
            await server.shutdown(sockets=[door])
