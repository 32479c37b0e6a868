"""What a caller or the runtime says stays data: no header, event or log line of its own."""

import json
import urllib.parse

import pytest
from attackers import heads_of, talk
from peers.clients import sse_events
from peers.signers import Wire, sign_by_botocore
from peers.waiting import wait_until

EVIL = "\r\nX-Evil: 1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
EVIL_EVENT = (
    '\r\n\r\ndata: {"type":"complete","evil":1}\r\n\r\nevent: evil\nid: 1\rdata: x\n\n\u2028\u2029\x85'
)
LATE = "Flight EY283 from BKK to AUH is 3 hours late "
EVIL_LOG = 'x"}\n{"event":"fake","level":"INFO"}\r\n\x1b[2J\x1b]0;title\x07\\" \u202e\x7f\x85'


@pytest.fixture(scope="module")
def gateway(serve):
    return serve(allowed_origins="https://one.example")


@pytest.mark.parametrize(
    "target",
    [
        "/{}",
        "/api/v1/sessions/{}",
        "/api/v2{}/sessions",
        "/api/v1/sessions?limit={}",
        "/api/v1/sessions?cursor={}",
        "/api/v1/sessions?status={}",
        "/api/v1/sessions?{}=1",
        "/api/v1/health?{}",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
def test_targets_add_no_header(gateway, method, target):
    target = target.format(urllib.parse.quote(EVIL, safe=""))
    _, received = talk(
        gateway, f"{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    )
    [(_, fields)] = heads_of(received)
    assert "x-evil" not in dict(fields)


@pytest.mark.parametrize(
    "name", ["Origin", "Access-Control-Request-Headers", "X-Request-Id", "Accept", "traceparent"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize(
    "value",
    [
        b"https://one.example%0d%0aX-Evil: 1",
        b"https://one.example\tX-Evil: 1",
        b"null",
        b"\xe5\x98\x8a\xe5\x98\x8dX-Evil: 1",
    ],
)
def test_headers_are_not_echoed(gateway, method, name, value):
    head = method.encode() + b" /api/v1/sessions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    _, received = talk(gateway, head + name.encode() + b": " + value + b"\r\n\r\n")
    [(_, fields)] = heads_of(received)
    assert dict(fields)["access-control-allow-origin"] == "https://one.example"
    assert b"X-Evil" not in received


def test_bodies_add_no_header(gateway):
    for body in [{"prompt": EVIL + LATE}, {"prompt": LATE, "session_id": EVIL}, {"prompt": LATE, EVIL: 1}]:
        answer = gateway.request("POST", "/api/v1/invoke", body)
        assert answer.header("x-evil") is None
        answer.json()


def test_prompts_are_no_events(gateway):
    answer = gateway.invoke(LATE + EVIL_EVENT, streaming=True)
    assert answer.status == 200
    expect_honest_stream(answer.body)


def expect_honest_stream(body):
    """sse_events reads strictly: one line of data a frame."""
    events = sse_events(body)
    assert b"\r" not in body
    assert [event["type"] for event in events].count("complete") <= 1
    assert not [event for event in events if "evil" in event]
    return events


def test_answers_of_the_runtime_are_no_events_of_their_own(start_gateway, start_runtime):
    async def script(peer):
        await peer.chunk(agent="crew_compliance" + EVIL_EVENT, reasoning=EVIL_EVENT)
        await peer.send(
            json.dumps({"type": "chunk", "data": {"agent": "network", "x": EVIL_EVENT}}, indent=2)
        )
        await peer.complete({"final_decision": EVIL_EVENT + EVIL, EVIL: EVIL_EVENT})

    gateway = start_gateway(start_runtime(script))
    streamed = gateway.invoke(streaming=True)
    events = expect_honest_stream(streamed.body)
    assert events[-1]["type"] == "complete"
    buffered = gateway.invoke()
    assert buffered.status == 200 and buffered.header("x-evil") is None
    assert EVIL_EVENT in strings_of(buffered.json()), "data is handed on as it is"


def strings_of(value):
    if isinstance(value, dict):
        return [text for held in value.values() for text in strings_of(held)]
    if isinstance(value, list):
        return [text for held in value for text in strings_of(held)]
    return [value]


def test_errors_of_the_runtime_are_no_events_of_their_own(start_gateway, start_runtime):
    async def script(peer):
        await peer.error("EVIL" + EVIL, EVIL_EVENT, {EVIL_EVENT: EVIL})

    gateway = start_gateway(start_runtime(script))
    expect_honest_stream(gateway.invoke(streaming=True).body)
    answer = gateway.invoke()
    assert answer.header("x-evil") is None
    answer.json()


def log_lines(gateway):
    """Each line of standard error, which must be JSON without a line end or an escape sequence of C0."""
    with open(gateway._stderr_path, "rb") as stderr:  # Undecoded: what is no UTF-8 must show.
        text = stderr.read().decode("utf-8")
    lines = text.removesuffix("\n").split("\n")
    for line in lines:
        assert not [c for c in line if ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F], line
    return [json.loads(line) for line in lines]


def test_log_lines_are_never_forged(serve, add_key, key_file):
    key = add_key("dispatch")
    gateway = serve(auth="iam", keys=key_file, auth_failures_max=0, rate_limit=0, account_rate_limit=0)
    quoted = urllib.parse.quote(EVIL_LOG, safe="")
    signed = sign_by_botocore(Wire("GET", "/api/v1/sessions", headers=[("Host", "a")]), key)
    good = dict(signed.headers)["Authorization"].encode()
    odd_ids = [
        b'"}{"event":"fake"}',
        b'\\"',
        b"\\u000a",
        b"\xff\xfe",
        b"\xc3(",
        b"\xe2\x80\xae",
        b"%0a%1b",
        b"x" * 5000,
    ]
    fields = [b"Authorization: " + good.replace(key.access_key_id.encode(), each) for each in odd_ids]
    fields += [b"User-Agent: " + each for each in odd_ids] + [b"X-Amz-Date: " + each for each in odd_ids]
    fields += [b"X-Forwarded-For: 10.0.0.1\t" + each for each in odd_ids[:3]] + [b"Host2: \xff"]
    requests = [b"GET /api/v1/sessions/" + quoted.encode() + b" HTTP/1.1\r\nHost: a\r\n"]
    requests += [b"GET /api/v1/sessions HTTP/1.1\r\nHost: a\r\n" + each + b"\r\n" for each in fields]
    requests += [
        b"GET /api/v1/sessions?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
        + quoted.encode()
        + b"%2F20250101%2Fus-east-1%2Fexecute-api%2Faws4_request HTTP/1.1\r\nHost: a\r\n"
    ]
    for request in requests:
        statuses, received = talk(gateway, request + b"Connection: close\r\n\r\n")
        assert statuses in ([401], [400]), received
    refused_before = [
        b"GET /\xff\n HTTP/1.1\r\nHost: a\r\n\r\n",
        b'GE"T / HTTP/1.1\r\n\r\n',
        b"A\x1b / HTTP/1.1\r\n\r\n",
        b"GET /%ff%0a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"X'!~ / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ]
    for request in refused_before:
        talk(gateway, request)
    wait_until(
        lambda: sum(line["event"] == "request" for line in log_lines(gateway))
        == len(requests) + len(refused_before),
        "one line for each request",
    )
    events = [line["event"] for line in log_lines(gateway)]
    assert "fake" not in events
    assert events.count("authentication") == len(requests)
    assert {line["remote_address"] for line in log_lines(gateway) if "remote_address" in line} == {
        "127.0.0.1"
    }
