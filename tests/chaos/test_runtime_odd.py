"""A runtime that is odd but right, and good invocations in the midst of bad ones.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from cases import CHUNK, COMPLETE, PATIENT, both_modes, run
from peers.clients import sse_events
from peers.raw_peer import BINARY, CONTINUATION, PING, close_frame, frame
from test_runtime_breaks import BROKEN


def answers_byte_by_byte(link):
    link.read_invoke()
    link.send_byte_by_byte(frame(CHUNK) + frame(b"", PING) + frame(COMPLETE) + close_frame(1000))


def answers_in_fragments_of_one_byte(link):
    link.read_invoke()
    data = json.dumps(COMPLETE).encode()
    pieces = [frame(data[:1], BINARY, fin=False)]
    pieces += [
        frame(data[i : i + 1], CONTINUATION, fin=False) + frame(b"p", PING) for i in range(1, len(data))
    ]
    link.send(b"".join(pieces) + frame(b"", CONTINUATION))


def answers_and_pings_together_with_the_upgrade(link):
    link.read_invoke(together_with=frame(b"are you there", PING) * 3)
    link.send(frame(CHUNK) + frame(COMPLETE))


def answers_and_leaves_without_a_goodbye(link):
    link.read_invoke()
    link.send(frame(CHUNK) + frame(COMPLETE))
    link.socket.shutdown(socket.SHUT_WR)


def answers_and_never_closes(link):
    link.read_invoke()
    link.send(frame(CHUNK) + frame(COMPLETE))


def answers_with_a_long_head(link):
    fields = "".join(f"X-Field-{number}: {'v' * 20}\r\n" for number in range(100))
    send, link.send = link.send, lambda data: send(
        data.replace(b"\r\n\r\n", b"\r\n" + fields.encode() + b"\r\n")
    )
    link.upgrade()
    link.send = send
    link.send(frame(COMPLETE))


ODD = {
    "byte by byte": answers_byte_by_byte,
    "in fragments of one byte with pings between": answers_in_fragments_of_one_byte,
    "and pings together with the upgrade": answers_and_pings_together_with_the_upgrade,
    "and leaves without a goodbye": answers_and_leaves_without_a_goodbye,
    "and never closes": answers_and_never_closes,
    "behind a long head": answers_with_a_long_head,
}


@both_modes
@pytest.mark.parametrize("name", ODD)
def test_answers_oddly(start_gateway, start_raw_runtime, name, streaming):
    runtime = start_raw_runtime(ODD[name])
    _, code, answer = run(start_gateway(runtime, **PATIENT), streaming)
    assert code is None, answer
    body = sse_events(answer.body)[-1]["data"] if streaming else answer.json()
    assert body["assessment"] == {"summary": "fine"}
    assert runtime.attempts == 1


@pytest.mark.parametrize(
    "message", [{"type": 7, "data": {"n": 1}}, {"data": {"n": 1}}, {"type": "new", "n": 1}]
)
def test_takes_a_message_of_unknown_type_for_a_chunk(start_gateway, start_raw_runtime, message):
    def script(link):
        link.read_invoke()
        link.send(frame(message) + frame(COMPLETE))

    _, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), True)
    assert code is None
    assert sse_events(answer.body)[1]["data"]["n"] == 1


def test_takes_an_answer_without_data_for_its_own_data(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(
            frame({"type": "complete", "assessment": {"summary": "fine"}, "final_decision": "rejected"})
        )

    _, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), False)
    assert code is None
    assert (
        answer.json()["assessment"] == {"summary": "fine"} and answer.json()["final_decision"] == "rejected"
    )


def test_loses_nothing_of_an_answer_that_is_no_object(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        link.send(frame({"type": "complete", "data": "wait three hours"}))

    _, code, answer = run(start_gateway(start_raw_runtime(script), **PATIENT), False)
    assert code is None and "wait three hours" in json.dumps(answer.json()["assessment"])


def test_a_bad_runtime_does_not_disturb_good_invocations(start_gateway, start_raw_runtime):
    """Every kind of failure at once, beside invocations that go well: each gets its own end."""
    scripts = [case.script for case in BROKEN.values() if case.attempts == 1]

    def script(link):
        prompt = link.read_invoke()["payload"]["prompt"]
        link.read_invoke = lambda: None
        kind = int(prompt.split()[-1])
        if kind % 2 == 0:
            link.send(frame(CHUNK) + frame({"type": "complete", "data": {"assessment": {"kind": kind}}}))
        else:
            scripts[kind // 2 % len(scripts)](link)

    gateway = start_gateway(start_raw_runtime(script), **{**PATIENT, "max_concurrent_invocations": 16})
    count = 4 * len(scripts)
    with ThreadPoolExecutor(32) as pool:
        answers = list(
            pool.map(
                lambda kind: gateway.invoke(f"This is kind {kind}", streaming=kind % 3 == 0), range(count)
            )
        )
    for kind, answer in enumerate(answers):
        end = sse_events(answer.body)[-1] if kind % 3 == 0 else answer.json()
        if kind % 2 == 0:
            body = end["data"] if kind % 3 == 0 else end
            assert body["assessment"] == {"kind": kind}, (kind, end)
        else:
            assert "error_code" in end, (kind, end)
