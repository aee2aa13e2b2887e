"""Opens Tesla's names on this machine: certificates, the HTTPS server behind them, the proxy that leads there."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp

from tesla_simulator.clock import system_time
from tesla_simulator.sites import HOSTS
from tesla_simulator.tesla_names.authority import Authority
from tesla_simulator.tesla_names.own_domain import OwnDomain, in_front_of
from tesla_simulator.tesla_names.serving import served_beside
from tesla_simulator.tesla_names.tunnel import LOOPBACK, tunnel

NAMES: Final = tuple(chain.from_iterable(HOSTS.values()))


@dataclass(frozen=True)
class Opened:
    """How a program finds its way in: by these two variables, and nothing else of it changes."""

    proxy_port: int
    certificate: Path

    @property
    def variables(self) -> dict[str, str]:
        return {"HTTPS_PROXY": f"http://localhost:{self.proxy_port}", "SSL_CERT_FILE": str(self.certificate.absolute())}


@asynccontextmanager
async def opened(
    app: ASGIApp, folder: Path, proxy_port: int, own_domain: OwnDomain | None = None
) -> AsyncIterator[Opened]:
    """`app` is served elsewhere too, and begun there. `proxy_port` 0: a free one. Raises `authority.Unusable`.

    `own_domain`: led to as well, for whoever tries his whole home here.
    """
    authority = Authority(folder)
    authority.prepare((*NAMES, own_domain.name) if own_domain else NAMES, system_time())
    async with AsyncExitStack() as until_the_end:
        served_on = await until_the_end.enter_async_context(served_beside(app, (LOOPBACK, 0), authority))
        names = dict.fromkeys(NAMES, served_on)
        if own_domain:
            front = in_front_of(own_domain.port, authority)
            names[own_domain.name] = await until_the_end.enter_async_context(front)
        port = await until_the_end.enter_async_context(tunnel(proxy_port, names))
        yield Opened(port, authority.certificate)
