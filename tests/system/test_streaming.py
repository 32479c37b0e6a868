"""The event stream, byte by byte, with curl and a bare socket as readers."""

import asyncio
import json
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers.clients import curl_json, sse_events, sse_frames
from peers.fake_runtime import PATIENCE_SECONDS

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"


@pytest.mark.parametrize(
    ("fields", "arguments"), [({"streaming": True}, []), ({}, ["-H", "Accept: text/event-stream"])]
)
def test_streams_when_asked_by_body_or_header(start_gateway, start_runtime, fields, arguments):
    gateway = start_gateway(start_runtime())
    answer = curl_json(f"{gateway.url}/api/v1/invoke", {"prompt": PROMPT, **fields}, *arguments)
    assert answer.status == 200
    assert answer.header("content-type") == "text/event-stream; charset=utf-8"
    assert answer.header("cache-control") == "no-cache"
    assert answer.header("x-accel-buffering") == "no"
    assert answer.header("x-api-version") == "v1" and answer.header("access-control-allow-origin")

    events = sse_events(answer.body)
    assert [event["type"] for event in events] == ["metadata", "chunk", "chunk", "complete"]
    assert [event["seq"] for event in events] == [0, 1, 2, 3]
    metadata, first, _, complete = events
    assert metadata["request_id"] == answer.header("x-request-id")
    assert set(metadata) == {"type", "seq", "request_id", "session_id", "events_url"}
    assert gateway.request("GET", metadata["events_url"]).status == 200, "nothing is promised that is not there"
    assert first["data"] == {
        "agent": "crew_compliance",
        "status": "approved",
        "partial_result": {"confidence": 0.9},
    }
    assert complete["data"]["status"] == "success"
    assert complete["data"]["request_id"] == metadata["request_id"]
    assert complete["data"]["session_id"] == metadata["session_id"]
    assert complete["execution_time_ms"] == complete["data"]["execution_time_ms"]


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("text/event-stream;q=0.5, application/json", False),
        ("text/event-stream, application/json;q=0.5", True),
        ("application/json, text/event-stream", False),
        ("text/event-stream, */*;q=0.1", True),
        ("*/*", False),
        ("text/event-stream;q=0", False),
        ("application/json;q=0.2, text/*;q=0.3", True),
    ],
)
def test_accept_is_read_with_its_weights(start_gateway, start_runtime, accept, streams):
    gateway = start_gateway(start_runtime())
    answer = gateway.invoke(headers={"Accept": accept})
    assert answer.status == 200
    assert answer.header("content-type").startswith("text/event-stream" if streams else "application/json")


