"""What a runtime says at the edge of its protocol: behind its end, unreadably, or of its own failure.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import time

import pytest
from cases import CHUNK, COMPLETE, PATIENT, PROTOCOL, both_modes, error_details, run
from peers.clients import sse_events
from peers.raw_peer import BINARY, CLOSE, close_frame, frame
from peers.waiting import wait_until

MARK = b"\xef\xbb\xbf"


def answer_of(answer, streaming):
    return sse_events(answer.body)[-1]["data"] if streaming else answer.json()


# -- behind the end ---------------------------------------------------------------------------------

BEHIND = {
    "a chunk": frame(CHUNK),
    "another complete": frame({"type": "complete", "data": {"assessment": {"summary": "second"}}}),
    "an error": frame({"type": "error", "error": {"code": "TIMEOUT", "message": "late"}}),
    "no JSON": frame(b"hello") + frame(b""),
    "text that is no UTF-8": frame(b"\xff"),
    "bytes that are no frames": b"\xff\xff\xff garbage, longer than a frame's head",
    "a masked frame": b"\x81\x82\x01\x02\x03\x04{}",
    "a message beyond the limit": frame(b"x" * 70_000),
    "a frame of 2^62 bytes": frame(b"", size=2**62),
    "half a frame": frame(COMPLETE)[:-5],
    "a close for an error": close_frame(1011, b"it broke"),
    "a close with a code of one byte": frame(b"\x03", CLOSE),
    "a close without a code": frame(b"", CLOSE),
    "nothing, for ever": b"",
}


@both_modes
@pytest.mark.parametrize("pause", [0, 0.0002, 0.02], ids=["at once", "in 0.2 ms", "in 20 ms"])
@pytest.mark.parametrize("name", BEHIND)
def test_the_first_end_stands(start_gateway, start_raw_runtime, name, pause, streaming):
    def script(link):
        link.read_invoke()
        if pause == 0:
            return link.send(frame(CHUNK) + frame(COMPLETE) + BEHIND[name])
        link.send(frame(CHUNK) + frame(COMPLETE))
        time.sleep(pause)  # The runtime's own behaviour.
        return link.send(BEHIND[name])

    _, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), streaming)
    assert code is None, answer
    assert answer_of(answer, streaming)["assessment"] == {"summary": "fine"}
    assert not streaming or [event["type"] for event in sse_events(answer.body)] == [
        "metadata", "chunk", "complete",
    ]  # fmt: skip


def test_a_reset_behind_the_end_changes_nothing(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame(COMPLETE))
        link.reset()

    gateway = start_gateway(start_raw_runtime(script), **PATIENT)
    for _ in range(10):
        assert run(gateway, False)[:2] == (200, None)


def test_a_runtime_that_never_stops_talking_is_logged_once(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame(COMPLETE) + frame(CHUNK) * 5)
        while True:
            link.send(frame(CHUNK))

    gateway = start_gateway(start_raw_runtime(script), **PATIENT)
    assert run(gateway, False)[:2] == (200, None)
    lines = gateway.wait_for_log("runtime_not_silent_after_its_end")
    assert [line["what"] for line in lines] == ["a message"]


def test_an_error_stands_against_a_complete(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame({"type": "error", "message": "first"}) + frame(COMPLETE))

    status, code, _ = run(start_gateway(start_raw_runtime(script), **PATIENT), False)
    assert (status, code) == (502, "RUNTIME_ERROR")


def test_an_end_without_data_lets_a_fuller_one_follow(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame({"type": "complete"}) + frame(CHUNK))
        time.sleep(0.1)  # The runtime's own behaviour.
        link.send(frame(COMPLETE))
        link.close()

    gateway = start_gateway(start_raw_runtime(script), **{**PATIENT, "close_timeout_ms": 20_000})
    status, code, answer = run(gateway, True)
    assert (status, code) == (200, None)
    events = sse_events(answer.body)
    assert [event["type"] for event in events] == ["metadata", "complete"], "the chunk came too late"
    assert events[-1]["data"]["assessment"] == {"summary": "fine"}


# -- what cannot be read ----------------------------------------------------------------------------

UNREADABLE = {
    "NaN": frame(b'{"type":"chunk","data":{"confidence":NaN}}'),
    "Infinity": frame(b'{"type":"chunk","data":[-Infinity]}'),
    "an empty text": frame(b""),
    "white space": frame(b" \n"),
    "a list": frame(b"[]"),
    "a string": frame(b'"chunk"'),
    "no JSON": frame(b"hello"),
    "half JSON": frame(b'{"type":"chunk","data":{'),
    "two values": frame(b'{"type":"chunk","data":{}} {}'),
    "nesting without end": frame(b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "no UTF-8, in binary": frame(b'{"type":"chunk","data":"\xff"}', BINARY),
}


@both_modes
@pytest.mark.parametrize("name", UNREADABLE)
def test_one_unreadable_message_loses_nothing_else(start_gateway, start_raw_runtime, name, streaming):
    def script(link):
        link.read_invoke()
        link.send(frame(CHUNK) + UNREADABLE[name] + frame(CHUNK) + UNREADABLE[name] + frame(COMPLETE))

    gateway = start_gateway(start_raw_runtime(script), **PATIENT)
    _, code, answer = run(gateway, streaming)
    assert code is None, answer
    body = answer_of(answer, streaming)
    assert body["assessment"] == {"summary": "fine"}
    assert body["metadata"]["unreadable_messages"] == 2
    assert not streaming or len(sse_events(answer.body)) == 4, "metadata, two chunks, complete"
    (warning,) = gateway.wait_for_log("runtime_message_unreadable")
    assert warning["level"].startswith("WARN") and "message 2" in warning["reason"], warning


@both_modes
def test_a_byte_order_mark_says_nothing(start_gateway, start_raw_runtime, streaming):
    def script(link):
        link.read_invoke()
        link.send(frame(MARK + b'{"type":"chunk","data":{"agent":"network"}}'))
        link.send(frame(MARK + b'{"type":"complete","data":{"assessment":{"summary":"fine"}}}'))

    _, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), streaming)
    assert code is None
    body = answer_of(answer, streaming)
    assert body["assessment"] == {"summary": "fine"} and "unreadable_messages" not in body["metadata"]
    assert "network" in body["business_phase"]["agents"]


def test_sixteen_are_skipped_and_not_one_more(start_gateway, start_raw_runtime):
    def script(count):
        def play(link):
            link.read_invoke()
            link.send(frame(b"hello") * count + frame(COMPLETE))

        return play

    _, code, answer = run(start_gateway(start_raw_runtime(script(16)), **PATIENT), False)
    assert code is None and answer.json()["metadata"]["unreadable_messages"] == 16
    _, code, answer = run(start_gateway(start_raw_runtime(script(17)), **PATIENT), False)
    assert code == PROTOCOL and "could not be read" in answer.json()["error_message"]
    assert answer.json()["details"]["unreadable_messages"] == 17


def test_an_unreadable_end_is_said_to_be_one(start_gateway, start_raw_runtime):
    """It is not waited for until the silence is over: there will be no other."""

    def script(link):
        link.read_invoke()
        link.send(frame(CHUNK) + frame(b'{"type":"complete","data":{"confidence":NaN}}'))

    gateway = start_gateway(start_raw_runtime(script), **PATIENT)
    status, code, answer = run(gateway, False)
    assert (status, code) == (502, PROTOCOL)
    assert "complete message could not be read" in answer.json()["error_message"]


# -- what had come until then -----------------------------------------------------------------------


def fails_by(ending):
    def script(link):
        link.read_invoke()
        link.send(frame(CHUNK) + frame({"type": "chunk", "data": {"agent": "network", "n": 2}}))
        if ending is not None:
            link.send(ending)

    return script


@both_modes
@pytest.mark.parametrize(
    "ending",
    [close_frame(1011), frame({"type": "error", "message": "m"}), frame(b"{}", 3), None],
    ids=["close", "error", "breach", "silence"],
)
def test_what_had_come_is_in_error_and_history(start_gateway, start_raw_runtime, ending, streaming):
    settings = PATIENT if ending else {**PATIENT, "silence_timeout_ms": 1000}
    gateway = start_gateway(start_raw_runtime(fails_by(ending)), **settings)
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    answer = gateway.invoke(streaming=streaming, session_id=session)
    received = {"count": 2, "chunks": [CHUNK["data"], {"agent": "network", "n": 2}]}
    assert error_details(answer, streaming)["received"] == received
    wait_until(lambda: gateway.history(session), "it is remembered")
    assert gateway.history(session)[0]["response"]["details"]["received"] == received


# -- the runtime's own words ------------------------------------------------------------------------

WORDS = {
    "a message beside": ({"type": "error", "message": "m"}, {"message": "m"}),
    "AgentCore's own": (
        {"error": "E", "error_type": "T", "message": "m"}, {"code": "E", "type": "T", "message": "m"},
    ),
    "AgentCore's own, in sentences": (
        {"error": "out of tokens", "error_type": "ValueError", "message": "An error occurred"},
        {"type": "ValueError", "message": "An error occurred: out of tokens"},
    ),
    "an object alone": ({"error": {"code": "E", "message": "m"}}, {"code": "E", "message": "m"}),
    "the protocol's": (
        {"type": "error", "error": {"code": "E", "message": "m", "details": {"n": 1}}},
        {"code": "E", "message": "m", "details": {"n": 1}},
    ),
    "a code beside": (
        {"type": "error", "error": "it broke", "error_code": "E"}, {"code": "E", "message": "it broke"},
    ),
    "control characters": ({"type": "error", "message": "a\x00\x1b[31mb\x9fc"}, {"message": "a[31mbc"}),
    "a shape of its own": (
        {"type": "error", "error": {"reason": "x"}}, {"details": {"reason": "x"}},
    ),
}  # fmt: skip


@both_modes
@pytest.mark.parametrize("name", WORDS)
def test_the_words_of_an_error_reach_the_caller(start_gateway, start_raw_runtime, name, streaming):
    message, words = WORDS[name]

    def script(link):
        link.read_invoke()
        link.send(frame(message))

    gateway = start_gateway(start_raw_runtime(script), **PATIENT)
    status, code, answer = run(gateway, streaming)
    assert code == "RUNTIME_ERROR" and status in (200, 502)
    assert error_details(answer, streaming)["runtime"] == words
    cause = gateway.wait_for_log("runtime_failed")[0]["cause"]
    assert all(words[name] in cause for name in ("code", "type", "message") if name in words), cause


@both_modes
def test_the_reason_of_a_close_reaches_the_caller(start_gateway, start_raw_runtime, streaming):
    def script(link):
        link.read_invoke()
        link.send(frame(CHUNK) + close_frame(1011, b"out of \x1bmemory"))

    gateway = start_gateway(start_raw_runtime(script), **PATIENT)
    _, code, answer = run(gateway, streaming)
    assert code == PROTOCOL
    words = {"close_code": 1011, "close_reason": "out of memory"}
    assert error_details(answer, streaming)["runtime"] == words
    assert "out of memory" in gateway.wait_for_log("runtime_failed")[0]["cause"]


def test_a_text_frame_that_is_no_utf8_is_called_by_its_name(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame(b'{"type":"chunk","data":"\xff"}'))

    _, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), False)
    assert code == PROTOCOL and "not UTF-8" in answer.json()["error_message"], answer


def test_a_busy_runtime_says_when(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame({"type": "error", "error": {"code": "THROTTLED", "message": "m", "retry_after": 17}}))

    status, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), False)
    assert (status, code, answer.header("retry-after")) == (503, "RUNTIME_UNAVAILABLE", "17")


def test_an_answer_names_no_address(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame(COMPLETE))

    runtime = start_raw_runtime(script)
    _, code, answer = run(start_gateway(runtime, **PATIENT), False)
    assert code is None and answer.json()["metadata"]["runtime"] == "websocket"
    assert "127.0.0.1" not in answer.body.decode()
