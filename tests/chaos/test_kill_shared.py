"""Three gateways on one DynamoDB, of which one is killed (`kill -9`) and comes back, again and again, under load: no
answer is lost, none is paid for twice, turns of a session never overlap, and whatever was promised an end has one."""

import collections
import http.client
import json
import os
import random
import threading
import uuid

from peers.waiting import wait_until
from peers.witness import Witness

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "20"))
GATEWAYS = 3
CLIENTS_EACH = 3
ENDS_A_ROUND = 25
HEADERS = {"Content-Type": "application/json"}
# A lease and a half, and a slow machine.
BURIED_SECONDS = 60


class Told:
    """What the clients of all rounds have been told."""

    def __init__(self):
        self.lock = threading.Lock()
        # By key: the one invocation that a 202 or an answer named.
        self.promised = {}
        self.bodies = collections.defaultdict(set)
        # Ends that were told, with the session that must know them: (session, request).
        self.ends = []
        self.kept = collections.Counter()
        # What no client may be told.
        self.failures = []

    def promise(self, key, request_id):
        with self.lock:
            assert self.promised.setdefault(key, request_id) == request_id, "one key, one invocation"

    def end(self, answer, persisted, key=None):
        with self.lock:
            self.ends.append((answer["session_id"], answer["request_id"]))
            self.kept[persisted] += 1
            if key:
                self.bodies[key].add(json.dumps(answer, sort_keys=True))

    def count(self):
        with self.lock:
            return len(self.ends)


class Client(threading.Thread):
    """Invokes as long as its gateway lives: with a key, asynchronously, in a session that all share, or plainly."""

    def __init__(self, gateway, told, sessions, stop, seed):
        super().__init__(daemon=True)
        self._gateway, self._told, self._sessions, self._stop_all = gateway, told, sessions, stop
        self._chance = random.Random(seed)
        self._asked = None
        self.start()

    def run(self):
        connection = http.client.HTTPConnection(self._gateway.host, self._gateway.port, timeout=60)
        try:
            while not self._stop_all.is_set():
                self._invoke(connection)
        except (AssertionError, TimeoutError) as failure:
            self._told.failures.append((self._gateway.url, self._asked, failure))
        except (OSError, http.client.HTTPException):
            pass  # It was killed.
        finally:
            connection.close()

    def _invoke(self, connection):
        kind = self._chance.choice(("plain", "key", "async", "session"))
        key = str(uuid.uuid4()) if kind in ("key", "async") else None
        headers = {**HEADERS, **({"Idempotency-Key": key} if key else {})}
        if kind == "async":
            headers["Prefer"] = "respond-async"
        body = {"prompt": f"Flight EY283 is late, {uuid.uuid4()}"}
        if kind == "session":
            body["session_id"] = self._chance.choice(self._sessions)
        self._asked = (headers, body)
        for _ in range(2 if key and self._chance.random() < 0.3 else 1):
            connection.request("POST", "/api/v1/invoke", json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
            answer = json.loads(text)
            assert response.status in (200, 202), text
            if key:
                self._told.promise(key, answer["request_id"])
            if response.status == 200:
                persisted = response.getheader("X-Session-Persisted") or "stored"
                self._told.end(answer, persisted, key)


def test_three_that_share_a_store_lose_nothing(start_shared, start_runtime, tmp_path):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.02, chunks=2))

    def start(number):
        return start_shared(
            runtime, outbox=tmp_path / f"outbox-{number}", lease_ms=1000, log_level="WARNING", account_rate_limit=0
        )

    chance = random.Random(20261128)
    told, stop = Told(), threading.Event()
    gateways = [start(number) for number in range(GATEWAYS)]
    sessions = [
        gateways[0].request("POST", "/api/v1/sessions").json()["session_id"] for _ in range(4)
    ]
    clients = []

    def add_clients(number):
        clients.extend(
            Client(gateways[number], told, sessions, stop, chance.random()) for _ in range(CLIENTS_EACH)
        )

    for number in range(GATEWAYS):
        add_clients(number)
    for round_number in range(ROUNDS):
        wanted = told.count() + chance.randrange(1, ENDS_A_ROUND)
        wait_until(lambda wanted=wanted: told.count() >= wanted, f"ends in round {round_number}", 60)
        victim = chance.randrange(GATEWAYS)
        gateways[victim].kill()
        # Sometimes the others are the first to end what it left, sometimes it does so itself.
        if chance.random() < 0.3:
            witness_of = gateways[(victim + 1) % GATEWAYS]
            dead = len(witness_of.log_lines("gateway_dead"))
            other = gateways[(victim + 2) % GATEWAYS]
            others_dead = len(other.log_lines("gateway_dead"))
            wait_until(
                lambda: len(witness_of.log_lines("gateway_dead")) > dead
                or len(other.log_lines("gateway_dead")) > others_dead,
                "it is found dead",
                BURIED_SECONDS,
            )
        gateways[victim] = start(victim)
        add_clients(victim)
    stop.set()
    for client in clients:
        client.join(90)
        assert not client.is_alive()
    assert not told.failures

    teller = gateways[chance.randrange(GATEWAYS)]
    for gateway in gateways:
        wait_until(
            lambda gateway=gateway: gateway.get("/api/v1/health").json()["outbox"] == {"waiting": 0},
            "the outbox is empty",
            60,
        )
    states = collections.Counter()
    for key, request_id in told.promised.items():
        answer = teller.get(f"/api/v1/invocations/{request_id}", headers={"Prefer": "wait=30"})
        assert answer.status == 200, f"{request_id} was promised an end"
        state = answer.json()
        states[state["status"]] += 1
        assert state["status"] in ("success", "interrupted"), state
        for body in told.bodies.get(key, ()):
            assert state["status"] == "success" and json.loads(body) == state["result"]
    assert all(len(bodies) == 1 for bodies in told.bodies.values())
    known = {}
    for session, request_id in told.ends:
        if session not in known:
            known[session] = [one["request_id"] for one in teller.history(session)]
        assert known[session].count(request_id) == 1, f"{request_id} was told as kept in {session}"
    assert not witness.overlaps, "turns of a session never overlap"
    assert not witness.prompts_run_twice()
    assert states["success"] >= ROUNDS and told.count() >= ROUNDS, (states, told.kept)
    print(f"{told.count()} ends ({dict(told.kept)}), promised: {dict(states)}")
