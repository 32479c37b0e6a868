"""`kill -9` under load of invocations with keys, again and again: no answer is lost, none is paid for twice."""

import collections
import http.client
import json
import os
import random
import threading
import uuid

from peers.event_ids import seq_of
from peers.waiting import wait_until

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "20"))
CLIENTS = 8
ACKNOWLEDGED_MAX = 40
HEADERS = {"Content-Type": "application/json"}


class Ledger:
    """What the clients of all rounds have been told: by key, the ids and bodies that came under it."""

    def __init__(self):
        self.lock = threading.Lock()
        # Ids that a 202 or a stream's metadata promised an end for.
        self.promised = {}
        self.ends = collections.defaultdict(set)

    def promise(self, key, request_id):
        with self.lock:
            assert self.promised.setdefault(key, request_id) == request_id, "one key, one invocation"

    def end(self, key, body):
        with self.lock:
            self.ends[key].add(body)

    def count(self):
        with self.lock:
            return len(self.promised)


class Client:
    """Invokes under a fresh key each time, as often as the gateway lives; one in three comes again at once."""

    def __init__(self, gateway, number, ledger, keys):
        self._gateway = gateway
        self._number = number
        self._ledger = ledger
        self._keys = keys
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self):
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self):
        connection = http.client.HTTPConnection(self._gateway.host, self._gateway.port, timeout=20)
        try:
            for turn in range(100_000):
                key = str(uuid.uuid4())
                self._keys.append(key)
                self._invoke(connection, key)
                if turn % 3 == 0:
                    self._invoke(connection, key)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def _invoke(self, connection, key):
        prefer = {"Prefer": "respond-async"} if self._number % 2 else {}
        body = json.dumps({"prompt": f"Flight EY283 is late, {key}"})
        connection.request("POST", "/api/v1/invoke", body, {**HEADERS, "Idempotency-Key": key, **prefer})
        response = connection.getresponse()
        text = response.read()
        assert response.status in (200, 202), text
        self._ledger.promise(key, json.loads(text)["request_id"])
        if response.status == 200:
            self._ledger.end(key, text)


def test_what_was_promised_has_its_end_and_runs_once(start_gateway, start_runtime, tmp_path):
    runs = collections.Counter()

    async def script(peer):
        runs[peer.request["payload"]["prompt"]] += 1
        await peer.chunk()
        await peer.chunk("cargo")
        await peer.complete()

    chance = random.Random(20260131)
    runtime = start_runtime(script)
    settings = {"database": str(tmp_path / "sessions.db"), "log_level": "WARNING"}
    ledger, keys = Ledger(), []
    for round_number in range(ROUNDS):
        gateway = start_gateway(runtime, **settings)
        before = ledger.count()
        clients = [Client(gateway, number, ledger, keys) for number in range(CLIENTS)]
        wanted = before + chance.randrange(ACKNOWLEDGED_MAX)
        wait_until(lambda: ledger.count() >= wanted, f"{wanted} promises in {round_number}", 30)
        gateway.kill()
        for client in clients:
            client.join()

    gateway = start_gateway(runtime, **settings)
    states = collections.Counter()
    for key, request_id in ledger.promised.items():
        answer = gateway.request("GET", f"/api/v1/invocations/{request_id}")
        assert answer.status == 200, f"{request_id} was promised an end"
        state = answer.json()
        states[state["status"]] += 1
        assert state["status"] in ("success", "interrupted"), state
        for body in ledger.ends.get(key, ()):
            assert state["status"] == "success" and json.loads(body) == state["result"]
        events = gateway.request("GET", f"/api/v1/invocations/{request_id}/events").body.decode()
        seqs = [seq_of(line) for line in events.split("\n") if line.startswith("id: ")]
        assert seqs == list(range(len(seqs))), "no event is missing or doubled"
    assert all(len(bodies) == 1 for bodies in ledger.ends.values())
    # Whoever comes again, for whatever key there ever was, makes nothing run twice.
    for key in chance.sample(keys, min(len(keys), 300)):
        body = {"prompt": f"Flight EY283 is late, {key}"}
        gateway.request("POST", "/api/v1/invoke", body, {"Idempotency-Key": key})
    twice = {prompt: count for prompt, count in runs.items() if count > 1}
    assert not twice, f"{len(twice)} of {len(runs)} ran twice"
    assert states["success"] >= ROUNDS, f"{states} in {ROUNDS} rounds: that was no load"
