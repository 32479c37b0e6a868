"""What gateways whose DynamoDB does not do as it should have told their callers, and must have kept."""

import threading
import time

import pytest

from .clients import expect_problem
from .fault_proxy import FaultProxy
from .waiting import wait_until

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"
# A call of the store takes so long at most, and an answer of the gateway waits for some of them.
CALL_MS = 600
ANSWER_SECONDS = 25
# After throttling, requests are few for some seconds.
WELL_SECONDS = 60
STORED, LATER = None, "false; later"


class Ledger:
    """What callers were told: by session, the ids of what ended, and how it was kept."""

    def __init__(self):
        self._lock = threading.Lock()
        self.told = []
        self.refused = []

    def note(self, answer, kept, body=None):
        with self._lock:
            body = answer.json() if body is None else body
            self.told.append((body["session_id"], body["request_id"], kept))

    def note_refusal(self, answer):
        with self._lock:
            self.refused.append(answer)

    def count(self, kept):
        return sum(how == kept for _, _, how in self.told)

    def expect_all(self, gateway):
        """Each once, as a success."""
        histories = {session: history(gateway, session) for session in {session for session, _, _ in self.told}}
        for session, request_id, kept in self.told:
            found = [one["status"] for one in histories[session] if one["request_id"] == request_id]
            assert found == ["success"], (request_id, kept, found)


def history(gateway, session):
    """Asked again while the store is still spared, as it is for a while after it has throttled."""
    target = f"/api/v1/sessions/{session}"
    wait_until(lambda: gateway.get(target).status != 503, "the store is asked again", WELL_SECONDS)
    return gateway.history(session)


@pytest.fixture
def store_proxy(dynalite):
    running = FaultProxy(dynalite.port)
    yield running
    running.stop()


@pytest.fixture
def start_behind(start_shared, store_proxy):
    """Gateways that reach their store through the proxy."""

    def start(runtime, **settings):
        settings = {"dynamodb_timeout_ms": CALL_MS, "probe_interval_ms": 200, "lease_ms": 600_000, **settings}
        return start_shared(runtime, dynamodb_endpoint=store_proxy.url(), **settings)

    return start


def create_session(gateway):
    answer = gateway.request("POST", "/api/v1/sessions")
    assert answer.status == 201, answer
    return answer.json()["session_id"]


def timed(ask):
    began = time.monotonic()
    answer = ask()
    assert time.monotonic() - began < ANSWER_SECONDS
    return answer


def expect_unavailable(answer):
    expect_problem(answer, 503, "STORE_UNAVAILABLE")
    assert int(answer.header("retry-after")) >= 1


def wait_drained(gateway):
    wait_until(lambda: gateway.get("/api/v1/health").json()["outbox"] == {"waiting": 0}, "the outbox is empty", WELL_SECONDS)
