"""Requests that arrive at DynamoDB and whose answers do not arrive here: nobody knows then what was done, and nothing is
done twice, hangs, or stays half done. And gateways that were away, and come back to what others did meanwhile."""

import contextlib
import signal
import threading

from peers.faulty_store import PROMPT, create_session, wait_drained
from peers.sse_reader import SseReader
from peers.waiting import wait_until
from peers.witness import Witness

LEASE_MS = 1_000


@contextlib.contextmanager
def answers_lost(store_proxy, *words, most=1_000):
    """Of requests with all these words in their body; gives a list of them."""
    lost = []

    def fault(exchange):
        if len(lost) >= most or not all(word in exchange.body for word in words):
            exchange.pass_on()
            return
        lost.append(exchange.body)
        exchange.ask()
        exchange.reset()

    with store_proxy.failing(fault):
        yield lost


def states(gateway):
    return [one["status"] for one in gateway.get("/api/v1/invocations").json()["invocations"]]


def test_a_stream_whose_begin_was_lost_is_told_and_leaves_nothing_open(start_behind, start_runtime, store_proxy):
    gateway = start_behind(start_runtime())
    with answers_lost(store_proxy, b'"accepted_at"', b'"runner"') as lost:
        answer = gateway.invoke(streaming=True)
    assert answer.status == 200 and lost
    wait_until(lambda: states(gateway) == [], "what began unheard is taken back")


def test_a_stream_whose_begin_was_lost_blocks_nobody_after_a_crash(
    start_behind, start_runtime, store_proxy, tmp_path
):
    runtime = start_runtime()
    # It never looks after what it left.
    settings = {"outbox": tmp_path / "outbox"}
    gateway = start_behind(runtime, probe_interval_ms=3_600_000, **settings)
    session = create_session(gateway)
    with answers_lost(store_proxy, b'"accepted_at"', b'"runner"') as lost:
        answer = gateway.invoke(streaming=True, session_id=session)
    assert answer.status == 200 and lost
    assert states(gateway) == ["running"]
    gateway.kill()
    gateway = start_behind(runtime, **settings)
    wait_until(lambda: states(gateway) == [], "what was left is ended")
    wait_drained(gateway)
    assert [one["status"] for one in gateway.history(session)] == ["success"]


def test_a_key_whose_claim_was_lost_is_free_for_its_repeat(start_behind, start_runtime, store_proxy):
    witness = Witness()
    gateway = start_behind(start_runtime(witness.answer_after(0)), probe_interval_ms=3_600_000)
    key = {"Idempotency-Key": "order-1"}
    with answers_lost(store_proxy, b'"held_by"') as lost:
        assert gateway.invoke(PROMPT, key).status == 503
    assert lost and witness.count(PROMPT) == 0
    assert gateway.invoke(PROMPT, key).status == 200
    assert gateway.invoke(PROMPT, key).status == 200
    assert witness.count(PROMPT) == 1


def test_a_session_is_erased_whose_erasure_was_lost_once(start_behind, start_runtime, store_proxy):
    gateway = start_behind(start_runtime())
    session = create_session(gateway)
    with answers_lost(store_proxy, b"erased_at = ", most=1) as lost:
        assert gateway.request("DELETE", f"/api/v1/sessions/{session}").status == 204
    assert len(lost) == 1
    assert gateway.get(f"/api/v1/sessions/{session}").status == 404


def test_a_reader_that_is_ahead_of_the_store_goes_on_at_another_gateway(
    start_behind, start_shared, start_runtime, store_proxy
):
    may_end = threading.Event()

    async def script(peer):
        for number in range(5):
            await peer.chunk("cargo", number=number)
        await peer.wait_for(may_end)
        await peer.chunk("cargo", number=5)
        await peer.complete()

    runtime = start_runtime(script)
    first, second = start_behind(runtime), start_shared(runtime, lease_ms=600_000)
    headers = {"Content-Type": "application/json", "Idempotency-Key": "order-1"}

    def keeps_no_chunk(exchange):
        if b'"chunks"' in exchange.body:
            exchange.refuse(500, "InternalServerError", "not now")
        else:
            exchange.pass_on()

    with store_proxy.failing(keeps_no_chunk):
        told = SseReader(first, "/api/v1/invoke", "POST", {"prompt": PROMPT, "streaming": True}, headers)
        wait_until(lambda: told.events and told.events[-1][0] == 5, "five chunks are told")
        resumed = SseReader(second, f"/api/v1/invocations/{told.request_id}/events?after=5")
        assert resumed.status == 200
    may_end.set()
    assert [seq for seq, _, _ in told.wait()][-2:] == [6, 7]
    assert [seq for seq, _, _ in resumed.wait()] == [6, 7]


def test_what_was_taken_for_dead_while_it_waited_runs_once(start_shared, start_runtime):
    """A machine that stands still for longer than its lease: another gateway frees the key of what waited there."""
    may_end = threading.Event()
    witness = Witness()

    async def script(peer):
        with witness.run(peer) as run:
            await peer.chunk("cargo")
            if "first" in run.prompt:
                await peer.wait_for(may_end)
            witness.note_end(run)
            await peer.complete()

    runtime = start_runtime(script)
    first = start_shared(runtime, max_concurrent_invocations=1, lease_ms=LEASE_MS)
    second = start_shared(runtime, lease_ms=LEASE_MS)
    key, no_wait = {"Idempotency-Key": "order-2"}, {"Prefer": "respond-async"}
    ahead = first.invoke(f"{PROMPT}, first", no_wait).json()
    wait_until(lambda: witness.count(f"{PROMPT}, first"), "the first one runs")
    waits = first.invoke(f"{PROMPT}, second", {**no_wait, **key}).json()
    first.signal(signal.SIGSTOP)
    second.wait_for_log("gateway_dead", 60)
    assert second.invoke(f"{PROMPT}, second", key).status == 200
    first.signal(signal.SIGCONT)
    may_end.set()

    def state(request):
        return second.get(f"/api/v1/invocations/{request['request_id']}").json()["status"]

    wait_until(lambda: state(ahead) == "success", "what ran is told as it ended, and no longer as interrupted")
    first.wait_for_log("invocation_failed")
    assert witness.count(f"{PROMPT}, second") == 1 and state(waits) == "interrupted"
