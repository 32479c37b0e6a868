"""A DynamoDB that throttles, fails, is slow, breaks off, or answers nonsense: whoever asks gets an answer within a
limit, and what was told as kept, or as kept later, is in the history once, when it is well again."""

import itertools
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers import fault_proxy
from peers.clients import expect_problem, sse_events
from peers.fault_proxy import FaultProxy, Once, Skewed, Sometimes
from peers.gateway_process import AWS_CREDENTIALS
from peers.waiting import wait_until
from peers.witness import Witness

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"
# A call of the store takes so long at most, and an answer of the gateway waits for some of them.
CALL_MS = 600
ANSWER_SECONDS = 25
# After throttling, requests are few for some seconds.
WELL_SECONDS = 60
EVERYTHING = {
    "throttles": fault_proxy.throttle,
    "fails": fault_proxy.fail,
    "is slow": fault_proxy.slow(5),
    "is late": fault_proxy.late(5),
    "resets before": fault_proxy.reset_before,
    "resets after": fault_proxy.reset_after,
    "breaks off": fault_proxy.half_an_answer,
    "has a wrong checksum": fault_proxy.wrong_checksum,
    "has no table": fault_proxy.unknown_table,
    "refuses the token": fault_proxy.expired_token,
}
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
def proxy(dynalite):
    running = FaultProxy(dynalite.port)
    yield running
    running.stop()


@pytest.fixture
def start_behind(start_shared, proxy):
    """Gateways that reach their store through the proxy."""

    def start(runtime, **settings):
        settings = {"dynamodb_timeout_ms": CALL_MS, "probe_interval_ms": 200, "lease_ms": 600_000, **settings}
        return start_shared(runtime, dynamodb_endpoint=proxy.url(), **settings)

    return start


def create(gateway):
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


def stream(gateway, **fields):
    """A streamed invocation: its last event, which says how it was kept."""
    answer = gateway.invoke(streaming=True, **fields)
    assert answer.status == 200, answer
    return sse_events(b"\n\n".join(
        b"\n".join(line for line in frame.split(b"\n") if not line.startswith((b"id:", b"retry:")))
        for frame in answer.body.split(b"\n\n")
    ))[-1]  # fmt: skip


@pytest.mark.parametrize("what", EVERYTHING)
def test_while_all_fails_what_can_goes_on(start_behind, start_shared, start_runtime, proxy, what):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0))
    gateway = start_behind(runtime)
    session = create(gateway)
    ledger = Ledger()
    ledger.note(gateway.invoke(session_id=session), STORED)
    asks = {
        "plain": lambda: gateway.invoke(timeout=60),
        "of a known session": lambda: gateway.invoke(session_id=session, timeout=60),
        "with a key": lambda: gateway.invoke(f"{PROMPT}, order 1", {"Idempotency-Key": "order-1"}, timeout=60),
        "asynchronous": lambda: gateway.invoke(f"{PROMPT}, later", {"Prefer": "respond-async"}, timeout=60),
        "of a strange session": lambda: gateway.invoke(session_id=str(uuid.uuid4()), timeout=60),
        "a history": lambda: gateway.get(f"/api/v1/sessions/{session}", timeout=60),
        "a list": lambda: gateway.get("/api/v1/sessions", timeout=60),
        "a creation": lambda: gateway.request("POST", "/api/v1/sessions", timeout=60),
        "a stream": lambda: stream(gateway, timeout=60),
    }
    with proxy.failing(EVERYTHING[what]), ThreadPoolExecutor(len(asks)) as pool:
        answers = dict(zip(asks, pool.map(timed, asks.values())))
    assert proxy.faults > 0
    for name in ("plain", "of a known session"):
        assert answers[name].status == 200, answers[name]
        assert answers[name].header("x-session-persisted") == LATER
        ledger.note(answers[name], LATER)
    end = answers.pop("a stream")
    assert (end["type"], end["session_persisted"]) == ("complete", "later")
    ledger.note(None, LATER, end["data"])
    for name in ("with a key", "asynchronous", "of a strange session", "a history", "a list", "a creation"):
        expect_unavailable(answers[name])
    assert witness.count(f"{PROMPT}, order 1") == witness.count(f"{PROMPT}, later") == 0

    # It is well again.
    wait_drained(gateway)
    healthy = start_shared(runtime)
    for one in (gateway, healthy):
        ledger.expect_all(one)
        assert len(history(one, session)) == 2
    answer = timed(asks["with a key"])
    assert answer.status == 200 and answer.header("x-session-persisted") is None
    assert witness.count(f"{PROMPT}, order 1") == 1
    assert [one["status"] for one in healthy.get("/api/v1/invocations").json()["invocations"]].count("running") == 0
    assert not witness.overlaps


