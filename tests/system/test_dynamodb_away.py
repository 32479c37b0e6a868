"""A DynamoDB that is away for a while, in each way that it can be: whoever asks gets an answer within a limit, and
what was told as kept, or as kept later, is in the history once, when it is well again."""

import itertools
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers import fault_proxy
from peers.clients import sse_events
from peers.fault_proxy import FAULTS
from peers.faulty_store import (
    LATER,
    PROMPT,
    STORED,
    WELL_SECONDS,
    Ledger,
    create_session,
    expect_unavailable,
    history,
    timed,
    wait_drained,
)
from peers.waiting import wait_until
from peers.witness import Witness


def stream(gateway, **fields):
    """A streamed invocation: its last event, which says how it was kept."""
    answer = gateway.invoke(streaming=True, **fields)
    assert answer.status == 200, answer
    return sse_events(b"\n\n".join(
        b"\n".join(line for line in frame.split(b"\n") if not line.startswith((b"id:", b"retry:")))
        for frame in answer.body.split(b"\n\n")
    ))[-1]  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_while_all_fails_what_can_goes_on(start_behind, start_shared, start_runtime, store_proxy, what):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0))
    gateway = start_behind(runtime)
    session = create_session(gateway)
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
    with store_proxy.failing(FAULTS[what]), ThreadPoolExecutor(len(asks)) as pool:
        answers = dict(zip(asks, pool.map(timed, asks.values())))
    assert store_proxy.faults > 0
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
    assert answer.status == 200
    # The brake of throttling lets go by and by; until then a save takes longer than it may, and waits.
    wait_until(
        lambda: gateway.invoke(timeout=60).header("x-session-persisted") is STORED, "saves are quick again", WELL_SECONDS
    )
    wait_drained(gateway)
    assert witness.count(f"{PROMPT}, order 1") == 1
    assert [one["status"] for one in healthy.get("/api/v1/invocations").json()["invocations"]].count("running") == 0
    assert not witness.overlaps


def test_ten_seconds_of_throttling_lose_nothing(start_behind, start_shared, start_runtime, store_proxy):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.05))
    # Behind it all the time, and beside it: another one that must not take this one for dead.
    gateway, healthy = start_behind(runtime), start_shared(runtime, lease_ms=600_000)
    session = create_session(gateway)
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
            with store_proxy.failing(fault_proxy.throttle):
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


def test_what_ends_while_the_store_is_away_has_its_end_later(start_behind, start_runtime, store_proxy):
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
        with store_proxy.failing(fault_proxy.throttle):
            may_end.set()
            answer = asked.result()
    assert answer.status == 200 and answer.header("x-session-persisted") == LATER
    wait_drained(gateway)
    again = gateway.invoke(PROMPT, key)
    assert again.status == 200 and again.header("idempotency-replayed") == "true"
    assert again.body == answer.body and len(runtime.requests) == 1
    (kept,) = gateway.history(answer.json()["session_id"])
    assert kept["response"] == answer.json()


def test_who_was_taken_for_dead_still_has_its_answers_kept(start_behind, start_shared, start_runtime, store_proxy):
    """Cut off for longer than its lease: another has told its invocation as interrupted, and is put right."""
    may_end = threading.Event()

    async def script(peer):
        await peer.chunk("cargo")
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway, other = start_behind(runtime, lease_ms=1000), start_shared(runtime)
    key = {"Idempotency-Key": "order-1"}
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(gateway.invoke, PROMPT, key, 60)
        wait_until(lambda: runtime.requests, "it runs")
        with store_proxy.failing(fault_proxy.throttle):
            other.wait_for_log("gateway_dead", WELL_SECONDS)
            (told,) = other.get("/api/v1/invocations").json()["invocations"]
            assert told["status"] == "interrupted"
            may_end.set()
            answer = asked.result()
    assert answer.status == 200 and answer.header("x-session-persisted") == LATER
    wait_drained(gateway)
    (kept,) = other.history(answer.json()["session_id"])
    assert kept["status"] == "success" and kept["response"] == answer.json()
    again = other.invoke(PROMPT, key)
    assert again.header("idempotency-replayed") == "true" and again.body == answer.body
    assert len(runtime.requests) == 1


@pytest.mark.parametrize("what", ["throttles", "resets after", "has no table"])
def test_what_waits_for_the_store_outlives_a_kill(start_behind, start_runtime, store_proxy, tmp_path, what):
    runtime = start_runtime()
    settings = {"outbox": tmp_path / "outbox"}
    gateway = start_behind(runtime, **settings)
    ledger = Ledger()
    with store_proxy.failing(FAULTS[what]):
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
