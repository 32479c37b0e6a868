"""`kill -9` under load, again and again: what a client was told has ended is in the history."""

import http.client
import json
import os
import random
import sqlite3
import threading
import uuid

from peers.clients import sse_events
from peers.waiting import wait_until

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "20"))
CLIENTS = 8
ACKNOWLEDGED_MAX = 40


class Client:
    """Invokes on a session of its own until the gateway is gone; notes what it was told has ended."""

    def __init__(self, gateway, number, session):
        self.session = session
        self.acknowledged = []
        self._gateway = gateway
        self._streaming = number % 2 == 1
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self):
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self):
        connection = http.client.HTTPConnection(self._gateway.host, self._gateway.port, timeout=20)
        body = json.dumps(
            {"prompt": "Flight EY283 is late", "session_id": self.session, "streaming": self._streaming}
        )
        try:
            while True:
                connection.request("POST", "/api/v1/invoke", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                request_id = response.getheader("X-Request-Id")
                if self._streaming:
                    self._read_stream(response, request_id)
                else:
                    answer = json.loads(response.read())
                    if response.status == 200:
                        assert answer["request_id"] == request_id
                        self.acknowledged.append(request_id)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def _read_stream(self, response, request_id):
        text = b""
        while True:
            line = response.readline()
            if not line:
                return
            text += line
            # The event counts when it is whole, whether or not the stream's end arrives as well.
            if line == b"\n" and sse_events(text)[-1]["type"] == "complete":
                self.acknowledged.append(request_id)


def test_nothing_acknowledged_is_lost(start_gateway, start_runtime, tmp_path):
    async def script(peer):
        await peer.chunk()
        await peer.complete()

    chance = random.Random(20260131)
    runtime = start_runtime(script)
    database = str(tmp_path / "sessions.db")
    settings = {"database": database, "log_level": "WARNING"}
    sessions = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(CLIENTS)]
    # By session, in the order of their ends: whatever was acknowledged since the beginning.
    acknowledged = {session: [] for session in sessions}

    for round_number in range(ROUNDS):
        gateway = start_gateway(runtime, **settings)
        clients = [Client(gateway, number, session) for number, session in enumerate(sessions)]
        wanted = chance.randrange(ACKNOWLEDGED_MAX)
        wait_until(
            lambda: sum(len(client.acknowledged) for client in clients) >= wanted,
            f"{wanted} ends in {round_number}",
            30,
        )
        gateway.kill()
        for client in clients:
            client.join()
            acknowledged[client.session] += client.acknowledged

    gateway = start_gateway(runtime, **settings)
    total = 0
    for session in sessions:
        history = gateway.history(session)
        remembered = [interaction["request_id"] for interaction in history]
        missing = [request_id for request_id in acknowledged[session] if request_id not in set(remembered)]
        assert not missing, f"{len(missing)} of {len(acknowledged[session])} were lost"
        assert len(remembered) == len(set(remembered))
        assert [name for name in remembered if name in set(acknowledged[session])] == acknowledged[session]
        assert all(
            interaction["status"] == "success"
            for interaction in history
            if interaction["request_id"] in acknowledged[session]
        )
        total += len(acknowledged[session])
    assert total >= ROUNDS, f"only {total} interactions in {ROUNDS} rounds: that was no load"
    gateway.stop()
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
