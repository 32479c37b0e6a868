"""Clients that leave at each stage, read or send one byte at a time: their slots come back.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers.clients import sse_events
from peers.waiting import wait_until

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"
HEAD = (
    b"POST /api/v1/invoke HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
    b"Content-Length: 60\r\n\r\n"
)
QUICK = {"disconnect_grace_ms": 80, "total_timeout_ms": 60_000}


def leave(client, how):
    if how == "closes":
        client.close()
    elif how == "resets":
        client.reset()
    else:
        # Says that it will send nothing more: it may still read, and only then leaves.
        client.socket.shutdown(socket.SHUT_WR)
        client.close()


every_way = pytest.mark.parametrize("how", ["closes", "resets", "shuts down"])


@every_way
@pytest.mark.parametrize(
    "sent", [b"", b"P", HEAD[:30], HEAD[:-2], HEAD, HEAD + b'{"prompt":"Fli'], ids=[
        "at once", "after a byte", "in the head", "at the end of the head", "after the head", "in the body",
    ]
)  # fmt: skip
def test_leaves_before_its_request_is_whole(start_gateway, start_runtime, sent, how):
    runtime = start_runtime()
    gateway = start_gateway(runtime, **QUICK)
    for _ in range(10):
        client = gateway.raw()
        client.send(sent)
        leave(client, how)
    assert gateway.invoke().status == 200
    assert len(runtime.requests) == 1


@every_way
@pytest.mark.parametrize("streaming", [False, True], ids=["buffered", "streamed"])
def test_leaves_while_the_runtime_is_silent(start_gateway, start_runtime, streaming, how):
    async def script(peer):
        await peer.hang()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, **QUICK)
    clients = []
    for _ in range(5):
        client = gateway.raw()
        client.send_invoke({"prompt": PROMPT, "streaming": streaming})
        clients.append(client)
    wait_until(lambda: len(runtime.requests) == 5, "all run")
    for client in clients:
        leave(client, how)
    gateway.wait_idle()
    wait_until(lambda: runtime.open_sockets == 0, "the runtime is let go")


@every_way
def test_leaves_in_the_middle_of_a_stream(start_gateway, start_runtime, how):
    left = threading.Event()

    async def script(peer):
        for number in range(5):
            await peer.chunk("network", number=number)
        await peer.wait_for(left)
        while True:
            await peer.chunk("network", padding="x" * 1000)

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, **QUICK)
    client = gateway.raw()
    client.send_invoke({"prompt": PROMPT, "streaming": True})
    client.read_until(b'"seq":5')
    leave(client, how)
    left.set()
    gateway.wait_idle()


def test_leaves_while_it_waits_for_a_slot(start_gateway, start_runtime):
    async def script(peer):
        await peer.hang()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, max_concurrent_invocations=1, max_queued_invocations=10, **QUICK)
    clients = [gateway.raw() for _ in range(6)]
    for client in clients:
        client.send_invoke({"prompt": PROMPT})
    wait_until(lambda: gateway.slots() == (1, 5, 1), "one runs, five wait")
    for client in reversed(clients):
        client.reset()
    gateway.wait_idle()
    assert len(runtime.requests) <= 6


def test_leaves_while_it_waits_for_its_sessions_turn(start_gateway, start_runtime):
    async def script(peer):
        await peer.hang()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, **QUICK)
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    clients = [gateway.raw() for _ in range(4)]
    for client in clients:
        client.send_invoke({"prompt": PROMPT, "session_id": session})
    wait_until(lambda: sum(gateway.slots()[:2]) == 4, "one turn runs, three wait")
    for client in clients:
        client.close()
    gateway.wait_idle()


def test_an_answer_within_the_grace_is_still_remembered(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, disconnect_grace_ms=20_000)
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    client = gateway.raw()
    client.send_invoke({"prompt": PROMPT, "session_id": session})
    wait_until(lambda: len(runtime.requests) == 1, "it runs")
    client.close()
    may_end.set()
    # The slot is free before the answer is in the store: the history is what to wait for.
    wait_until(lambda: gateway.history(session), "it is remembered")
    assert [interaction["status"] for interaction in gateway.history(session)] == ["success"]


def test_a_client_that_stays_is_not_cancelled(start_gateway, start_runtime):
    """The grace must begin when the client leaves, not when the request does."""

    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, disconnect_grace_ms=1)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(gateway.invoke, streaming=streaming) for streaming in (False, True)]
        wait_until(lambda: len(runtime.requests) == 2, "both run")
        for _ in range(30):
            assert gateway.slots()[0] == 2
        may_end.set()
        assert answers[0].result().status == 200
        assert sse_events(answers[1].result().body)[-1]["type"] == "complete"


# -- slow readers ---------------------------------------------------------------------------------


def test_reads_nothing_while_the_runtime_says_much(start_gateway, start_runtime):
    """The journal takes what the runtime says: a slow reader holds no slot, and is cut in the end."""
    all_said = threading.Event()

    async def script(peer):
        for _ in range(200):
            await peer.chunk("network", padding="x" * 50_000)
        await peer.complete()
        all_said.set()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, write_timeout_ms=1000, **QUICK)
    before = gateway.open_sockets()
    with gateway.raw(receive_buffer=4096) as client:
        client.send_invoke({"prompt": PROMPT, "streaming": True})
        wait_until(all_said.is_set, "the runtime was not slowed down")
        gateway.wait_idle()
        assert gateway.invoke("A quick one beside it").status == 200
        wait_until(lambda: gateway.open_sockets() <= before, "who reads nothing is cut")


def test_reads_one_byte_at_a_time(start_gateway, start_runtime):
    async def script(peer):
        for _ in range(100):
            await peer.chunk("network", padding="x" * 50_000)
        await peer.complete()

    gateway = start_gateway(start_runtime(script), write_timeout_ms=1000, **QUICK)
    before = gateway.open_sockets()
    with gateway.raw(receive_buffer=4096) as client:
        client.send_invoke({"prompt": PROMPT, "streaming": True})
        gateway.wait_idle()

        for _ in range(100):
            assert client.socket.recv(1)
            assert gateway.slots()[0] == 0, "a slow reader holds no slot"
        assert gateway.invoke("A quick one beside it").status == 200
    wait_until(lambda: gateway.open_sockets() <= before, "nothing is left of it")


def test_a_slow_reader_gets_everything_if_it_keeps_reading(start_gateway, start_runtime):
    async def script(peer):
        for number in range(100):
            await peer.chunk("network", number=number, padding="x" * 20_000)
        await peer.complete()

    gateway = start_gateway(start_runtime(script), **QUICK)
    with gateway.raw(receive_buffer=4096) as slow:
        slow.send_invoke({"prompt": PROMPT, "streaming": True})
        gateway.wait_idle()
        quick = sse_events(gateway.invoke(streaming=True).body)
        slow.read_answer(head_only=True)
        body = b"".join(slow.read_chunks())
    events = sse_events(body)
    assert [event["seq"] for event in events] == list(range(102)) == [event["seq"] for event in quick]


def test_never_takes_its_buffered_answer(start_gateway, start_runtime):
    async def script(peer):
        await peer.complete({"assessment": {"padding": "x" * 10_000_000}})

    gateway = start_gateway(start_runtime(script, max_size=None), write_timeout_ms=500, **QUICK)
    before = gateway.open_sockets()
    with gateway.raw(receive_buffer=4096) as client:
        client.send_invoke({"prompt": PROMPT})
        gateway.wait_idle()
        wait_until(lambda: gateway.open_sockets() <= before, "who takes nothing is cut")


# -- slow senders ---------------------------------------------------------------------------------


def dribble(client, data, seconds):
    """Sends byte by byte, with pauses, until it is answered or cut; gives what it was told."""
    client.socket.settimeout(0.05)
    end = time.monotonic() + seconds
    for byte in data:
        try:
            client.send(bytes([byte]))
            return client.socket.recv(65536)
        except TimeoutError:
            if time.monotonic() > end:
                break
        except ConnectionError:
            return b""
    raise AssertionError("it was allowed to go on for ever")


def test_sends_its_head_one_byte_at_a_time(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), header_timeout_ms=400, **QUICK)
    with gateway.raw() as client:
        answer = dribble(client, b"GET /api/v1/health HTTP/1.1\r\n" + b"X: y\r\n" * 1000, 20)
        assert answer.startswith(b"HTTP/1.1 408 "), answer


def test_sends_its_body_one_byte_at_a_time(start_gateway, start_runtime):
    runtime = start_runtime()
    gateway = start_gateway(runtime, body_timeout_ms=400, **QUICK)
    with gateway.raw() as client:
        client.send(HEAD.replace(b"60", b"6000"))
        answer = dribble(client, json.dumps({"prompt": "x" * 5980}).encode(), 20)
        assert answer.startswith(b"HTTP/1.1 408 "), answer
    assert runtime.requests == []


def test_many_slow_senders_leave_room_for_others(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), header_timeout_ms=60_000, max_concurrent_invocations=1, **QUICK)
    slow = [gateway.raw() for _ in range(200)]
    for client in slow:
        client.send(b"POST /api/v1/invoke HTTP/1.1\r\n")
    started = time.monotonic()
    assert gateway.invoke().status == 200
    assert time.monotonic() - started < 25, "none of the slow ones was waited for"
    for client in slow:
        client.close()


# -- all at once ----------------------------------------------------------------------------------


def test_a_crowd_of_every_kind(start_gateway, start_runtime):
    """Hundreds of clients, each leaving or staying in its own way: who stays is answered."""

    async def script(peer):
        if "silent" in peer.request["payload"]["prompt"]:
            await peer.hang()
        await peer.chunk()
        await peer.complete()

    gateway = start_gateway(
        start_runtime(script), max_concurrent_invocations=20, max_queued_invocations=400, **QUICK
    )

    def one(number):
        kind = number % 6
        if kind == 0:
            return gateway.invoke(f"well behaved {number}", timeout=60).status == 200
        if kind == 1:
            return (
                sse_events(gateway.invoke(f"well behaved {number}", streaming=True, timeout=60).body)[-1][
                    "type"
                ]
                == "complete"
            )
        client = gateway.raw()
        prompt = f"silent client {number}" if kind in (2, 3) else f"leaving client {number}"
        client.send_invoke({"prompt": prompt, "streaming": kind % 2 == 0})
        if kind == 3:
            client.socket.settimeout(0.02)
            try:
                client.socket.recv(10)
            except TimeoutError:
                pass
        leave(client, ("closes", "resets", "shuts down")[number % 3])
        return True

    with ThreadPoolExecutor(40) as pool:
        assert all(pool.map(one, range(300)))
    gateway.wait_idle()
