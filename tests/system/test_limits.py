"""Requests that are too large, too slow, or no HTTP at all."""

import time

import pytest
from peers.clients import curl, curl_json, expect_problem

HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: gateway\r\n\r\n"


@pytest.fixture
def gateway(start_gateway, start_runtime):
    return start_gateway(start_runtime())


def test_refuses_a_large_body_by_its_length_before_reading_it(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), body_bytes_max=2048)
    with gateway.raw() as client:
        client.send(
            b"POST /api/v1/invoke HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            b"Content-Length: 2049\r\n\r\n"
        )
        expect_problem(client.read_answer(), 413, "PAYLOAD_TOO_LARGE")


def test_refuses_a_large_body_by_its_length_instead_of_saying_continue(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), body_bytes_max=2048)
    answer = curl_json(f"{gateway.url}/api/v1/invoke", b"x" * 3_000_000, "-H", "Expect: 100-continue")
    expect_problem(answer, 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("extra", [[], ["-H", "Transfer-Encoding: chunked"]])
def test_refuses_a_large_body_however_it_comes(start_gateway, start_runtime, extra):
    gateway = start_gateway(start_runtime(), body_bytes_max=2048)
    answer = curl_json(f"{gateway.url}/api/v1/invoke", b"x" * 5000, "-H", "Expect:", *extra)
    expect_problem(answer, 413, "PAYLOAD_TOO_LARGE")


def test_takes_a_body_of_the_largest_size(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), body_bytes_max=2048)
    body = b'{"prompt":"flight is late today"'.ljust(2047) + b"}"
    assert curl_json(f"{gateway.url}/api/v1/invoke", body).status == 200
    assert curl_json(f"{gateway.url}/api/v1/invoke", body + b" ").status == 413


def test_refuses_a_long_target(gateway):
    answer = curl(f"{gateway.url}/api/v1/sessions?cursor={'x' * 9000}")
    expect_problem(answer, 414, answer.json()["error_code"])
    answer = curl(f"{gateway.url}/{'x' * 100_000}")
    expect_problem(answer, 414, answer.json()["error_code"])


def test_refuses_large_headers(gateway):
    answer = curl(f"{gateway.url}/api/v1/health", "-H", "X-Large: " + "x" * 60_000)
    expect_problem(answer, 431, answer.json()["error_code"])
    many = [part for number in range(2000) for part in ("-H", f"X-Number-{number}: x")]
    answer = curl(f"{gateway.url}/api/v1/health", *many)
    expect_problem(answer, 431, answer.json()["error_code"])


def test_cuts_who_sends_the_head_too_slowly(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), header_timeout_ms=300)
    with gateway.raw() as client:
        client.send(HEALTH[:20])
        expect_problem(client.read_answer(), 408, "REQUEST_TIMEOUT")
        assert client.at_end()


def test_cuts_who_sends_the_body_too_slowly(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), body_timeout_ms=300)
    with gateway.raw() as client:
        client.send(
            b"POST /api/v1/invoke HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"prompt'
        )
        expect_problem(client.read_answer(), 408, "REQUEST_TIMEOUT")
        assert client.at_end()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\r\n\r\n\r\nnonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64 + b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /api/v1/health\r\n\r\n",
        b"GET /api/v1/health HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\nBad\x00Name: x\r\n\r\n",
        b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
        b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\n",
        b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked, x\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_and_cut(gateway, request_bytes):
    with gateway.raw() as client:
        client.send(request_bytes)
        answer = client.read_answer()
        assert answer.status in (400, 413, 501, 505), answer
        assert client.at_end(), "who cannot be understood must not be listened to any longer"


def test_two_readings_of_one_request_are_not_possible(start_gateway, start_runtime):
    """A body with a second request inside, framed in two ways, must never be read as two requests."""
    runtime = start_runtime()
    gateway = start_gateway(runtime)
    inner = b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n\r\n"
    with gateway.raw() as client:
        client.send(
            b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
            + str(len(inner) + 5).encode()
            + b"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + inner
        )
        answer = client.read_answer()
        assert answer.status == 400
        assert client.at_end()
    assert runtime.requests == []


def test_a_client_that_only_connects_costs_nothing(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(), max_concurrent_invocations=1)
    idle = [gateway.raw() for _ in range(50)]
    started = time.monotonic()
    assert gateway.invoke().status == 200
    assert time.monotonic() - started < 25, "none of the idle ones was waited for"
    for client in idle:
        client.close()
