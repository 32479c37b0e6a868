"""A scriptable agent runtime on Python's `websockets`: protocol theirs, behaviour the test's."""

import asyncio
import json
import threading

import websockets

SAFETY_AGENTS = ("crew_compliance", "maintenance", "regulatory")
BUSINESS_AGENTS = ("network", "guest_experience", "cargo", "finance")
PATIENCE_SECONDS = 20


class EventLoopThread:
    """One asyncio loop on a thread of its own, for all runtimes of a test run."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE_SECONDS)


class Peer:
    """One connection of the gateway, as a script sees it."""

    def __init__(self, socket, request):
        self.socket = socket
        # The message that the gateway sent first.
        self.request = request

    @property
    def session_id(self):
        return self.request["payload"]["session_id"]

    async def send(self, message):
        """A value is sent as JSON; text, bytes and lists of fragments as they are."""
        await self.socket.send(json.dumps(message) if isinstance(message, dict) else message)

    async def chunk(self, agent="crew_compliance", status="approved", **partial_result):
        await self.send(
            {"type": "chunk", "data": {"agent": agent, "status": status, "partial_result": partial_result}}
        )

    async def complete(self, data=None):
        await self.send({"type": "complete", "data": ANSWER if data is None else data})

    async def error(self, code, message="it failed", details=None):
        await self.send(
            {"type": "error", "error": {"code": code, "message": message, "details": details or {}}}
        )

    async def hang(self):
        """Says nothing more until the gateway closes."""
        await self.socket.wait_closed()

    async def wait_for(self, event):
        """Waits for a threading.Event of the test, or for the gateway to close."""
        for _ in range(PATIENCE_SECONDS * 100):
            if event.is_set() or self.socket.closed:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the test never set its event")


ANSWER = {"status": "success", "assessment": {"summary": "three hours late"}, "recommendations": ["wait"]}


async def answer_at_once(peer):
    await peer.chunk("crew_compliance", confidence=0.9)
    await peer.chunk("maintenance", confidence=0.8)
    await peer.complete()


def answer_with(data, chunks=()):
    """A script that sends these chunks' data and this answer."""

    async def script(peer):
        for chunk in chunks:
            await peer.send({"type": "chunk", "data": chunk})
        await peer.complete(data)

    return script


class FakeRuntime:
    """Serves `script` on every connection; remembers what it was sent."""

    def __init__(self, thread, script=answer_at_once, tls=None, **options):
        """`options` go to websockets.serve: process_request, max_size, ..."""
        self.script = script
        self.requests = []
        self.request_headers = []
        self.paths = []
        self.pings = 0
        self._thread = thread
        self._scheme = "ws" if tls is None else "wss"
        options.setdefault("ping_interval", None)
        options.setdefault("close_timeout", 5)
        self._server = thread.run(self._serve(tls, options))
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, tls, options):
        return await websockets.serve(self._handle, "127.0.0.1", 0, ssl=tls, **options)

    def url(self, host="127.0.0.1"):
        return f"{self._scheme}://{host}:{self.port}/ws"

    async def _handle(self, socket, path="/ws"):
        self.paths.append(path)
        self.request_headers.append(dict(socket.request_headers.raw_items()))
        try:
            request = json.loads(await socket.recv())
            self.requests.append(request)
            await self.script(Peer(socket, request))
        except websockets.ConnectionClosed:
            pass

    @property
    def open_sockets(self):
        return len(self._server.websockets)

    def stop(self):
        async def close():
            self._server.close()
            await self._server.wait_closed()

        self._thread.run(close())
