"""The runtime's side of the WebSocket in every form that RFC 6455 allows, and values passed on exactly."""

import asyncio
import json

import pytest
from peers.clients import sse_frames
from peers.fake_runtime import answer_with

# Text that any JSON library would rewrite: digits, exponents, escapes, key order, duplicates, white space.
EXACT_VALUES = [
    "1.0",
    "-0",
    "-0.0",
    "1E+2",
    "1e400",
    "0.1000",
    "18446744073709551616",
    "9" * 400,
    "0." + "3" * 400,
    '"\\u0041\\/\\u00e9\\ud83d\\ude00"',
    '"é😀\\b\\f\\n\\r\\t\\\\\\""',
    '""',
    "[]",
    "{}",
    "[ 1 ,2,\t3 ]",
    '{"z":1,"a":2,"m":{"z":1,"a":2}}',
    '{"a":1,"a":2}',
    '{"":null}',
    "true",
    "null",
    '"\\ud800"',
    "[" * 100 + "]" * 100,
]


def exact_object(padding=0):
    members = [f'"member {number}" : {value}' for number, value in enumerate(EXACT_VALUES)]
    if padding:
        members.append(f'"padding":"{"x" * padding}"')
    return "{ " + " , ".join(members) + " }"


def one_line(text):
    return text.replace("\n", "").replace("\r", "")


@pytest.mark.parametrize("padding", [0, 200_000, 5_000_000])
def test_passes_the_assessment_on_byte_for_byte(start_gateway, start_runtime, padding):
    exact = exact_object(padding)

    async def script(peer):
        await peer.send(
            '{"type":"complete","data":{"other":1,"assessment":' + exact + ',"recommendations":[1.0,"a"]}}'
        )

    gateway = start_gateway(start_runtime(script, max_size=None))
    answer = gateway.invoke()
    assert answer.status == 200
    assert b'"assessment":' + exact.encode() in answer.body
    assert b'"recommendations":[1.0,"a"]' in answer.body
    history = gateway.get(f"/api/v1/sessions/{answer.header('x-session') or answer.json()['session_id']}")
    assert (
        b'"response":' + answer.body.strip() in history.body
    ), "what is remembered differs from what was sent"


def test_passes_chunks_on_byte_for_byte(start_gateway, start_runtime):
    exact = exact_object()

    async def script(peer):
        await peer.send('{"data":' + exact + ',"type":"chunk"}')
        await peer.send('{"type":"complete","data":{"assessment":' + exact + "}}")

    answer = start_gateway(start_runtime(script)).invoke(streaming=True)
    frames = sse_frames(answer.body)
    assert frames[1] == 'data: {"type":"chunk","seq":1,"data":' + exact + "}"
    assert '"assessment":' + exact in frames[2]


def test_keeps_what_it_does_not_know(start_gateway, start_runtime):
    data = {
        "assessment": {"a": [1, {"b": None}]},
        "safety_phase": {"agents": {"crew_compliance": {"x": 1}}, "new": True},
        "business_phase": {"agents": {}, "constraints": ["c"]},
        "final_decision": "approved",
        "recommendations": [{"score": 0.5}],
        "unknown": {"kept": "yes"},
    }
    body = start_gateway(start_runtime(answer_with(data))).invoke().json()
    for name in ("assessment", "safety_phase", "business_phase", "recommendations"):
        for key, value in data[name].items() if isinstance(data[name], dict) else ():
            assert body[name][key] == value, name
    assert body["recommendations"] == data["recommendations"]
    assert "kept" in json.dumps(body), "nothing may be lost"


def test_takes_fragments_of_one_byte(start_gateway, start_runtime):
    message = json.dumps(
        {"type": "complete", "data": {"assessment": {"text": "é😀" * 50}}}, ensure_ascii=False
    )

    async def script(peer):
        await peer.send([bytes([byte]) for byte in b'{"type":"chunk","data":{"agent":"cargo"}}'])
        # Fragments need not end where characters do, so they go out as bytes.
        await peer.send([bytes([byte]) for byte in message.encode()])

    answer = start_gateway(start_runtime(script)).invoke()
    assert answer.status == 200 and answer.json()["assessment"] == {"text": "é😀" * 50}


def test_takes_text_fragments_of_one_character(start_gateway, start_runtime):
    async def script(peer):
        await peer.send(list(json.dumps({"type": "complete", "data": {"assessment": {"by": "text"}}})))

    assert start_gateway(start_runtime(script)).invoke().json()["assessment"] == {"by": "text"}


def test_takes_json_in_binary_frames(start_gateway, start_runtime):
    async def script(peer):
        await peer.send(b'{"type":"chunk","data":{"agent":"cargo"}}')
        await peer.send('{"type":"complete","data":{"assessment":{"text":"é"}}}'.encode())

    assert start_gateway(start_runtime(script)).invoke().json()["assessment"] == {"text": "é"}


def test_answers_pings_at_any_time(start_gateway, start_runtime):
    answered = []

    async def ping(peer):
        await asyncio.wait_for(await peer.socket.ping(), 10)
        answered.append(True)

    async def script(peer):
        await ping(peer)

        async def fragments():
            yield '{"type":"chunk",'
            await ping(peer)
            yield '"data":{"agent":"cargo"}}'

        await peer.socket.send(fragments())
        await peer.socket.pong(b"nobody asked")
        await ping(peer)
        await peer.complete()

    assert start_gateway(start_runtime(script)).invoke().status == 200
    assert len(answered) == 3


def test_pings_a_silent_runtime(start_gateway, start_runtime):
    async def script(peer):
        pongs = 0
        original = peer.socket.pong

        async def count(*arguments):
            nonlocal pongs
            pongs += 1
            await original(*arguments)

        peer.socket.pong = count
        while pongs < 5:
            await asyncio.sleep(0.01)
        await peer.complete({"assessment": {"pings": pongs}})

    answer = start_gateway(start_runtime(script), ping_interval_ms=40).invoke()
    assert answer.status == 200 and answer.json()["assessment"]["pings"] >= 5


def test_journals_messages_of_unknown_type(start_gateway, start_runtime):
    async def script(peer):
        await peer.send({"type": "progress", "data": {"percent": 10}})
        await peer.send({"type": "progress", "data": {"percent": 20}})
        await peer.complete()

    gateway = start_gateway(start_runtime(script))
    frames = sse_frames(gateway.invoke(streaming=True).body)
    events = [json.loads(frame.removeprefix("data: ")) for frame in frames]
    assert [event["seq"] for event in events] == [0, 1, 2, 3]
    assert "10" in frames[1] and "20" in frames[2]
    assert gateway.stderr().count("runtime_message_of_unknown_type") == 1


def test_sends_large_prompts_whole(start_gateway, start_runtime):
    prompt = "😀" * 10_000
    runtime = start_runtime()
    assert start_gateway(runtime).invoke(prompt).status == 200
    assert runtime.requests[0]["payload"]["prompt"] == prompt


def test_closes_the_connection_before_it_answers(start_gateway, start_runtime):
    runtime = start_runtime()
    gateway = start_gateway(runtime)
    for _ in range(20):
        assert gateway.invoke().status == 200
        # The server notes the end of its handler a moment after the closing handshake.
        assert runtime.open_sockets <= 1