@pytest.mark.parametrize("what", EVERYTHING)
def test_where_some_requests_fail_nothing_does(start_behind, start_shared, start_runtime, proxy, what):
    """One in six: the gateway asks again, so whoever writes twice must not be seen to."""
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.02, chunks=3))
    gateway = start_behind(runtime, dynamodb_timeout_ms=10_000)
    sessions = [create(gateway) for _ in range(3)]
    ledger, numbers = Ledger(), itertools.count()

    def ask(number):
        key = {"Idempotency-Key": f"order-{number}"} if number % 2 else {}
        session = sessions[number % 4] if number % 4 < 3 else None
        fields = {} if session is None else {"session_id": session}
        answer = gateway.invoke(f"{PROMPT}, order {number}", key, timeout=60, **fields)
        if answer.status == 200:
            ledger.note(answer, answer.header("x-session-persisted"))
        else:
            expect_unavailable(answer)
            ledger.note_refusal(answer)

    with proxy.failing(Sometimes(EVERYTHING[what], 1 / 6)), ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, itertools.islice(numbers, 24)))
    wait_drained(gateway)
    ledger.expect_all(gateway)
    ledger.expect_all(start_shared(runtime))
    assert not witness.overlaps and not witness.prompts_run_twice()
    # What no second attempt mends is refused, or kept later.
    if what not in ("has no table", "refuses the token", "is slow", "is late"):
        assert ledger.count(STORED) == 24, (ledger.told, ledger.refused)
    assert len(ledger.told) + len(ledger.refused) == 24


def test_ten_seconds_of_throttling_lose_nothing(start_behind, start_shared, start_runtime, proxy):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.05))
    # Behind it all the time, and beside it: another one that must not take this one for dead.
    gateway, healthy = start_behind(runtime), start_shared(runtime, lease_ms=600_000)
    session = create(gateway)
    ledger, stop, numbers = Ledger(), threading.Event(), itertools.count()

    def client(which):
        while not stop.is_set():
            number = next(numbers)
            headers = {"Idempotency-Key": f"order-{number}"} if which == 0 else {}
            fields = {"session_id": session} if which == 1 else {}
            answer = timed(lambda: gateway.invoke(f"{PROMPT}, order {number}", headers, timeout=60, **fields))
            if answer.status == 200:
                ledger.note(answer, answer.header("x-session-persisted"))
            else:
                expect_unavailable(answer)
                ledger.note_refusal(answer)
                # Sooner than it was told to.
                stop.wait(0.2)

    with ThreadPoolExecutor(3) as pool:
        clients = [pool.submit(client, which) for which in range(3)]
        try:
            wait_until(lambda: ledger.count(STORED) >= 10, "they are under way")
            with proxy.failing(fault_proxy.throttle):
                time.sleep(10)
            stored, well_at = ledger.count(STORED), time.monotonic()
            wait_until(lambda: ledger.count(STORED) > stored, "something is stored again", WELL_SECONDS)
            first_after = time.monotonic() - well_at
            wait_until(lambda: ledger.count(STORED) > stored + 10, "it goes on as before", WELL_SECONDS)
        finally:
            stop.set()
        for one in clients:
            one.result()
    assert ledger.count(LATER) > 0
    wait_drained(gateway)
    drained_after = time.monotonic() - well_at
    for one in (gateway, healthy):
        ledger.expect_all(one)
    assert not witness.overlaps and not witness.prompts_run_twice()
    print(f"the first stored after {first_after:.1f} s, the outbox empty after {drained_after:.1f} s")
    print(f"stored {ledger.count(STORED)}, later {ledger.count(LATER)}, refused {len(ledger.refused)}")


