"""A line between people and the site that breaks when it is told to, in the middle of a message."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

CHUNK = 64 * 1024


@dataclass
class Line:
    """What is carried to `port`; `breaks` is the share of pieces in whose middle it breaks."""

    port: int
    random: Random
    breaks: float = 0.0
    own_port: int = 0
    broken_requests: int = 0
    broken_responses: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def site(self) -> str:
        """The address at this end."""
        return f"http://127.0.0.1:{self.own_port}"

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0, backlog=1024)
        self.own_port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            with suppress(asyncio.CancelledError):
                await server.serve_forever()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        ends = (writer, far_writer)
        there = asyncio.ensure_future(self._pass_on(reader, far_writer, ends, request=True))
        back = asyncio.ensure_future(self._pass_on(far_reader, writer, ends, request=False))
        await asyncio.gather(there, back)

    async def _pass_on(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        *,
        request: bool,
    ) -> None:
        with suppress(OSError):
            while piece := await source.read(CHUNK):
                if self.random.random() < self.breaks:
                    sink.write(piece[: self.random.randrange(len(piece))])
                    await sink.drain()
                    self._count(request)
                    break
                sink.write(piece)
                await sink.drain()
        for each in ends:
            each.transport.abort()

    def _count(self, request: bool) -> None:
        if request:
            self.broken_requests += 1
        else:
            self.broken_responses += 1


@contextmanager
def line(port: int, seed: int) -> Iterator[Line]:
    """A line to that port of this machine."""
    one, ready = Line(port, Random(seed)), threading.Event()
    task = one._loop.create_task(one._serve(ready))
    thread = threading.Thread(target=_run, args=(one._loop, task), daemon=True)
    thread.start()
    ready.wait(30)
    try:
        yield one
    finally:
        one._loop.call_soon_threadsafe(task.cancel)
        thread.join(30)


def _run(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[None]") -> None:
    loop.run_until_complete(task)
    for left in asyncio.all_tasks(loop):
        left.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
