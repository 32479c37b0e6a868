"""A runtime that cannot be reached or says no: tried again only while it cannot have started.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import socket
import time

import pytest
from cases import CHUNK, COMPLETE, QUICK, Case, both_modes, refusal, run
from peers.clients import sse_events
from peers.raw_peer import close_frame, frame


REFUSALS = {
    "401": Case(refusal(401), 502, "RUNTIME_REFUSED"),
    "403": Case(refusal(403), 502, "RUNTIME_REFUSED"),
    "404": Case(refusal(404), 502, "RUNTIME_REFUSED"),
    "429": Case(refusal(429), 503, "RUNTIME_UNAVAILABLE", 3),
    "500": Case(refusal(500), 502, "CONNECTION_FAILED", 3),
    "502": Case(refusal(502), 502, "CONNECTION_FAILED", 3),
    "503": Case(refusal(503), 503, "RUNTIME_UNAVAILABLE", 3),
    "301 elsewhere": Case(refusal(301, "Location: ws://127.0.0.1:1/\r\n"), 502, "RUNTIME_REFUSED"),
    "200 instead of 101": Case(refusal(200), 502, "RUNTIME_REFUSED"),
}


@both_modes
@pytest.mark.parametrize("name", REFUSALS)
def test_refuses_the_handshake(start_gateway, start_raw_runtime, name, streaming):
    case = REFUSALS[name]
    runtime = start_raw_runtime(case.script)
    _, code, answer = run(start_gateway(runtime, **QUICK), streaming)
    assert code == case.code, answer
    assert runtime.attempts == case.attempts
    if not streaming:
        assert answer.status == case.status
        assert (answer.header("retry-after") is not None) == (case.status == 503)


@both_modes
def test_nobody_listens(start_gateway, streaming):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    _, code, answer = run(start_gateway(runtime_url=f"ws://127.0.0.1:{port}/ws", **QUICK), streaming)
    assert code == "CONNECTION_FAILED"
    assert streaming or answer.status == 502


def test_waits_longer_before_the_second_retry(start_gateway, start_raw_runtime):
    at = []

    def script(link):
        at.append(time.monotonic())
        link.answer_http(503)

    gateway = start_gateway(start_raw_runtime(script), **{**QUICK, "retry_delays_ms": "200,400"})
    assert run(gateway, False)[1] == "RUNTIME_UNAVAILABLE"
    first, second = at[1] - at[0], at[2] - at[1]
    assert 0.16 <= first < 0.4 and 0.32 <= second < 0.8, (first, second)


def test_an_unknown_name_is_a_failed_connection(start_gateway):
    _, code, answer = run(start_gateway(runtime_url="ws://does-not-exist.invalid/ws", **QUICK), False)
    # Where no name server answers at all, the connect timeout may come first.
    assert (answer.status, code) in ((502, "CONNECTION_FAILED"), (504, "TIMEOUT"))


def test_a_full_accept_queue_is_a_timeout(start_gateway):
    """A listener whose queue is full: the kernel leaves the connection half open."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        _, code, answer = run(start_gateway(runtime_url=f"ws://127.0.0.1:{port}/ws", **QUICK), False)
        assert (answer.status, code) == (504, "TIMEOUT")
        for filler in fillers:
            filler.close()


def after_refusals(count, refuse):
    """Refuses `count` times, then answers well."""
    refused = []

    def script(link):
        if len(refused) < count:
            refused.append(True)
            return refuse(link)
        link.read_invoke()
        link.send(frame(CHUNK) + frame(COMPLETE))
        return None

    return script


def close_with(code):
    def script(link):
        link.read_invoke()
        link.send(close_frame(code))

    return script


def reset_before_upgrade(link):
    link.read_head()
    link.reset()


def close_before_upgrade(link):
    link.read_head()
    link.close()


NOT_NOW = {
    "1012": close_with(1012),
    "1013": close_with(1013),
    "503": refusal(503),
    "500": refusal(500),
    "429": refusal(429),
    "reset before the upgrade": reset_before_upgrade,
    "end before the upgrade": close_before_upgrade,
}


@both_modes
@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("name", NOT_NOW)
def test_tries_again_while_the_runtime_cannot_have_started(
    start_gateway, start_raw_runtime, name, count, streaming
):
    runtime = start_raw_runtime(after_refusals(count, NOT_NOW[name]))
    _, code, answer = run(start_gateway(runtime, **QUICK), streaming)
    assert code is None, answer
    body = sse_events(answer.body)[-1]["data"] if streaming else answer.json()
    assert body["metadata"]["attempts"] == count + 1 == runtime.attempts


@pytest.mark.parametrize("name", NOT_NOW)
def test_tries_at_most_three_times(start_gateway, start_raw_runtime, name):
    runtime = start_raw_runtime(after_refusals(3, NOT_NOW[name]))
    status, _, _ = run(start_gateway(runtime, **QUICK), False)
    assert status in (502, 503)
    assert runtime.attempts == 3