def test_what_ends_while_the_store_is_away_has_its_end_later(start_behind, start_runtime, proxy):
    """Under its key too: nothing of it runs again."""
    may_end = threading.Event()

    async def script(peer):
        await peer.chunk("cargo")
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_behind(runtime)
    key = {"Idempotency-Key": "order-1"}
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(gateway.invoke, PROMPT, key, 60)
        wait_until(lambda: runtime.requests, "it runs")
        with proxy.failing(fault_proxy.throttle):
            may_end.set()
            answer = asked.result()
    assert answer.status == 200 and answer.header("x-session-persisted") == LATER
    wait_drained(gateway)
    again = gateway.invoke(PROMPT, key)
    assert again.status == 200 and again.header("idempotency-replayed") == "true"
    assert again.body == answer.body and len(runtime.requests) == 1
    (kept,) = gateway.history(answer.json()["session_id"])
    assert kept["response"] == answer.json()


@pytest.mark.parametrize("what", ["throttles", "resets after", "has no table"])
def test_what_waits_for_the_store_outlives_a_kill(start_behind, start_runtime, proxy, tmp_path, what):
    runtime = start_runtime()
    settings = {"outbox": tmp_path / "outbox"}
    gateway = start_behind(runtime, **settings)
    ledger = Ledger()
    with proxy.failing(EVERYTHING[what]):
        for _ in range(3):
            answer = timed(lambda: gateway.invoke(timeout=60))
            assert answer.header("x-session-persisted") == LATER
            ledger.note(answer, LATER)
        gateway.kill()
        # It starts all the same.
        gateway = start_behind(runtime, **settings)
        assert gateway.get("/api/v1/health").json()["outbox"] == {"waiting": 3}
    wait_drained(gateway)
    ledger.expect_all(gateway)


def test_a_token_that_is_refused_once_costs_no_answer(start_behind, start_runtime, proxy):
    """Those of the environment do not change: what cannot be asked again now is kept later."""
    runtime = start_runtime()
    gateway = start_behind(runtime)
    ledger = Ledger()
    for _ in range(5):
        with proxy.failing(Once(fault_proxy.expired_token)):
            answer = gateway.invoke()
        assert answer.status == 200
        ledger.note(answer, answer.header("x-session-persisted"))
    wait_drained(gateway)
    ledger.expect_all(gateway)


@pytest.mark.parametrize("minutes", [10, -10, 600])
def test_signs_by_the_clock_of_the_service(start_behind, start_shared, start_runtime, proxy, minutes):
    runtime = start_runtime()
    gateway = start_behind(runtime)
    session = create(gateway)
    ledger = Ledger()
    # Off at first, and then right again.
    for clock in (Skewed(minutes), Skewed(0)):
        with proxy.failing(clock):
            for headers in ({}, {"Idempotency-Key": str(uuid.uuid4())}, {}):
                answer = gateway.invoke(headers=headers, session_id=session)
                assert answer.status == 200 and answer.header("x-session-persisted") is None
                ledger.note(answer, STORED)
            assert clock.refused >= 1 and clock.accepted > clock.refused
    ledger.expect_all(start_shared(runtime))
    assert len(history(gateway, session)) == 6


def test_no_secret_and_no_signature_is_in_any_output(start_behind, start_runtime, proxy):
    """Whatever goes wrong, at the level that tells most; the fixture looks through the output of every test, too."""
    runtime = start_runtime()
    gateway = start_behind(runtime)
    assert gateway.invoke().status == 200
    assert proxy.last_headers["X-Amz-Security-Token"] == AWS_CREDENTIALS["AWS_SESSION_TOKEN"]
    assert "Signature=" in proxy.last_headers["Authorization"]

    def echo(exchange):
        """A service that repeats what it was sent, as real ones do with the canonical request."""
        sent = ", ".join(f"{name}: {value}" for name, value in exchange.headers.items())
        exchange.refuse(400, "InvalidSignatureException", "The signature does not match. You sent: " + sent)

    for fault in (*EVERYTHING.values(), Skewed(10), echo):
        with proxy.failing(fault):
            assert gateway.invoke(timeout=60).status == 200
            gateway.get("/api/v1/sessions", timeout=60)
    wait_drained(gateway)
    gateway.stop()
    assert gateway.log_lines("dynamodb_failed"), "it has told of what went wrong"
    gateway.expect_no_secret_output()
    # And the look would find them.
    gateway._stdout.append(AWS_CREDENTIALS["AWS_SESSION_TOKEN"])
    with pytest.raises(AssertionError):
        gateway.expect_no_secret_output()
    gateway._stdout.pop()
