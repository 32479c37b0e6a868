"""A runtime that cannot be reached or says no: tried again only while it cannot have started.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import email.utils
import json
import socket
import time

import pytest
from cases import CHUNK, COMPLETE, PATIENT, QUICK, Case, both_modes, error_details, refusal, run
from peers.clients import sse_events
from peers.raw_peer import close_frame, frame
from peers.waiting import wait_until


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
    _, code, answer = run(start_gateway(runtime, **PATIENT), streaming)
    assert code == case.code, answer
    assert runtime.attempts == case.attempts
    if not streaming:
        assert answer.status == case.status
        assert (answer.header("retry-after") is not None) == (case.status == 503)


@both_modes
def test_nobody_listens(start_gateway, streaming):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    _, code, answer = run(start_gateway(runtime_url=f"ws://127.0.0.1:{port}/ws", **PATIENT), streaming)
    assert code == "CONNECTION_FAILED"
    assert streaming or answer.status == 502


def test_strangers_are_not_told_where_the_runtime_is(start_gateway):
    """Nor are callers: the address is in the log."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway = start_gateway(
        runtime_url=f"ws://localhost:{port}/ws", probe_interval_ms=20, **PATIENT
    )
    _, code, answer = run(gateway, False)
    assert code == "CONNECTION_FAILED"
    health = wait_until(
        lambda: (found := gateway.get("/api/v1/health")).status == 503 and found, "health knows it"
    )
    runtime = health.json()["dependencies"]["runtime"]
    assert runtime["status"] == "down" and runtime["error_message"]
    for body in (answer.body, health.body):
        text = body.decode()
        assert f":{port}" not in text and "localhost" not in text and "127.0.0.1" not in text, text
    for event in ("runtime_failed", "runtime_unreachable"):
        assert f"localhost:{port}" in json.dumps(gateway.wait_for_log(event)[0])
    assert len(gateway.wait_for_log("runtime_unreachable")) == 1, "a state is told once, not at each probe"


REFUSAL_WORDS = {
    "400 with a JSON body": (
        400, "", '{"message":"unknown agent"}', 502, "RUNTIME_REFUSED",
        {"http_status": 400, "body": '{"message":"unknown agent"}'}, None,
    ),
    "429 with Retry-After": (
        429, "Retry-After: 17\r\n", "slow down", 503, "RUNTIME_UNAVAILABLE",
        {"http_status": 429, "body": "slow down", "retry_after": 17}, "17",
    ),
    "503 without Retry-After": (
        503, "", "busy", 503, "RUNTIME_UNAVAILABLE", {"http_status": 503, "body": "busy"}, "5",
    ),
    "503 with a Retry-After of days": (
        503, "Retry-After: 864000\r\n", "", 503, "RUNTIME_UNAVAILABLE",
        {"http_status": 503, "retry_after": 3600}, "3600",
    ),
    "401 with control characters": (
        401, "", "no\x1b[31m token\x07", 502, "RUNTIME_REFUSED",
        {"http_status": 401, "body": "no[31m token"}, None,
    ),
    "500 with a long page": (
        500, "", "x" * 5000, 502, "CONNECTION_FAILED", {"http_status": 500, "body": "x" * 1024}, None,
    ),
}  # fmt: skip


@both_modes
@pytest.mark.parametrize("name", REFUSAL_WORDS)
def test_the_words_of_a_refusal_reach_the_caller(start_gateway, start_raw_runtime, name, streaming):
    refused, fields, body, status, code, words, retry_after = REFUSAL_WORDS[name]
    runtime = start_raw_runtime(lambda link: link.answer_http(refused, fields=fields, body=body))
    gateway = start_gateway(runtime, **PATIENT)
    _, found, answer = run(gateway, streaming)
    assert found == code
    assert error_details(answer, streaming)["runtime"] == words
    if not streaming:
        assert (answer.status, answer.header("retry-after")) == (status, retry_after)
    assert words.get("body", "") in gateway.wait_for_log("runtime_failed")[0]["cause"]


def test_a_retry_after_may_be_a_date(start_gateway, start_raw_runtime):
    def script(link):
        at = email.utils.formatdate(time.time() + 100, usegmt=True)
        link.answer_http(429, fields=f"Retry-After: {at}\r\n")

    _, _, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), False)
    assert 40 < int(answer.header("retry-after")) <= 100


def test_waits_longer_before_the_second_retry(start_gateway, start_raw_runtime):
    at = []

    def script(link):
        at.append(time.monotonic())
        link.answer_http(503)

    gateway = start_gateway(start_raw_runtime(script), **{**PATIENT, "retry_delays_ms": "100,800"})
    assert run(gateway, False)[1] == "RUNTIME_UNAVAILABLE"
    first, second = at[1] - at[0], at[2] - at[1]
    # A fifth of a delay is left to chance.
    assert first >= 0.08 and second >= 0.64, (first, second)


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
    _, code, answer = run(start_gateway(runtime, **PATIENT), streaming)
    assert code is None, answer
    body = sse_events(answer.body)[-1]["data"] if streaming else answer.json()
    assert body["metadata"]["attempts"] == count + 1 == runtime.attempts


@pytest.mark.parametrize("name", NOT_NOW)
def test_tries_at_most_three_times(start_gateway, start_raw_runtime, name):
    runtime = start_raw_runtime(after_refusals(3, NOT_NOW[name]))
    status, _, _ = run(start_gateway(runtime, **PATIENT), False)
    assert status in (502, 503)
    assert runtime.attempts == 3