def test_what_the_body_says_stands_above_accept(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    for streaming, accept in [(False, "text/event-stream"), (True, "application/json")]:
        answer = gateway.invoke(streaming=streaming, headers={"Accept": accept})
        assert answer.status == 200
        expected = "text/event-stream" if streaming else "application/json"
        assert answer.header("content-type").startswith(expected), accept


SEPARATORS = "a\u0085b\u2028c\u2029d"


def test_readers_that_split_lines_at_every_separator_are_not_broken(start_gateway, start_runtime):
    """Python's str.splitlines() is such a reader; what it reads has the runtime's value all the same."""

    async def say(peer, message):
        await peer.send(json.dumps(message, ensure_ascii=False))

    async def script(peer):
        if peer.request["payload"]["prompt"].startswith("fail"):
            await say(peer, {"type": "error", "error": {"code": "X", "message": SEPARATORS}})
            return
        chunk = {"agent": "cargo", "status": "approved", "partial_result": {SEPARATORS: SEPARATORS}}
        await say(peer, {"type": "chunk", "data": chunk})
        await say(peer, {"type": "complete", "data": {"assessment": {SEPARATORS: [SEPARATORS, {}]}}})

    gateway = start_gateway(start_runtime(script))
    for prompt in ("let this go well", "fail if you please"):
        answer = gateway.invoke(prompt, streaming=True)
        lines = answer.body.decode().splitlines()
        assert all(line == "" or line.startswith("data: ") for line in lines), lines
        events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
        if prompt.startswith("fail"):
            assert events[-1]["type"] == "error"
            continue
        assert events[1]["data"]["partial_result"] == {SEPARATORS: SEPARATORS}
        assert events[-1]["data"]["assessment"] == {SEPARATORS: [SEPARATORS, {}]}
        buffered = gateway.invoke(prompt).json()
        assert buffered["assessment"] == events[-1]["data"]["assessment"]
        remembered = gateway.history(buffered["session_id"])[0]["response"]
        assert remembered["assessment"] == buffered["assessment"]


def test_ends_with_an_error_event(start_gateway, start_runtime):
    async def script(peer):
        await peer.chunk()
        await peer.error("MODEL_CRASHED", "no more tokens")

    answer = start_gateway(start_runtime(script)).invoke(streaming=True)
    assert answer.status == 200
    last = sse_events(answer.body)[-1]
    assert last["type"] == "error" and last["seq"] == 2 and last["error_code"] == "RUNTIME_ERROR"
    assert last["request_id"] == answer.header("x-request-id") and last["error_message"]
    assert set(last["error"]) == {"code", "message", "details"}


def test_refuses_a_bad_request_before_the_stream_begins(start_gateway, start_runtime):
    answer = start_gateway(start_runtime()).invoke("short", streaming=True)
    assert answer.status == 400 and answer.error_code == "INVALID_REQUEST"
    assert answer.header("content-type").startswith("application/json")


def test_passes_each_chunk_on_before_the_next_is_made(start_gateway, start_runtime):
    seen = [threading.Event() for _ in range(5)]

    async def script(peer):
        for number, event in enumerate(seen):
            await peer.chunk("network", number=number)
            await peer.wait_for(event)
        await peer.complete()

    gateway = start_gateway(start_runtime(script))
    body = json.dumps({"prompt": PROMPT, "streaming": True})
    curl = subprocess.Popen(
        [
            "curl",
            "-sSNq",
            "--max-time",
            str(PATIENCE_SECONDS),
            "-H",
            "Content-Type: application/json",
            "-d",
            body,
            f"{gateway.url}/api/v1/invoke",
        ],
        stdout=subprocess.PIPE,
    )
    numbers = []
    for line in curl.stdout:
        if not line.startswith(b"data: "):
            continue
        event = json.loads(line.removeprefix(b"data: "))
        if event["type"] == "chunk":
            numbers.append(event["data"]["partial_result"]["number"])
            seen[numbers[-1]].set()
    assert curl.wait() == 0
    assert numbers == [0, 1, 2, 3, 4]


def test_sends_metadata_before_the_runtime_says_anything(start_gateway, start_runtime):
    metadata_seen = threading.Event()

    async def script(peer):
        await peer.wait_for(metadata_seen)
        await peer.complete()

    gateway = start_gateway(start_runtime(script))
    with gateway.raw() as client:
        client.send_invoke({"prompt": PROMPT, "streaming": True})
        head = client.read_answer(head_only=True)
        assert head.status == 200
        pieces = client.read_chunks()
        assert json.loads(next(pieces).removeprefix(b"data: "))["type"] == "metadata"
        metadata_seen.set()
        assert sse_events(b"".join(pieces))[-1]["type"] == "complete"


def test_keeps_a_silent_stream_alive(start_gateway, start_runtime):
    enough = threading.Event()

    async def script(peer):
        await peer.wait_for(enough)
        await peer.chunk()
        await peer.complete()

    gateway = start_gateway(start_runtime(script), keep_alive_ms=50)
    with gateway.raw() as client:
        client.send_invoke({"prompt": PROMPT, "streaming": True})
        client.read_answer(head_only=True)
        body = b""
        for piece in client.read_chunks():
            body += piece
            if body.count(b": keep-alive\n\n") >= 3:
                enough.set()
    frames = sse_frames(body)
    assert frames[1:4] == [": keep-alive"] * 3, frames
    assert [event["seq"] for event in sse_events(body)] == [0, 1, 2]


def test_writes_a_message_of_many_lines_as_one(start_gateway, start_runtime):
    async def script(peer):
        await peer.send('{\r\n  "type": "chunk",\n  "data": {\n\t"agent": "cargo",\n "text": "a\\nb" }\n}')
        await peer.send('{"type":"complete","data":{"assessment":{\n"lines":\r[1,\n2]}}}')

    answer = start_gateway(start_runtime(script)).invoke(streaming=True)
    events = sse_events(answer.body)
    assert events[1]["data"] == {"agent": "cargo", "text": "a\nb"}
    assert events[2]["data"]["assessment"] == {"lines": [1, 2]}


def test_streams_many_chunks_in_order(start_gateway, start_runtime):
    async def script(peer):
        for number in range(2000):
            await peer.chunk("finance", number=number, padding="x" * 300)
        await peer.complete()

    answer = start_gateway(start_runtime(script)).invoke(streaming=True)
    events = sse_events(answer.body)
    assert [event["seq"] for event in events] == list(range(2002))
    assert [event["data"]["partial_result"]["number"] for event in events[1:-1]] == list(range(2000))


def test_keeps_the_connection_for_the_next_request(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    with gateway.raw() as client:
        for _ in range(3):
            client.send_invoke({"prompt": PROMPT, "streaming": True})
            assert sse_events(client.read_answer().body)[-1]["type"] == "complete"
        client.send_invoke({"prompt": PROMPT})
        assert client.read_answer().json()["status"] == "success"


def test_many_streams_at_once_do_not_mix(start_gateway, start_runtime):
    async def script(peer):
        name = peer.request["payload"]["prompt"]
        for number in range(5):
            await peer.chunk("cargo", name=name, number=number)
            await asyncio.sleep(0)
        await peer.complete({"assessment": {"name": name}})

    gateway = start_gateway(start_runtime(script))

    def stream(number):
        name = f"stream number {number:04}"
        events = sse_events(gateway.invoke(name, streaming=True).body)
        assert [event["data"]["partial_result"] for event in events[1:-1]] == [
            {"name": name, "number": k} for k in range(5)
        ]
        assert events[-1]["data"]["assessment"] == {"name": name}

    with ThreadPoolExecutor(25) as pool:
        list(pool.map(stream, range(75)))
