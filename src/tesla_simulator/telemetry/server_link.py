"""A car's connection to a real fleet-telemetry server: a WebSocket under mutual TLS, an envelope for each record (§8).

Rules of this room:

1. The car trusts the server by the `ca` of the config and nothing else, and shows a certificate made out to its VIN.
2. It connects when it has something to say. When it cannot, it tries again ever later, every 30 seconds at last, for as
   long as it is awake; what it has to say waits.
3. What has been said and not acknowledged is said again at the next connection where `delivery_policy` is `latest`,
   and is lost where it is not.
4. It reads acknowledgements while it speaks, and until the server has hung up as well.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlunsplit
from uuid import uuid4

from tesla_protocol.telemetry import vehicle_data_pb2 as vehicle_data
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tesla_simulator.telemetry.addresses import Address
from tesla_simulator.telemetry.encoding import NETWORK, VEHICLE_DATA
from tesla_simulator.telemetry.envelope import Unreadable, ack, stream
from tesla_simulator.telemetry.lines import MOST_WAITING, Closed, Record, Said, Waiting

_LONGEST_PAUSE_S: Final = 30.0
_ANSWERS_WITHIN_S: Final = 10.0


class ServerLink:
    """The far end of one line. `where` and `card`, the car's key and certificate as PEM, are asked for at each attempt.

    `count` is told when how many signals have left.
    """

    def __init__(
        self,
        waiting: Waiting,
        where: Callable[[], Address],
        card: Callable[[], str],
        count: Callable[[datetime, int], None],
        pauses: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._waiting = waiting
        self._line = waiting.line
        self._where = where
        self._card = card
        self._count = count
        self._pauses = pauses
        self._news = asyncio.Event()
        self._unacknowledged: dict[str, Record] = {}

    def takes(self, waiting: Waiting) -> None:
        self._news.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        failures = 0
        while True:
            if failures and self._waiting.is_open:
                await self._pauses(min(2.0 ** (failures - 1), _LONGEST_PAUSE_S))
            elif failures or not self._waiting.can_leave:
                await self._hears_news()
            try:
                async with self._connection() as socket:
                    failures = 0
                    await self._talk(socket)
            except (OSError, WebSocketException):
                failures += 1
            if not self._line.sends_again:
                self._unacknowledged.clear()

    def _connection(self) -> connect:
        line, at = self._line, self._where()
        return connect(
            urlunsplit(("wss", f"{line.hostname}:{line.port}", "/", "", "")),
            ssl=self._tls(),
            server_hostname=line.hostname,
            host=at.host,
            port=at.port,
            proxy=None,
            compression=None,
            user_agent_header=None,
            additional_headers={"X-Network-Interface": NETWORK},
            open_timeout=_ANSWERS_WITHIN_S,
        )

    def _tls(self) -> ssl.SSLContext:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            tls.load_verify_locations(cadata=self._line.ca)
        except ValueError as error:
            raise ssl.SSLError("the config's ca holds no certificate") from error
        with TemporaryDirectory() as folder:
            card = Path(folder) / "card.pem"
            card.write_text(self._card(), encoding="ascii")
            tls.load_cert_chain(card)
        return tls

    async def _talk(self, socket: ClientConnection) -> None:
        """Until the car hangs up. Raises `ConnectionResetError` when it is the server that does."""
        hearing, speaking = asyncio.create_task(self._hears(socket)), asyncio.create_task(self._speaks(socket))
        try:
            done, _ = await asyncio.wait({hearing, speaking}, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
            if hearing in done:
                raise ConnectionResetError("the server has hung up")
            await socket.close()
            await hearing
        finally:
            hearing.cancel()
            speaking.cancel()
            await asyncio.wait({hearing, speaking})

    async def _hears(self, socket: ClientConnection) -> None:
        """Until the connection is closed."""
        async for said in socket:
            try:
                received = ack(said) if isinstance(said, bytes) else None
            except Unreadable:
                continue
            if received is not None:
                self._unacknowledged.pop(received.txid, None)

    async def _speaks(self, socket: ClientConnection) -> None:
        """Until the car hangs up."""
        for txid, record in list(self._unacknowledged.items()):
            again = vehicle_data.Payload()
            again.CopyFrom(record.payload)
            again.is_resend = True
            await socket.send(self._envelope(txid, again))
        while not isinstance(said := await self._next(), Closed):
            if isinstance(said, Record):
                await self._say(socket, said)

    async def _next(self) -> Said:
        while (said := self._waiting.next()) is None:
            await self._hears_news()
        return said

    async def _hears_news(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _say(self, socket: ClientConnection, record: Record) -> None:
        txid = str(uuid4())
        self._unacknowledged[txid] = record
        if len(self._unacknowledged) > MOST_WAITING:
            del self._unacknowledged[next(iter(self._unacknowledged))]
        await socket.send(self._envelope(txid, record.payload))
        self._waiting.streamed += record.signals
        self._count(record.payload.created_at.ToDatetime(), record.signals)

    def _envelope(self, txid: str, payload: vehicle_data.Payload) -> bytes:
        created_at_s = payload.created_at.seconds
        return stream(self._line.vin, VEHICLE_DATA, txid, created_at_s, payload.SerializeToString())
