"""Gateways on one DynamoDB that is away for all of them, or for one, or one of which stands still: who may be taken
for dead, and what that must not break."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from peers import fault_proxy
from peers.faulty_store import PROMPT, WELL_SECONDS, create_session, history, wait_drained
from peers.waiting import wait_until
from peers.witness import Witness

LEASE_MS = 2000


class Held:
    """A runtime's script: a run whose prompt ends with one of these words ends when its event is set."""

    def __init__(self, *words):
        self.witness = Witness()
        self.may_end = {word: threading.Event() for word in words}

    async def __call__(self, peer):
        with self.witness.run(peer) as run:
            await peer.chunk("cargo")
            for word, event in self.may_end.items():
                if run.prompt.endswith(word):
                    await peer.wait_for(event)
            self.witness.note_end(run)
            await peer.complete()


def test_an_outage_for_all_ends_nobodys_runs(start_behind, start_runtime, store_proxy, tmp_path):
    """Longer than any lease: then all have run out, and whoever sees that first must not bury the rest."""
    held = Held(PROMPT)
    runtime = start_runtime(held)
    lease_ms = 3000
    dead_seconds = 1.5 * lease_ms / 1000
    gateways = [start_behind(runtime, lease_ms=lease_ms, outbox=tmp_path / f"outbox-{n}") for n in range(3)]

    def first_alone(exchange):
        """The others' signs of life come later than its looks at them."""
        is_others = b"/outbox-1" in exchange.body or b"/outbox-2" in exchange.body
        if is_others and b"runners#" in exchange.body and exchange.headers["X-Amz-Target"].endswith("PutItem"):
            fault_proxy.fail(exchange)
        else:
            exchange.pass_on()

    # For so long that each of them could bury the others, if it did not know of the outage.
    time.sleep(1.2 * dead_seconds)
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(gateway.invoke, PROMPT, {"Idempotency-Key": f"order-{number}"}, 60)
            for number, gateway in enumerate(gateways)
        ]
        wait_until(lambda: len(runtime.requests) == 3, "all run")
        with store_proxy.failing(fault_proxy.fail):
            time.sleep(1.2 * dead_seconds)
        with store_proxy.failing(first_alone):
            time.sleep(0.6 * dead_seconds)
        time.sleep(1.2 * dead_seconds)
        assert [gateway.log_lines("gateway_dead") for gateway in gateways] == [[], [], []]
        held.may_end[PROMPT].set()
        answers = [run.result() for run in runs]
    assert [answer.status for answer in answers] == [200] * 3
    for gateway, answer in zip(gateways, answers):
        wait_drained(gateway)
        assert not gateway.log_lines("invocation_ended_elsewhere")
        (kept,) = history(gateways[0], answer.json()["session_id"])
        assert kept["status"] == "success" and kept["response"] == answer.json()


def test_one_failed_look_gives_nobody_a_held_turn(start_behind, start_shared, start_runtime, store_proxy):
    held = Held("first")
    witness = held.witness
    runtime = start_runtime(held)
    other, gateway = start_shared(runtime, lease_ms=600_000), start_behind(runtime)
    session = create_session(other)
    looks = []

    def fault(exchange):
        if b"turn_holder = :request" in exchange.body:
            looks.append(1)
            exchange.refuse(500, "InternalServerError", "The request processing has failed")
        else:
            exchange.pass_on()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(other.invoke, f"{PROMPT}, first", None, 60, session_id=session)
        wait_until(lambda: witness.count(f"{PROMPT}, first"), "the first turn runs")
        two = pool.submit(gateway.invoke, f"{PROMPT}, second", None, 60, session_id=session)
        wait_until(lambda: store_proxy.requests > 0, "the second one waits")
        time.sleep(2)
        with store_proxy.failing(fault):
            # Each of its looks is tried several times.
            wait_until(lambda: len(looks) > 10, "it cannot look")
            time.sleep(2)
        assert witness.count(f"{PROMPT}, second") == 0
        held.may_end["first"].set()
        assert [one.result().status, two.result().status] == [200, 200]
    assert not witness.overlaps


def test_one_that_stood_still_takes_nobodys_turn(start_shared, start_runtime):
    """It waited for a slot with a session's turn in its hand; taken for dead, it finds the turn another's."""
    held = Held("of the slot", "of the session")
    witness = held.witness
    runtime = start_runtime(held)
    paused = start_shared(runtime, lease_ms=LEASE_MS, max_concurrent_invocations=1)
    other = start_shared(runtime, lease_ms=LEASE_MS)
    session = create_session(other)
    with ThreadPoolExecutor(3) as pool:
        slot = pool.submit(paused.invoke, f"{PROMPT}, of the slot", None, 90)
        wait_until(lambda: len(witness.runs) == 1, "the slot is taken")
        waits = pool.submit(paused.invoke, f"{PROMPT}, that waits", None, 90, session_id=session)
        wait_until(lambda: paused.get("/api/v1/health").json()["invocations"]["queued"] == 1, "it waits for the slot")
        time.sleep(0.5)
        paused.signal(signal.SIGSTOP)
        try:
            taken = pool.submit(other.invoke, f"{PROMPT}, of the session", None, 90, session_id=session)
            wait_until(lambda: len(witness.runs) == 2, "another has its turn", WELL_SECONDS)
        finally:
            paused.signal(signal.SIGCONT)
        # Its slot is free again, and the session's turn is not.
        held.may_end["of the slot"].set()
        assert slot.result().status == 200
        time.sleep(2)
        assert len(witness.runs) == 2
        held.may_end["of the session"].set()
        statuses = [slot.result().status, waits.result().status, taken.result().status]
    assert statuses == [200] * 3
    assert not witness.overlaps


def test_throttled_data_do_not_brake_the_lease(start_behind, start_shared, start_runtime, store_proxy):
    """A hot partition makes requests few; that the gateway lives is said all the same."""

    def fault(exchange):
        (exchange.pass_on if b"runners#" in exchange.body else lambda: fault_proxy.throttle(exchange))()

    runtime = start_runtime()
    gateway, other = start_behind(runtime, lease_ms=LEASE_MS), start_shared(runtime, lease_ms=LEASE_MS)
    stop = threading.Event()

    def client():
        while not stop.is_set():
            gateway.invoke(timeout=60)

    with ThreadPoolExecutor(16) as pool:
        clients = [pool.submit(client) for _ in range(16)]
        try:
            with store_proxy.failing(fault):
                time.sleep(15)
                assert not other.log_lines("gateway_dead")
        finally:
            stop.set()
        for one in clients:
            one.result()
