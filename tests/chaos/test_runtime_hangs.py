"""A runtime that falls silent at each stage: the limits of that stage end the wait.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import time

import pytest
from cases import CHUNK, COMPLETE, PATIENT, QUICK, SOON_SECONDS, Case, both_modes, run
from peers.raw_peer import PONG, frame

# Of a hundredth of a second each: longer than any limit here.
BUSY_ROUNDS = 6_100


def silent_after_accept(link):
    link.drain()


def silent_after_request_head(link):
    link.read_head()


def silent_within_upgrade(link):
    link.read_head()
    link.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso")


def silent_after_upgrade(link):
    link.upgrade()


def silent_after_invoke(link):
    link.read_invoke()


def silent_after_chunks(count):
    def script(link):
        link.read_invoke()
        for _ in range(count):
            link.send(frame(CHUNK))

    return script


def silent_within_frame(link):
    link.read_invoke()
    link.send(frame(CHUNK) + frame(COMPLETE)[:-10])


def silent_within_fragments(link):
    link.read_invoke()
    link.send(frame(b'{"type":', fin=False))


def pongs_only(link):
    link.read_invoke()
    for _ in range(BUSY_ROUNDS):
        link.send(frame(b"", PONG))
        time.sleep(0.01)  # The runtime's own behaviour: alive, but without a word.


HANGS = {
    "after accept": Case(silent_after_accept, 504, "TIMEOUT"),
    "after the request's head": Case(silent_after_request_head, 504, "TIMEOUT"),
    "within the upgrade": Case(silent_within_upgrade, 504, "TIMEOUT"),
    "after the upgrade": Case(silent_after_upgrade, 504, "TIMEOUT"),
    "after the invoke message": Case(silent_after_invoke, 504, "TIMEOUT"),
    "after 1 chunk": Case(silent_after_chunks(1), 504, "TIMEOUT"),
    "after 5 chunks": Case(silent_after_chunks(5), 504, "TIMEOUT"),
    "within a frame": Case(silent_within_frame, 504, "TIMEOUT"),
    "within a message's fragments": Case(silent_within_fragments, 504, "TIMEOUT"),
    "but for pongs": Case(pongs_only, 504, "TIMEOUT"),
}


@both_modes
@pytest.mark.parametrize("name", HANGS)
def test_hangs(start_gateway, start_raw_runtime, name, streaming):
    case = HANGS[name]
    runtime = start_raw_runtime(case.script)
    gateway = start_gateway(runtime, **QUICK)
    started = time.monotonic()
    _, code, answer = run(gateway, streaming)
    assert code == case.code, answer
    assert 0.3 < time.monotonic() - started < SOON_SECONDS
    assert streaming or answer.status == case.status
    assert runtime.attempts == 1, "never again after a timeout"


def test_whole_time_bounds_everything(start_gateway, start_raw_runtime):
    def script(link):
        link.read_invoke()
        for _ in range(BUSY_ROUNDS):
            link.send(frame(CHUNK))
            time.sleep(0.01)  # The runtime's own pace.

    gateway = start_gateway(start_raw_runtime(script), **{**PATIENT, "total_timeout_ms": 700})
    started = time.monotonic()
    status, code, _ = run(gateway, False)
    assert (status, code) == (504, "TIMEOUT")
    assert 0.6 < time.monotonic() - started < SOON_SECONDS


def test_an_agent_that_blocks_its_event_loop_has_its_time_of_silence(start_gateway, start_raw_runtime):
    """It computes without a pause: many pings stay unanswered, and then the answer comes."""

    def script(link):
        link.read_invoke()
        link.send(frame(CHUNK))
        time.sleep(1.2)  # The agent's own work.
        link.send(frame(COMPLETE))

    gateway = start_gateway(
        start_raw_runtime(script), **{**PATIENT, "ping_interval_ms": 60}
    )
    assert run(gateway, False)[:2] == (200, None)


def test_unanswered_pings_end_a_run_when_the_silence_does(start_gateway, start_raw_runtime):
    gateway = start_gateway(
        start_raw_runtime(silent_after_chunks(1)),
        **{**PATIENT, "silence_timeout_ms": 900, "ping_interval_ms": 60},
    )
    started = time.monotonic()
    status, code, answer = run(gateway, False)
    assert (status, code) == (504, "TIMEOUT")
    assert time.monotonic() - started >= 0.9
    details = answer.json()["details"]
    assert details["stage"] == "silence" and details["unanswered_pings"] > 0
