"""How the server ends: what runs may finish, nothing new begins, and the exit code says that all was well."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers.clients import sse_events
from peers.gateway_process import HARMLESS_SIGNALS
from peers.waiting import wait_until

INVOKE = {"prompt": "Flight EY283 from BKK to AUH is 3 hours late"}


def refuses_connections(gateway):
    try:
        gateway.raw().close()
        return False
    except ConnectionResetError:
        return False  # The listener went while it was being connected to; the next one is told.
    except ConnectionRefusedError:
        return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_running_invocations_finish(start_gateway, start_runtime, number):
    may_end = threading.Event()

    async def script(peer):
        await peer.chunk()
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    with ThreadPoolExecutor(4) as pool:
        buffered = pool.submit(gateway.invoke)
        streamed = pool.submit(gateway.invoke, streaming=True)
        wait_until(lambda: len(runtime.requests) == 2, "both run")
        gateway.signal(number)
        wait_until(lambda: refuses_connections(gateway), "new connections are refused")
        assert gateway.running, "it must wait for what runs"
        may_end.set()
        assert buffered.result().status == 200
        assert sse_events(streamed.result().body)[-1]["type"] == "complete"
    assert gateway.wait_exit() == 0


def test_queued_invocations_finish_too(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, max_concurrent_invocations=1)
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(gateway.invoke) for _ in range(3)]
        wait_until(lambda: gateway.slots() == (1, 2, 1), "one runs and two wait")
        gateway.signal(signal.SIGTERM)
        wait_until(lambda: refuses_connections(gateway), "new connections are refused")
        may_end.set()
        assert [answer.result().status for answer in answers] == [200] * 3
    assert gateway.wait_exit() == 0


def test_a_kept_connection_gets_no_new_invocation(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    with ThreadPoolExecutor(1) as pool, gateway.raw() as kept:
        running = pool.submit(gateway.invoke)
        wait_until(lambda: len(runtime.requests) == 1, "it runs")
        kept.send(
            b"POST /api/v1/invoke HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n"
            b"Content-Length: 41\r\n"
        )
        gateway.signal(signal.SIGTERM)
        wait_until(lambda: refuses_connections(gateway), "new connections are refused")
        try:
            kept.send(b'\r\n{"prompt":"too late for this, my friend"}')
            answer = kept.read_answer()
            assert (answer.status, answer.error_code) == (503, "SHUTTING_DOWN")
            assert answer.header("retry-after")
        except (EOFError, ConnectionError):
            pass  # Cut before its request was whole: it was never accepted.
        may_end.set()
        assert running.result().status == 200
    assert gateway.wait_exit() == 0
    assert len(runtime.requests) == 1


def test_does_not_wait_for_ever(start_gateway, start_runtime):
    async def script(peer):
        await peer.hang()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, drain_timeout_ms=300)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(gateway.invoke)
        wait_until(lambda: len(runtime.requests) == 1, "it runs")
        started = time.monotonic()
        gateway.signal(signal.SIGTERM)
        assert gateway.wait_exit() == 0
        assert time.monotonic() - started >= 0.3
        assert answer.result().status == 503
        assert answer.result().error_code in ("INTERRUPTED", "SHUTTING_DOWN", "CANCELLED")


def test_idle_connections_do_not_delay_the_end(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    idle = [gateway.raw() for _ in range(20)]
    started = time.monotonic()
    gateway.stop()
    assert time.monotonic() - started < 15, "nobody waits until an idle connection is closed for that"
    for client in idle:
        assert client.at_end()
        client.close()


def test_what_finished_while_stopping_is_remembered(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(gateway.invoke, session_id=session)
        wait_until(lambda: len(runtime.requests) == 1, "it runs")
        gateway.signal(signal.SIGTERM)
        wait_until(lambda: refuses_connections(gateway), "new connections are refused")
        may_end.set()
        body = answer.result().json()
    assert gateway.wait_exit() == 0
    again = start_gateway(runtime, database=gateway.database)
    assert [interaction["request_id"] for interaction in again.history(session)] == [body["request_id"]]


def test_an_answer_on_its_way_to_a_slow_reader_arrives(start_gateway, start_runtime):
    """Its run has ended; the way to the reader has what is left of the drain's time, not only a few seconds. It is
    longer than what the kernel keeps between the two."""
    chunks = 100

    async def script(peer):
        for number in range(chunks):
            await peer.chunk("network", number=number, padding="x" * 100_000)
        await peer.complete()

    gateway = start_gateway(start_runtime(script), drain_timeout_ms=300_000, write_timeout_ms=300_000)
    with gateway.raw(receive_buffer=4096) as slow:
        slow.send_invoke({"prompt": "EY283 is three hours late", "streaming": True})
        slow.read_answer(head_only=True)
        gateway.wait_idle()
        gateway.signal(signal.SIGTERM)
        time.sleep(4)  # Longer than what was told to end is waited for.
        events = sse_events(b"".join(slow.read_chunks()))
    assert [event["type"] for event in events].count("chunk") == chunks
    assert events[-1]["type"] == "complete"
    assert gateway.wait_exit() == 0


# -- before the end --------------------------------------------------------------------------------


def test_draining_is_seen_before_it_begins(start_gateway, start_runtime):
    """A balancer sees it, and what it still sends meanwhile is served. The delay is longer than any test run, so
    nothing here depends on how fast the machine is; a second signal cuts it short."""
    runtime = start_runtime()
    gateway = start_gateway(runtime, shutdown_delay_ms=3_600_000)
    assert gateway.get("/api/v1/health").status == 200
    gateway.signal(signal.SIGTERM)
    wait_until(lambda: gateway.get("/api/v1/health").status == 503, "health says that it goes")
    health = gateway.get("/api/v1/health").json()
    assert (health["status"], health["draining"]) == ("unhealthy", True)
    assert gateway.invoke().status == 200, "new work is still taken"
    assert sse_events(gateway.invoke(streaming=True).body)[-1]["type"] == "complete"
    gateway.signal(signal.SIGTERM)
    assert gateway.wait_exit() == 128 + signal.SIGTERM


def test_the_end_follows_the_announcement(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), shutdown_delay_ms=300)
    started = time.monotonic()
    gateway.signal(signal.SIGTERM)
    assert gateway.wait_exit() == 0
    assert time.monotonic() - started >= 0.3


# -- signals that end nothing ----------------------------------------------------------------------

def test_signals_that_mean_nothing_end_nothing(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.chunk()
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(gateway.invoke)
        wait_until(lambda: len(runtime.requests) == 1, "it runs")
        for number in HARMLESS_SIGNALS:
            gateway.signal(number)
        wait_until(lambda: "reloading" in gateway.stderr(), "the hangup was heard")
        may_end.set()
        assert answer.result().status == 200
    assert gateway.get("/api/v1/health").status == 200
    gateway.stop()


def test_a_hangup_reloads_the_limits(start_gateway, start_runtime, tmp_path):
    config = tmp_path / "gateway.toml"
    config.write_text("rate_limit = 1000\n")
    gateway = start_gateway(start_runtime(), arguments=["--config", str(config)])
    assert gateway.get("/api/v1/sessions").header("ratelimit-limit") == "1000"
    config.write_text("rate_limit = 77\n")
    gateway.signal(signal.SIGHUP)
    wait_until(
        lambda: gateway.get("/api/v1/sessions").header("ratelimit-limit") == "77", "the new limit is in force"
    )
